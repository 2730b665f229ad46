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

/// Why something could not be done. The numbers are those of [`Status`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
// A word wide and never 0: a result is the driver's number as it comes.
#[repr(u32)]
pub enum Cause {
    /// Refused, out of range, no room, or the driver failed.
    Failure = 1,
    /// The driver gave up waiting.
    Timeout = 2,
    /// The driver cannot do this, such as a security it does not know.
    NotSupported = 3,
}

impl From<Cause> for Status {
    fn from(cause: Cause) -> Self {
        match cause {
            Cause::Failure => Self::Failure,
            Cause::Timeout => Self::Timeout,
            Cause::NotSupported => Self::NotSupported,
        }
    }
}

impl From<Status> for Result<(), Cause> {
    fn from(status: Status) -> Self {
        match status {
            Status::Success => Ok(()),
            Status::Failure => Err(Cause::Failure),
            Status::Timeout => Err(Cause::Timeout),
            Status::NotSupported => Err(Cause::NotSupported),
        }
    }
}

impl From<Result<(), Cause>> for Status {
    fn from(result: Result<(), Cause>) -> Self {
        result.map_or_else(Self::from, |()| Self::Success)
    }
}

/// Why a network could not be joined, as far as the driver knows.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[repr(u8)]
pub enum Reason {
    /// The driver does not say.
    Unspecified = 0,
    /// The passphrase or key is wrong, or cannot be right.
    Authentication = 1,
    /// No such network in reach.
    NotFound = 2,
    /// The network gave no address.
    NoAddress = 3,
    /// The driver cannot do the network's kind of security, or it is protected differently than asked for.
    Security = 4,
    /// The access point does not want the device.
    Refused = 5,
    /// No answer in time.
    Timeout = 6,
    /// The connection was lost at once.
    Lost = 7,
    /// The network could be joined and not be saved, or there was no room for another.
    NotSaved = 8,
}
