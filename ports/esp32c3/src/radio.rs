//! The chip's WiFi as `port-wifi` wants a radio.
//!
//! The driver joins open, WEP, WPA and WPA2 networks, and those that are WPA2 and WPA3 at once, as WPA2. One that is WPA3
//! alone it has no setting for: not supported. It has no log in this image, so no secret is in one; a passphrase stays
//! in its memory until the next one takes its place.
#![allow(
    unsafe_code,
    reason = "the WiFi device is taken anew each time the radio is switched on"
)]

use core::hint::black_box;

use embassy_sync::blocking_mutex::Mutex;
use embassy_time::{Duration, Timer};
use esp_hal::peripherals::WIFI;
use esp_hal::time::Duration as Span;
use esp_radio::wifi::scan::{ScanConfig, ScanTypeConfig};
use esp_radio::wifi::sta::StationConfig;
use esp_radio::wifi::{
    AuthenticationMethod, AuthenticationMethodConfig, Config, ConnectionError, ControllerConfig,
    Password, PowerSaveMode, Ssid as DriverSsid, WifiController, WifiError,
};
use port_executor::TaskMutex;
use port_wifi::gate::Gate;
use port_wifi::network::Security;
use port_wifi::radio::{Found, Join, JoinError, Joined, LossReason, Radio, RadioError, ScanList};

use crate::reason::{join_error, loss_reason};
use crate::ssid;

/// The radios share clocks and calibration, so one at a time begins or ends.
pub(crate) static SETTING_UP: Mutex<TaskMutex, ()> = Mutex::new(());

/// The country code of a device that does not know where it is: what is allowed everywhere.
const WORLD: [u8; 2] = *b"01";
/// Frames the driver may hold of the heap in each direction, 1.6 KB each; as many as it holds of its own (10, its default), which is the least
/// esp-radio advises, and more than its window of 6.
const FRAMES: u8 = 10;
/// In quarters of a dBm: 15 dBm. esp-radio begins with 5 dBm, and knows of boards that fail to authenticate above some 16.
const TX_POWER: i8 = 60;
/// Access points a scan fetches from the driver; `port-wifi` keeps the best of them.
const SCAN_MAX: usize = 64;
/// How long a scan listens on a channel, in milliseconds: at least, and at most.
const LISTEN_MS: (u64, u64) = (20, 120);
/// How often, and after what pause, a scan is tried again that the driver refuses because it is not done with one before.
const SCAN_TRIES: u32 = 20;
const SCAN_PAUSE: Duration = Duration::from_millis(200);

/// The station.
pub(crate) struct Station {
    controller: Option<WifiController<'static>>,
    gate: &'static Gate,
    mac: [u8; 6],
}

impl Station {
    /// Switched off. `gate` is that of the frames; `mac` is the station's address.
    pub(crate) fn new(gate: &'static Gate, mac: [u8; 6]) -> Self {
        Self {
            controller: None,
            gate,
            mac,
        }
    }

    /// Switches the radio on, if it is not.
    ///
    /// Context: a task; blocks while the chip calibrates.
    pub(crate) fn switch_on(&mut self) -> Result<&mut WifiController<'static>, RadioError> {
        if self.controller.is_none() {
            let made = SETTING_UP.lock(|()| {
                // SAFETY: the controller of the time before is gone, and no other code takes the device.
                let device = unsafe { WIFI::steal() };
                let config = ControllerConfig::default()
                    .with_country_info(WORLD)
                    .with_dynamic_rx_buf_num(FRAMES.into())
                    .with_dynamic_tx_buf_num(FRAMES.into());
                let mut controller = WifiController::new(device, config)?;
                // Between beacons the antenna is Bluetooth's.
                controller.set_power_saving(PowerSaveMode::Minimum)?;
                controller.set_max_tx_power(TX_POWER)?;
                Ok(controller)
            });
            self.controller = Some(made.map_err(radio_error)?);
        }
        self.controller.as_mut().ok_or(RadioError::Unexpected)
    }

    /// Leaves what is joined, or is being joined: the driver does not begin another join before.
    async fn part(&mut self) -> Result<(), RadioError> {
        self.gate.set(false);
        let Some(controller) = self.controller.as_mut() else {
            return Ok(());
        };
        match controller.disconnect_async().await {
            Ok(_) | Err(WifiError::NotConnected) => Ok(()),
            Err(error) => Err(radio_error(error)),
        }
    }
}

impl Radio for Station {
    async fn start(&mut self) -> Result<(), RadioError> {
        self.switch_on().map(|_| ())
    }

    async fn stop(&mut self) -> Result<(), RadioError> {
        let left = self.part().await;
        SETTING_UP.lock(|()| self.controller = None);
        left
    }

