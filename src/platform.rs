//! What the outside provides. The C edge implements it on the platform contract; tests implement
//! it in memory.

use crate::config::BSSID_BYTES;
use crate::service::Whose;
use crate::status::Status;

/// A network as the store or a scan describes it, without its credential.
#[derive(Clone, Copy)]
pub struct Network<'a> {
    /// The name.
    pub ssid: &'a [u8],
    /// The access point's address.
    pub bssid: &'a [u8; BSSID_BYTES],
    /// The security's number, as the driver gave it.
    pub security: u8,
    /// Signal strength, dBm; of no meaning for a saved network.
    pub rssi: i8,
}

/// The WiFi driver and the store of saved networks.
///
/// Every call may block. Two profiles are at hand behind it: the candidate, which came with the
/// request, and the one loaded last.
pub trait Wifi {
    /// Counts the saved networks. One that cannot be read counts as long as one above it can.
    fn count(&mut self) -> u8;
    /// Loads the profile at a storage index.
    ///
    /// # Errors
    ///
    /// The store's status when there is none, or it cannot be read.
    fn load(&mut self, index: u8) -> Result<(), Status>;
    /// The profile loaded last.
    fn loaded(&self) -> Network<'_>;
    /// Whether the device is on any network.
    fn is_online(&mut self) -> bool;
    /// Whether the device is on the loaded network.
    fn is_on_loaded(&mut self) -> bool;
    /// Scans for at most `max` networks; gives how many entries [`Self::scanned`] may be asked for.
    ///
    /// # Errors
    ///
    /// The driver's status.
    fn scan(&mut self, max: u8) -> Result<u8, Status>;
    /// A scanned network; `None` when the entry is unused or hides its name.
    fn scanned(&self, index: u8) -> Option<Network<'_>>;
    /// Joins a network; returns when the device has an address there.
    ///
    /// # Errors
    ///
    /// The driver's status.
    fn join(&mut self, whose: Whose) -> Result<(), Status>;
    /// Leaves the network the device is on.
    ///
    /// # Errors
    ///
    /// The driver's status.
    fn leave(&mut self) -> Result<(), Status>;
    /// Appends a profile to the store.
    ///
    /// # Errors
    ///
    /// The store's status.
    fn append(&mut self, whose: Whose) -> Result<(), Status>;
    /// Removes the profile at a storage index.
    ///
    /// # Errors
    ///
    /// The store's status.
    fn remove(&mut self, index: u8) -> Result<(), Status>;
    /// Moves a profile in one atomic write.
    ///
    /// # Errors
    ///
    /// [`Status::NotSupported`] where the platform has no such call; else the store's status.
    fn relocate(&mut self, from: u8, to: u8) -> Result<(), Status>;
    /// Wipes what is known of profiles and scans.
    fn wipe(&mut self);
}

/// The phone at the other end.
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

/// Nobody at the other end: requests of the application itself are answered by return value.
pub struct Nobody;

impl Phone for Nobody {
    fn send(&mut self, _message: &[u8]) -> Result<(), Gone> {
        Ok(())
    }
}
