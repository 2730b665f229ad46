//! Blocking TCP for C, over the IP stack of the net task: a fixed number of sockets, each served by
//! its own loop there. Bytes are copied once each way, through the socket's own buffer here.

use core::cell::{Cell, RefCell};

use embassy_futures::join::join_array;
use embassy_net::tcp::{ConnectError, Error, TcpSocket};
use embassy_net::{IpEndpoint, Ipv4Address, Stack};
use embassy_sync::blocking_mutex::Mutex;
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use embassy_sync::signal::Signal;
use embassy_time::{Duration, with_timeout};

/// How many connections there can be at once.
pub const SOCKETS: usize = 2;
/// How many bytes one call moves at most.
pub const CHUNK: usize = 512;
/// How long a closed connection may take to say goodbye.
const GOODBYE: Duration = Duration::from_secs(2);
/// How much longer a caller waits than its call may take: the goodbye of the slot's former owner.
const MARGIN: Duration = Duration::from_secs(3);

/// Memory of one socket.
pub struct Buffers {
    receive: [u8; 2048],
    transmit: [u8; 1024],
    chunk: [u8; CHUNK],
}

impl Buffers {
    /// Empty memory.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            receive: [0; 2048],
            transmit: [0; 1024],
            chunk: [0; CHUNK],
        }
    }
}

impl Default for Buffers {
    fn default() -> Self {
        Self::new()
    }
}

/// Why a TCP call failed. The numbers are those of `port_tcp.h`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[repr(i32)]
pub enum TcpError {
    /// Not done in time.
    Timeout = -1,
    /// Nobody listens there.
    Refused = -2,
    /// The connection is broken.
    Reset = -3,
    /// All sockets are in use.
    NoSocket = -4,
    /// There is no network.
    NoNetwork = -5,
    /// No such handle, or a bad argument.
    Invalid = -6,
    /// Another task is in a call with this handle.
    Busy = -7,
}

#[derive(Clone, Copy)]
enum Operation {
    Connect {
        address: [u8; 4],
        port: u16,
        limit: Duration,
    },
    /// Sends what is in the slot's buffer.
    Send {
        length: usize,
        limit: Duration,
    },
    /// Receives into the slot's buffer; at most `most` bytes.
    Receive {
        most: usize,
        limit: Duration,
    },
    Close,
}

/// Who uses a slot. The turn makes handles of earlier connections invalid.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Free,
    Open,
    InCall,
}

struct Slot {
    state: Mutex<CriticalSectionRawMutex, Cell<(Use, u16)>>,
    buffer: Mutex<CriticalSectionRawMutex, RefCell<[u8; CHUNK]>>,
    operation: Signal<CriticalSectionRawMutex, Operation>,
    result: Signal<CriticalSectionRawMutex, Result<usize, TcpError>>,
}

static SLOTS: [Slot; SOCKETS] = [const {
    Slot {
        state: Mutex::new(Cell::new((Use::Free, 0))),
        buffer: Mutex::new(RefCell::new([0; CHUNK])),
        operation: Signal::new(),
        result: Signal::new(),
    }
}; SOCKETS];

/// A connection of a caller.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Handle {
    slot: usize,
    turn: u16,
}

impl Handle {
    /// As a number, never negative.
    #[must_use]
    pub fn to_number(self) -> i32 {
        i32::from(self.turn & 0x7fff).wrapping_shl(8) | i32::try_from(self.slot).unwrap_or(0)
    }

    /// From that number.
    #[must_use]
    pub fn from_number(number: i32) -> Option<Self> {
        let number = u32::try_from(number).ok()?;
        Some(Self {
            slot: usize::try_from(number & 0xff).ok()?,
            turn: u16::try_from(number >> 8).ok()?,
        })
    }
}

impl Slot {
    /// Moves from one use to another; `None` when it is in another one, or another's.
    fn claim(&self, from: Use, turn: Option<u16>, to: Use) -> Result<u16, Use> {
        self.state.lock(|state| {
            let (now, mut current) = state.get();
            if now != from || turn.is_some_and(|turn| turn != current) {
                return Err(if turn.is_some_and(|turn| turn != current) {
                    Use::Free
                } else {
                    now
                });
            }
            if from == Use::Free {
                current = current.wrapping_add(1) & 0x7fff;
            }
            state.set((to, current));
            Ok(current)
        })
    }

    fn release(&self, to: Use) {
        self.state.lock(|state| state.set((to, state.get().1)));
    }

    /// One operation in the net task. Waits for its end without a limit of its own beyond `limit`:
    /// the buffer belongs to the net task until then.
    async fn perform(&self, operation: Operation, limit: Duration) -> Result<usize, TcpError> {
        self.result.reset();
        self.operation.signal(operation);
        with_timeout(
            limit.checked_add(MARGIN).unwrap_or(limit),
            self.result.wait(),
        )
        .await
        .unwrap_or(Err(TcpError::Timeout))
    }
}

/// A slot during a call, given back when dropped.
struct InCall {
    slot: &'static Slot,
    after: Use,
}

impl Drop for InCall {
    fn drop(&mut self) {
        self.slot.release(self.after);
    }
}

