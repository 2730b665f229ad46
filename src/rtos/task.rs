//! The service's own task.

use core::ffi::CStr;
use core::ptr;

use crate::ffi::abi;

/// The name the kernel shows.
const NAME: &CStr = c"wifi-prov";

/// Starts a task with the stack and priority of `wifi_provision.h`; false when memory is short.
pub(crate) fn spawn(body: unsafe extern "C" fn(*mut cty::c_void)) -> bool {
    const CREATED: abi::BaseType_t = 1;
    let body: abi::TaskFunction_t = Some(body);
    // SAFETY: the name is NUL-terminated and lives for ever; the kernel checks the rest.
    let created = unsafe {
        abi::xTaskCreate(
            body,
            NAME.as_ptr().cast(),
            abi::EDGE_TASK_STACK_DEPTH as _,
            ptr::null_mut(),
            abi::EDGE_TASK_PRIORITY as _,
            ptr::null_mut(),
        )
    };
    created == CREATED
}

/// Ends the calling task; the kernel's idle task frees it.
pub(crate) fn delete_self() {
    // SAFETY: null means the calling task, which the caller is.
    unsafe { abi::vTaskDelete(ptr::null_mut()) };
}

/// Lets other tasks run for so many ticks.
pub(crate) fn sleep(ticks: u32) {
    // SAFETY: the caller is a task.
    unsafe { abi::vTaskDelay(ticks) };
}
