//! Rust's heap on the kernel's.
#![allow(
    unsafe_code,
    reason = "GlobalAlloc is an unsafe trait over the kernel's malloc"
)]

use core::alloc::{GlobalAlloc, Layout};
use core::ptr;

use crate::kernel;

/// What the kernel's heap aligns to anyway (`portBYTE_ALIGNMENT`).
const KERNEL_ALIGNMENT: usize = 8;

/// The kernel's heap with every alignment; freertos-rust's own allocator ignores those above 8.
///
/// Context: tasks, and before the scheduler starts; never an interrupt.
pub struct KernelHeap;

// SAFETY: blocks come from pvPortMalloc, which is safe to call from any task, hands out disjoint
// blocks and never unwinds. Larger alignments are made inside a larger block whose true start is
// kept in the word before the aligned address.
unsafe impl GlobalAlloc for KernelHeap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if layout.align() <= KERNEL_ALIGNMENT {
            return malloc(layout.size());
        }
        let Some(size) = layout.size().checked_add(layout.align()) else {
            return ptr::null_mut();
        };
        let block = malloc(size);
        if block.is_null() {
            return block;
        }
        // The block is aligned to 8, so at least 8 bytes lie between it and the next multiple.
        let gap = layout
            .align()
            .wrapping_sub(block.addr() & layout.align().wrapping_sub(1));
        let aligned = block.wrapping_add(gap);
        // SAFETY: `gap` is at least a pointer's size and at most `align`, so the word before
        // `aligned` lies in the block, and it is aligned for a pointer as `aligned` is.
        unsafe { aligned.cast::<*mut u8>().wrapping_sub(1).write(block) };
        aligned
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        let block = if layout.align() <= KERNEL_ALIGNMENT {
            pointer
        } else {
            // SAFETY: `alloc` wrote the block's start there for this same layout.
            unsafe { pointer.cast::<*mut u8>().wrapping_sub(1).read() }
        };
        // SAFETY: `block` is what pvPortMalloc gave for this allocation, freed once.
        unsafe { kernel::free(block) };
    }
}

fn malloc(size: usize) -> *mut u8 {
    let Ok(size) = u32::try_from(size) else {
        return ptr::null_mut();
    };
    kernel::malloc(size)
}
