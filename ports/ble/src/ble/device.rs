//! The device as a whole, from the application's side.

use embassy_time::{Duration, Instant};
use heapless::String;

use super::Ble;
use crate::pairing::Question;

/// How long [`Ble::forget_now`] waits for the flash.
const FORGET_TIMEOUT: Duration = Duration::from_secs(5);

/// How long [`Ble::off`] waits for the last link to end.
const OFF_TIMEOUT: Duration = Duration::from_secs(5);

/// How a pairing ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum PairingResult {
    /// The link is encrypted and its user was asked, now or when the phone was here before; the bond
    /// is kept.
    Bonded,
    /// The same, but the phone wants no bond.
    Paired,
    /// The user refused, or compared different numbers.
    Refused,
    /// Nobody answered in time.
    TimedOut,
    /// Anything else.
    Failed,
}

/// Which phones to forget.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Forget {
    /// The phone with this identity address, least significant byte first.
    One([u8; 6]),
    /// All of them.
    All,
}

/// Who is told about connections and pairings. Addresses: least significant byte first.
///
/// Context: the BLE task. Must not block.
pub trait Observer: Sync {
    /// A phone connected or is gone.
    fn connection(&self, peer: [u8; 6], connected: bool);
    /// The MTU of the connection is another one now.
    fn mtu(&self, mtu: u16);
    /// The user should compare numbers; the answer goes to [`Ble::answer`]. False when there is
    /// nobody to ask.
    fn compare(&self, question: Question) -> bool;
    /// A pairing ended, and with it a question that was open; or a known phone has proved who it is.
    /// False when nobody heard of it.
    fn pairing(&self, peer: [u8; 6], result: PairingResult) -> bool;
}

impl Ble {
    /// Goes on the air: from now on the device advertises while no phone is connected.
    ///
    /// Context: any task; does not block.
    pub fn on(&self) {
        self.with(|state| state.on = true);
        self.work.signal(());
    }

    /// Goes off the air: ends a connection and waits for that. False when it takes over 5 s.
    ///
    /// Context: any task. Inside the BLE task it does not wait.
    pub fn off(&self) -> bool {
        self.with(|state| state.on = false);
        self.work.signal(());
        self.wait_for(OFF_TIMEOUT, |ble| {
            ble.with(|state| state.idle.then_some(()))
        })
        .is_some()
    }

    /// Sets the device name, from the next advertising on. False when it is too long.
    pub fn set_name(&self, name: &str) -> bool {
        let Ok(name) = String::try_from(name) else {
            return false;
        };
        self.with(|state| state.name = Some(name));
        self.work.signal(());
        true
    }

    /// Says who is told about connections and pairings.
    pub fn observe(&self, observer: &'static dyn Observer) {
        self.with(|state| state.observer = Some(observer));
    }

    /// Answers the question that [`Observer::compare`] put. `passkey` is the number the user looked
    /// at, where it is known; without it an acceptance is taken as a refusal while an earlier
    /// question may be meant that the application has not heard the end of. False when no such question is open.
    ///
    /// Context: any task; does not block.
    pub fn answer(&self, peer: [u8; 6], passkey: Option<u32>, accepted: bool) -> bool {
        let now = Instant::now();
        let taken = self.with(|state| state.comparison.answer(peer, passkey, accepted, now));
        self.work.signal(());
        taken
    }

    /// A random number of the controller, for a board that has no source of its own. There is one for
    /// each session with the controller, given to whoever asks first.
    ///
    /// Context: any task; waits until a controller answers, which may be for ever.
    pub async fn random(&self) -> u64 {
        self.random.wait().await
    }

    /// Forgets phones, soon: the BLE task does it.
    ///
    /// Context: any task; does not block.
    pub fn forget(&self, whom: Forget) {
        self.with(|state| {
            state.forgotten = None;
            state.forget = Some(match state.forget {
                // Two at once: rather too many than too few.
                Some(other) if other != whom => Forget::All,
                _ => whom,
            });
        });
        self.work.signal(());
    }

    /// Forgets phones and waits until the flash has it: they stay forgotten whatever happens next.
    /// False when the flash did not take it or it took longer than 5 s; it is tried again.
    ///
    /// Context: any task. Inside the BLE task it does not wait, and is false.
    pub fn forget_now(&self, whom: Forget) -> bool {
        self.forget(whom);
        self.wait_for(FORGET_TIMEOUT, |ble| ble.with(|state| state.forgotten))
            .unwrap_or(false)
    }

    /// Lets phones that nobody knows pair for so long from now, and again after each
    /// [`Self::open_pairing_window`]; always with `None`, as in the beginning. A pairing that has begun
    /// may end after it; known phones are not concerned.
    ///
    /// Context: any task; does not block.
    pub fn set_pairing_window(&self, length: Option<Duration>) {
        let now = Instant::now();
        self.with(|state| state.admission.set_window(length, now));
    }

    /// Opens the pairing window anew, as for a button. False when none is set.
    ///
    /// Context: any task; does not block.
    pub fn open_pairing_window(&self) -> bool {
        let now = Instant::now();
        self.with(|state| state.admission.open(now))
    }

    /// Serves only phones that have a bond; others lose their link at once and may not pair, and endpoints are
    /// not offered. Off in the beginning. A phone that is connected stays.
    ///
    /// Context: any task; does not block.
    pub fn set_bonded_only(&self, only: bool) {
        self.with(|state| state.admission.set_bonded_only(only));
        // What is advertised may change.
        self.work.signal(());
    }
}