fn enter(handle: Handle) -> Result<InCall, TcpError> {
    let slot = SLOTS.get(handle.slot).ok_or(TcpError::Invalid)?;
    match slot.claim(Use::Open, Some(handle.turn), Use::InCall) {
        Ok(_) => Ok(InCall {
            slot,
            after: Use::Open,
        }),
        Err(Use::InCall) => Err(TcpError::Busy),
        Err(Use::Free | Use::Open) => Err(TcpError::Invalid),
    }
}

/// Connects. Context: any task but the net task.
///
/// # Errors
///
/// See [`TcpError`].
pub async fn connect(address: [u8; 4], port: u16, limit: Duration) -> Result<Handle, TcpError> {
    let claimed = SLOTS.iter().enumerate().find_map(|(number, slot)| {
        let turn = slot.claim(Use::Free, None, Use::InCall).ok()?;
        Some((
            InCall {
                slot,
                after: Use::Free,
            },
            Handle { slot: number, turn },
        ))
    });
    let (mut call, handle) = claimed.ok_or(TcpError::NoSocket)?;
    call.slot
        .perform(
            Operation::Connect {
                address,
                port,
                limit,
            },
            limit,
        )
        .await?;
    call.after = Use::Open;
    Ok(handle)
}

/// Sends some of `bytes`, at least one; returns how many.
///
/// # Errors
///
/// See [`TcpError`].
pub async fn send(handle: Handle, bytes: &[u8], limit: Duration) -> Result<usize, TcpError> {
    let call = enter(handle)?;
    let length = bytes.len().min(CHUNK);
    if length == 0 {
        return Ok(0);
    }
    call.slot.buffer.lock(|buffer| {
        if let (Some(to), Some(from)) = (buffer.borrow_mut().get_mut(..length), bytes.get(..length))
        {
            to.copy_from_slice(from);
        }
    });
    call.slot
        .perform(Operation::Send { length, limit }, limit)
        .await
}

/// Receives some bytes into `bytes`; 0 when the peer has closed.
///
/// # Errors
///
/// See [`TcpError`].
pub async fn receive(handle: Handle, bytes: &mut [u8], limit: Duration) -> Result<usize, TcpError> {
    let call = enter(handle)?;
    let most = bytes.len().min(CHUNK);
    if most == 0 {
        return Err(TcpError::Invalid);
    }
    let length = call
        .slot
        .perform(Operation::Receive { most, limit }, limit)
        .await?;
    call.slot.buffer.lock(
        |buffer| match (bytes.get_mut(..length), buffer.borrow().get(..length)) {
            (Some(to), Some(from)) => {
                to.copy_from_slice(from);
                Ok(length)
            }
            _ => Err(TcpError::Invalid),
        },
    )
}

/// Closes; the handle is invalid afterwards.
///
/// # Errors
///
/// [`TcpError::Invalid`] or [`TcpError::Busy`].
pub async fn close(handle: Handle) -> Result<(), TcpError> {
    let mut call = enter(handle)?;
    call.after = Use::Free;
    call.slot
        .perform(Operation::Close, GOODBYE)
        .await
        .map(|_| ())
}

/// The net task's side: serves all sockets for ever.
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
    loop {
        let Operation::Connect {
            address,
            port,
            limit,
        } = slot.operation.wait().await
        else {
            slot.result.signal(Err(TcpError::Reset));
            continue;
        };
        let mut socket = TcpSocket::new(stack, &mut memory.receive, &mut memory.transmit);
        let result = connect_socket(&mut socket, stack, address, port, limit).await;
        slot.result.signal(result.map(|()| 0));
        match result {
            Ok(()) => converse(&mut socket, slot, &mut memory.chunk).await,
            Err(_) => give_up(&mut socket).await,
        }
    }
}

async fn connect_socket(
    socket: &mut TcpSocket<'_>,
    stack: Stack<'static>,
    address: [u8; 4],
    port: u16,
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

/// Serves one connection until it is closed by its owner.
async fn converse(socket: &mut TcpSocket<'_>, slot: &Slot, chunk: &mut [u8; CHUNK]) {
    loop {
        let result = match slot.operation.wait().await {
            Operation::Connect { .. } => Err(TcpError::Invalid),
            Operation::Send { length, limit } => {
                slot.buffer
                    .lock(|buffer| chunk.copy_from_slice(&*buffer.borrow()));
                timely(limit, socket.write(chunk.get(..length).unwrap_or_default())).await
            }
            Operation::Receive { most, limit } => {
                let result = timely(
                    limit,
                    socket.read(chunk.get_mut(..most).unwrap_or_default()),
                )
                .await;
                slot.buffer
                    .lock(|buffer| buffer.borrow_mut().copy_from_slice(chunk));
                result
            }
            Operation::Close => {
                socket.close();
                let said = with_timeout(GOODBYE, socket.flush()).await;
                slot.result.signal(Ok(0));
                if !matches!(said, Ok(Ok(()))) {
                    give_up(socket).await;
                }
                return;
            }
        };
        slot.result.signal(result);
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
