//! Why something asked of the WiFi half did not come about.

use core::fmt;

use crate::radio::{JoinError, LossReason, RadioError};

/// Why.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Failure {
    /// The passphrase or key is wrong.
    AuthFailed,
    /// Other callers kept the net task busy.
    Busy,
    /// What was asked makes no sense, such as a passphrase that is too short.
    Invalid,
    /// The network was joined, and lost before it gave an address.
    Lost(LossReason),
    /// The network gave no address.
    NoAddress,
    /// No such network in reach.
    NotFound,
    /// The radio cannot do this kind of security.
    NotSupported,
    /// The radio is switched off.
    Off,
    /// The radio failed.
    Radio(RadioError),
    /// The access point does not want us.
    Refused,
    /// The network is protected differently than asked for.
    SecurityMismatch,
    /// No answer in time.
    Timeout,
}

impl From<JoinError> for Failure {
    fn from(error: JoinError) -> Self {
        match error {
            JoinError::AuthFailed => Self::AuthFailed,
            JoinError::NotFound => Self::NotFound,
            JoinError::NotSupported => Self::NotSupported,
            JoinError::Radio(error) => Self::Radio(error),
            JoinError::Refused => Self::Refused,
            JoinError::SecurityMismatch => Self::SecurityMismatch,
            JoinError::Timeout => Self::Timeout,
        }
    }
}

impl From<RadioError> for Failure {
    fn from(error: RadioError) -> Self {
        Self::Radio(error)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AuthFailed => f.write_str("the passphrase is wrong"),
            Self::Busy => f.write_str("the radio is busy with other calls"),
            Self::Invalid => f.write_str("the name or passphrase cannot be right"),
            Self::Lost(reason) => write!(f, "it was lost before it gave an address: {reason}"),
            Self::NoAddress => f.write_str("it gave no address"),
            Self::NotFound => f.write_str("it is not in reach"),
            Self::NotSupported => f.write_str("the radio cannot do its kind of security"),
            Self::Off => f.write_str("the radio is off"),
            Self::Radio(RadioError::Bus) => f.write_str("the line to the radio failed"),
            Self::Radio(RadioError::Version(version)) => {
                write!(f, "the radio speaks version {version} of its protocol")
            }
            Self::Radio(RadioError::Unexpected) => {
                f.write_str("the radio gave an answer that makes no sense")
            }
            Self::Refused => f.write_str("the access point refused us"),
            Self::SecurityMismatch => f.write_str("it is protected differently than asked for"),
            Self::Timeout => f.write_str("no answer in time"),
        }
    }
}
