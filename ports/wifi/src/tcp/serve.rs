//! The net task's side of the sockets.

use embassy_futures::join::join_array;
use embassy_net::tcp::{ConnectError, Error, TcpSocket};
use embassy_net::{IpEndpoint, Ipv4Address, Stack};
use embassy_time::{Duration, with_timeout};

use super::slot::{Operation, SLOTS, Slot};
use super::{Buffers, CHUNK, GOODBYE, SOCKETS, TcpError};

/// Serves all sockets for ever.
pub(crate) async fn serve(stack: Stack<'static>, buffers: &'static mut [Buffers; SOCKETS]) -> ! {
    let mut memory = buffers.iter_mut();
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

async fn serve_one(stack: Stack<'static>, slot: &Slot, memory: &mut Buffers) -> ! {
    let mut next = slot.next().await;
    loop {
        let (number, operation) = next;
        let Operation::Connect {
            address,
            port,
            limit,
        } = operation
        else {
            slot.done(number, Err(TcpError::Reset));
            next = slot.next().await;
            continue;
        };
        let mut socket = TcpSocket::new(stack, &mut memory.receive, &mut memory.transmit);
        let result = connect(&mut socket, stack, (address, port), limit).await;
        slot.done(number, result.map(|()| 0));
        next = match result {
            Ok(()) => converse(&mut socket, slot, &mut memory.chunk).await,
            Err(_) => {
                give_up(&mut socket).await;
                slot.next().await
            }
        };
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
        let (number, operation) = slot.next().await;
        let result = match operation {
            Operation::Connect { .. } => {
                // The former owner gave up before it learnt that it was connected.
                give_up(socket).await;
                return (number, operation);
            }
            Operation::Send { length, limit } => {
                slot.buffer(|buffer| chunk.copy_from_slice(buffer));
                let bytes = chunk.get(..length).unwrap_or_default();
                timely(limit, socket.write(bytes)).await
            }
            Operation::Receive { most, limit } => {
                let place = chunk.get_mut(..most).unwrap_or_default();
                let result = timely(limit, socket.read(place)).await;
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
