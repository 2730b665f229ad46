//! A block of the kernel's heap.

use core::ops::{Deref, DerefMut};
use core::ptr::NonNull;
use core::slice;

use crate::ffi::abi;

/// Bytes on the kernel's heap, freed when dropped.
pub(crate) struct Block {
    start: NonNull<u8>,
    length: usize,
}

impl Block {
    /// So many zeros; `None` when memory is short.
    pub(crate) fn zeroed(length: usize) -> Option<Self> {
        // SAFETY: may be called from any task.
        let start = NonNull::new(unsafe { abi::pvPortMalloc(length as _) }.cast::<u8>())?;
        for at in 0..length {
            // One by one: a memset would be the only one in the archive.
            // SAFETY: inside the block.
            let byte = unsafe { start.add(at) };
            // SAFETY: inside the block, which is nobody else's.
            unsafe { byte.write_volatile(0) };
        }
        Some(Self { start, length })
    }
}

impl Deref for Block {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        // SAFETY: the block is as long, and was filled with zeros.
        unsafe { slice::from_raw_parts(self.start.as_ptr(), self.length) }
    }
}

impl DerefMut for Block {
    fn deref_mut(&mut self) -> &mut [u8] {
        // SAFETY: the block is as long, was filled with zeros, and is nobody else's.
        unsafe { slice::from_raw_parts_mut(self.start.as_ptr(), self.length) }
    }
}

impl Drop for Block {
    fn drop(&mut self) {
        // SAFETY: the kernel's heap gave it, and it is used no more.
        unsafe { abi::vPortFree(self.start.as_ptr().cast()) };
    }
}
