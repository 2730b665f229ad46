//! What a board tells the BLE half, and the limits of it.

/// Who the device is, on the air and in the Device Information service.
#[derive(Clone, Copy, Debug)]
pub struct Config {
    /// The device name until `IotBle_SetDeviceName`; the first [`SHORT_NAME`] bytes are advertised.
    pub name: &'static str,
    /// The software version (`…ff01`).
    pub version: &'static str,
    /// The MQTT broker's host name (`…ff02`), may be empty.
    pub broker: &'static str,
    /// The platform's name (`…ff04`); empty reads `Unknown`.
    pub platform: &'static str,
    /// 32 uppercase hexadecimal digits (`…ff05`); empty reads `Unknown`.
    pub device_id: &'static str,
    /// Transmit power in dBm, as advertised.
    pub tx_power: i8,
    /// A static random address, least significant byte first, for a controller that has no public one.
    pub address: Option<[u8; 6]>,
}

impl Config {
    pub(crate) fn platform(&self) -> &'static str {
        or_unknown(self.platform)
    }

    pub(crate) fn device_id(&self) -> &'static str {
        or_unknown(self.device_id)
    }
}

fn or_unknown(text: &'static str) -> &'static str {
    if text.is_empty() { "Unknown" } else { text }
}

/// The longest device name, bytes.
pub const NAME_MAX: usize = 248;

/// How much of the name an advertisement has room for, bytes.
pub const SHORT_NAME: usize = 4;

/// The MTU the device offers. A value has at most 512 bytes, so it must not be above 515.
pub const SERVER_MTU: u16 = 512;

/// Packets of [`SERVER_MTU`] bytes the host has: 4 received and waiting, 8 to be sent, and some in work.
pub(crate) const PACKETS: usize = 16;

/// Packets that notifications leave free for requests and their answers.
pub(crate) const PACKETS_RESERVED: usize = 6;

/// The longest message of the provisioning channel received in chunks. Every legal request has at
/// most 125 bytes.
pub const RX_MESSAGE_MAX: usize = 1024;

/// The longest message sent on the provisioning channel.
pub const TX_MESSAGE_MAX: usize = 1024;

/// The longest message of the MQTT channel, either way: 4 KiB of payload, and half a KiB for the topic
/// and what is around them. The channel's static memory is four times this (received, waiting to be
/// sent, in work, being fetched) and 1.5 KiB: 20 KB.
pub const MQTT_MESSAGE_MAX: usize = 4608;

/// Bytes of messages that wait to be sent on the provisioning channel.
pub(crate) const OUTBOX_BYTES: usize = 2048;

/// The same of the MQTT channel: a longest message does not keep short ones out.
pub(crate) const MQTT_OUTBOX_BYTES: usize = MQTT_MESSAGE_MAX + 1536;

/// The longest value of an attribute, and so of a request to an endpoint and of its answer, bytes.
pub const VALUE_MAX: usize = 512;

/// Endpoints there may be: Espressif's five, and eight of the application. Policy beyond: not listed. Firmware without
/// Espressif's protocol has none, and no room for any.
pub const ENDPOINTS_MAX: usize = if cfg!(all(feature = "freertos", not(feature = "espressif"))) {
    0
} else {
    13
};

/// How often an answer that is pending is asked for.
pub(crate) const PENDING_PAUSE: embassy_time::Duration = embassy_time::Duration::from_millis(100);

/// A phone that has asked for Espressif's version may stay so many times as long as other strangers: somebody
/// may be typing the device's secret.
pub(crate) const TYPING_FACTOR: u32 = 4;

/// Steps of handshakes during which a stranger's time stands still, in one connection: those of two handshakes, as
/// somebody may mistype the secret once. Each is a request and an answer.
pub(crate) const HANDSHAKE_STEPS: u8 = 4;

/// How long `Send` waits behind a large message or a full outbox.
pub(crate) const SEND_TIMEOUT: embassy_time::Duration = embassy_time::Duration::from_secs(2);

/// Bonds kept. Policy when full: the phone that paired longest ago is forgotten.
pub const BONDS_MAX: usize = 5;

/// How long the user may take to compare numbers. A second less than the phone waits, so that it
/// hears the refusal.
pub(crate) const COMPARE_TIMEOUT: embassy_time::Duration = embassy_time::Duration::from_secs(29);

/// How long the phone's user may take once the device's has confirmed.
pub(crate) const CONFIRM_TIMEOUT: embassy_time::Duration = embassy_time::Duration::from_secs(30);

/// How long a phone that has used up all pairings may stay, to hear that.
pub(crate) const FAREWELL: embassy_time::Duration = embassy_time::Duration::from_secs(1);

/// How long a phone may stay without proof of who is there while nobody may pair.
pub(crate) const UNWELCOME: embassy_time::Duration = embassy_time::Duration::from_secs(4);

/// How long the host may take to tell of a link's end. It loses the event of one that comes in a burst
/// of others.
pub(crate) const END_UNTOLD: embassy_time::Duration = embassy_time::Duration::from_millis(50);

/// How long a phone may leave what is sent to it unacknowledged. A good link needs a fraction of it.
pub(crate) const SENT_TIMEOUT: embassy_time::Duration = embassy_time::Duration::from_secs(10);

/// How long the controller may take to answer the set-up, and a sign of life.
pub(crate) const SETUP_TIMEOUT: embassy_time::Duration = embassy_time::Duration::from_secs(5);

/// How often the controller is asked for a sign of life.
pub(crate) const HEARTBEAT: embassy_time::Duration = embassy_time::Duration::from_secs(10);

/// The pause before the next try with a controller that failed.
pub(crate) const RETRY_PAUSE: embassy_time::Duration = embassy_time::Duration::from_secs(1);

/// A session with the controller that lasted so long was sound: the next begins at once.
pub(crate) const SOUND_SESSION: embassy_time::Duration = embassy_time::Duration::from_secs(1);

const _: () = assert!(SERVER_MTU <= crate::channel::MTU_MAX);
const _: () = assert!(OUTBOX_BYTES > TX_MESSAGE_MAX + 2);
const _: () = assert!(MQTT_MESSAGE_MAX >= TX_MESSAGE_MAX);
const _: () = assert!(PACKETS_RESERVED < PACKETS);

/// The longest such pause.
pub(crate) const RETRY_PAUSE_MAX: embassy_time::Duration = embassy_time::Duration::from_secs(30);

/// Between a link's end and the next advertising, for the host to set the controller's lists.
pub(crate) const IDLE_WINDOW: embassy_time::Duration = embassy_time::Duration::from_millis(20);

/// How quiet a link must be for a bond to be written, and how long that may be put off.
pub(crate) const QUIET_BEFORE_SAVE: embassy_time::Duration =
    embassy_time::Duration::from_millis(500);
pub(crate) const SAVE_AT_LATEST: embassy_time::Duration = embassy_time::Duration::from_secs(5);

/// How long a link may take to end when the device ends it.
pub(crate) const UNLINK_TIMEOUT: embassy_time::Duration = embassy_time::Duration::from_secs(3);
