//! The client in a FreeRTOS task, over this device's TCP and its BLE channel, and the C symbols.

mod c;
mod outside;
mod tcp;

use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use embassy_sync::once_lock::OnceLock;
use embassy_sync::signal::Signal;
use port_executor::{SpawnTaskError, TaskMutex, spawn_task};
use static_cell::ConstStaticCell;

use crate::client::{Buffers, Client, Notice, Parts, run};
use crate::settings::{Settings, SettingsError, read};
use outside::Device;

/// Words. A handshake's curves and certificates take most of it.
const STACK: u16 = 8192;

/// What a board provides.
pub trait Board: Sync {
    /// Seconds since 1970 in UTC, from a clock that runs while the device is off or is set over the
    /// network; `None` while it is not set. Certificates have dates.
    fn unix_time(&self) -> Option<u64>;

    /// 32 random bytes from a source that is fit for keys; new ones at each call.
    fn random(&self) -> [u8; 32];
}

/// Who is told what happens. Context: the task "mqtt".
type Listener = fn(&Notice<'_>);

static CLIENT: Client<TaskMutex> = Client::new();
static SETTINGS: OnceLock<Settings<'static>> = OnceLock::new();
/// The application has started us.
static START: Signal<CriticalSectionRawMutex, Listener> = Signal::new();

/// Why there is no task.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum StartError {
    /// There are no settings it could work with.
    Settings(SettingsError),
    /// It runs already.
    Twice,
    /// The kernel has no memory.
    Memory(SpawnTaskError),
}

/// Starts the task "mqtt" at a priority below the radios'. It begins to work when the application
/// calls `PORT_MqttStart`. `settings` are those the device is provisioned with; see
/// [`crate::settings`].
///
/// Context: before the scheduler runs.
///
/// # Errors
///
/// See [`StartError`].
pub fn start(
    board: &'static dyn Board,
    settings: &'static mut [u8],
    priority: u8,
) -> Result<(), StartError> {
    let settings = read(settings).map_err(StartError::Settings)?;
    SETTINGS.init(settings).map_err(|_| StartError::Twice)?;
    let Some(settings) = SETTINGS.try_get() else {
        return Err(StartError::Twice);
    };
    spawn_task("mqtt", STACK, priority, move || {
        port_executor::run(|spawner| match task(board, settings) {
            Ok(task) => spawner.spawn(task),
            Err(error) => log::error!("mqtt: {error:?}"),
        });
    })
    .map_err(StartError::Memory)
}

#[embassy_executor::task]
async fn task(board: &'static dyn Board, settings: &'static Settings<'static>) {
    static BUFFERS: ConstStaticCell<Buffers> = ConstStaticCell::new(Buffers::new());
    let Some(buffers) = BUFFERS.try_take() else {
        return;
    };
    let device = Device::new(board, settings.host);
    let listener = START.wait().await;
    let parts = Parts {
        client: &CLIENT,
        settings,
        outside: device,
        notify: |notice: Notice<'_>| listener(&notice),
    };
    run(parts, &port_network::links(), buffers).await
}
