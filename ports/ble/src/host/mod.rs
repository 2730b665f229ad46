//! The BLE host at work.
//!
//! | file | what |
//! |---|---|
//! | here | from one session with the controller to the next, for ever |
//! | `probe` | whether there is a controller at all |
//! | `session` | advertise, serve a phone, advertise again |
//! | `serve` | one connection |
//! | `pairing` | the pairing on it |
//! | `standing` | a stranger's time, while the device computes |

mod pairing;
mod probe;
mod serve;
mod session;
mod standing;

use core::convert::Infallible;

use bt_hci::ReadHciError;
use bt_hci::transport::Transport;
use embassy_time::{Duration, Instant, Timer};
use port_store::Records;

use crate::ble::BLE;
use crate::config::{Config, RETRY_PAUSE, RETRY_PAUSE_MAX, SOUND_SESSION};
use crate::gatt::LINK;
use crate::pairing::Bonds;
use crate::tasks::Tasks;

/// Why a session ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Fault {
    /// The controller does not answer the reset.
    NoController,
    /// The controller answers, but not the host's set-up.
    SetUp,
    /// The controller gives no sign of life any more.
    Silent,
    /// The controller has lost what it was told at the set-up.
    Restarted,
    /// The host gave up, on a failed command or a broken transport.
    Host,
    /// The link did not end when asked to.
    Stuck,
}

/// Runs BLE for ever: polls the host, advertises, serves phones. Everything happens inside this
/// future; poll it in one task, and in that task alone, and call it once. Nothing is on the air before [`Ble::on`].
///
/// A controller that does not answer, or stops to, is reset and set up again; the log says so.
///
/// [`Ble::on`]: crate::Ble::on
pub async fn run<T>(
    transport: &T,
    config: Config,
    records: &'static dyn Records,
    tasks: &'static dyn Tasks,
) -> !
where
    T: Transport,
    T::Error: From<ReadHciError<Infallible>>,
{
    let Some(link) = LINK.try_take() else {
        log::error!(target: "ble", "BLE runs already");
        match core::future::pending::<Infallible>().await {}
    };
    BLE.start(tasks);
    let mut bonds = match Bonds::load(records) {
        Ok(bonds) => bonds,
        Err(error) => {
            log::error!(target: "ble", "bonds are lost, phones must pair again: {error:?}");
            Bonds::default()
        }
    };
    log::info!(target: "ble", "{} of at most {} phones are known", bonds.len(), crate::BONDS_MAX);
    let mut pause = RETRY_PAUSE;
    loop {
        let begun = Instant::now();
        let mut known = session::Known {
            ble: &BLE,
            config: &config,
            bonds: &mut bonds,
            records,
            link,
        };
        let fault = match probe::controller(transport).await {
            Err(fault) => fault,
            Ok(()) => {
                let fault = session::run(transport, &mut known).await;
                if fault != Fault::SetUp {
                    pause = RETRY_PAUSE;
                }
                fault
            }
        };
        known.over();
        // What a phone can bring about costs no more than a new start; a controller that has restarted is there.
        if matches!(fault, Fault::Host | Fault::Stuck | Fault::Restarted)
            && begun.elapsed() >= SOUND_SESSION
        {
            log::error!(target: "ble", "{}; starting anew", fault.words());
            continue;
        }
        log::error!(target: "ble", "{}; trying again in {} s", fault.words(), pause.as_secs());
        Timer::after(pause).await;
        pause = longer(pause);
    }
}

fn longer(pause: Duration) -> Duration {
    pause.checked_mul(2).unwrap_or(pause).min(RETRY_PAUSE_MAX)
}

impl Fault {
    fn words(self) -> &'static str {
        match self {
            Self::NoController => "the BLE controller does not answer a reset; is it connected?",
            Self::SetUp => "the BLE controller does not answer the set-up",
            Self::Silent => "the BLE controller has fallen silent",
            Self::Restarted => "the BLE controller has restarted by itself",
            Self::Host => "the BLE host gave up",
            Self::Stuck => "the BLE controller does not end a link",
        }
    }
}
