//! One socket as its callers see it: who has it, and one operation at a time to the net task.

use core::cell::{Cell, RefCell};

use embassy_sync::blocking_mutex::Mutex;
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use embassy_sync::signal::Signal;
use embassy_time::{Duration, with_timeout};

use super::{CHUNK, Handle, SOCKETS, TcpError};

/// How much longer a caller waits than its call may take: the goodbye of the slot's former owner.
const MARGIN: Duration = Duration::from_secs(3);
/// Turns are counted in the bits a handle has for them.
const TURN_MASK: u16 = 0x7fff;

/// What the net task is asked to do.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Operation {
    /// Connects, ending whatever connection there is.
    Connect {
        address: [u8; 4],
        port: u16,
        limit: Duration,
    },
    /// Sends what is in the slot's buffer.
    Send { length: usize, limit: Duration },
    /// Receives into the slot's buffer; at most `most` bytes.
    Receive { most: usize, limit: Duration },
    /// Ends the connection.
    Close,
    /// Asks for the IPv4 address of the name in the slot's buffer, which it then holds.
    Resolve { length: usize, limit: Duration },
}

/// Who uses a slot.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Free,
    Open,
    InCall,
}

/// An operation or its result, with its number: a result of an operation given up is nobody's.
type Numbered<T> = Signal<CriticalSectionRawMutex, (u32, T)>;

/// One socket.
pub(super) struct Slot {
    state: Mutex<CriticalSectionRawMutex, Cell<(Use, u16)>>,
    number: Mutex<CriticalSectionRawMutex, Cell<u32>>,
    buffer: Mutex<CriticalSectionRawMutex, RefCell<[u8; CHUNK]>>,
    operation: Numbered<Operation>,
    result: Numbered<Result<usize, TcpError>>,
    /// The owner gave the connection up.
    abandoned: Signal<CriticalSectionRawMutex, ()>,
    /// The owner wants a receive under way to end.
    interrupted: Signal<CriticalSectionRawMutex, ()>,
}

/// All sockets.
pub(super) static SLOTS: [Slot; SOCKETS] = [const { Slot::new() }; SOCKETS];

impl Slot {
    const fn new() -> Self {
        Self {
            state: Mutex::new(Cell::new((Use::Free, 0))),
            number: Mutex::new(Cell::new(0)),
            buffer: Mutex::new(RefCell::new([0; CHUNK])),
            operation: Signal::new(),
            result: Signal::new(),
            abandoned: Signal::new(),
            interrupted: Signal::new(),
        }
    }

    /// The net task's side: the next operation and its number.
    pub(super) async fn next(&self) -> (u32, Operation) {
        self.operation.wait().await
    }

    /// The net task's side: what became of it.
    pub(super) fn done(&self, number: u32, result: Result<usize, TcpError>) {
        self.result.signal((number, result));
    }

    /// The net task's side: a connection begins, for which nothing was signalled yet.
    pub(super) fn begin(&self) {
        self.abandoned.reset();
        self.interrupted.reset();
    }

    /// The net task's side: waits until the owner has given the connection up.
    pub(super) async fn abandoned(&self) {
        self.abandoned.wait().await;
    }

    /// The net task's side: waits until the owner wants a receive to end.
    pub(super) async fn interrupted(&self) {
        self.interrupted.wait().await;
    }

    /// Looks at the buffer, in a critical section.
    pub(super) fn buffer<T>(&self, look: impl FnOnce(&mut [u8; CHUNK]) -> T) -> T {
        self.buffer.lock(|buffer| look(&mut buffer.borrow_mut()))
    }
}

/// A slot during a call. Dropped, the slot is free; kept, it stays the handle's.
pub(super) struct InCall<'s> {
    slot: &'s Slot,
}

/// Takes a free slot.
pub(super) fn take(slots: &[Slot]) -> Result<(InCall<'_>, Handle), TcpError> {
    slots
        .iter()
        .enumerate()
        .find_map(|(number, slot)| {
            slot.state.lock(|state| {
                let (Use::Free, turn) = state.get() else {
                    return None;
                };
                let turn = turn.wrapping_add(1) & TURN_MASK;
                state.set((Use::InCall, turn));
                Some((InCall { slot }, Handle { slot: number, turn }))
            })
        })
        .ok_or(TcpError::NoSocket)
}

/// Ends a receive under way, or the next one, at once.
pub(super) fn interrupt(slots: &[Slot], handle: Handle) {
    if let Some(slot) = slots.get(handle.slot)
        && slot.state.lock(|state| state.get().1 == handle.turn)
    {
        slot.interrupted.signal(());
    }
}

/// Gives a connection up, if it is still the handle's.
pub(super) fn abandon(slots: &[Slot], handle: Handle) {
    let Some(slot) = slots.get(handle.slot) else {
        return;
    };
    slot.state.lock(|state| {
        if state.get().1 == handle.turn {
            state.set((Use::Free, handle.turn));
            slot.abandoned.signal(());
        }
    });
}

impl<'s> InCall<'s> {
    /// Begins a call with a handle.
    pub(super) fn enter(slots: &'s [Slot], handle: Handle) -> Result<Self, TcpError> {
        let slot = slots.get(handle.slot).ok_or(TcpError::Invalid)?;
        slot.state.lock(|state| match state.get() {
            (_, turn) if turn != handle.turn => Err(TcpError::Invalid),
            (Use::Free, _) => Err(TcpError::Invalid),
            (Use::InCall, _) => Err(TcpError::Busy),
            (Use::Open, turn) => {
                state.set((Use::InCall, turn));
                Ok(Self { slot })
            }
        })
    }

    /// Ends the call; the connection stays.
    pub(super) fn keep(self) {
        self.release(Use::Open);
        core::mem::forget(self);
    }

    fn release(&self, to: Use) {
        self.slot.state.lock(|state| state.set((to, state.get().1)));
    }

    /// Puts bytes to be sent into the buffer.
    pub(super) fn fill(&self, bytes: &[u8]) {
        self.slot.buffer(|buffer| {
            for (place, byte) in buffer.iter_mut().zip(bytes) {
                *place = *byte;
            }
        });
    }

    /// Copies received bytes out of the buffer; how many.
    pub(super) fn copy_to(&self, bytes: &mut [u8], length: usize) -> usize {
        self.slot.buffer(|buffer| {
            let received = buffer.iter().take(length);
            bytes
                .iter_mut()
                .zip(received)
                .map(|(place, byte)| *place = *byte)
                .count()
        })
    }

    /// Has the net task do something, and waits for it.
    pub(super) async fn perform(
        &self,
        operation: Operation,
        limit: Duration,
    ) -> Result<usize, TcpError> {
        let number = self.slot.number.lock(|number| {
            number.set(number.get().wrapping_add(1));
            number.get()
        });
        self.slot.operation.signal((number, operation));
        let done = async {
            loop {
                if let (done, result) = self.slot.result.wait().await
                    && done == number
                {
                    return result;
                }
            }
        };
        let patience = limit.checked_add(MARGIN).unwrap_or(limit);
        with_timeout(patience, done)
            .await
            .unwrap_or(Err(TcpError::Timeout))
    }
}

impl Drop for InCall<'_> {
    fn drop(&mut self) {
        self.release(Use::Free);
    }
}

#[cfg(test)]
#[path = "slot_tests.rs"]
mod tests;
