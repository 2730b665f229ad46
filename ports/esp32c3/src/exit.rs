//! Restarting, the one way out.
#![allow(unsafe_code, reason = "C calls two functions by name")]

use crate::console;
use crate::faults::fatal;

/// Restarts the chip, as its reset pin would.
///
/// Context: any.
pub(crate) fn reset() -> ! {
    console::drain();
    esp_hal::system::software_reset()
}

/// C: `BOARD_Exit`, see `board.h`.
#[unsafe(no_mangle)]
extern "C" fn BOARD_Exit(code: i32) -> ! {
    fatal(format_args!("the application ended with {code}"))
}

/// C: `BOARD_Reset`, see `board.h`.
#[unsafe(no_mangle)]
extern "C" fn BOARD_Reset() -> ! {
    log::info!("restarting");
    reset()
}
