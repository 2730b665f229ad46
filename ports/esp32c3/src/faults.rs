//! What must not happen: one line that says what and where, and a restart. Faults of the processor come here too: esp-hal
//! makes panics of them.
#![allow(unsafe_code, reason = "kernel hooks that take strings from C")]

use core::ffi::{CStr, c_char, c_int, c_void};
use core::fmt;
use core::panic::PanicInfo;

use portable_atomic::{AtomicBool, Ordering};

use crate::{LOGGER, exit};

/// Says what happened and restarts. A failure while it is being said restarts at once.
///
/// Context: any.
pub(crate) fn fatal(what: fmt::Arguments<'_>) -> ! {
    static FAILING: AtomicBool = AtomicBool::new(false);
    esp_hal::riscv::interrupt::disable();
    if !FAILING.swap(true, Ordering::Relaxed) {
        LOGGER.line(
            "board",
            format_args!("fatal, in task {}: {what}", current_task()),
        );
    }
    exit::reset()
}

/// The name of the task that runs, or was interrupted.
fn current_task() -> &'static str {
    unsafe extern "C" {
        fn pcTaskGetName(task: *mut c_void) -> *const c_char;
    }
    if port_executor::current_task().is_null() {
        return "main";
    }
    // SAFETY: there is a current task; null stands for it.
    text(unsafe { pcTaskGetName(core::ptr::null_mut()) })
}

#[panic_handler]
fn panic(info: &PanicInfo<'_>) -> ! {
    match info.location() {
        Some(at) => fatal(format_args!(
            "panic at {}:{}: {}",
            at.file(),
            at.line(),
            info.message()
        )),
        None => fatal(format_args!("panic: {}", info.message())),
    }
}

fn text<'a>(text: *const c_char) -> &'a str {
    if text.is_null() {
        return "?";
    }
    // SAFETY: the kernel gives names and files that end in NUL and live as long as the image or task.
    unsafe { CStr::from_ptr(text) }.to_str().unwrap_or("?")
}

/// `configASSERT` that did not hold.
#[unsafe(no_mangle)]
extern "C" fn vAssertCalled(file: *const c_char, line: c_int) -> ! {
    fatal(format_args!("assertion at {}:{line}", text(file)))
}

/// The kernel found a task beyond the end of its stack.
#[unsafe(no_mangle)]
extern "C" fn vApplicationStackOverflowHook(_task: *mut c_void, name: *const c_char) -> ! {
    fatal(format_args!("task {} has overflowed its stack", text(name)))
}
