//! An allocator that tells how much of the heap is held and how often it is asked, and can be full. For a process of its
//! own.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

thread_local! {
    static HELD: Cell<usize> = const { Cell::new(0) };
    static MOST: Cell<usize> = const { Cell::new(0) };
    static ASKED_FOR: Cell<usize> = const { Cell::new(0) };
    /// How many allocations there are before the heap is full.
    static LEFT: Cell<usize> = const { Cell::new(usize::MAX) };
}

struct Counting;

// SAFETY: the system's allocator does it, or there is no memory; counting touches a thread's own cells, which allocate
// nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ASKED_FOR.set(ASKED_FOR.get().wrapping_add(1));
        let Some(left) = LEFT.get().checked_sub(1) else {
            return core::ptr::null_mut();
        };
        LEFT.set(left);
        let held = HELD.get().wrapping_add(layout.size());
        HELD.set(held);
        MOST.set(MOST.get().max(held));
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        HELD.set(HELD.get().wrapping_sub(layout.size()));
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(block, layout) }
    }
}

#[global_allocator]
static HEAP: Counting = Counting;

/// The most that is held while something works with so many allocations left, and how many it asks for. It gives
/// everything back.
pub(crate) fn watched(left: usize, work: impl FnOnce()) -> (usize, usize) {
    let before = HELD.get();
    MOST.set(before);
    ASKED_FOR.set(0);
    LEFT.set(left);
    work();
    LEFT.set(usize::MAX);
    assert_eq!(HELD.get(), before, "everything is given back");
    (MOST.get() - before, ASKED_FOR.get())
}

/// The most that is held while something works, and that it gives everything back.
pub(crate) fn most(work: impl FnOnce()) -> usize {
    watched(usize::MAX, work).0
}
