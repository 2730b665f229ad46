//! Capacities. The defaults are those of the C macros; `build.rs` takes others from the environment.

include!(concat!(env!("OUT_DIR"), "/config.rs"));

/// Length of a BSSID, bytes (IEEE 802.11).
pub const BSSID_BYTES: usize = 6;

/// The longest response, bytes: ten pairs, an SSID of [`MAX_SSID_BYTES`] and a 16-bit index; with the feature `espressif`
/// the last try besides, see [`MAX_LAST_TRY_BYTES`].
pub const MAX_RESPONSE_BYTES: usize = 41 + MAX_SSID_BYTES + MAX_LAST_TRY_BYTES;

/// How much of it tells of the last try, bytes: two pairs, of an SSID and a number below 24. None without the feature
/// `espressif`.
pub const MAX_LAST_TRY_BYTES: usize = if cfg!(feature = "espressif") {
    7 + MAX_SSID_BYTES
} else {
    0
};

const _: () = assert!(
    MAX_SSID_BYTES == 32,
    "IEEE 802.11 has SSIDs of at most 32 bytes, and the wire format room for no other"
);
const _: () = assert!(
    MAX_PASSPHRASE_BYTES >= 8 && MAX_PASSPHRASE_BYTES <= 128,
    "a WPA passphrase has 8 to 63 bytes"
);
const _: () = assert!(
    QUEUE_SLOTS.is_power_of_two() && QUEUE_SLOTS <= 64,
    "WIFI_PROVISION_QUEUE_SLOTS is 1, 2, 4 … 64: the build script says so first"
);
const _: () = assert!(
    MAX_SAVED_NETWORKS >= 1 && MAX_SAVED_NETWORKS <= 64,
    "1 to 64 saved networks"
);
const _: () = assert!(
    MAX_SCAN_NETWORKS >= 1 && MAX_SCAN_NETWORKS <= 64,
    "1 to 64 scanned networks"
);
