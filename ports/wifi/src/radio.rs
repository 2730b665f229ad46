//! What a board's WiFi chip provides.

use core::fmt;

use crate::network::{Credential, Security, Ssid};

/// Most access points a scan keeps; the weakest are left out.
pub const SCAN_MAX: usize = 20;

/// One access point, as a scan found it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Found {
    /// Its name; empty when hidden.
    pub ssid: Ssid,
    /// Its address.
    pub bssid: [u8; 6],
    /// How it is protected.
    pub security: Security,
    /// Signal, in dBm.
    pub rssi: i8,
    /// Radio channel.
    pub channel: u8,
}

/// What a scan found: named ones first, strongest first; bounded by [`SCAN_MAX`].
#[derive(Clone, Debug, Default)]
pub struct ScanList(heapless::Vec<Found, SCAN_MAX>);

impl ScanList {
    /// An empty list.
    #[must_use]
    pub const fn new() -> Self {
        Self(heapless::Vec::new())
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Adds one, keeping the order. In a full list the last one makes room for a better one.
    pub fn add(&mut self, found: Found) {
        let rank = |one: &Found| (one.ssid.is_empty(), core::cmp::Reverse(one.rssi));
        let place = self
            .0
            .iter()
            .position(|one| rank(&found) < rank(one))
            .unwrap_or(self.0.len());
        if self.0.is_full() {
            if place == self.0.len() {
                return;
            }
            self.0.pop();
        }
        let inserted = self.0.insert(place, found);
        debug_assert!(inserted.is_ok(), "room was made above");
    }

    /// The access points, best first.
    #[must_use]
    pub fn as_slice(&self) -> &[Found] {
        &self.0
    }
}

/// Which network to join.
#[derive(Clone, Default)]
pub struct Join {
    /// Its name, never empty.
    pub ssid: Ssid,
    /// How it must be protected; nothing weaker is acceptable.
    pub security: Security,
    /// Its passphrase or key; empty for an open one.
    pub credential: Credential,
    /// Its channel, or 0 for any.
    pub channel: u8,
}

impl Join {
    /// The empty request.
    #[must_use]
    pub const fn none() -> Self {
        Self {
            ssid: Ssid::hidden(),
            security: Security::Open,
            credential: Credential::none(),
            channel: 0,
        }
    }
}

/// What was joined.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Joined {
    /// The access point's address.
    pub bssid: [u8; 6],
    /// Radio channel.
    pub channel: u8,
    /// Signal, in dBm.
    pub rssi: i8,
}

/// Why a network was not joined.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum JoinError {
    /// The passphrase or key is wrong.
    AuthFailed,
    /// No such network in reach.
    NotFound,
    /// The chip cannot do this kind of security.
    NotSupported,
    /// The radio itself failed.
    Radio(RadioError),
    /// The access point does not want us.
    Refused,
    /// The network is protected differently than asked for.
    SecurityMismatch,
    /// The access point did not answer in time.
    Timeout,
}

impl From<RadioError> for JoinError {
    fn from(error: RadioError) -> Self {
        Self::Radio(error)
    }
}

/// Why a link ended without our doing.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum LossReason {
    /// The access point is no longer heard.
    BeaconsLost,
    /// The access point sent us away.
    Deauthenticated,
    /// The radio was restarted.
    RadioRestarted,
    /// Another reason.
    Unspecified,
}

impl fmt::Display for LossReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BeaconsLost => "the access point is no longer heard",
            Self::Deauthenticated => "the access point sent us away",
            Self::RadioRestarted => "the radio was restarted",
            Self::Unspecified => "no reason given",
        })
    }
}

/// Why the radio could not do its work.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RadioError {
    /// The line to the chip failed.
    Bus,
    /// The chip speaks another version of its protocol.
    Version(u8),
    /// The chip answered something that makes no sense here.
    Unexpected,
}

/// A WiFi chip in station mode. The frames go another way, through its `embassy_net_driver::Driver`,
/// whose link state must be down whenever no network is joined.
///
/// Context: the net task alone. Every future may be dropped half-way (that is how the station bounds
/// them in time); the next call must work nevertheless. None needs to time out by itself.
#[allow(
    async_fn_in_trait,
    reason = "one executor, one task: nothing needs Send"
)]
pub trait Radio {
    /// Switches the radio on, or makes sure it is.
    async fn start(&mut self) -> Result<(), RadioError>;

    /// Switches it off; a joined network is left.
    async fn stop(&mut self) -> Result<(), RadioError>;

    /// Looks for access points and adds them to `found`.
    async fn scan(&mut self, found: &mut ScanList) -> Result<(), RadioError>;

    /// Joins a network. The link is up when this returns `Ok`.
    async fn join(&mut self, network: &Join) -> Result<Joined, JoinError>;

    /// Leaves the network, if one is joined. The link is down from the call on.
    async fn leave(&mut self) -> Result<(), RadioError>;

    /// Waits until the joined network is lost. The link is down when this returns.
    async fn lost(&mut self) -> LossReason;

    /// Signal of the joined network, in dBm.
    async fn rssi(&mut self) -> Result<i8, RadioError>;

    /// Our own address.
    fn mac(&self) -> [u8; 6];
}
