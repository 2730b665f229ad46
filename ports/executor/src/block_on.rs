//! Waiting for one future in a FreeRTOS task.
//!
//! A waker may outlive the call, even the task, so it holds no pointer: it names one of a few
//! gates that are never freed, and the turn it was made for. A waker of an earlier turn does nothing.
#![allow(unsafe_code, reason = "a waker without an allocation is made by hand")]

use core::future::Future;
use core::pin::pin;
use core::ptr;
use core::task::{Context, Poll, RawWaker, RawWakerVTable, Waker};

use embassy_sync::once_lock::OnceLock;
use portable_atomic::{AtomicUsize, Ordering};

use crate::kernel::{self, BinarySemaphore};

/// How many tasks may wait at once and be woken. More than these look once a tick instead.
const GATES: usize = 8;

/// Bits of a turn that hold the gate's number.
const NUMBER_BITS: u32 = 4;

/// Set while a gate is taken; the bits above count its turns.
const TAKEN: usize = 1;

struct Gate {
    turn: AtomicUsize,
    semaphore: OnceLock<BinarySemaphore>,
}

static GATE: [Gate; GATES] = [const {
    Gate {
        turn: AtomicUsize::new(0),
        semaphore: OnceLock::new(),
    }
}; GATES];

/// A gate that is ours until dropped.
struct Turn {
    gate: &'static Gate,
    number: usize,
    turn: usize,
}

impl Turn {
    fn take() -> Option<Self> {
        GATE.iter().enumerate().find_map(|(number, gate)| {
            let free = gate.turn.load(Ordering::Relaxed);
            if free & TAKEN != 0 {
                return None;
            }
            // Turns are counted in the bits a waker has room for beside the gate's number.
            let turn = (free.wrapping_add(2) & (usize::MAX >> NUMBER_BITS)) | TAKEN;
            gate.turn
                .compare_exchange(free, turn, Ordering::Acquire, Ordering::Relaxed)
                .ok()?;
            let taken = Self { gate, number, turn };
            if gate.semaphore.try_get().is_none() {
                // Nobody else fills it: the gate is ours. Without memory the gate is given back.
                gate.semaphore.init(BinarySemaphore::new()?).ok()?;
            }
            Some(taken)
        })
    }

    fn waker(&self) -> Waker {
        let data = (self.turn << NUMBER_BITS) | self.number;
        // SAFETY: the table's functions treat the data as a number and are free of side effects
        // but for giving a semaphore, which the kernel allows in any context.
        unsafe { Waker::from_raw(RawWaker::new(ptr::without_provenance(data), &TABLE)) }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.gate.turn.store(self.turn & !TAKEN, Ordering::Release);
    }
}

static TABLE: RawWakerVTable =
    RawWakerVTable::new(|data| RawWaker::new(data, &TABLE), wake, wake, |_| ());

fn wake(data: *const ()) {
    let data = data.addr();
    let number = data & (usize::MAX >> (usize::BITS.wrapping_sub(NUMBER_BITS)));
    let Some(gate) = GATE.get(number) else { return };
    if gate.turn.load(Ordering::Acquire) != data >> NUMBER_BITS {
        return;
    }
    let Some(semaphore) = gate.semaphore.try_get() else {
        return;
    };
    semaphore.give();
}

/// Runs a future to its end; the calling task sleeps meanwhile.
///
/// Touches no task notification, so it may be called in a task that waits on its own, but not
/// inside an executor's async task: that would stop the others of its executor.
///
/// Context: a FreeRTOS task, with the scheduler running.
pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let turn = Turn::take();
    let waker = turn
        .as_ref()
        .map_or_else(|| Waker::noop().clone(), Turn::waker);
    let mut context = Context::from_waker(&waker);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
        match turn.as_ref().and_then(|turn| turn.gate.semaphore.try_get()) {
            Some(semaphore) => semaphore.take(),
            None => kernel::sleep_a_tick(),
        }
    }
}
