//! Rust's heap on the kernel's, for images where this archive is the only Rust. Only Espressif's protocol uses it.

use core::alloc::{GlobalAlloc, Layout};
use core::ptr;

use crate::ffi::abi;

/// What every kernel's heap aligns to at least. Nothing here asks for more.
const ALIGNMENT: usize = 8;

struct KernelHeap;

// SAFETY: blocks come from pvPortMalloc, which may be called from any task, hands out disjoint blocks, and aligns
// them to eight bytes.
unsafe impl GlobalAlloc for KernelHeap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if layout.align() > ALIGNMENT {
            return ptr::null_mut();
        }
        // SAFETY: called from a task.
        unsafe { abi::pvPortMalloc(layout.size() as _) }.cast()
    }

    unsafe fn dealloc(&self, block: *mut u8, _layout: Layout) {
        // SAFETY: the caller promises that `alloc` gave it.
        unsafe { abi::vPortFree(block.cast()) };
    }
}

#[global_allocator]
static HEAP: KernelHeap = KernelHeap;
