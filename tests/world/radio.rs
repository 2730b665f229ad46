//! The WiFi driver and the store, kept to the platform contract: profiles in order of arrival.

use heapless::Vec;
use wifi_provision::config::{
    BSSID_BYTES, MAX_PASSPHRASE_BYTES, MAX_SAVED_NETWORKS, MAX_SCAN_NETWORKS, MAX_SSID_BYTES,
};
use wifi_provision::platform::{Describe, Network, Wifi};
use wifi_provision::service::Whose;
use wifi_provision::status::Cause;

use super::fault::Fault;
use super::journal::{Event, Journal};

/// A network with its credential.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Saved {
    pub(crate) ssid: Vec<u8, MAX_SSID_BYTES>,
    pub(crate) bssid: [u8; BSSID_BYTES],
    pub(crate) security: u8,
    pub(crate) passphrase: Vec<u8, MAX_PASSPHRASE_BYTES>,
    pub(crate) rssi: i8,
}

impl Saved {
    fn show(&self, rssi: i8) -> Network<'_> {
        Network {
            ssid: &self.ssid,
            bssid: &self.bssid,
            security: self.security,
            rssi,
        }
    }
}

impl Describe for Saved {
    fn describe(&self) -> Network<'_> {
        self.show(Network::SAVED_RSSI)
    }
}

/// A network on the air.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Found(Saved);

impl Describe for Found {
    fn describe(&self) -> Network<'_> {
        self.0.show(Network::scanned_rssi(self.0.rssi))
    }
}

/// How often each function was called.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Calls {
    pub(crate) append: u32,
    pub(crate) remove: u32,
    pub(crate) load: u32,
    pub(crate) relocate: u32,
    pub(crate) replace: u32,
    pub(crate) join: u32,
    pub(crate) leave: u32,
    pub(crate) scan: u32,
}

/// The driver and the store.
pub(crate) struct Radio<'a> {
    journal: &'a Journal,
    /// The store, in order of arrival: the last has priority 0.
    pub(crate) store: Vec<Saved, MAX_SAVED_NETWORKS>,
    /// The network the device is on.
    pub(crate) on: Option<Saved>,
    /// What a scan finds; `None` hides its name.
    pub(crate) air: Vec<Option<Saved>, MAX_SCAN_NETWORKS>,
    /// Whether the platform can move a profile in one write.
    pub(crate) has_move: bool,
    /// Whether the platform can put a profile in the place of another in one write.
    pub(crate) has_replace: bool,
    /// A storage index that cannot be read.
    pub(crate) unreadable: Option<usize>,
    /// How often counting misses the newest network, as when its read fails for a moment.
    pub(crate) miscounts: u32,
    /// Whether the store writes a network over one of the same name.
    pub(crate) replaces: bool,
    /// Whether a driver that refuses to join leaves the network it is on alone.
    pub(crate) stays: bool,
    pub(crate) join_fault: Fault,
    pub(crate) leave_fault: Fault,
    pub(crate) append_fault: Fault,
    pub(crate) remove_fault: Fault,
    pub(crate) load_fault: Fault,
    pub(crate) scan_fault: Fault,
    pub(crate) move_fault: Fault,
    pub(crate) replace_fault: Fault,
    pub(crate) calls: Calls,
    /// After so many changes of the store power goes: from then on every call fails.
    pub(crate) power: Option<u32>,
    /// Networks that must be in the store at every instant.
    pub(crate) guarded: Vec<Saved, MAX_SAVED_NETWORKS>,
    /// One of them was not.
    pub(crate) lost: bool,
    /// What came with the request.
    pub(crate) candidate: Saved,
    loaded: Saved,
    found: Vec<Option<Found>, MAX_SCAN_NETWORKS>,
}

impl<'a> Radio<'a> {
    /// An empty store, and nothing in the air.
    pub(crate) fn new(journal: &'a Journal) -> Self {
        Self {
            journal,
            store: Vec::new(),
            on: None,
            air: Vec::new(),
            has_move: false,
            has_replace: false,
            unreadable: None,
            miscounts: 0,
            replaces: false,
            stays: false,
            join_fault: Fault::NONE,
            leave_fault: Fault::NONE,
            append_fault: Fault::NONE,
            remove_fault: Fault::NONE,
            load_fault: Fault::NONE,
            scan_fault: Fault::NONE,
            move_fault: Fault::NONE,
            replace_fault: Fault::NONE,
            calls: Calls::default(),
            power: None,
            guarded: Vec::new(),
            lost: false,
            candidate: Saved::default(),
            loaded: Saved::default(),
            found: Vec::new(),
        }
    }

    /// From now on no call fails and calls are counted from 0.
    pub(crate) fn settle(&mut self) {
        self.unreadable = None;
        for fault in [
            &mut self.join_fault,
            &mut self.leave_fault,
            &mut self.append_fault,
            &mut self.remove_fault,
            &mut self.load_fault,
            &mut self.scan_fault,
            &mut self.move_fault,
            &mut self.replace_fault,
        ] {
            *fault = Fault::NONE;
        }
        self.calls = Calls::default();
        self.guarded.clear();
        self.lost = false;
    }

    fn profile(&self, whose: Whose) -> &Saved {
        match whose {
            Whose::Candidate => &self.candidate,
            Whose::Loaded => &self.loaded,
        }
    }

