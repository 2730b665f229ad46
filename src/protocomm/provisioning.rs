//! What was asked for and how far it is. Belongs to the device, not to a session: a phone that comes back
//! hears what became of the network it applied. Only a network that was set and not applied goes with its
//! session.

use super::Refused;
use crate::config::MAX_SCAN_NETWORKS;
use crate::message::espressif::config::{self, Connected, Credentials, State};
use crate::message::espressif::scan::{self, Entry};
use crate::message::espressif::{Status, Unwritable, control};
use crate::profile::Security;
use crate::status::Reason;

/// Networks in reach, strongest first.
pub(super) type Found = heapless::Vec<Entry, MAX_SCAN_NETWORKS, u8>;

/// A network to join, and what is known of it.
pub struct Network {
    pub(super) credentials: Credentials,
    /// Its strongest access point, if a scan has met one.
    pub(super) found: Option<Entry>,
}

/// What the service's task is to do.
#[allow(clippy::large_enum_variant, reason = "lives while it is carried out")]
pub enum Job {
    /// Scan.
    Scan,
    /// Join this network, and save it if that works.
    Join(Network),
}

/// What a job came to.
#[allow(clippy::large_enum_variant, reason = "lives while it is handed over")]
pub enum Outcome {
    /// The networks found; `None` when the driver cannot scan.
    Scanned(Option<Scanned>),
    /// The device is on the network.
    Joined(Connected),
    /// It could not be joined.
    Failed(Network, Reason),
}

/// The result of a scan.
pub struct Scanned(pub(super) Found);

/// How far a scan is.
enum Scan {
    Never,
    Wanted,
    Running,
    Failed,
    Done,
}

/// How far joining is.
#[allow(clippy::large_enum_variant, reason = "there is one a device")]
enum Join {
    Rest(State),
    Wanted(Network),
    Running,
}

/// A request that was answered, or is to be once a scan ends.
pub(super) enum Begun {
    Answered(usize),
    Waits,
}

pub(super) struct Provisioning {
    /// Attempts a network gets.
    attempts: u8,
    /// Attempts that failed, of the network that is joined.
    failed: u8,
    draft: Option<Credentials>,
    scan: Scan,
    found: Found,
    join: Join,
}

impl From<Unwritable> for Refused {
    fn from(_: Unwritable) -> Self {
        Self
    }
}

impl Provisioning {
    pub(super) const fn new(attempts: u8) -> Self {
        Self {
            attempts: if attempts == 0 { 1 } else { attempts },
            failed: 0,
            draft: None,
            scan: Scan::Never,
            found: Found::new(),
            join: Join::Rest(State::Disconnected),
        }
    }

    /// What was set and not applied goes with its session.
    pub(super) fn forget_draft(&mut self) {
        self.draft = None;
    }

    const fn is_joining(&self) -> bool {
        matches!(self.join, Join::Wanted(_) | Join::Running)
    }

    /// Answers `prov-scan`.
    pub(super) fn scan(&mut self, request: &[u8], out: &mut [u8]) -> Result<Begun, Refused> {
        let length = match scan::decode(request).map_err(|_| Refused)? {
            // It would wait as long as joining takes.
            scan::Request::Start { .. } if self.is_joining() => {
                scan::encode_started(Status::InternalError, out)?
            }
            scan::Request::Start { blocking } => {
                // A scan under way is as good as one that begins now.
                if !matches!(self.scan, Scan::Running) {
                    self.scan = Scan::Wanted;
                }
                if blocking {
                    return Ok(Begun::Waits);
                }
                scan::encode_started(Status::Success, out)?
            }
            scan::Request::State => {
                let finished = matches!(self.scan, Scan::Done | Scan::Failed);
                let count = if finished { self.found.len() } else { 0 };
                scan::encode_state(finished, count, out)?
            }
            scan::Request::Page { start, count } => {
                let page = self.page(start, count).ok_or(Status::InvalidArgument);
                scan::encode_page(page, out).or_else(|unwritable| {
                    let status = match unwritable {
                        // Too many for one message are too many.
                        Unwritable::NoRoom => Status::InvalidArgument,
                        Unwritable::NoMemory => Status::InternalError,
                    };
                    scan::encode_page(Err(status), out)
                })?
            }
        };
        Ok(Begun::Answered(length))
    }

    /// `None` for a page that is not there, or is empty: phones fall over one.
    fn page(&self, start: usize, count: usize) -> Option<&[Entry]> {
        if !matches!(self.scan, Scan::Done) || count == 0 {
            return None;
        }
        self.found.get(start..start.checked_add(count)?)
    }

    /// The answer to a start that waits; `None` while the scan goes on.
    pub(super) fn scan_ended(&self, out: &mut [u8]) -> Result<Option<usize>, Refused> {
        let status = match self.scan {
            Scan::Wanted | Scan::Running => return Ok(None),
            Scan::Done => Status::Success,
            Scan::Never | Scan::Failed => Status::InternalError,
        };
        Ok(Some(scan::encode_started(status, out)?))
    }

