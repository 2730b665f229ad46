//! The net task's side of the sockets.

use embassy_futures::join::join_array;
use embassy_futures::select::{Either, Either3, select, select3};
use embassy_net::dns::DnsQueryType;
use embassy_net::tcp::{ConnectError, Error, TcpSocket};
use embassy_net::{IpAddress, IpEndpoint, Ipv4Address, Stack};
use embassy_time::{Duration, with_timeout};

use super::slot::{Operation, SLOTS, Slot};
use super::{Buffers, CHUNK, GOODBYE, SOCKETS, TcpError};

/// All sockets.
pub struct Sockets {
    stack: Stack<'static>,
    buffers: &'static mut [Buffers; SOCKETS],
}

impl Sockets {
    pub(crate) fn new(stack: Stack<'static>, buffers: &'static mut [Buffers; SOCKETS]) -> Self {
        Self { stack, buffers }
    }

    /// Serves them for ever.
    pub async fn serve(self) -> ! {
        let stack = self.stack;
        let mut memory = self.buffers.iter_mut();
        let loops = SLOTS.each_ref().map(|slot| {
            let memory = memory.next();
            async move {
                match memory {
                    Some(memory) => serve_one(stack, slot, memory).await,
                    None => core::future::pending().await,
                }
            }
        });
        let [never, ..] = join_array(loops).await;
        never
    }
}

async fn serve_one(stack: Stack<'static>, slot: &Slot, memory: &mut Buffers) -> ! {
    let mut next = slot.next().await;
    loop {
        let (number, operation) = next;
        next = match operation {
            Operation::Connect {
                address,
                port,
                limit,
            } => {
                slot.begin();
                let mut socket = TcpSocket::new(stack, &mut memory.receive, &mut memory.transmit);
                let connected = connect(&mut socket, stack, (address, port), limit);
                match select(slot.abandoned(), connected).await {
                    Either::Second(Ok(())) => {
                        slot.done(number, Ok(0));
                        converse(&mut socket, slot, &mut memory.chunk).await
                    }
                    Either::Second(Err(error)) => {
                        slot.done(number, Err(error));
                        give_up(&mut socket).await;
                        slot.next().await
                    }
                    Either::First(()) => {
                        give_up(&mut socket).await;
                        slot.next().await
                    }
                }
            }
            Operation::Resolve { length, limit } => {
                let chunk = &mut memory.chunk;
                slot.buffer(|buffer| chunk.copy_from_slice(buffer));
                let name = chunk.get(..length).unwrap_or_default();
                let result = resolve(stack, name, limit).await;
                let result = result.map(|address| {
                    slot.buffer(|buffer| {
                        for (place, byte) in buffer.iter_mut().zip(address) {
                            *place = byte;
                        }
                    });
                    address.len()
                });
                slot.done(number, result);
                slot.next().await
            }
            Operation::Send { .. } | Operation::Receive { .. } | Operation::Close => {
                slot.done(number, Err(TcpError::Reset));
                slot.next().await
            }
        };
    }
}

async fn resolve(stack: Stack<'static>, name: &[u8], limit: Duration) -> Result<[u8; 4], TcpError> {
    if !stack.is_config_up() {
        return Err(TcpError::NoNetwork);
    }
    let name = core::str::from_utf8(name).map_err(|_| TcpError::Invalid)?;
    match with_timeout(limit, stack.dns_query(name, DnsQueryType::A)).await {
        Ok(Ok(addresses)) => match addresses.first() {
            Some(IpAddress::Ipv4(address)) => Ok(address.octets()),
            None => Err(TcpError::UnknownName),
        },
        Ok(Err(_)) => Err(TcpError::UnknownName),
        Err(_) => Err(TcpError::Timeout),
    }
}

async fn connect(
    socket: &mut TcpSocket<'_>,
    stack: Stack<'static>,
    (address, port): ([u8; 4], u16),
    limit: Duration,
) -> Result<(), TcpError> {
    if !stack.is_config_up() {
        return Err(TcpError::NoNetwork);
    }
    let peer = IpEndpoint::new(Ipv4Address::from(address).into(), port);
    match with_timeout(limit, socket.connect(peer)).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(ConnectError::ConnectionReset)) => Err(TcpError::Refused),
        Ok(Err(ConnectError::NoRoute)) => Err(TcpError::NoNetwork),
        Ok(Err(ConnectError::InvalidState)) => Err(TcpError::Invalid),
        Ok(Err(ConnectError::TimedOut)) | Err(_) => Err(TcpError::Timeout),
    }
}

/// Ends a connection at once. The reset is a courtesy: without a network it stays unsent.
async fn give_up(socket: &mut TcpSocket<'_>) {
    socket.abort();
    let _ = with_timeout(GOODBYE, socket.flush()).await;
}

/// Serves one connection until its owner closes it; the operation after that.
async fn converse(
    socket: &mut TcpSocket<'_>,
    slot: &Slot,
    chunk: &mut [u8; CHUNK],
) -> (u32, Operation) {
    loop {
        let (number, operation) = match select(slot.abandoned(), slot.next()).await {
            Either::First(()) => {
                give_up(socket).await;
                return slot.next().await;
            }
            Either::Second(next) => next,
        };
        let result = match operation {
            Operation::Connect { .. } | Operation::Resolve { .. } => {
                // The former owner gave up before it learnt that it was connected.
                give_up(socket).await;
                return (number, operation);
            }
            Operation::Send { length, limit } => {
                slot.buffer(|buffer| chunk.copy_from_slice(buffer));
                let bytes = chunk.get(..length).unwrap_or_default();
                match select(slot.abandoned(), timely(limit, socket.write(bytes))).await {
                    Either::First(()) => {
                        give_up(socket).await;
                        return slot.next().await;
                    }
                    Either::Second(result) => result,
                }
            }
            Operation::Receive { most, limit } => {
                let place = chunk.get_mut(..most).unwrap_or_default();
                let read = timely(limit, socket.read(place));
                let result = match select3(slot.abandoned(), read, slot.interrupted()).await {
                    Either3::First(()) => {
                        give_up(socket).await;
                        return slot.next().await;
                    }
                    Either3::Second(result) => result,
                    Either3::Third(()) => Err(TcpError::Timeout),
                };
                slot.buffer(|buffer| buffer.copy_from_slice(chunk));
                result
            }
            Operation::Close => {
                socket.close();
                let said = with_timeout(GOODBYE, socket.flush()).await;
                slot.done(number, Ok(0));
                if !matches!(said, Ok(Ok(()))) {
                    give_up(socket).await;
                }
                return slot.next().await;
            }
        };
        slot.done(number, result);
    }
}

async fn timely(
    limit: Duration,
    work: impl Future<Output = Result<usize, Error>>,
) -> Result<usize, TcpError> {
    match with_timeout(limit, work).await {
        Ok(Ok(count)) => Ok(count),
        Ok(Err(Error::ConnectionReset)) => Err(TcpError::Reset),
        Err(_) => Err(TcpError::Timeout),
    }
}
