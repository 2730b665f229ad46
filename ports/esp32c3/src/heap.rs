//! The one heap: Rust's, the kernel's, and C's `malloc`, which the radios' software calls (`esp-alloc`).
#![allow(
    unsafe_code,
    reason = "memory is handed to the heap, and blocks to the kernel"
)]

use core::alloc::{GlobalAlloc as _, Layout};
use core::ffi::c_void;
use core::ptr;

use esp_alloc::{HEAP, HeapRegion, MemoryCapability};
use esp_hal::ram;
use portable_atomic::{AtomicUsize, Ordering};

/// Bytes beside the program's other data. What the linker leaves the stack of `main` must not fall below 8 KB; it fails then.
const MAIN: usize = 140 * 1024;
/// Bytes that the bootloader ran in.
const RECLAIMED: usize = 64 * 1024;

/// The stack alignment of the ABI: stacks are most of what the kernel asks for. The block's size is kept before it.
const ALIGNMENT: usize = 16;

static LEAST_FREE: AtomicUsize = AtomicUsize::new(usize::MAX);

/// Gives the heap its memory.
///
/// Context: `main`, once, before anything is allocated.
pub(crate) fn start() {
    esp_alloc::heap_allocator!(size: MAIN);
    esp_alloc::heap_allocator!(#[ram(reclaimed)] size: RECLAIMED);
    note();
}

/// Gives the heap the stack of `main`, too: no function on it returns, and interrupts take the stack of the task they
/// interrupt. The word near its end that esp-hal has watched, so that whoever writes to it is found, stays as it is.
///
/// Context: a task, once.
pub(crate) fn take_stack_of_main() {
    unsafe extern "C" {
        /// esp-hal's linker script: that word, and where the stack began downwards.
        static __stack_chk_guard: u32;
        static _stack_start: u32;
    }
    let bottom = (&raw const __stack_chk_guard)
        .wrapping_add(1)
        .expose_provenance();
    let size = (&raw const _stack_start).addr().saturating_sub(bottom);
    let bottom = ptr::with_exposed_provenance_mut(bottom);
    // SAFETY: memory of the linker's for that stack alone, 8 KB at least; a task runs, so nobody is on it any more.
    let region = unsafe { HeapRegion::new(bottom, size, MemoryCapability::Internal.into()) };
    // SAFETY: as above; it is given once.
    unsafe { HEAP.add_region(region) };
}

/// Remembers the least that was ever free.
///
/// Context: any.
pub(crate) fn note() {
    LEAST_FREE.fetch_min(HEAP.free(), Ordering::Relaxed);
}

fn layout(size: usize) -> Option<Layout> {
    Layout::from_size_align(size.checked_add(ALIGNMENT)?, ALIGNMENT).ok()
}

/// The kernel's memory. Null when there is no such block.
///
/// Context: any.
#[unsafe(no_mangle)]
extern "C" fn pvPortMalloc(size: usize) -> *mut c_void {
    let Some(layout) = layout(size) else {
        return ptr::null_mut();
    };
    // SAFETY: the layout is not empty: it has room for the size in front.
    let block = unsafe { HEAP.alloc(layout) };
    if block.is_null() {
        return ptr::null_mut();
    }
    // SAFETY: the block has room for it, and is aligned for it.
    unsafe { block.cast::<usize>().write(size) };
    note();
    block.wrapping_add(ALIGNMENT).cast()
}

/// # Safety
///
/// `pointer` is null or what [`pvPortMalloc`] gave, freed once.
#[unsafe(no_mangle)]
unsafe extern "C" fn vPortFree(pointer: *mut c_void) {
    if pointer.is_null() {
        return;
    }
    let block = pointer.cast::<u8>().wrapping_sub(ALIGNMENT);
    // SAFETY: `pvPortMalloc` wrote the size there.
    let size = unsafe { block.cast::<usize>().read() };
    if let Some(layout) = layout(size) {
        // SAFETY: the block was allocated with this very layout.
        unsafe { HEAP.dealloc(block, layout) };
    }
}

/// C: bytes free now, of the whole heap.
#[unsafe(no_mangle)]
extern "C" fn xPortGetFreeHeapSize() -> usize {
    HEAP.free()
}

/// C: the least that was free, as seen whenever the kernel asked for memory and once a second.
#[unsafe(no_mangle)]
extern "C" fn xPortGetMinimumEverFreeHeapSize() -> usize {
    note();
    LEAST_FREE.load(Ordering::Relaxed)
}
