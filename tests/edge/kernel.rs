//! A kernel of one task: waiting lets the next thing happen.

use std::ffi::c_char;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use cty::c_void;
use wifi_provision::ffi::abi;

use super::phone;

/// The bits of the one event group there is; an event group is all that is made.
static BITS: AtomicU32 = AtomicU32::new(0);
static IS_MADE: AtomicBool = AtomicBool::new(false);
/// What its handle points to; nobody looks there.
static OBJECT: u8 = 0;

#[unsafe(no_mangle)]
extern "C" fn xEventGroupCreate() -> abi::EventGroupHandle_t {
    assert!(!IS_MADE.swap(true, Ordering::Relaxed), "one is enough");
    (&raw const OBJECT).cast_mut().cast()
}

#[unsafe(no_mangle)]
extern "C" fn vEventGroupDelete(_: abi::EventGroupHandle_t) {
    panic!("it is never deleted");
}

#[unsafe(no_mangle)]
extern "C" fn xEventGroupSetBits(
    _: abi::EventGroupHandle_t,
    bits: abi::EventBits_t,
) -> abi::EventBits_t {
    BITS.fetch_or(bits, Ordering::Relaxed) | bits
}

#[unsafe(no_mangle)]
extern "C" fn xEventGroupClearBits(
    _: abi::EventGroupHandle_t,
    bits: abi::EventBits_t,
) -> abi::EventBits_t {
    BITS.fetch_and(!bits, Ordering::Relaxed)
}

/// Whoever else there is goes on until a bit is there; with nobody left, the time has run out.
#[unsafe(no_mangle)]
extern "C" fn xEventGroupWaitBits(
    _: abi::EventGroupHandle_t,
    wanted: abi::EventBits_t,
    clears: abi::BaseType_t,
    wants_all: abi::BaseType_t,
    ticks: abi::TickType_t,
) -> abi::EventBits_t {
    assert!(clears == 0 && wants_all == 0);
    loop {
        let bits = BITS.load(Ordering::Relaxed);
        if bits & wanted != 0 {
            return bits;
        }
        if !phone::goes_on() {
            assert_ne!(ticks, abi::TickType_t::MAX, "it would wait for ever");
            return bits;
        }
    }
}

#[unsafe(no_mangle)]
extern "C" fn vTaskSuspendAll() {}

#[unsafe(no_mangle)]
extern "C" fn xTaskResumeAll() -> abi::BaseType_t {
    0
}

#[unsafe(no_mangle)]
extern "C" fn vTaskDelay(_: abi::TickType_t) {
    let _ = phone::goes_on();
}

#[unsafe(no_mangle)]
extern "C" fn vTaskDelete(_: abi::TaskHandle_t) {
    panic!("there is no task to delete");
}

#[unsafe(no_mangle)]
extern "C" fn xTaskCreate(
    _: abi::TaskFunction_t,
    _: *const c_char,
    _: abi::StackType_t,
    _: *mut c_void,
    _: abi::UBaseType_t,
    _: *mut abi::TaskHandle_t,
) -> abi::BaseType_t {
    // No memory for one.
    -1
}
