//! FreeRTOS under the C symbols.

use core::future::Future;
use core::pin::Pin;

use crate::tasks::Tasks;

#[cfg(feature = "espressif")]
pub use crate::c::protocomm::run as run_protocomm;

/// The kernel's tasks.
pub struct FreeRtosTasks;

impl Tasks for FreeRtosTasks {
    fn current(&self) -> usize {
        // Zero, no task's handle, before the scheduler runs.
        port_executor::current_task().addr()
    }

    fn block_on(&self, future: Pin<&mut dyn Future<Output = ()>>) {
        port_executor::block_on(future);
    }
}
