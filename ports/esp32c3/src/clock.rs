//! Time: the kernel's tick and the radios' timers, each on an alarm of the system timer, and the switch of tasks.
#![allow(
    unsafe_code,
    reason = "the kernel's start calls by name; the switch is assembly"
)]

use core::cell::RefCell;

use critical_section::Mutex;
use esp_hal::Blocking;
use esp_hal::interrupt::{DirectBindableCpuInterrupt, InterruptHandler, Priority, enable_direct};
use esp_hal::peripherals::{Interrupt, SYSTIMER};
use esp_hal::time::{Duration, Instant};
use esp_hal::timer::OneShotTimer;
use esp_hal::timer::systimer::SystemTimer;
use port_radio_rtos::{Board, Context, Fatal, NO_ALARM, TickGrid, on_alarm, software_switch};

use crate::faults::fatal;

/// This chip, for the radios' software.
pub(crate) struct Chip;

port_radio_rtos::register!(Chip);

/// The longest an alarm is set for, in microseconds (12 days): far inside the comparator's 52 bits. It goes off early then,
/// which only means to look again.
const LONGEST_US: u64 = 1 << 40;

struct Times {
    grid: TickGrid,
    tick: OneShotTimer<'static, Blocking>,
    alarm: OneShotTimer<'static, Blocking>,
}

static TIMES: Mutex<RefCell<Option<Times>>> = Mutex::new(RefCell::new(None));

/// `None` before [`start`].
fn with<R>(f: impl FnOnce(&mut Times) -> R) -> Option<R> {
    critical_section::with(|cs| TIMES.borrow_ref_mut(cs).as_mut().map(f))
}

/// Sets a timer to a moment; one that is past already goes off at once.
fn schedule(timer: &mut OneShotTimer<'static, Blocking>, at: u64) {
    let from_now = at.saturating_sub(Chip::now()).clamp(1, LONGEST_US);
    if let Err(error) = timer.schedule(Duration::from_micros(from_now)) {
        fatal(format_args!("an alarm cannot be set: {error:?}"));
    }
}

impl Board for Chip {
    const MAX_PRIORITY: u32 = 24;
    const TICK_US: u32 = 1000;
    /// Handlers of the radios, one priority inside another; how deep they really go was never measured on a chip.
    const INTERRUPT_STACK: usize = 2048;

    fn context() -> Context {
        software_switch::context()
    }

    fn request_switch() {
        software_switch::request_switch();
    }

    fn now() -> u64 {
        Instant::now().duration_since_epoch().as_micros()
    }

    fn set_alarm(at: u64) {
        with(|times| {
            if at == NO_ALARM {
                times.alarm.stop();
                times.alarm.clear_interrupt();
            } else {
                schedule(&mut times.alarm, at);
            }
        });
    }

    fn fatal(reason: Fatal) -> ! {
        crate::faults::fatal(format_args!("the radios' software: {reason:?}"))
    }
}

/// Takes the timer. Nothing ticks yet.
///
/// Context: `main`, before the scheduler runs.
pub(crate) fn start(timer: SYSTIMER<'static>) {
    let timer = SystemTimer::new(timer);
    let mut tick = OneShotTimer::new(timer.alarm0);
    tick.set_interrupt_handler(InterruptHandler::new(on_tick, Priority::min()));
    let mut alarm = OneShotTimer::new(timer.alarm1);
    alarm.set_interrupt_handler(InterruptHandler::new(on_alarm_due, Priority::min()));
    alarm.listen();
    let grid = TickGrid::new(Chip::now(), Chip::TICK_US);
    critical_section::with(|cs| {
        TIMES
            .borrow_ref_mut(cs)
            .replace(Times { grid, tick, alarm })
    });
}

/// Called by the scheduler's start, with interrupts off.
#[unsafe(no_mangle)]
extern "C" fn vPortSetupTimerInterrupt() {
    unsafe extern "C" {
        /// `ports/riscv32`: keeps all registers, and returns by `mret`.
        fn vPortSwitchHandler();
    }
    enable_direct(
        Interrupt::FROM_CPU_INTR0,
        Priority::min(),
        DirectBindableCpuInterrupt::Interrupt0,
        vPortSwitchHandler,
    );
    let started = with(|times| {
        times.grid = TickGrid::new(Chip::now(), Chip::TICK_US);
        times.tick.listen();
        schedule(&mut times.tick, times.grid.next());
    });
    if started.is_none() {
        fatal(format_args!("the scheduler was started before the board"));
    }
}

/// Counts also the ticks that were lost while interrupts were off, as during a flash erase.
extern "C" fn on_tick() {
    let ticks = with(|times| {
        times.tick.clear_interrupt();
        let ticks = times.grid.due(Chip::now());
        schedule(&mut times.tick, times.grid.next());
        ticks
    });
    software_switch::count_ticks(ticks.unwrap_or(0));
}

extern "C" fn on_alarm_due() {
    with(|times| {
        times.alarm.stop();
        times.alarm.clear_interrupt();
    });
    on_alarm::<Chip>();
}
