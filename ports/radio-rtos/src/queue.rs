//! Queues.
#![allow(unsafe_code, reason = "the driver's traits have unsafe methods")]

use core::marker::PhantomData;

use esp_radio_rtos_driver::queue::{QueueImplementation, QueuePtr};

use crate::board::{Board, Context, Fatal};
use crate::kernel::Handle;
use crate::semaphore::switched;
use crate::wait::{Until, wait};

/// The largest item that can be removed out of turn, in bytes. The radios' are pointers.
const LARGEST_REMOVED: usize = 64;

/// `QueueImplementation` on the kernel's queues. Every function works in every context; only a task with interrupts on
/// waits.
pub struct Queue<B>(PhantomData<B>);

/// # Safety
/// `item` has as many bytes as the queue's items.
unsafe fn send<B: Board>(queue: Handle, item: *const u8, until: Until, front: bool) -> bool {
    match B::context() {
        // SAFETY: the caller's promise.
        Context::Task => wait::<B>(until, |ticks| unsafe { queue.send(item, ticks, front) }),
        Context::Masked | Context::Interrupt => {
            // SAFETY: the caller's promise.
            switched::<B>(unsafe { queue.send_from_interrupt(item, front) })
        }
    }
}

/// # Safety
/// `item` has room for an item of the queue.
unsafe fn receive<B: Board>(queue: Handle, item: *mut u8, until: Until) -> bool {
    match B::context() {
        // SAFETY: the caller's promise.
        Context::Task => wait::<B>(until, |ticks| unsafe { queue.receive(item, ticks) }),
        Context::Masked | Context::Interrupt => {
            // SAFETY: the caller's promise.
            switched::<B>(unsafe { queue.receive_from_interrupt(item) })
        }
    }
}

impl<B: Board> QueueImplementation for Queue<B> {
    fn create(capacity: usize, item_size: usize) -> QueuePtr {
        match Handle::queue(capacity, item_size) {
            Some(queue) => queue.as_ptr(),
            None => B::fatal(Fatal::NoMemory),
        }
    }

    unsafe fn delete(queue: QueuePtr) {
        // SAFETY: the driver's pointers are `create`'s.
        let queue = unsafe { Handle::from_ptr(queue) };
        // SAFETY: the driver deletes what it uses no more.
        unsafe { queue.delete() };
    }

    unsafe fn send_to_front(queue: QueuePtr, item: *const u8, timeout_us: Option<u32>) -> bool {
        // SAFETY: the driver's pointers are `create`'s.
        let queue = unsafe { Handle::from_ptr(queue) };
        // SAFETY: the driver's items have the queue's size.
        unsafe { send::<B>(queue, item, Until::after::<B>(timeout_us), true) }
    }

    unsafe fn send_to_front_with_deadline(
        queue: QueuePtr,
        item: *const u8,
        deadline_instant: Option<u64>,
    ) -> bool {
        // SAFETY: the driver's pointers are `create`'s.
        let queue = unsafe { Handle::from_ptr(queue) };
        // SAFETY: the driver's items have the queue's size.
        unsafe { send::<B>(queue, item, Until::at(deadline_instant), true) }
    }

    unsafe fn send_to_back(queue: QueuePtr, item: *const u8, timeout_us: Option<u32>) -> bool {
        // SAFETY: the driver's pointers are `create`'s.
        let queue = unsafe { Handle::from_ptr(queue) };
        // SAFETY: the driver's items have the queue's size.
        unsafe { send::<B>(queue, item, Until::after::<B>(timeout_us), false) }
    }

    unsafe fn send_to_back_with_deadline(
        queue: QueuePtr,
        item: *const u8,
        deadline_instant: Option<u64>,
    ) -> bool {
        // SAFETY: the driver's pointers are `create`'s.
        let queue = unsafe { Handle::from_ptr(queue) };
        // SAFETY: the driver's items have the queue's size.
        unsafe { send::<B>(queue, item, Until::at(deadline_instant), false) }
    }

    unsafe fn try_send_to_back_from_isr(
        queue: QueuePtr,
        item: *const u8,
        _: Option<&mut bool>,
    ) -> bool {
        // SAFETY: the driver's pointers are `create`'s.
        let queue = unsafe { Handle::from_ptr(queue) };
        // SAFETY: the driver's items have the queue's size.
        unsafe { send::<B>(queue, item, Until::Time(0), false) }
    }

    unsafe fn receive(queue: QueuePtr, item: *mut u8, timeout_us: Option<u32>) -> bool {
        // SAFETY: the driver's pointers are `create`'s.
        let queue = unsafe { Handle::from_ptr(queue) };
        // SAFETY: the driver's buffers hold an item.
        unsafe { receive::<B>(queue, item, Until::after::<B>(timeout_us)) }
    }

    unsafe fn receive_with_deadline(
        queue: QueuePtr,
        item: *mut u8,
        deadline_instant: Option<u64>,
    ) -> bool {
        // SAFETY: the driver's pointers are `create`'s.
        let queue = unsafe { Handle::from_ptr(queue) };
        // SAFETY: the driver's buffers hold an item.
        unsafe { receive::<B>(queue, item, Until::at(deadline_instant)) }
    }

    unsafe fn try_receive_from_isr(queue: QueuePtr, item: *mut u8, _: Option<&mut bool>) -> bool {
        // SAFETY: the driver's pointers are `create`'s.
        let queue = unsafe { Handle::from_ptr(queue) };
        // SAFETY: the driver's buffers hold an item.
        unsafe { receive::<B>(queue, item, Until::Time(0)) }
    }

    /// The first item equal to this one goes, the others keep their order. The kernel has no such function: with
    /// interrupts off, each item is taken out and, if it stays, put back. Items above 64 bytes stay where they are.
    unsafe fn remove(queue: QueuePtr, item: *const u8) {
        // SAFETY: the driver's pointers are `create`'s.
        let queue = unsafe { Handle::from_ptr(queue) };
        let size = queue.item_size();
        let mut buffer = [0; LARGEST_REMOVED];
        let Some(room) = buffer.get_mut(..size) else {
            return;
        };
        // SAFETY: the driver's items have the queue's size.
        let wanted = unsafe { core::slice::from_raw_parts(item, size) };
        critical_section::with(|_| {
            let mut removed = false;
            for _ in 0..queue.count() {
                // SAFETY: the room has the size of an item.
                let received = unsafe { queue.receive_from_interrupt(room.as_mut_ptr()) };
                if !received.done {
                    return;
                }
                if !removed && *room == *wanted {
                    removed = true;
                    // Only now is a place free for who waits to send.
                    if received.woken {
                        B::request_switch();
                    }
                    continue;
                }
                // SAFETY: the room holds an item. There is a place for it: its own.
                switched::<B>(unsafe { queue.send_from_interrupt(room.as_ptr(), false) });
            }
        });
    }

    fn messages_waiting(queue: QueuePtr) -> usize {
        // SAFETY: the driver's pointers are `create`'s.
        unsafe { Handle::from_ptr(queue) }.count() as usize
    }
}
