//! The WiFi driver and its store. A struct is copied as C does it: all of its octets, with those between fields.

use std::sync::{Mutex, PoisonError};

use wifi_provision::ffi::abi;

/// How many networks the store keeps.
const MOST: usize = 8;

/// Its room for a key of WEP.
pub(crate) const WEP_KEY_ROOM: usize = abi::wificonfigMAX_WEPKEY_LEN as usize;

/// A struct of C's with all of its octets.
type Profile = [u8; size_of::<abi::WIFINetworkProfile_t>()];

struct Radio {
    saved: Vec<Profile>,
    /// The name of the network the device is on.
    on: Option<Vec<u8>>,
    /// The key of WEP it last joined with.
    wep_key: Vec<u8>,
}

static RADIO: Mutex<Radio> = Mutex::new(Radio {
    saved: Vec::new(),
    on: None,
    wep_key: Vec::new(),
});

fn with<T>(work: impl FnOnce(&mut Radio) -> T) -> T {
    work(&mut RADIO.lock().unwrap_or_else(PoisonError::into_inner))
}

/// A store without networks, and a device on none.
pub(crate) fn empty() {
    with(|radio| {
        radio.saved.clear();
        radio.on = None;
        radio.wep_key.clear();
    });
}

/// Names and passphrases as the store has them: the last has priority 0.
pub(crate) fn saved() -> Vec<(Vec<u8>, Vec<u8>)> {
    with(|radio| radio.saved.iter().map(told).collect())
}

pub(crate) fn on() -> Option<Vec<u8>> {
    with(|radio| radio.on.clone())
}

pub(crate) fn wep_key() -> Vec<u8> {
    with(|radio| radio.wep_key.clone())
}

fn told(profile: &Profile) -> (Vec<u8>, Vec<u8>) {
    // SAFETY: it is what the service gave.
    let profile = unsafe {
        profile
            .as_ptr()
            .cast::<abi::WIFINetworkProfile_t>()
            .read_unaligned()
    };
    let ssid = &profile.ucSSID[..usize::from(profile.ucSSIDLength)];
    let passphrase = &profile.cPassword[..usize::from(profile.ucPasswordLength)];
    let octets = passphrase.iter().map(|letter| *letter as u8);
    (ssid.to_vec(), octets.collect())
}

#[unsafe(no_mangle)]
unsafe extern "C" fn WIFI_NetworkGet(
    to: *mut abi::WIFINetworkProfile_t,
    index: u16,
) -> abi::WIFIReturnCode_t {
    with(|radio| match radio.saved.get(usize::from(index)) {
        Some(saved) => {
            // SAFETY: the service promises that it is writable.
            unsafe { to.cast::<Profile>().write(*saved) };
            abi::eWiFiSuccess
        }
        None => abi::eWiFiFailure,
    })
}

#[unsafe(no_mangle)]
unsafe extern "C" fn WIFI_NetworkAdd(
    profile: *const abi::WIFINetworkProfile_t,
    index: *mut u16,
) -> abi::WIFIReturnCode_t {
    with(|radio| {
        if radio.saved.len() >= MOST {
            return abi::eWiFiFailure;
        }
        // SAFETY: the service promises that it is readable.
        radio
            .saved
            .push(unsafe { profile.cast::<Profile>().read() });
        // SAFETY: the service promises that it is writable.
        unsafe { index.write(radio.saved.len() as u16 - 1) };
        abi::eWiFiSuccess
    })
}

#[unsafe(no_mangle)]
extern "C" fn WIFI_NetworkDelete(index: u16) -> abi::WIFIReturnCode_t {
    with(|radio| {
        if usize::from(index) >= radio.saved.len() {
            return abi::eWiFiFailure;
        }
        radio.saved.remove(index.into());
        abi::eWiFiSuccess
    })
}

/// The optional one is not there.
#[unsafe(no_mangle)]
extern "C" fn WIFI_NetworkMove(_: u16, _: u16) -> abi::WIFIReturnCode_t {
    abi::eWiFiNotSupported
}

/// The optional one is not there.
#[unsafe(no_mangle)]
unsafe extern "C" fn WIFI_NetworkReplace(
    _: u16,
    _: *const abi::WIFINetworkProfile_t,
) -> abi::WIFIReturnCode_t {
    abi::eWiFiNotSupported
}

