//! What the outside provides. The C edge implements it on the platform contract; tests implement
//! it in memory.

use crate::config::BSSID_BYTES;
#[cfg(feature = "espressif")]
use crate::service::LastTry;
use crate::service::{Kind, Whose};
use crate::status::{Cause, Reason, Status};

/// A network as the store or a scan describes it, without its credential.
#[derive(Clone, Copy)]
pub struct Network<'a> {
    /// The name.
    pub ssid: &'a [u8],
    /// The access point's address.
    pub bssid: &'a [u8; BSSID_BYTES],
    /// The security's number, as the driver gave it.
    pub security: u8,
    /// Signal strength, dBm: [`Self::SAVED_RSSI`] for a saved network, another for a scanned one.
    pub rssi: i8,
}

impl Network<'_> {
    /// What stands for the signal of a saved network: the phones' apps take it as the mark of one.
    pub const SAVED_RSSI: i8 = -100;

    /// A scanned network's signal as the apps can bear it: one of 0 dBm or more breaks one of them,
    /// and -100 would be taken for a saved network.
    #[must_use]
    pub const fn scanned_rssi(measured: i8) -> i8 {
        match measured {
            Self::SAVED_RSSI => Self::SAVED_RSSI + 1,
            i8::MIN => i8::MIN + 1,
            0.. => -1,
            measured => measured,
        }
    }
}

/// A platform's own record of a network.
pub trait Describe {
    /// What a list shows of it.
    fn describe(&self) -> Network<'_>;
}

/// The WiFi driver and the store of saved networks.
///
/// Every call may block. Two profiles are at hand behind it: the candidate, which came with the
/// request, and the one loaded last.
pub trait Wifi {
    /// A saved network as the store gives it.
    type Saved: Describe;
    /// A network as a scan gives it.
    type Found: Describe;

    /// Keeps the loaded profile as the candidate; what is loaded next takes another place.
    fn keep_loaded(&mut self);
    /// The profile kept.
    fn kept(&self) -> &Self::Saved;
    /// Whether the loaded profile says the same as the candidate.
    fn is_loaded_kept(&self) -> bool;
    /// Counts the saved networks. One that cannot be read counts as long as one above it can.
    ///
    /// # Errors
    ///
    /// [`Cause::Timeout`] when the store did not answer in time.
    fn count(&mut self) -> Result<usize, Cause>;
    /// Empties the place of the next profile loaded, so that two loads compare equal also where a
    /// store leaves bytes alone.
    fn empty_loaded(&mut self);
    /// Loads the profile at a storage index.
    ///
    /// # Errors
    ///
    /// The store's reason when there is none, or it cannot be read.
    fn load(&mut self, index: usize) -> Result<(), Cause>;
    /// The profile loaded last.
    fn loaded(&self) -> &Self::Saved;
    /// Whether the device is on any network.
    fn is_online(&mut self) -> bool;
    /// Whether the device is on the loaded network.
    fn is_on_loaded(&mut self) -> bool;
    /// Scans for at most `max` networks, the first entries [`Self::scanned`] gives.
    ///
    /// # Errors
    ///
    /// The driver's reason.
    fn scan(&mut self, max: usize) -> Result<(), Cause>;
    /// A scanned network; `None` when the entry is unused or hides its name.
    fn scanned(&self, index: usize) -> Option<&Self::Found>;
    /// Joins a network; returns when the device has an address there.
    ///
    /// # Errors
    ///
    /// The driver's reason.
    fn join(&mut self, whose: Whose) -> Result<(), Cause>;
    /// Leaves the network the device is on.
    ///
    /// # Errors
    ///
    /// The driver's reason.
    fn leave(&mut self) -> Result<(), Cause>;
    /// Appends a profile to the store; gives the index it has there. Some stores write it over one of
    /// the same name instead, and give the index of that.
    ///
    /// # Errors
    ///
    /// The store's reason.
    fn append(&mut self, whose: Whose) -> Result<usize, Cause>;
    /// Removes the profile at a storage index.
    ///
    /// # Errors
    ///
    /// The store's reason.
    fn remove(&mut self, index: usize) -> Result<(), Cause>;
    /// Moves a profile in one atomic write.
    ///
    /// # Errors
    ///
    /// [`Cause::NotSupported`] where the platform has no such call; else the store's reason.
    fn relocate(&mut self, from: usize, to: usize) -> Result<(), Cause>;
    /// Puts the candidate in the place of the profile at a storage index, as the last of the store, in one atomic write.
    ///
    /// # Errors
    ///
    /// [`Cause::NotSupported`] where the platform has no such call; else the store's reason, and the store is as it was.
    fn replace(&mut self, _index: usize) -> Result<(), Cause> {
        Err(Cause::NotSupported)
    }
    /// Why the last [`Self::join`] failed; asked right after it. `None` when nobody wants to know.
    fn reason(&mut self, _cause: Cause) -> Option<Reason> {
        None
    }
    /// A scanned network that hides its name; `None` when the entry is unused or has a name.
    fn hidden(&self, _index: usize) -> Option<&Self::Found> {
        None
    }
    /// The channel of a scanned network, 0 when the driver does not say.
    fn channel(&self, _index: usize) -> u8 {
        0
    }
    /// The device's IPv4 address, `None` when the driver does not say.
    fn address(&mut self) -> Option<[u8; 4]> {
        None
    }
}

/// The phone at the other end of a channel.
pub trait Phone {
    /// Sends one whole message.
    ///
    /// # Errors
    ///
    /// [`Gone`] when it was not taken.
    fn send(&mut self, message: &[u8]) -> Result<(), Gone>;
}

/// The phone is not there, or does not read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Gone;

/// Where the service's answers go. A protocol turns them into its messages.
///
/// The networks of a list come in two groups, saved and scanned, and the last of each is told.
pub trait Answers<S: Describe, F: Describe> {
    /// A saved network.
    ///
    /// # Errors
    ///
    /// [`Gone`] when the phone takes no more.
    fn saved(
        &mut self,
        network: &S,
        priority: usize,
        is_connected: bool,
        is_last: bool,
    ) -> Result<(), Gone>;
    /// A scanned network.
    ///
    /// # Errors
    ///
    /// [`Gone`] when the phone takes no more.
    fn scanned(&mut self, network: &F, is_last: bool) -> Result<(), Gone>;
    /// Why joining failed, or what was joined could not be saved; comes before the status of the request.
    fn reason(&mut self, _reason: Reason) {}
    /// Whether they go to a phone, and not to the application itself.
    #[cfg(feature = "espressif")]
    fn is_phone(&self) -> bool {
        false
    }
    /// What the last try of a phone came to; comes before the networks of a list.
    #[cfg(feature = "espressif")]
    fn last_try(&mut self, _last_try: &LastTry) {}
    /// The status a request ends with. Whoever asked and is gone is owed nothing.
    fn status(&mut self, kind: Kind, status: Status);
}

/// The application itself, which is answered by return value.
pub struct Application;

impl<S: Describe, F: Describe> Answers<S, F> for Application {
    fn saved(&mut self, _: &S, _: usize, _: bool, _: bool) -> Result<(), Gone> {
        Ok(())
    }

    fn scanned(&mut self, _: &F, _: bool) -> Result<(), Gone> {
        Ok(())
    }

    fn status(&mut self, _kind: Kind, _status: Status) {}
}