    fn changed(&mut self) {
        self.journal.write(Event::Stored);
        let store = &self.store;
        self.lost |= !self.guarded.iter().all(|kept| store.contains(kept));
        if let Some(left) = &mut self.power {
            *left -= 1;
        }
    }

    fn has_power(&self) -> bool {
        self.power != Some(0)
    }

    fn powered(&self) -> Result<(), Cause> {
        self.has_power().then_some(()).ok_or(Cause::Failure)
    }

    fn read(&self, index: usize) -> Option<&Saved> {
        self.store
            .get(index)
            .filter(|_| self.unreadable != Some(index))
    }
}

impl Wifi for Radio<'_> {
    type Saved = Saved;
    type Found = Found;

    fn count(&mut self) -> Result<usize, Cause> {
        self.powered()?;
        let missed = usize::from(self.miscounts > 0);
        self.miscounts = self.miscounts.saturating_sub(1);
        Ok((0..self.store.len().saturating_sub(missed))
            .rev()
            .find(|&index| self.read(index).is_some())
            .map_or(0, |highest| highest + 1))
    }

    fn keep_loaded(&mut self) {
        self.candidate = self.loaded.clone();
    }

    fn kept(&self) -> &Saved {
        &self.candidate
    }

    fn empty_loaded(&mut self) {
        self.loaded = Saved::default();
    }

    fn is_loaded_kept(&self) -> bool {
        self.loaded == self.candidate
    }

    fn load(&mut self, index: usize) -> Result<(), Cause> {
        self.powered()?;
        self.calls.load += 1;
        self.load_fault.strike(self.calls.load)?;
        self.loaded = self.read(index).ok_or(Cause::Failure)?.clone();
        Ok(())
    }

    fn loaded(&self) -> &Saved {
        &self.loaded
    }

    fn is_online(&mut self) -> bool {
        self.has_power() && self.on.is_some()
    }

    fn is_on_loaded(&mut self) -> bool {
        // The contract compares names and securities; a driver knows no more.
        let on = self.on.as_ref().filter(|_| self.has_power());
        on.is_some_and(|on| on.ssid == self.loaded.ssid && on.security == self.loaded.security)
    }

    fn scan(&mut self, max: usize) -> Result<(), Cause> {
        self.powered()?;
        self.calls.scan += 1;
        self.scan_fault.strike(self.calls.scan)?;
        self.found = self
            .air
            .iter()
            .take(max)
            .map(|saved| saved.clone().map(Found))
            .collect();
        // As C: the room that was asked for may be looked at, what was not filled is empty.
        Ok(())
    }

    fn scanned(&self, index: usize) -> Option<&Found> {
        self.found.get(index)?.as_ref()
    }

    fn join(&mut self, whose: Whose) -> Result<(), Cause> {
        self.powered()?;
        self.calls.join += 1;
        // A driver drops the connection it has before it tries another.
        if !self.stays {
            self.on = None;
        }
        let outcome = self.join_fault.strike(self.calls.join);
        if outcome.is_ok() {
            self.on = Some(self.profile(whose).clone());
        }
        self.journal.write(Event::Joined(outcome.is_ok()));
        outcome
    }

    fn leave(&mut self) -> Result<(), Cause> {
        self.powered()?;
        self.calls.leave += 1;
        self.leave_fault.strike(self.calls.leave)?;
        self.on = None;
        self.journal.write(Event::Left);
        Ok(())
    }

    fn append(&mut self, whose: Whose) -> Result<usize, Cause> {
        self.powered()?;
        self.calls.append += 1;
        self.append_fault.strike(self.calls.append)?;
        let profile = self.profile(whose).clone();
        if self.replaces
            && let Some(at) = self
                .store
                .iter()
                .position(|saved| saved.ssid == profile.ssid)
        {
            self.store[at] = profile;
            self.changed();
            return Ok(at);
        }
        self.store.push(profile).map_err(|_| Cause::Failure)?;
        self.changed();
        Ok(self.store.len() - 1)
    }

    fn remove(&mut self, index: usize) -> Result<(), Cause> {
        self.powered()?;
        if index >= self.store.len() {
            return Err(Cause::Failure);
        }
        self.calls.remove += 1;
        self.remove_fault.strike(self.calls.remove)?;
        self.store.remove(index);
        self.changed();
        Ok(())
    }

    fn relocate(&mut self, from: usize, to: usize) -> Result<(), Cause> {
        self.powered()?;
        self.calls.relocate += 1;
        if !self.has_move {
            return Err(Cause::NotSupported);
        }
        self.move_fault.strike(self.calls.relocate)?;
        if from.max(to) >= self.store.len() {
            return Err(Cause::Failure);
        }
        let profile = self.store.remove(from);
        let fits = self.store.insert(to, profile).is_ok();
        assert!(fits, "one was just taken out");
        self.changed();
        Ok(())
    }

    fn replace(&mut self, index: usize) -> Result<(), Cause> {
        self.powered()?;
        self.calls.replace += 1;
        if !self.has_replace {
            return Err(Cause::NotSupported);
        }
        self.replace_fault.strike(self.calls.replace)?;
        if index >= self.store.len() {
            return Err(Cause::Failure);
        }
        self.store.remove(index);
        let fits = self.store.push(self.candidate.clone()).is_ok();
        assert!(fits, "one was just taken out");
        self.changed();
        Ok(())
    }
}
