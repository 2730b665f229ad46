//! Networks and their states.

use core::fmt;

/// A network that can carry data. The numbers are those of `AWSIOT_NETWORK_TYPE_*`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[repr(u8)]
pub enum Network {
    /// WiFi: connected when a network is joined and gave an address.
    Wifi = 1,
    /// Bluetooth Low Energy: connected when a phone has opened the data-transfer channel of MQTT,
    /// by writing 1 to the control characteristic of service 0. A phone that is merely connected, or
    /// that provisions, carries no data.
    Ble = 2,
}

impl Network {
    /// All of them, the preferred one first.
    pub const ALL: [Self; 2] = [Self::Wifi, Self::Ble];
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Wifi => "WiFi",
            Self::Ble => "BLE",
        })
    }
}

/// A set of networks.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Networks(u8);

impl Networks {
    /// None of them.
    pub const NONE: Self = Self(0);
    /// All of [`Network::ALL`].
    pub const ALL: Self = Self(Network::Wifi as u8 | Network::Ble as u8);

    /// The networks of a mask of `AWSIOT_NETWORK_TYPE_*`; what there is none of, such as Ethernet, is
    /// left out.
    #[must_use]
    pub const fn from_mask(mask: u32) -> Self {
        Self((mask & Self::ALL.0 as u32) as u8)
    }

    /// The mask of `AWSIOT_NETWORK_TYPE_*`.
    #[must_use]
    pub const fn mask(self) -> u32 {
        self.0 as u32
    }

    /// Whether it is in the set.
    #[must_use]
    pub const fn contains(self, network: Network) -> bool {
        self.0 & network as u8 != 0
    }

    /// Whether the set is empty.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The set with one more.
    #[must_use]
    pub const fn with(self, network: Network) -> Self {
        Self(self.0 | network as u8)
    }
}

/// What a network is at. The numbers are those of `AwsIotNetworkState_t`.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[repr(u8)]
pub enum State {
    /// Switched off.
    #[default]
    Disabled = 0,
    /// Switched on, and carries nothing.
    Enabled = 1,
    /// Carries data.
    Connected = 2,
}
