//! The task "mqtt": the settings it works with, and what it needs of the board.

use embedded_storage::nor_flash::ReadNorFlash as _;
use port_mqtt::freertos::{Board, StartError, start as start_task};
use port_mqtt::settings::{SETTINGS_MAX, SettingsError};
use static_cell::ConstStaticCell;

use crate::faults::fatal;
use crate::flash::Flash;
use crate::{PRIORITY_MQTT, host};

/// Where in flash the settings are: the last 64 KB, which the store does not use.
const SETTINGS: u32 = 0xff_0000;

struct Mps2An385;

impl Board for Mps2An385 {
    fn unix_time(&self) -> Option<u64> {
        host::unix_time()
    }

    fn random(&self) -> [u8; 32] {
        host::random().unwrap_or_else(|| fatal(format_args!("there are no random numbers")))
    }
}

/// Starts the task, if the device is provisioned with a broker.
///
/// Context: before the scheduler runs.
pub(crate) fn start(flash: &mut Flash) {
    static MEMORY: ConstStaticCell<[u8; SETTINGS_MAX]> = ConstStaticCell::new([0; SETTINGS_MAX]);
    let Some(memory) = MEMORY.try_take() else {
        fatal(format_args!("the MQTT settings were taken twice"))
    };
    if let Err(error) = flash.read(SETTINGS, memory) {
        fatal(format_args!("flash cannot be read: {error:?}"));
    }
    match start_task(&Mps2An385, memory, PRIORITY_MQTT) {
        Ok(()) => {}
        Err(StartError::Settings(SettingsError::Absent)) => {
            log::info!("mqtt: no broker is provisioned");
        }
        Err(StartError::Settings(error)) => log::error!("mqtt: no usable settings: {error}"),
        Err(error) => fatal(format_args!("task mqtt: {error:?}")),
    }
}
