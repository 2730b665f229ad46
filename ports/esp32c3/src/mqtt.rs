//! The task "mqtt": the settings it works with, and what it needs of the board.

use esp_hal::rng::Rng;
use port_mqtt::freertos::{Board, StartError, start as start_task};
use port_mqtt::settings::{SETTINGS_MAX, SettingsError};
use static_cell::ConstStaticCell;

use crate::PRIORITY_MQTT;
use crate::faults::fatal;
use crate::flash::Chip;

/// The partition the settings are in, see `partitions.csv`.
const SETTINGS: &str = "settings";

struct Esp32C3;

impl Board for Esp32C3 {
    /// The chip has no clock that knows the date, and nothing here asks the network for it.
    fn unix_time(&self) -> Option<u64> {
        None
    }

    /// The chip's, which are random while a radio is on. The task draws them once WiFi has come.
    fn random(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        Rng::new().read(&mut bytes);
        bytes
    }
}

/// Starts the task, if the device is provisioned with a broker.
///
/// Context: before the scheduler runs.
pub(crate) fn start(chip: &mut Chip) {
    static MEMORY: ConstStaticCell<[u8; SETTINGS_MAX]> = ConstStaticCell::new([0; SETTINGS_MAX]);
    let Some(memory) = MEMORY.try_take() else {
        fatal(format_args!("the MQTT settings were taken twice"))
    };
    match chip.copy(SETTINGS, memory) {
        Ok(true) => {}
        Ok(false) => {
            log::info!("mqtt: the partition table has no `{SETTINGS}`");
            return;
        }
        Err(error) => fatal(format_args!("flash cannot be read: {error:?}")),
    }
    match start_task(&Esp32C3, memory, PRIORITY_MQTT) {
        Ok(()) => {}
        Err(StartError::Settings(SettingsError::Absent)) => {
            log::info!("mqtt: no broker is provisioned");
        }
        Err(StartError::Settings(error)) => log::error!("mqtt: no usable settings: {error}"),
        Err(error) => fatal(format_args!("task mqtt: {error:?}")),
    }
}
