//! The kernel's regular hooks.
#![allow(
    unsafe_code,
    reason = "the kernel calls these by name; sleeping is an instruction"
)]

/// Every tick, in its interrupt.
#[unsafe(no_mangle)]
extern "C" fn vApplicationTickHook() {
    port_executor::on_tick();
}

/// Whenever no task has work: sleeps until an interrupt.
#[unsafe(no_mangle)]
extern "C" fn vApplicationIdleHook() {
    crate::watch::IDLE.beat();
    // SAFETY: waits for an interrupt, and changes nothing.
    unsafe { core::arch::asm!("wfi", options(nomem, nostack)) };
}