    /// Answers `prov-config`.
    pub(super) fn config(&mut self, request: &[u8], out: &mut [u8]) -> Result<usize, Refused> {
        Ok(match config::decode(request).map_err(|_| Refused)? {
            config::Request::State => config::encode_state(&self.state(), out)?,
            config::Request::Set(credentials) => {
                let status = if credentials.is_none() {
                    Status::InvalidArgument
                } else if self.is_joining() {
                    Status::InternalError
                } else {
                    self.draft = credentials;
                    Status::Success
                };
                config::encode_set(status, out)?
            }
            config::Request::Apply => {
                let status = if self.is_joining() {
                    Status::InternalError
                } else if let Some(credentials) = self.draft.take() {
                    self.apply(credentials);
                    Status::Success
                } else {
                    Status::InvalidArgument
                };
                config::encode_apply(status, out)?
            }
        })
    }

    fn apply(&mut self, credentials: Credentials) {
        let found = strongest(&self.found, &credentials);
        self.failed = 0;
        self.join = Join::Wanted(Network { credentials, found });
    }

    fn state(&self) -> State {
        match &self.join {
            Join::Rest(state) => state.clone(),
            // Attempts that remain are told once one has failed.
            Join::Wanted(_) | Join::Running => State::Connecting {
                remaining: (self.failed != 0).then(|| self.attempts.saturating_sub(self.failed)),
            },
        }
    }

    /// Answers `prov-ctrl`.
    pub(super) fn control(&mut self, request: &[u8], out: &mut [u8]) -> Result<usize, Refused> {
        let request = control::decode(request).map_err(|_| Refused)?;
        let is_due = match (request, &self.join) {
            (_, Join::Wanted(_) | Join::Running) => false,
            // Nothing to forget is as good as forgotten.
            (_, Join::Rest(State::Disconnected)) => true,
            (control::Request::Reset, Join::Rest(state)) => matches!(state, State::Failed(_)),
            (control::Request::Again, Join::Rest(_)) => true,
        };
        let status = if is_due {
            self.draft = None;
            self.join = Join::Rest(State::Disconnected);
            Status::Success
        } else {
            Status::InternalError
        };
        Ok(control::encode(request, status, out)?)
    }

    /// Takes what is to be done next: the scan first, which the join may learn from.
    pub(super) fn next_job(&mut self) -> Option<Job> {
        if matches!(self.scan, Scan::Wanted) {
            self.scan = Scan::Running;
            return Some(Job::Scan);
        }
        match core::mem::replace(&mut self.join, Join::Running) {
            Join::Wanted(network) => Some(Job::Join(network)),
            other => {
                self.join = other;
                None
            }
        }
    }

    /// Takes what a job came to, if it was taken here.
    pub(super) fn done(&mut self, outcome: Outcome) {
        let is_running = matches!(self.join, Join::Running);
        match outcome {
            Outcome::Scanned(found) if matches!(self.scan, Scan::Running) => {
                self.scan = if found.is_some() {
                    Scan::Done
                } else {
                    Scan::Failed
                };
                self.found = found.map_or_else(Found::new, |Scanned(found)| found);
            }
            Outcome::Joined(connected) if is_running => {
                self.join = Join::Rest(State::Connected(connected))
            }
            Outcome::Failed(network, reason) if is_running => {
                self.failed = self.failed.saturating_add(1);
                self.join = if self.failed < self.attempts && is_worth_another(reason) {
                    Join::Wanted(network)
                } else {
                    Join::Rest(State::Failed(reason))
                };
            }
            // Of endpoints that were closed meanwhile: what they began, these do not go on with.
            Outcome::Scanned(_) | Outcome::Joined(_) | Outcome::Failed(..) => {}
        }
    }
}

/// What will be no other the next time is not tried again.
const fn is_worth_another(reason: Reason) -> bool {
    !matches!(reason, Reason::Security | Reason::NotSaved)
}

/// Whether a passphrase is used there, by WPA2 or better.
pub(super) fn is_protected(entry: &Entry) -> bool {
    matches!(
        Security::from_wire(i16::from(entry.security)),
        Some(Security::Wpa2 | Security::Wpa3)
    )
}

/// The strongest access point of a network; the very one, if the phone has named it. A protected one stands
/// before others of its name, however strong: anybody can put up a twin.
pub(super) fn strongest(found: &[Entry], credentials: &Credentials) -> Option<Entry> {
    found
        .iter()
        .filter(|entry| entry.ssid == credentials.ssid)
        .max_by_key(|entry| {
            let is_named = entry.bssid == credentials.bssid;
            (is_named, is_protected(entry), entry.rssi)
        })
        .cloned()
}
