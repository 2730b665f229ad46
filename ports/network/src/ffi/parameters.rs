//! Pointers that the application keeps here, and gets back as they are.

use core::cell::Cell;
use core::ptr;

use cty::c_void;
use embassy_sync::blocking_mutex::Mutex;
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;

use super::abi;

/// Those of one network.
#[derive(Clone, Copy)]
pub(super) struct Parameters {
    pub(super) interface: *const abi::IotNetworkInterface_t,
    pub(super) credentials: *mut c_void,
    pub(super) connection: *mut c_void,
}

// SAFETY: nothing is read or written through these pointers here.
unsafe impl Send for Parameters {}

const NOTHING: Parameters = Parameters {
    interface: ptr::null(),
    credentials: ptr::null_mut(),
    connection: ptr::null_mut(),
};

/// One network's place.
type Place = Mutex<CriticalSectionRawMutex, Cell<Parameters>>;

static WIFI: Place = Mutex::new(Cell::new(NOTHING));
static BLE: Place = Mutex::new(Cell::new(NOTHING));

/// The place of exactly one known network.
fn place(network: u32) -> Option<&'static Place> {
    match network {
        abi::AWSIOT_NETWORK_TYPE_WIFI => Some(&WIFI),
        abi::AWSIOT_NETWORK_TYPE_BLE => Some(&BLE),
        _ => None,
    }
}

/// Keeps them; false for what is not one known network.
pub(super) fn set(network: u32, parameters: Parameters) -> bool {
    place(network)
        .map(|place| place.lock(|kept| kept.set(parameters)))
        .is_some()
}

/// What was kept.
pub(super) fn get(network: u32) -> Parameters {
    place(network).map_or(NOTHING, |place| place.lock(Cell::get))
}
