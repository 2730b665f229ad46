//! Where the processor is: in a task or in an interrupt.

/// Whether the caller is an interrupt handler. The kernel has a function of its own for those.
///
/// Context: any.
#[cfg(target_arch = "arm")]
#[must_use]
pub fn inside_interrupt() -> bool {
    use cortex_m::peripheral::SCB;
    use cortex_m::peripheral::scb::VectActive;

    SCB::vect_active() != VectActive::ThreadMode
}

/// Whether the caller is an interrupt handler. The kernel has a function of its own for those.
///
/// Context: any.
#[cfg(all(target_arch = "riscv32", target_os = "none"))]
#[allow(unsafe_code, reason = "a C function of the kernel's port")]
#[must_use]
pub fn inside_interrupt() -> bool {
    unsafe extern "C" {
        /// `ports/riscv32`: `portCONTEXT_INTERRUPT` is 2.
        fn uxPortContext() -> u32;
    }
    // SAFETY: reads a status register and the chip's interrupt level.
    unsafe { uxPortContext() == 2 }
}

/// Whether the caller is an interrupt handler. The kernel has a function of its own for those.
///
/// Context: any.
#[cfg(all(target_arch = "xtensa", target_os = "none"))]
#[allow(unsafe_code, reason = "a C function of the kernel's port")]
#[must_use]
pub fn inside_interrupt() -> bool {
    unsafe extern "C" {
        /// The kernel's Xtensa port; of the core that asks.
        fn xPortInIsrContext() -> i32;
    }
    // SAFETY: reads the core's count of interrupts under way.
    unsafe { xPortInIsrContext() != 0 }
}

/// Whether the caller is an interrupt handler: never, on a host.
#[cfg(not(any(target_arch = "arm", target_os = "none")))]
#[must_use]
pub fn inside_interrupt() -> bool {
    false
}

#[cfg(all(
    target_os = "none",
    not(any(target_arch = "arm", target_arch = "riscv32", target_arch = "xtensa"))
))]
compile_error!(
    "say in ports/executor/src/context.rs how this processor tells an interrupt from a task"
);
