//! Semaphores and mutexes.
//!
//! The pointer esp-radio holds is the kernel's handle with the kind in its two lowest bits, which alignment leaves free.
#![allow(unsafe_code, reason = "the driver's traits have unsafe methods")]

use core::marker::PhantomData;
use core::num::NonZeroUsize;

use esp_radio_rtos_driver::semaphore::{SemaphoreImplementation, SemaphoreKind, SemaphorePtr};

use crate::board::{Board, Context, Fatal};
use crate::kernel::{FromInterrupt, Handle};
use crate::wait::{Until, wait};

const KIND_BITS: usize = 0b11;

/// The kinds, as they stand in the pointer.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Kind {
    Counting,
    Mutex,
    Recursive,
}

impl Kind {
    const fn bits(self) -> usize {
        match self {
            Self::Counting => 0,
            Self::Mutex => 1,
            Self::Recursive => 2,
        }
    }
}

/// `SemaphoreImplementation` on the kernel's semaphores and mutexes.
///
/// Counting semaphores work in every context. Mutexes belong to tasks: with interrupts off they are only tried, in an
/// interrupt taking and giving them is refused (`false`).
pub struct Semaphore<B>(PhantomData<B>);

fn join(handle: Handle, kind: Kind) -> SemaphorePtr {
    handle.as_ptr().map_addr(|at| at | kind.bits())
}

/// # Safety
/// `semaphore` is what [`join`] made, of a handle not yet deleted.
unsafe fn split(semaphore: SemaphorePtr) -> (Handle, Kind) {
    let kind = match semaphore.addr().get() & KIND_BITS {
        0 => Kind::Counting,
        1 => Kind::Mutex,
        _ => Kind::Recursive,
    };
    // The handle is not null, so something is left without the kind's bits.
    let bare = semaphore.map_addr(|at| NonZeroUsize::new(at.get() & !KIND_BITS).unwrap_or(at));
    // SAFETY: without the kind's bits it is the handle.
    (unsafe { Handle::from_ptr(bare) }, kind)
}

/// A counting semaphore, as the driver's pointer; ends in [`Board::fatal`] without memory.
pub(crate) fn counting<B: Board>(max: u32, initial: u32) -> SemaphorePtr {
    match Handle::counting(max, initial) {
        Some(handle) => join(handle, Kind::Counting),
        None => B::fatal(Fatal::NoMemory),
    }
}

/// Passes a switch on that a function for interrupts found due.
pub(crate) fn switched<B: Board>(outcome: FromInterrupt) -> bool {
    if outcome.woken {
        B::request_switch();
    }
    outcome.done
}

/// Gives a counting semaphore, in any context.
pub(crate) fn give_counting<B: Board>(handle: Handle) -> bool {
    match B::context() {
        Context::Task => handle.give(),
        Context::Masked | Context::Interrupt => switched::<B>(handle.give_from_interrupt()),
    }
}

fn take<B: Board>(handle: Handle, kind: Kind, until: Until) -> bool {
    match (kind, B::context()) {
        (Kind::Counting, Context::Masked | Context::Interrupt) => {
            switched::<B>(handle.take_from_interrupt())
        }
        (Kind::Mutex | Kind::Recursive, Context::Interrupt) => false,
        (Kind::Counting | Kind::Mutex, _) => wait::<B>(until, |ticks| handle.take(ticks)),
        (Kind::Recursive, _) => wait::<B>(until, |ticks| handle.take_recursive(ticks)),
    }
}

fn give<B: Board>(handle: Handle, kind: Kind) -> bool {
    match (kind, B::context()) {
        (Kind::Counting, _) => give_counting::<B>(handle),
        (Kind::Mutex | Kind::Recursive, Context::Interrupt) => false,
        (Kind::Mutex, _) => handle.give(),
        (Kind::Recursive, _) => handle.give_recursive(),
    }
}

impl<B: Board> SemaphoreImplementation for Semaphore<B> {
    fn create(kind: SemaphoreKind) -> SemaphorePtr {
        let (handle, kind) = match kind {
            SemaphoreKind::Counting { max, initial } => return counting::<B>(max, initial),
            SemaphoreKind::Mutex => (Handle::mutex(), Kind::Mutex),
            SemaphoreKind::RecursiveMutex => (Handle::recursive_mutex(), Kind::Recursive),
        };
        match handle {
            Some(handle) => join(handle, kind),
            None => B::fatal(Fatal::NoMemory),
        }
    }

    unsafe fn delete(semaphore: SemaphorePtr) {
        // SAFETY: the driver's pointers are `create`'s.
        let (handle, _) = unsafe { split(semaphore) };
        // SAFETY: the driver deletes what it uses no more.
        unsafe { handle.delete() };
    }

    unsafe fn take(semaphore: SemaphorePtr, timeout_us: Option<u32>) -> bool {
        // SAFETY: the driver's pointers are `create`'s.
        let (handle, kind) = unsafe { split(semaphore) };
        take::<B>(handle, kind, Until::after::<B>(timeout_us))
    }

    unsafe fn take_with_deadline(semaphore: SemaphorePtr, deadline_instant: Option<u64>) -> bool {
        // SAFETY: the driver's pointers are `create`'s.
        let (handle, kind) = unsafe { split(semaphore) };
        take::<B>(handle, kind, Until::at(deadline_instant))
    }

    unsafe fn give(semaphore: SemaphorePtr) -> bool {
        // SAFETY: the driver's pointers are `create`'s.
        let (handle, kind) = unsafe { split(semaphore) };
        give::<B>(handle, kind)
    }

    unsafe fn try_give_from_isr(semaphore: SemaphorePtr, _: Option<&mut bool>) -> bool {
        // SAFETY: the driver's pointers are `create`'s.
        let (handle, kind) = unsafe { split(semaphore) };
        give::<B>(handle, kind)
    }

    unsafe fn current_count(semaphore: SemaphorePtr) -> u32 {
        // SAFETY: the driver's pointers are `create`'s.
        let (handle, _) = unsafe { split(semaphore) };
        handle.count()
    }

    unsafe fn try_take(semaphore: SemaphorePtr) -> bool {
        // SAFETY: the driver's pointers are `create`'s.
        let (handle, kind) = unsafe { split(semaphore) };
        take::<B>(handle, kind, Until::Time(0))
    }

    unsafe fn try_take_from_isr(semaphore: SemaphorePtr, _: Option<&mut bool>) -> bool {
        // SAFETY: the driver's pointers are `create`'s.
        let (handle, kind) = unsafe { split(semaphore) };
        take::<B>(handle, kind, Until::Time(0))
    }
}