    async fn scan(&mut self, found: &mut ScanList) -> Result<(), RadioError> {
        let controller = self.switch_on()?;
        let (min, max) = LISTEN_MS;
        let config = ScanConfig::default()
            .with_show_hidden(true)
            .with_scan_type(ScanTypeConfig::Active {
                min: Span::from_millis(min),
                max: Span::from_millis(max),
            })
            .with_max(SCAN_MAX);
        let mut tries = SCAN_TRIES;
        let seen = loop {
            match controller.scan_async(&config).await {
                Ok(seen) => break seen,
                // A scan that was given up half-way still runs in the driver.
                Err(WifiError::Other) if tries > 0 => {
                    tries = tries.saturating_sub(1);
                    Timer::after(SCAN_PAUSE).await;
                }
                Err(error) => return Err(radio_error(error)),
            }
        };
        for one in seen {
            found.add(Found {
                ssid: ssid::from_driver(&one.ssid),
                bssid: one.bssid,
                security: security(one.auth_method),
                rssi: one.signal_strength,
                channel: one.channel,
            });
        }
        Ok(())
    }

    async fn join(&mut self, network: &Join) -> Result<Joined, JoinError> {
        let mut config = Config::Station(station(network)?);
        self.switch_on()?;
        self.part().await?;
        let controller = self.switch_on()?;
        let set = controller.set_config(&config);
        // The passphrase's copy here is overwritten; `black_box` keeps the compiler from leaving that out.
        config = Config::Station(StationConfig::default());
        black_box(&config);
        set.map_err(set_error)?;
        match controller.connect_async().await {
            Ok(info) => {
                let rssi = controller.rssi().map_err(radio_error)?;
                self.gate.set(true);
                Ok(Joined {
                    bssid: info.bssid,
                    channel: info.channel,
                    rssi: dbm(rssi),
                })
            }
            Err(ConnectionError::Failed(info)) => Err(join_error(info.reason)),
            Err(ConnectionError::WifiError(error)) => Err(set_error(error)),
            Err(_) => Err(JoinError::Radio(RadioError::Unexpected)),
        }
    }

    async fn leave(&mut self) -> Result<(), RadioError> {
        self.part().await
    }

    async fn lost(&mut self) -> LossReason {
        let reason = match self.controller.as_ref() {
            Some(controller) => controller.wait_for_disconnect_async().await.map_or(
                // It was lost before anybody waited.
                LossReason::Unspecified,
                |info| loss_reason(info.reason),
            ),
            None => LossReason::RadioRestarted,
        };
        self.gate.set(false);
        reason
    }

    async fn rssi(&mut self) -> Result<i8, RadioError> {
        self.switch_on()?.rssi().map(dbm).map_err(radio_error)
    }

    fn mac(&self) -> [u8; 6] {
        self.mac
    }
}

/// What the driver is told about a network.
fn station(network: &Join) -> Result<StationConfig, JoinError> {
    let password =
        || Password::try_from(network.credential.as_bytes()).map_err(|_| JoinError::AuthFailed);
    let authentication = match network.security {
        Security::Open => AuthenticationMethodConfig::Open,
        Security::Wep => AuthenticationMethodConfig::Wep(password()?),
        Security::Wpa => AuthenticationMethodConfig::Wpa(password()?),
        Security::Wpa2 => AuthenticationMethodConfig::Wpa2Personal(password()?),
        Security::Wpa2Enterprise | Security::Wpa3 | Security::Other => {
            return Err(JoinError::NotSupported);
        }
    };
    let ssid = DriverSsid::try_from(network.ssid.as_bytes()).map_err(|_| JoinError::NotFound)?;
    let config = StationConfig::default()
        .with_ssid(ssid)
        .with_authentication(authentication);
    Ok(match network.channel {
        0 => config,
        channel => config.with_channel(channel),
    })
}

/// The contract has no number for two at once: it is the one this chip would use.
fn security(method: Option<AuthenticationMethod>) -> Security {
    use AuthenticationMethod as Method;
    match method {
        Some(Method::None) => Security::Open,
        Some(Method::Wep) => Security::Wep,
        Some(Method::Wpa) => Security::Wpa,
        Some(Method::Wpa2Personal | Method::WpaWpa2Personal | Method::Wpa2Wpa3Personal) => {
            Security::Wpa2
        }
        Some(Method::Wpa2Enterprise) => Security::Wpa2Enterprise,
        Some(Method::Wpa3Personal | Method::Wpa3ExtPsk | Method::Wpa3ExtPskMixed) => Security::Wpa3,
        _ => Security::Other,
    }
}

fn radio_error(error: WifiError) -> RadioError {
    log::error!("the WiFi driver: {error:?}");
    RadioError::Unexpected
}

/// What the driver says of a network's name and passphrase.
fn set_error(error: WifiError) -> JoinError {
    match error {
        WifiError::InvalidPassword => JoinError::AuthFailed,
        WifiError::Unsupported => JoinError::NotSupported,
        other => JoinError::Radio(radio_error(other)),
    }
}

fn dbm(rssi: i32) -> i8 {
    i8::try_from(rssi).unwrap_or(if rssi < 0 { i8::MIN } else { i8::MAX })
}
