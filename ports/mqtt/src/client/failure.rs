//! Why a connection ended, in words for the console.

use core::fmt;

use super::DialError;
use crate::session::SessionError;
use crate::tls::TlsFailure;

/// Why a connection did not come about, or ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Failure {
    /// The broker cannot be reached.
    Dial(DialError),
    /// TLS failed.
    Tls(TlsFailure),
    /// The stream ended before the broker accepted us.
    Unaccepted,
    /// The stream ended.
    Broken,
    /// MQTT failed.
    Session(SessionError),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dial(DialError::Refused) => f.write_str("nobody listens at the broker's address"),
            Self::Dial(DialError::Timeout) => f.write_str("the broker does not answer"),
            Self::Dial(DialError::UnknownName) => f.write_str("the broker's name is not known"),
            Self::Dial(DialError::NoNetwork) => f.write_str("the network is gone"),
            Self::Dial(DialError::NoSocket) => f.write_str("no connection is free"),
            Self::Tls(failure) => failure.fmt(f),
            Self::Unaccepted => {
                f.write_str("the broker closed the connection before it accepted this device")
            }
            Self::Broken => f.write_str("the connection broke"),
            Self::Session(SessionError::Refused(code)) => {
                write!(f, "the broker refused this device ({})", refusal(*code))
            }
            Self::Session(SessionError::Silent) => f.write_str("the broker is silent"),
            Self::Session(SessionError::Slow) => {
                f.write_str("the broker takes too long for one message")
            }
            Self::Session(SessionError::Unacknowledged) => {
                f.write_str("the broker does not acknowledge")
            }
            Self::Session(SessionError::Flooded) => {
                f.write_str("the broker sends too much at once")
            }
            Self::Session(SessionError::Protocol(error)) => {
                write!(f, "the broker does not keep to MQTT 3.1.1 ({error:?})")
            }
        }
    }
}

/// Return codes of CONNACK (MQTT 3.1.1, table 3.1).
fn refusal(code: u8) -> &'static str {
    match code {
        1 => "unacceptable protocol version",
        2 => "identifier rejected",
        3 => "server unavailable",
        4 => "bad user name or password",
        5 => "not authorized",
        _ => "for a reason that is not defined",
    }
}
