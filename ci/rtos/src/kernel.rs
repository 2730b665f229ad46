//! What the tests ask the kernel itself, and its hooks.
#![allow(unsafe_code, reason = "the kernel's C functions, and C names it calls")]

use core::ffi::{CStr, c_char, c_int, c_void};

use crate::harness;

unsafe extern "C" {
    fn vTaskStartScheduler();
    fn xTaskGetTickCount() -> u32;
    fn xPortGetFreeHeapSize() -> usize;
}

/// Starts the scheduler, with the timers' task and the one that runs the tests. Does not come back.
pub(crate) fn start() {
    harness::start();
    // SAFETY: called once, from `main`, with tasks made.
    unsafe { vTaskStartScheduler() }
}

pub(crate) fn ticks() -> u32 {
    // SAFETY: reads one word.
    unsafe { xTaskGetTickCount() }
}

pub(crate) fn heap_free() -> usize {
    // SAFETY: reads one word.
    unsafe { xPortGetFreeHeapSize() }
}

#[unsafe(no_mangle)]
extern "C" fn vAssertCalled(file: *const c_char, line: c_int) {
    // SAFETY: the kernel passes `__FILE__`.
    let file = unsafe { CStr::from_ptr(file) };
    harness::die(format_args!(
        "the kernel's assertion at {}:{line} failed",
        file.to_str().unwrap_or("?")
    ));
}

#[unsafe(no_mangle)]
extern "C" fn vApplicationStackOverflowHook(_task: *mut c_void, name: *const c_char) {
    // SAFETY: the kernel passes the task's name, which ends in a 0.
    let name = unsafe { CStr::from_ptr(name) };
    harness::die(format_args!(
        "the stack of task {} overflowed",
        name.to_str().unwrap_or("?")
    ));
}

#[panic_handler]
fn panic(info: &core::panic::PanicInfo<'_>) -> ! {
    harness::die(format_args!("{info}"))
}
