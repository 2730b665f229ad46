//! Running the tests and saying how they went, in the words of cargo's summary.
#![allow(unsafe_code, reason = "a task's body travels through C as a pointer")]

use alloc::boxed::Box;
use core::ffi::c_void;
use core::fmt::{Arguments, Write};

use esp_radio_rtos_driver::{self as rtos, ThreadPtr};

use crate::world::{self, Console, World};
use crate::{kernel, suite};

/// What did not hold, and where.
pub(crate) struct Broken {
    pub(crate) line: u32,
    pub(crate) file: &'static str,
    pub(crate) what: &'static str,
}

/// How a test ends.
pub(crate) type Outcome = Result<(), Broken>;

/// A test by its name.
pub(crate) type Test = (&'static str, fn() -> Outcome);

/// Ends the test unless this holds.
macro_rules! check {
    ($condition:expr) => {
        if !$condition {
            return Err($crate::harness::Broken {
                line: line!(),
                file: file!(),
                what: stringify!($condition),
            });
        }
    };
}
pub(crate) use check;

/// The tests' task is above those it makes, unless a test says otherwise.
pub(crate) const PRIORITY: u32 = 10;
const TIMERS_PRIORITY: u32 = 23;
const STACK: usize = 16 * 1024;

/// How long a test waits for what must happen, in microseconds; a hundred times what it takes.
const PATIENCE_US: u64 = 20_000_000;

/// Makes the tests' task and the timers'.
pub(crate) fn start() {
    if port_radio_rtos::start::<World>(TIMERS_PRIORITY, 4096).is_err() {
        die(format_args!("the timers' task was not started"));
    }
    spawn("tests", PRIORITY, run);
}

/// Makes a task that runs `body` and then ends.
pub(crate) fn spawn(name: &str, priority: u32, body: impl FnOnce() + Send + 'static) -> ThreadPtr {
    type Body = Box<dyn FnOnce() + Send>;
    extern "C" fn begin(parameter: *mut c_void) {
        // SAFETY: `spawn` made it by `Box::into_raw` for this one task.
        let body = unsafe { Box::from_raw(parameter.cast::<Body>()) };
        body();
    }
    let body: Body = Box::new(body);
    let parameter = Box::into_raw(Box::new(body));
    // SAFETY: the body is `Send`, and the task's alone.
    unsafe { rtos::task_create(name, begin, parameter.cast(), priority, None, STACK) }
}

/// Makes a task without a body of its own: nothing is lost when it is deleted before it begins.
pub(crate) fn spawn_plain(
    name: &str,
    priority: u32,
    body: extern "C" fn(*mut c_void),
) -> ThreadPtr {
    // SAFETY: the body takes no parameter.
    unsafe { rtos::task_create(name, body, core::ptr::null_mut(), priority, None, 2048) }
}

/// Deletes a task.
pub(crate) fn delete(task: ThreadPtr) {
    // SAFETY: the tests delete what they made, once.
    unsafe { rtos::schedule_task_deletion(Some(task)) }
}

/// For ever, for what several tasks use.
pub(crate) fn leak<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

/// Waits until this holds; `false` when it takes too long.
pub(crate) fn until(mut condition: impl FnMut() -> bool) -> bool {
    let end = rtos::now().saturating_add(PATIENCE_US);
    loop {
        if condition() {
            return true;
        }
        if rtos::now() > end {
            return false;
        }
        rtos::usleep(1000);
    }
}

/// What is free of the heap, once the idle task has given back what ended tasks had.
pub(crate) fn heap_settled() -> usize {
    let mut before = kernel::heap_free();
    loop {
        rtos::usleep(10_000);
        let now = kernel::heap_free();
        if now == before {
            return now;
        }
        before = now;
    }
}

/// Prints one line, in one piece.
pub(crate) fn say(line: Arguments<'_>) {
    // The console takes everything.
    let _written = writeln!(Console, "{line}");
}

/// Something the tests stand on broke.
pub(crate) fn die(why: Arguments<'_>) -> ! {
    say(format_args!("{why}"));
    world::exit(1)
}

/// The tests' task.
fn run() {
    let mut passed: u32 = 0;
    let mut failed: u32 = 0;
    let begun = rtos::now();
    for (name, test) in suite::tests() {
        match test() {
            Ok(()) => {
                passed = passed.saturating_add(1);
                say(format_args!("test {name} ... ok"));
            }
            Err(broken) => {
                failed = failed.saturating_add(1);
                say(format_args!(
                    "test {name} ... FAILED\n  {}:{}: {}",
                    broken.file, broken.line, broken.what
                ));
            }
        }
    }
    let seconds = rtos::now()
        .saturating_sub(begun)
        .checked_div(1_000_000)
        .unwrap_or(0);
    let verdict = if failed == 0 { "ok" } else { "FAILED" };
    say(format_args!(
        "test result: {verdict}. {passed} passed; {failed} failed; finished in {seconds} s of {}",
        world::NAME
    ));
    world::exit(i32::from(failed != 0))
}
