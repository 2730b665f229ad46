//! The console: whole lines out, typed bytes in.
#![allow(unsafe_code, reason = "xPortGetUserInput takes a pointer from C")]

use core::cell::RefCell;
use core::fmt::{self, Write as _};
use core::sync::atomic::{AtomicBool, Ordering};

use cortex_m::register::primask;
use embassy_sync::blocking_mutex::Mutex;
use embassy_time::{Duration, with_timeout};
use embedded_io_async::Read as _;
use freertos_rust::{FreeRtosSchedulerState, FreeRtosUtils};
use port_executor::{TaskMutex, block_on, inside_interrupt, sleep_ms};

use crate::uart::{CONSOLE, Reader};

/// One line at a time.
static OUTPUT: Mutex<TaskMutex, ()> = Mutex::new(());
/// Set while a task is inside a line, so that a line from an interrupt begins on one of its own.
static IN_LINE: AtomicBool = AtomicBool::new(false);
/// What is typed.
static INPUT: Mutex<TaskMutex, RefCell<Option<Reader>>> = Mutex::new(RefCell::new(None));

/// Gives the console its input.
///
/// Context: before the scheduler starts.
pub(crate) fn set_input(reader: Reader) {
    INPUT.lock(|input| *input.borrow_mut() = Some(reader));
}

/// How bytes get out while whoever reads the console is slow.
#[derive(Clone, Copy)]
enum Out {
    /// A task sleeps a tick; others run meanwhile.
    Sleeping,
    /// Nothing else may run: tries again at once.
    Spinning,
}

impl Out {
    fn send(self, mut bytes: &[u8]) {
        while let Some(rest) = bytes
            .get(CONSOLE.give(bytes)..)
            .filter(|rest| !rest.is_empty())
        {
            bytes = rest;
            if matches!(self, Self::Sleeping) {
                sleep_ms(1);
            }
        }
    }
}

/// A line end goes out as CR LF.
impl fmt::Write for Out {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for (index, part) in text.split('\n').enumerate() {
            if index > 0 {
                self.send(b"\r\n");
            }
            self.send(part.as_bytes());
        }
        Ok(())
    }
}

/// Prints one line; `line` does not end in a line end. Lines never mix and none is lost.
///
/// Context: any. A task may block behind another one's line, or a reader that is slow; everything
/// else writes at once.
pub fn print_line(line: fmt::Arguments<'_>) {
    if may_wait() {
        OUTPUT.lock(|()| {
            IN_LINE.store(true, Ordering::Relaxed);
            write(Out::Sleeping, line);
            IN_LINE.store(false, Ordering::Relaxed);
        });
    } else {
        critical_section::with(|_| {
            if IN_LINE.load(Ordering::Relaxed) {
                Out::Spinning.send(b"\r\n");
            }
            write(Out::Spinning, line);
        });
    }
}

fn write(mut out: Out, line: fmt::Arguments<'_>) {
    // `Out` never fails; an argument whose Display does has printed what it could.
    let _ = out.write_fmt(line);
    out.send(b"\r\n");
}

/// Whether the caller is a task that may sleep at a lock.
fn may_wait() -> bool {
    !inside_interrupt()
        && primask::read().is_active()
        && FreeRtosUtils::scheduler_state() == FreeRtosSchedulerState::Running
}

/// C: `xPortGetUserInput`, see `board.h`.
///
/// # Safety
///
/// `buffer` must be valid for writing `length` bytes.
#[unsafe(no_mangle)]
unsafe extern "C" fn xPortGetUserInput(buffer: *mut u8, length: u32, timeout: u32) -> i32 {
    if buffer.is_null() || length == 0 {
        return 0;
    }
    // SAFETY: the caller's promise; the bytes may be uninitialised, so they are set first.
    unsafe { buffer.write_bytes(0, length as usize) };
    // SAFETY: as above.
    let buffer = unsafe { core::slice::from_raw_parts_mut(buffer, length as usize) };
    let count = INPUT.lock(|input| {
        let mut input = input.borrow_mut();
        let Some(reader) = input.as_mut() else {
            return 0;
        };
        let wait = Duration::from_ticks(timeout.into());
        match block_on(with_timeout(wait, reader.read(buffer))) {
            Ok(Ok(count)) => count,
            // Typed faster than taken: what was lost is not known, so nothing is what was typed.
            Ok(Err(_)) | Err(_) => 0,
        }
    });
    i32::try_from(count).unwrap_or(i32::MAX)
}
