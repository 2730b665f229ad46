//! The board: clock, alarm and tick share the CLINT's one comparator.

use core::cell::RefCell;

use critical_section::Mutex;
use port_radio_rtos::{Board, Context, Fatal, NO_ALARM, TickGrid, on_alarm, software_switch};

use super::machine::{TIME, TIME_COMPARE, TIME_PER_US};
use crate::harness;

pub(crate) struct World;

struct Times {
    grid: TickGrid,
    alarm: u64,
}

static TIMES: Mutex<RefCell<Times>> = Mutex::new(RefCell::new(Times {
    grid: TickGrid::new(0, World::TICK_US),
    alarm: NO_ALARM,
}));

fn with<R>(f: impl FnOnce(&mut Times) -> R) -> R {
    critical_section::with(|cs| f(&mut TIMES.borrow_ref_mut(cs)))
}

impl Times {
    /// Sets the comparator to what comes first.
    fn set_comparator(&self) {
        let at = self.grid.next().min(self.alarm).saturating_mul(TIME_PER_US);
        let [low, high] = TIME_COMPARE;
        // Never below what it is to become, which would be an interrupt too many.
        high.write(u32::MAX);
        low.write(at as u32);
        high.write((at >> 32) as u32);
    }
}

impl Board for World {
    const MAX_PRIORITY: u32 = 24;
    const TICK_US: u32 = 1000;
    const INTERRUPT_STACK: usize = 1024;

    fn context() -> Context {
        software_switch::context()
    }

    fn request_switch() {
        software_switch::request_switch();
    }

    fn now() -> u64 {
        let [low, high] = TIME;
        loop {
            let before = high.read();
            let time = (u64::from(before) << 32) | u64::from(low.read());
            if high.read() == before {
                return time.checked_div(TIME_PER_US).unwrap_or(0);
            }
        }
    }

    fn set_alarm(at: u64) {
        with(|times| {
            times.alarm = at;
            times.set_comparator();
        });
    }

    fn fatal(reason: Fatal) -> ! {
        harness::die(format_args!("the RTOS layer gave up: {reason:?}"))
    }
}

/// The first tick is a period from now.
pub(super) fn start_ticks() {
    with(|times| {
        times.grid = TickGrid::new(World::now(), World::TICK_US);
        times.set_comparator();
    });
}

/// The comparator's interrupt.
pub(super) fn on_time() {
    let (ticks, alarm) = with(|times| {
        let now = World::now();
        let ticks = times.grid.due(now);
        let alarm = times.alarm <= now;
        if alarm {
            times.alarm = NO_ALARM;
        }
        times.set_comparator();
        (ticks, alarm)
    });
    software_switch::count_ticks(ticks);
    if alarm {
        on_alarm::<World>();
    }
}
