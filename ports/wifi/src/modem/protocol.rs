//! The modem protocol, version 1.
//!
//! Each message is one frame (see [`super::frame`]). Its payload is a sequence number, 1 byte, and
//! one of the messages below as postcard encodes it: the variant's number, 1 byte, then the fields;
//! byte strings after their length in 1 byte, addresses as 6 bytes, `i8` as 1 byte.
//!
//! The device sends a [`Command`] with a new sequence number and reads [`Report`]s until the one
//! that ends it, with the same number. Number 0 is for what the modem reports unasked: `Ready` and
//! `Lost`. A device skips reports with another number (answers to commands it gave up) and frames
//! it cannot read. The modem answers a command it cannot read with `Refused`.
//!
//! | command | is answered by |
//! |---|---|
//! | `Hello` | `Hello`; any association has ended |
//! | `Scan` | any number of `Found`, then `ScanDone` |
//! | `Join` | `Joined` or `JoinFailed`; a former association has ended |
//! | `Leave` | `Left` |
//! | `Signal` | `Signal`, or `Refused` when nothing is joined |

use serde::{Deserialize, Serialize};

use crate::network::Ssid;

/// The version in [`Command::Hello`] and [`Report::Hello`].
pub const VERSION: u8 = 1;

/// Device to modem.
#[derive(Serialize)]
pub enum Command<'a> {
    /// Starts anew.
    Hello {
        /// [`VERSION`] of the device.
        version: u8,
        /// The address its frames will come from.
        mac: [u8; 6],
    },
    /// Looks for access points.
    Scan,
    /// Joins a network.
    Join {
        /// Its name.
        ssid: &'a [u8],
        /// Its security, a number of [`crate::network::Security`].
        security: u8,
        /// Its channel, or 0 for any.
        channel: u8,
        /// Passphrase or key.
        credential: &'a [u8],
    },
    /// Leaves the network.
    Leave,
    /// Asks for the signal.
    Signal,
}

/// Modem to device.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[cfg_attr(test, derive(Serialize))]
pub enum Report {
    /// The modem is there.
    Hello {
        /// [`VERSION`] of the modem.
        version: u8,
    },
    /// One access point.
    Found {
        /// Its name; empty when hidden.
        ssid: Ssid,
        /// Its address.
        bssid: [u8; 6],
        /// Its security.
        security: u8,
        /// Its signal, in dBm.
        rssi: i8,
        /// Its channel.
        channel: u8,
    },
    /// No more access points.
    ScanDone,
    /// Joined.
    Joined {
        /// The access point's address.
        bssid: [u8; 6],
        /// Its channel.
        channel: u8,
        /// Its signal, in dBm.
        rssi: i8,
    },
    /// Not joined; the reason is a number of [`join_error`].
    JoinFailed {
        /// Why.
        reason: u8,
    },
    /// Left.
    Left,
    /// The signal.
    Signal {
        /// In dBm.
        rssi: i8,
    },
    /// Unasked: the association ended; the reason is a number of [`loss_reason`].
    Lost {
        /// Why.
        reason: u8,
    },
    /// Unasked: the modem started; any association has ended.
    Ready {
        /// [`VERSION`] of the modem.
        version: u8,
    },
    /// The command cannot be read, or makes no sense now.
    Refused,
}

/// What the reasons of [`Report::JoinFailed`] mean.
pub mod join_error {
    use crate::radio::{JoinError, RadioError};

    /// Reads a reason.
    #[must_use]
    pub fn from_number(number: u8) -> JoinError {
        match number {
            1 => JoinError::NotFound,
            2 => JoinError::AuthFailed,
            3 => JoinError::Refused,
            4 => JoinError::SecurityMismatch,
            5 => JoinError::NotSupported,
            6 => JoinError::Timeout,
            _ => JoinError::Radio(RadioError::Unexpected),
        }
    }
}

/// What the reasons of [`Report::Lost`] mean.
pub mod loss_reason {
    use crate::radio::LossReason;

    /// Reads a reason.
    #[must_use]
    pub fn from_number(number: u8) -> LossReason {
        match number {
            1 => LossReason::BeaconsLost,
            2 => LossReason::Deauthenticated,
            _ => LossReason::Unspecified,
        }
    }
}
