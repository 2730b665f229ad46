//! Timers in microseconds: a table, one task that calls what is due, and the board's alarm.
//!
//! The kernel's own timers count ticks and take commands through a queue that can be full. These are armed, disarmed and
//! deleted at once, in any context. A timer's place is given to another only when its function has returned.
#![allow(unsafe_code, reason = "timers call C functions")]

mod table;

use core::cell::RefCell;
use core::ffi::c_void;
use core::marker::PhantomData;

use critical_section::Mutex;
use esp_radio_rtos_driver::timer::{TimerImplementation, TimerPtr};

use crate::board::{Board, Fatal};
use crate::kernel::Handle;
use crate::scheduler;
use crate::semaphore::give_counting;
use crate::wait::{Until, wait};
use table::{Id, Table};

/// How many timers there can be. The WiFi and Bluetooth software of one chip makes about 30.
pub const TIMERS: usize = 64;

/// [`Board::set_alarm`] with this switches the alarm off.
pub const NO_ALARM: u64 = u64::MAX;

/// The shortest period of a periodic timer, in microseconds: shorter ones are made this long, so that the others and the
/// tasks come to their turn.
const SHORTEST_PERIOD: u64 = 50;

/// What a timer calls.
#[derive(Clone, Copy)]
struct Callback {
    function: unsafe extern "C" fn(*mut c_void),
    data: *mut c_void,
}

// SAFETY: the driver makes timers in one task to be called in another.
unsafe impl Send for Callback {}

struct Service {
    timers: Table<Callback, TIMERS>,
    /// What the timers' task waits at, once it is there.
    wake: Option<Handle>,
}

static SERVICE: Mutex<RefCell<Service>> = Mutex::new(RefCell::new(Service {
    timers: Table::new(),
    wake: None,
}));

fn with<R>(f: impl FnOnce(&mut Service) -> R) -> R {
    critical_section::with(|cs| f(&mut SERVICE.borrow_ref_mut(cs)))
}

/// Why the timers' task was not started.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum StartError {
    /// It runs already.
    Twice,
    /// The kernel's heap has no room for it.
    NoMemory,
}

/// Starts the task that calls the timers' functions. Timers armed before wait for it.
///
/// `priority` is best above the radios' tasks, as their software expects of timers. `stack` is in bytes: what the
/// longest of the functions needs.
///
/// Context: a task, or before the scheduler runs.
///
/// # Errors
///
/// See [`StartError`].
pub fn start<B: Board>(priority: u32, stack: usize) -> Result<(), StartError> {
    let wake = Handle::counting(1, 1).ok_or(StartError::NoMemory)?;
    let first = with(|service| {
        let first = service.wake.is_none();
        service.wake.get_or_insert(wake);
        first
    });
    if !first {
        // SAFETY: made here, and nobody has seen it.
        unsafe { wake.delete() };
        return Err(StartError::Twice);
    }
    let made = scheduler::spawn::<B>("timers", run::<B>, priority, stack);
    if made.is_none() {
        with(|service| service.wake = None);
        // SAFETY: an alarm would have found it only in the table, where it is no more.
        unsafe { wake.delete() };
    }
    made.ok_or(StartError::NoMemory)
}

/// Lets the timers' task look what is due. The board calls it when its alarm went off.
///
/// Context: any; as a rule the alarm's interrupt.
pub fn on_alarm<B: Board>() {
    if let Some(wake) = with(|service| service.wake) {
        // Given already: the task is about to look anyway.
        let _given = give_counting::<B>(wake);
    }
}

/// The timers' task.
extern "C" fn run<B: Board>(_: *mut c_void) {
    let Some(wake) = with(|service| service.wake) else {
        return;
    };
    loop {
        let due = with(|service| {
            let due = service.timers.take_due(B::now());
            if due.is_none() {
                B::set_alarm(service.timers.next_due().unwrap_or(NO_ALARM));
            }
            due
        });
        match due {
            Some((id, callback)) => {
                // SAFETY: who made the timer promised that its function may be called with its data until it is deleted,
                // and for the call under way also then.
                unsafe { (callback.function)(callback.data) };
                with(|service| service.timers.finish(id));
            }
            None => {
                // It waits for ever; `false` would only mean to look again.
                let _woken = wait::<B>(Until::Ever, |ticks| wake.take(ticks));
            }
        }
    }
}

/// `TimerImplementation` with a resolution of microseconds.
///
/// Functions are called one after the other in the timers' task, the earliest first, with interrupts on. A periodic timer
/// that missed periods is called once for them and goes on at its own times. A function may arm, disarm and delete its own
/// timer. One that was deleted by somebody else while its function runs runs to its end, not again.
///
/// Context of all of them: any.
pub struct Timer<B>(PhantomData<B>);

impl<B: Board> TimerImplementation for Timer<B> {
    fn create(function: unsafe extern "C" fn(*mut c_void), data: *mut c_void) -> TimerPtr {
        match with(|service| service.timers.create(Callback { function, data })) {
            Some(id) => id.into_pointer(),
            None => B::fatal(Fatal::NoTimer),
        }
    }

    unsafe fn delete(timer: TimerPtr) {
        with(|service| service.timers.delete(Id::from_pointer(timer)));
    }

    unsafe fn arm(timer: TimerPtr, timeout: u64, periodic: bool) {
        let period = periodic.then(|| timeout.max(SHORTEST_PERIOD));
        with(|service| {
            let due = B::now().saturating_add(period.unwrap_or(timeout));
            if service.timers.arm(Id::from_pointer(timer), due, period) {
                B::set_alarm(due);
            }
        });
    }

    unsafe fn is_active(timer: TimerPtr) -> bool {
        with(|service| service.timers.is_active(Id::from_pointer(timer)))
    }

    unsafe fn disarm(timer: TimerPtr) {
        with(|service| service.timers.disarm(Id::from_pointer(timer)));
    }
}
