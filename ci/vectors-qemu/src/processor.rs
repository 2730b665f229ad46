//! Where the image begins and ends on the processor.
#![allow(
    unsafe_code,
    reason = "the runtime wants its fault handler declared unsafe; nothing unsafe is done"
)]

use core::panic::PanicInfo;

use cortex_m_rt::{ExceptionFrame, entry, exception};
use cortex_m_semihosting::debug::{self, EXIT_FAILURE, EXIT_SUCCESS};
use cortex_m_semihosting::{hio, hprintln};

#[entry]
fn main() -> ! {
    let failed = hio::hstdout()
        .map_err(|()| core::fmt::Error)
        .and_then(|mut out| crate::report(&mut out));
    loop {
        debug::exit(match failed {
            Ok(0) => EXIT_SUCCESS,
            _ => EXIT_FAILURE,
        });
    }
}

#[panic_handler]
fn panic(info: &PanicInfo<'_>) -> ! {
    hprintln!("{}", info);
    loop {
        debug::exit(EXIT_FAILURE);
    }
}

/// Without this a fault would wait for ever.
#[exception]
unsafe fn HardFault(frame: &ExceptionFrame) -> ! {
    hprintln!("{:?}", frame);
    loop {
        debug::exit(EXIT_FAILURE);
    }
}
