//! The ends of the machine: exit with a code, and reset.
#![allow(
    unsafe_code,
    reason = "semihosting is a breakpoint that takes a pointer; C calls two functions by name"
)]

use cortex_m::peripheral::SCB;
use cortex_m_semihosting::syscall;

/// Everything is well.
pub const CODE_OK: i32 = 0;
/// Something this image relies on did not hold: a panic, an assertion, a fault, no memory.
pub const CODE_FAILURE: i32 = 1;

/// Semihosting operation `SYS_EXIT_EXTENDED`.
const EXIT_EXTENDED: usize = 0x20;
/// Its reason `ADP_Stopped_ApplicationExit`.
const APPLICATION_EXIT: usize = 0x2_0026;

/// Ends the machine; QEMU exits with `code`.
///
/// Context: any.
pub fn exit(code: i32) -> ! {
    let reason: [usize; 2] = [APPLICATION_EXIT, code.cast_unsigned() as usize];
    loop {
        // SAFETY: the operation reads the two words it is given and does not return.
        unsafe { syscall(EXIT_EXTENDED, &reason) };
    }
}

/// Restarts the processor, as the reset button would.
///
/// Context: any.
pub fn reset() -> ! {
    SCB::sys_reset()
}

/// C: `BOARD_Exit`, see `board.h`.
#[unsafe(no_mangle)]
extern "C" fn BOARD_Exit(code: i32) -> ! {
    exit(code)
}

/// C: `BOARD_Reset`, see `board.h`.
#[unsafe(no_mangle)]
extern "C" fn BOARD_Reset() -> ! {
    log::info!("restarting");
    reset()
}
