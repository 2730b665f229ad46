//! The task "watch" feeds the watchdog as long as the others live: the executors of "ble" and "net" still poll, and the
//! idle task still comes to its turn, so no task spins. Who stands still is named before the device restarts. When not
//! even this task runs, the watchdog restarts the chip without a word. A task that waits for ever, and is none of these two, is
//! not seen: the radios' own, the service's, those of the network manager and of the endpoints, console and button.

use embassy_time::{Duration, Timer};
use esp_hal::peripherals::TIMG0;
use esp_hal::time::Duration as Span;
use esp_hal::timer::timg::{MwdtStage, MwdtStageAction, Wdt};
use port_executor::{sleep_ms, spawn_task};
use portable_atomic::{AtomicU32, Ordering};

use crate::faults::fatal;
use crate::{PRIORITY_LOWEST, heap};

/// Words; what it prints is formatted on it, and interrupts need 2 KB.
const STACK: u16 = 1280;
/// How often it looks.
const LOOK_MS: u32 = 1000;
/// Looks without a sign of life after which somebody stands still: comparing numbers, calibration, flash and a handshake of
/// security 2 take a fraction of these seconds.
const PATIENCE: u32 = 15;
/// How long the watchdog waits for this task.
const TIMEOUT: Span = Span::from_secs(8);
/// How often an executor shows that it polls.
const SIGN: Duration = Duration::from_millis(500);

/// Counts the signs of life of one task.
pub(crate) struct Sign(AtomicU32);

impl Sign {
    const fn new() -> Self {
        Self(AtomicU32::new(0))
    }

    /// Context: any.
    pub(crate) fn beat(&self) {
        self.0.add(1, Ordering::Relaxed);
    }
}

/// The idle task's.
pub(crate) static IDLE: Sign = Sign::new();
static BLE: Sign = Sign::new();
static NET: Sign = Sign::new();

/// Runs in the executor of the task "ble".
#[embassy_executor::task]
pub(crate) async fn ble_lives() {
    keep_beating(&BLE).await;
}

/// Runs in the executor of the task "net".
#[embassy_executor::task]
pub(crate) async fn net_lives() {
    keep_beating(&NET).await;
}

async fn keep_beating(sign: &Sign) {
    loop {
        sign.beat();
        Timer::after(SIGN).await;
    }
}

/// Whom this task watches.
struct Watched {
    name: &'static str,
    sign: &'static Sign,
    last: u32,
    silent: u32,
}

impl Watched {
    const fn new(name: &'static str, sign: &'static Sign) -> Self {
        Self {
            name,
            sign,
            last: 0,
            silent: 0,
        }
    }

    /// Whether there was a sign of life lately.
    fn lives(&mut self) -> bool {
        let now = self.sign.0.load(Ordering::Relaxed);
        if now == self.last {
            self.silent = self.silent.saturating_add(1);
        } else {
            self.last = now;
            self.silent = 0;
        }
        self.silent < PATIENCE
    }
}

/// Starts the watchdog and the task that feeds it.
///
/// Context: `main`, before the scheduler runs.
pub(crate) fn start() {
    let mut watchdog = Wdt::<TIMG0<'static>>::new();
    watchdog.set_timeout(MwdtStage::Stage0, TIMEOUT);
    watchdog.set_stage_action(MwdtStage::Stage0, MwdtStageAction::ResetSystem);
    watchdog.enable();
    watchdog.feed();
    let started = spawn_task("watch", STACK, PRIORITY_LOWEST, move || {
        let mut all = [
            Watched::new("idle", &IDLE),
            Watched::new("ble", &BLE),
            Watched::new("net", &NET),
        ];
        loop {
            sleep_ms(LOOK_MS);
            heap::note();
            for one in &mut all {
                if !one.lives() {
                    fatal(format_args!("task {} stands still", one.name));
                }
            }
            watchdog.feed();
        }
    });
    if let Err(error) = started {
        fatal(format_args!("task watch: {error:?}"));
    }
}
