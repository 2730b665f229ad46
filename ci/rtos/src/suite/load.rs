//! Everything at once, for as long as `LOAD_SECONDS`: two spinners of equal priority, a producer in critical sections, a
//! device's interrupt that gives a semaphore also while the tick's handler runs, a timer, tasks that come and go.

use core::ffi::c_void;
use core::ptr;

use esp_radio_rtos_driver::semaphore::{SemaphoreHandle, SemaphoreKind};
use esp_radio_rtos_driver::timer::TimerHandle;
use esp_radio_rtos_driver::{self as rtos};
use portable_atomic::{AtomicBool, AtomicPtr, AtomicU32, Ordering};

use super::queues::Words;
use crate::harness::{Outcome, Test, check, heap_settled, leak, say, spawn, spawn_plain, until};
use crate::kernel::heap_free;
use crate::world::{
    LOAD_SECONDS, NESTS, SHARES_EVENLY, interrupts_are_off, nested_interrupts, start_device,
    stop_device,
};

pub(super) const TESTS: &[Test] = &[("load::no_error_under_load", load)];

const SPINNERS: u32 = 0;
const PRODUCER: u32 = 3;
const CONSUMER: u32 = 4;
const TAKER: u32 = 15;
const MAKER: u32 = 2;
const DEVICE_US: u32 = 600;
const TIMER_US: u64 = 5000;

static STOP: AtomicBool = AtomicBool::new(false);
/// Tasks of the load that are at their end.
static ENDED: AtomicU32 = AtomicU32::new(0);
static SPUN: [AtomicU32; 2] = [AtomicU32::new(0), AtomicU32::new(0)];
static SENT: AtomicU32 = AtomicU32::new(0);
static RECEIVED: AtomicU32 = AtomicU32::new(0);
static OUT_OF_ORDER: AtomicU32 = AtomicU32::new(0);
static SWITCHED_ON: AtomicU32 = AtomicU32::new(0);
static GIVEN: AtomicU32 = AtomicU32::new(0);
static TAKEN: AtomicU32 = AtomicU32::new(0);
static FIRED: AtomicU32 = AtomicU32::new(0);
static MADE: AtomicU32 = AtomicU32::new(0);
static BORN: AtomicU32 = AtomicU32::new(0);
static SEMAPHORE: AtomicPtr<SemaphoreHandle> = AtomicPtr::new(ptr::null_mut());

fn stopped() -> bool {
    STOP.load(Ordering::Relaxed)
}

fn one_more(counter: &AtomicU32) {
    counter.fetch_add(1, Ordering::SeqCst);
}

#[allow(unsafe_code, reason = "an interrupt's function captures nothing")]
fn give() {
    // SAFETY: `load` put a reference there that lives for ever.
    let semaphore = unsafe { SEMAPHORE.load(Ordering::SeqCst).as_ref() };
    if semaphore.is_some_and(|semaphore| semaphore.try_give_from_isr(None)) {
        one_more(&GIVEN);
    }
}

#[allow(unsafe_code, reason = "timers call C functions")]
unsafe extern "C" fn fire(_: *mut c_void) {
    one_more(&FIRED);
}

extern "C" fn be_born(_: *mut c_void) {
    one_more(&BORN);
    // Has a semaphore, which goes with it.
    let _semaphore = rtos::current_task_thread_semaphore();
}

fn spin(counter: &'static AtomicU32) {
    while !stopped() {
        one_more(counter);
    }
    one_more(&ENDED);
}

fn produce(words: &'static Words) {
    while !stopped() {
        critical_section::with(|_| {
            if words.send(SENT.load(Ordering::SeqCst), Some(0)) {
                one_more(&SENT);
            }
            if !interrupts_are_off() {
                one_more(&SWITCHED_ON);
            }
        });
        rtos::usleep(1000);
    }
    one_more(&ENDED);
}

fn consume(words: &'static Words) {
    loop {
        match words.receive(Some(50_000)) {
            Some(word) => {
                if word != RECEIVED.load(Ordering::SeqCst) {
                    one_more(&OUT_OF_ORDER);
                }
                one_more(&RECEIVED);
            }
            None if stopped() => break,
            None => {}
        }
    }
    one_more(&ENDED);
}

fn take(semaphore: &'static SemaphoreHandle) {
    loop {
        if semaphore.take(Some(50_000)) {
            one_more(&TAKEN);
        } else if stopped() {
            break;
        }
    }
    one_more(&ENDED);
}

fn make() {
    while !stopped() {
        spawn_plain("born", MAKER, be_born);
        one_more(&MADE);
        rtos::usleep(50_000);
    }
    one_more(&ENDED);
}

#[allow(unsafe_code, reason = "timers call C functions")]
fn load() -> Outcome {
    let semaphore = leak(SemaphoreHandle::new(SemaphoreKind::Counting {
        max: 1000,
        initial: 0,
    }));
    SEMAPHORE.store(ptr::from_ref(semaphore).cast_mut(), Ordering::SeqCst);
    let words = Words::new(16);
    // SAFETY: the function takes no data.
    let timer = unsafe { TimerHandle::new(fire, ptr::null_mut()) };
    let heap = heap_settled();

    let [left, right] = &SPUN;
    spawn("spin left", SPINNERS, || spin(left));
    spawn("spin right", SPINNERS, || spin(right));
    spawn("producer", PRODUCER, || produce(words));
    spawn("consumer", CONSUMER, || consume(words));
    spawn("taker", TAKER, || take(semaphore));
    spawn("maker", MAKER, make);
    timer.arm(TIMER_US, true);
    start_device(give, DEVICE_US);
    let begun = rtos::now();
    // By the clock: a sleep is counted in ticks, of which a busy host loses some.
    let enough = u64::from(LOAD_SECONDS).saturating_mul(1_000_000);
    let mut passed = 0;
    while passed < enough {
        rtos::usleep(100_000);
        passed = rtos::now().saturating_sub(begun);
    }
    stop_device();
    timer.disarm();
    STOP.store(true, Ordering::SeqCst);
    check!(until(|| ENDED.load(Ordering::SeqCst) == 6));

    let count = |counter: &AtomicU32| counter.load(Ordering::SeqCst);
    say(format_args!(
        "  {} s: {} interrupts, {} items, {} timer calls, {} tasks, spins {} and {}",
        passed / 1_000_000,
        count(&GIVEN),
        count(&RECEIVED),
        count(&FIRED),
        count(&MADE),
        count(left),
        count(right),
    ));
    check!(until(|| heap_free() == heap));
    say(format_args!(
        "  {} interrupts came into another",
        nested_interrupts()
    ));
    check!(!NESTS || nested_interrupts() > 0);
    check!(count(&SWITCHED_ON) == 0);
    check!(count(&OUT_OF_ORDER) == 0);
    check!(count(&SENT) == count(&RECEIVED));
    check!(count(&GIVEN) == count(&TAKEN));
    check!(count(&MADE) == count(&BORN));
    // Everybody had a share: the figures are a tenth of what a quiet machine shows.
    let seconds = LOAD_SECONDS;
    check!(count(&GIVEN) > seconds.wrapping_mul(100));
    check!(count(&RECEIVED) > seconds.wrapping_mul(50));
    check!(count(&FIRED) > seconds.wrapping_mul(20));
    check!(count(&MADE) > seconds.wrapping_mul(2));
    let (few, many) = (count(left).min(count(right)), count(left).max(count(right)));
    check!(few > 0);
    check!(!SHARES_EVENLY || few > many / 2);
    Ok(())
}
