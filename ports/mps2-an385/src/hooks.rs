//! The kernel's regular hooks.
#![allow(unsafe_code, reason = "the kernel calls these by name")]

/// Every tick, in its interrupt.
#[unsafe(no_mangle)]
extern "C" fn vApplicationTickHook() {
    port_executor::on_tick();
}

/// Whenever no task has work: sleeps until an interrupt, which leaves the host's processor to others.
#[unsafe(no_mangle)]
extern "C" fn vApplicationIdleHook() {
    cortex_m::asm::wfi();
}
