//! What must not happen: one line that says what and where, and the end of the machine.
#![allow(
    unsafe_code,
    reason = "fault entries, and kernel hooks that take strings from C"
)]

use core::ffi::{CStr, c_char, c_int, c_void};
use core::fmt;
use core::panic::PanicInfo;

use cortex_m::peripheral::SCB;
use cortex_m_rt::{ExceptionFrame, exception};
use freertos_rust::{FreeRtosSchedulerState, FreeRtosUtils, freertos_rs_task_get_name};

use crate::LOGGER;
use crate::exit::{CODE_FAILURE, exit};

/// Says what happened and ends the machine with a failure.
///
/// Context: any.
pub(crate) fn fatal(what: fmt::Arguments<'_>) -> ! {
    cortex_m::interrupt::disable();
    LOGGER.line(
        "board",
        format_args!("fatal, in task {}: {what}", current_task()),
    );
    exit(CODE_FAILURE)
}

/// The name of the task that runs, or was interrupted.
fn current_task() -> &'static str {
    if FreeRtosUtils::scheduler_state() == FreeRtosSchedulerState::NotStarted {
        return "main";
    }
    // SAFETY: there is a current task once the scheduler runs; null stands for it.
    text(unsafe { freertos_rs_task_get_name(core::ptr::null()) }.cast())
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

#[exception]
unsafe fn HardFault(frame: &ExceptionFrame) -> ! {
    // SAFETY: reads the fault's cause from the processor's own registers.
    let scb = unsafe { &*SCB::PTR };
    fatal(format_args!(
        "hard fault at {:#010x}, called from {:#010x}, cfsr {:#010x}, bfar {:#010x}",
        frame.pc(),
        frame.lr(),
        scb.cfsr.read(),
        scb.bfar.read()
    ))
}

#[exception]
unsafe fn DefaultHandler(interrupt: i16) -> ! {
    fatal(format_args!("interrupt {interrupt} has no handler"))
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

/// The kernel's heap has no such block left.
#[unsafe(no_mangle)]
extern "C" fn vApplicationMallocFailedHook() -> ! {
    fatal(format_args!("the heap is full"))
}
