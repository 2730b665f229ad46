//! What a request came to.

/// The outcome that goes over the air as `s`, and comes from the WiFi driver. The numbers are part
/// of the protocol and equal the contract's `WIFIReturnCode_t`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[repr(u8)]
pub enum Status {
    /// Done.
    Success = 0,
    /// Refused, out of range, no room, or the driver failed.
    Failure = 1,
    /// The driver gave up waiting.
    Timeout = 2,
    /// The driver cannot do this, such as a security it does not know.
    NotSupported = 3,
}
