//! C values to ours and back.

use wifi_provision::ffi::abi;

use crate::failure::Failure;
use crate::network::{Security, Ssid};
use crate::radio::{Found, Join};
use crate::saved::{SavedError, SavedNetwork};

/// The return code of a call.
pub(super) fn return_code(result: Result<(), Failure>) -> abi::WIFIReturnCode_t {
    match result {
        Ok(()) => abi::eWiFiSuccess,
        Err(Failure::Busy | Failure::NoAddress | Failure::Timeout) => abi::eWiFiTimeout,
        Err(Failure::NotSupported) => abi::eWiFiNotSupported,
        Err(
            Failure::AuthFailed
            | Failure::Invalid
            | Failure::Lost(_)
            | Failure::NotFound
            | Failure::Off
            | Failure::Radio(_)
            | Failure::Refused
            | Failure::SecurityMismatch,
        ) => abi::eWiFiFailure,
    }
}

/// The return code of a call about saved networks.
pub(super) fn saved_code(result: Result<(), SavedError>) -> abi::WIFIReturnCode_t {
    match result {
        Ok(()) => abi::eWiFiSuccess,
        Err(
            SavedError::Full
            | SavedError::NoSuchIndex
            | SavedError::NotReady
            | SavedError::TooOften
            | SavedError::Store(_),
        ) => abi::eWiFiFailure,
    }
}

/// Reads what `WIFI_ConnectAP` was given into `join`.
pub(super) fn fill_join(join: &mut Join, params: &abi::WIFINetworkParams_t) -> Result<(), Failure> {
    let ssid = params
        .ucSSID
        .get(..usize::from(params.ucSSIDLength))
        .ok_or(Failure::Invalid)?;
    join.ssid = Ssid::new(ssid).ok_or(Failure::Invalid)?;
    join.security = security(params.xSecurity).ok_or(Failure::Invalid)?;
    join.channel = params.ucChannel;
    let credential = match join.security {
        // Nothing to read: an open network has none, and the other two cannot be joined.
        Security::Open | Security::Wpa2Enterprise | Security::Other => &[],
        Security::Wep => {
            // SAFETY: the union is of byte arrays, every value of which is valid; `params` is initialised by contract.
            let keys = unsafe { &params.xPassword.xWEP };
            let key = keys
                .get(usize::from(params.ucDefaultWEPKeyIndex))
                .ok_or(Failure::Invalid)?;
            key.cKey
                .get(..usize::from(key.ucLength))
                .ok_or(Failure::Invalid)?
        }
        Security::Wpa | Security::Wpa2 | Security::Wpa3 => {
            // SAFETY: as above.
            let passphrase = unsafe { &params.xPassword.xWPA };
            passphrase
                .cPassphrase
                .get(..usize::from(passphrase.ucLength))
                .ok_or(Failure::Invalid)?
        }
    };
    if join.credential.set(bytes(credential)) {
        Ok(())
    } else {
        Err(Failure::Invalid)
    }
}

/// One line of a scan.
pub(super) fn scan_result(found: &Found) -> abi::WIFIScanResult_t {
    let mut result = no_scan_result();
    let ssid = found.ssid.as_bytes();
    if let Some(place) = result.ucSSID.get_mut(..ssid.len()) {
        place.copy_from_slice(ssid);
        result.ucSSIDLength = u8::try_from(ssid.len()).unwrap_or(0);
    }
    result.ucBSSID = found.bssid;
    result.xSecurity = found.security.number().into();
    result.cRSSI = found.rssi;
    result.ucChannel = found.channel;
    result
}

/// An unused line of a scan.
pub(super) fn no_scan_result() -> abi::WIFIScanResult_t {
    abi::WIFIScanResult_t {
        ucSSID: [0; 32],
        ucSSIDLength: 0,
        ucBSSID: [0; 6],
        xSecurity: abi::eWiFiSecurityOpen,
        cRSSI: 0,
        ucChannel: 0,
    }
}

/// A profile to be saved; `None` when it makes no sense.
pub(super) fn saved_network(profile: &abi::WIFINetworkProfile_t) -> Option<SavedNetwork> {
    let ssid = Ssid::new(profile.ucSSID.get(..usize::from(profile.ucSSIDLength))?)?;
    let password = profile
        .cPassword
        .get(..usize::from(profile.ucPasswordLength))?;
    let credential = crate::network::Credential::new(bytes(password))?;
    let security = security(profile.xSecurity)?;
    (!ssid.is_empty()).then_some(SavedNetwork {
        ssid,
        bssid: profile.ucBSSID,
        security,
        credential,
    })
}

/// Writes a saved network into the caller's profile.
pub(super) fn fill_profile(profile: &mut abi::WIFINetworkProfile_t, network: &SavedNetwork) {
    let ssid = network.ssid.as_bytes();
    profile.ucSSID = [0; 32];
    profile.ucSSIDLength = 0;
    if let Some(place) = profile.ucSSID.get_mut(..ssid.len()) {
        place.copy_from_slice(ssid);
        profile.ucSSIDLength = u8::try_from(ssid.len()).unwrap_or(0);
    }
    profile.ucBSSID = network.bssid;
    let credential = network.credential.as_bytes();
    profile.cPassword = [0; 63];
    profile.ucPasswordLength = 0;
    if let Some(place) = bytes_mut(&mut profile.cPassword).get_mut(..credential.len()) {
        place.copy_from_slice(credential);
        profile.ucPasswordLength = u8::try_from(credential.len()).unwrap_or(0);
    }
    profile.xSecurity = network.security.number().into();
}

/// An IPv4 address as the contract has it.
pub(super) fn ip_address(address: Option<[u8; 4]>) -> abi::WIFIIPAddress_t {
    abi::WIFIIPAddress_t {
        xType: abi::eWiFiIPAddressTypeV4,
        ulAddress: [u32::from_ne_bytes(address.unwrap_or_default()), 0, 0, 0],
    }
}

/// C characters as bytes.
fn bytes(characters: &[cty::c_char]) -> &[u8] {
    // SAFETY: `c_char` is `i8` or `u8`; both have the layout of `u8`, and every value is valid.
    unsafe { core::slice::from_raw_parts(characters.as_ptr().cast(), characters.len()) }
}

fn bytes_mut(characters: &mut [cty::c_char]) -> &mut [u8] {
    // SAFETY: as above; the exclusive borrow is passed on.
    unsafe { core::slice::from_raw_parts_mut(characters.as_mut_ptr().cast(), characters.len()) }
}

fn security(number: abi::WIFISecurity_t) -> Option<Security> {
    Security::from_number(number.into())
}
