//! How C tasks wait for the BLE task.

use core::future::Future;
use core::pin::Pin;

/// The tasks of the kernel under the C symbols, as far as BLE must know them.
pub trait Tasks: Sync {
    /// A number that tells the calling task from every other one.
    ///
    /// Context: task.
    fn current(&self) -> usize;

    /// Runs `future` to its end; the calling task sleeps meanwhile.
    ///
    /// Context: any task but the one that polls [`run`](crate::run).
    fn block_on(&self, future: Pin<&mut dyn Future<Output = ()>>);
}
