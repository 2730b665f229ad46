//! The FPGAIO counter: 25 MHz, running on its own, for measuring short times.
#![allow(unsafe_code, reason = "reads a device register")]

use volatile_register::RO;

/// Counts of [`counter`] a second.
pub const COUNTER_HZ: u32 = 25_000_000;

/// `COUNTER` of the FPGAIO block.
const COUNTER: *const RO<u32> = core::ptr::without_provenance(0x4002_8018);

/// Counts since power-on; wraps after 171 s.
///
/// Context: any.
#[must_use]
pub fn counter() -> u32 {
    // SAFETY: the register is always there and reading it changes nothing.
    unsafe { (*COUNTER).read() }
}