/// Two networks, one of which hides its name.
#[unsafe(no_mangle)]
unsafe extern "C" fn WIFI_Scan(
    results: *mut abi::WIFIScanResult_t,
    count: u8,
) -> abi::WIFIReturnCode_t {
    for (place, name) in [&b"Neighbour"[..], b""].into_iter().enumerate() {
        if place >= usize::from(count) {
            break;
        }
        let mut found = abi::WIFIScanResult_t {
            ucSSID: [0; 32],
            ucSSIDLength: name.len() as u8,
            ucBSSID: [2, 0, 0, 0, 0, place as u8],
            xSecurity: abi::eWiFiSecurityWPA2,
            cRSSI: -60,
            ucChannel: 6,
        };
        found.ucSSID[..name.len()].copy_from_slice(name);
        // SAFETY: the service promises room for `count`.
        let result = unsafe { results.add(place) };
        // SAFETY: as above.
        unsafe { result.write(found) };
    }
    abi::eWiFiSuccess
}

/// Whatever is named `Nowhere` is not there; with the passphrase read as the driver reads it.
#[unsafe(no_mangle)]
unsafe extern "C" fn WIFI_ConnectAP(
    params: *const abi::WIFINetworkParams_t,
) -> abi::WIFIReturnCode_t {
    // SAFETY: the service promises that it is readable.
    let params = unsafe { params.read() };
    let name = params.ucSSID[..usize::from(params.ucSSIDLength)].to_vec();
    if params.xSecurity == abi::eWiFiSecurityWEP {
        // SAFETY: every octet of the union is valid for either member.
        let key = unsafe { params.xPassword.xWEP }[0];
        let octets = key.cKey[..usize::from(key.ucLength)].iter();
        with(|radio| radio.wep_key = octets.map(|letter| *letter as u8).collect());
    } else if params.xSecurity != abi::eWiFiSecurityOpen {
        // SAFETY: every octet of the union is valid for either member.
        let length = unsafe { params.xPassword.xWPA.ucLength };
        assert!(usize::from(length) <= 63);
    }
    with(|radio| {
        radio.on = (name != b"Nowhere").then_some(name);
        if radio.on.is_some() {
            abi::eWiFiSuccess
        } else {
            abi::eWiFiTimeout
        }
    })
}

#[unsafe(no_mangle)]
extern "C" fn WIFI_Disconnect() -> abi::WIFIReturnCode_t {
    with(|radio| radio.on = None);
    abi::eWiFiSuccess
}

#[unsafe(no_mangle)]
unsafe extern "C" fn WIFI_IsConnected(params: *const abi::WIFINetworkParams_t) -> abi::BaseType_t {
    // SAFETY: null, or the service promises that it is readable.
    let name = unsafe { params.as_ref() }
        .map(|params| params.ucSSID[..usize::from(params.ucSSIDLength)].to_vec());
    with(|radio| match (&radio.on, name) {
        (Some(on), Some(name)) => (*on == name).into(),
        (on, None) => on.is_some().into(),
        (None, Some(_)) => 0,
    })
}

#[unsafe(no_mangle)]
extern "C" fn WIFI_PROVISION_Log(_: *const std::ffi::c_char) {}

/// The driver does not say.
#[cfg(feature = "espressif")]
#[unsafe(no_mangle)]
extern "C" fn WIFI_PROVISION_JoinReason() -> abi::WIFI_PROVISION_Reason_t {
    abi::eWiFiProvisionReasonUnspecified
}

#[cfg(feature = "espressif")]
#[unsafe(no_mangle)]
unsafe extern "C" fn WIFI_GetIPInfo(
    info: *mut abi::WIFIIPConfiguration_t,
) -> abi::WIFIReturnCode_t {
    // SAFETY: the service promises that it is writable, and has filled it with zeros.
    let info = unsafe { &mut *info };
    info.xIPAddress.xType = abi::eWiFiIPAddressTypeV4;
    info.xIPAddress.ulAddress = [u32::from_ne_bytes([192, 168, 1, 7]), 0, 0, 0];
    abi::eWiFiSuccess
}
