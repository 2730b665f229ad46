//! A job, on the service. Blocks as long as the platform does.

use core::cmp::Reverse;
use core::mem;

use super::provisioning::{Found, Job, Network, Outcome, Scanned, is_protected, strongest};
use crate::message::espressif::config::{Connected, Credentials, Ssid};
use crate::message::espressif::scan::{self, Entry};
use crate::platform::{Answers, Describe, Gone, Wifi};
use crate::profile::{self, Draft, Octets, Security};
use crate::service::{Kind, Request, Service};
use crate::status::{Cause, Reason, Status};

/// A platform that lets a new network be written down as the candidate.
pub trait Desk: Wifi {
    /// What it is written into.
    type Profile: Draft;
    /// The candidate, emptied. To be filled when no scan comes any more.
    fn candidate(&mut self) -> &mut Self::Profile;
}

/// Carries a job out.
pub fn carry_out(job: Job, service: &mut Service, desk: &mut impl Desk) -> Outcome {
    match job {
        Job::Scan => Outcome::Scanned(scan(service, desk).ok().map(Scanned)),
        Job::Join(network) => join(network, service, desk),
    }
}

/// Scans: every name once, at its strongest protected access point, or at its strongest where none is;
/// every hidden access point.
fn scan(service: &mut Service, desk: &mut impl Desk) -> Result<Found, Cause> {
    let mut found = Found::new();
    service.scan(desk, |network, channel| {
        let Ok(ssid) = Ssid::from_slice(network.ssid) else {
            return;
        };
        let entry = Entry {
            ssid,
            bssid: *network.bssid,
            channel,
            rssi: network.rssi,
            security: network.security,
        };
        let twin = found
            .iter_mut()
            .find(|other| !entry.ssid.is_empty() && other.ssid == entry.ssid);
        match twin {
            Some(twin) if (is_protected(twin), twin.rssi) < (is_protected(&entry), entry.rssi) => {
                *twin = entry;
            }
            Some(_) => {}
            // There is room for as many as a scan gives.
            None => drop(found.push(entry)),
        }
    })?;
    sort(&mut found);
    Ok(found)
}

/// Strongest first. There are few: the core library's way to sort takes 2 KB of flash, and as much stack.
fn sort(found: &mut [Entry]) {
    for start in 0..found.len() {
        let Some((first, others)) = found.get_mut(start..).and_then(<[Entry]>::split_first_mut)
        else {
            return;
        };
        let strongest = others
            .iter_mut()
            .enumerate()
            .max_by_key(|(place, entry)| (entry.rssi, Reverse(*place)));
        if let Some((_, strongest)) = strongest
            && strongest.rssi > first.rssi
        {
            mem::swap(first, strongest);
        }
    }
}

/// Joins, and saves as priority 0, in the place of what was saved of that name; see `Request::Replace`.
fn join(mut network: Network, service: &mut Service, desk: &mut impl Desk) -> Outcome {
    // The protocol does not say how the network is protected. One whose name the last scan has not met
    // is looked for; one that is not met either may hide its name.
    if network.found.is_none()
        && let Ok(found) = scan(service, desk)
    {
        network.found = strongest(&found, &network.credentials);
    }
    let security = security(&network);
    let mut ending = Ending::default();
    if let Err(cause) = write_down(&network.credentials, security, desk.candidate()) {
        return Outcome::Failed(network, unsound(cause));
    }
    match service.carry_out(&Request::Replace, desk, &mut ending) {
        Status::Success => Outcome::Joined(Connected {
            address: desk.address().unwrap_or_default(),
            bssid: network.found.as_ref().map_or([0; 6], |found| found.bssid),
            channel: network.found.as_ref().map_or(0, |found| found.channel),
            security: scan::security(security as u8),
            ssid: network.credentials.ssid.clone(),
        }),
        Status::Failure | Status::Timeout | Status::NotSupported => {
            // Without a reason the driver was not what failed.
            let reason = ending.reason.unwrap_or(Reason::NotSaved);
            Outcome::Failed(network, reason)
        }
    }
}

/// How the network is to be joined. With a passphrase by WPA2 at least, whatever is in the air: whoever has
/// set one expects it to protect, and a twin must not choose how little it does.
fn security(network: &Network) -> Security {
    if network.credentials.passphrase.reveal().is_empty() {
        return Security::Open;
    }
    let number = network
        .found
        .as_ref()
        .map(|found| i16::from(found.security));
    match number.and_then(Security::from_wire) {
        Some(Security::Open | Security::Wep | Security::Wpa | Security::Wpa2) | None => {
            Security::Wpa2
        }
        Some(security @ (Security::Wpa2Enterprise | Security::Wpa3)) => security,
    }
}

/// Why a network is not even tried.
const fn unsound(cause: Cause) -> Reason {
    match cause {
        Cause::NotSupported => Reason::Security,
        Cause::Failure | Cause::Timeout => Reason::Authentication,
    }
}

fn write_down(
    credentials: &Credentials,
    security: Security,
    profile: &mut impl Draft,
) -> Result<(), Cause> {
    put(&credentials.ssid, profile.ssid());
    put(credentials.passphrase.reveal(), profile.passphrase());
    *profile.bssid() = credentials.bssid;
    profile.set_security(security);
    profile::check(
        security,
        *profile.ssid().length,
        *profile.passphrase().length,
    )
}

/// Both limits are those of `config`, so everything fits.
fn put(octets: &[u8], field: Octets<'_>) {
    let mut length = 0_u8;
    for (to, from) in field.array.iter_mut().zip(octets) {
        *to = *from;
        length = length.saturating_add(1);
    }
    *field.length = length;
}

/// Keeps why joining failed.
#[derive(Default)]
struct Ending {
    reason: Option<Reason>,
}

impl<S: Describe, F: Describe> Answers<S, F> for Ending {
    fn saved(&mut self, _: &S, _: usize, _: bool, _: bool) -> Result<(), Gone> {
        Ok(())
    }

    fn scanned(&mut self, _: &F, _: bool) -> Result<(), Gone> {
        Ok(())
    }

    fn reason(&mut self, reason: Reason) {
        self.reason = Some(reason);
    }

    fn is_phone(&self) -> bool {
        true
    }

    fn status(&mut self, _: Kind, _: Status) {}
}
