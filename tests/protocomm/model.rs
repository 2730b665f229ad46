//! What the endpoints have to do, as plainly as it can be said.

use wifi_provision::message::espressif::{control, scan};

use super::decoders::{Config, Network, control_seen, scan_seen};
use super::protobuf::number_at;
use super::shadow::{Asked, Half, Shadow};

/// How many networks a scan finds.
pub(crate) const FOUND: usize = 4;

/// The protocol's statuses.
const SUCCESS: u64 = 0;
const INVALID: u64 = 4;
const INTERNAL: u64 = 5;

/// The one session.
pub(crate) enum Session {
    Absent,
    /// `None` when nobody can prove anything to it.
    Half(u32, Option<Half>),
    Open(u32, Shadow),
}

/// How far joining is, as the protocol numbers it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Join {
    Rest(u64),
    Wanted,
    Running,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Scan {
    Rest,
    Wanted,
    Running,
    Done,
}

pub(crate) struct Model {
    pub(crate) asked: Asked,
    pub(crate) attempts: u8,
    pub(crate) session: Session,
    pub(crate) waiting: Option<u32>,
    pub(crate) refused_steps: u32,
    draft: Option<Network>,
    /// What the owner of a session has applied last.
    pub(crate) applied: Option<Network>,
    pub(crate) failed: u8,
    pub(crate) join: Join,
    pub(crate) scan: Scan,
}

impl Model {
    pub(crate) const fn new(asked: Asked, attempts: u8) -> Self {
        Self {
            asked,
            attempts,
            session: Session::Absent,
            waiting: None,
            refused_steps: 0,
            draft: None,
            applied: None,
            failed: 0,
            join: Join::Rest(2),
            scan: Scan::Rest,
        }
    }

    pub(crate) fn owner(&self) -> Option<u32> {
        match self.session {
            Session::Absent => None,
            Session::Half(owner, _) | Session::Open(owner, _) => Some(owner),
        }
    }

    /// Another session, or none: what was begun in the one before is nobody's.
    pub(crate) fn replace(&mut self, session: Session) {
        self.session = session;
        self.draft = None;
        let is_waiting =
            matches!(self.session, Session::Open(owner, _) if self.waiting == Some(owner));
        if !is_waiting {
            self.waiting = None;
        }
    }

    fn is_joining(&self) -> bool {
        self.join == Join::Wanted || self.join == Join::Running
    }

    pub(crate) fn config(&mut self, text: &[u8]) -> Option<Told> {
        Some(match Config::seen(text)? {
            Config::State => Told::At(
                &[11, 2],
                match self.join {
                    Join::Rest(state) => state,
                    Join::Wanted | Join::Running => 1,
                },
            ),
            Config::Set(network) => {
                let status = match &network {
                    None => INVALID,
                    Some(_) if self.is_joining() => INTERNAL,
                    Some(_) => SUCCESS,
                };
                if status == SUCCESS {
                    self.draft = network;
                }
                Told::At(&[13, 1], status)
            }
            Config::Apply => {
                let status = if self.is_joining() {
                    INTERNAL
                } else if let Some(network) = self.draft.take() {
                    self.applied = Some(network);
                    self.failed = 0;
                    self.join = Join::Wanted;
                    SUCCESS
                } else {
                    INVALID
                };
                Told::At(&[15, 1], status)
            }
        })
    }

    pub(crate) fn scan(&mut self, on: u32, text: &[u8]) -> Option<Told> {
        Some(match scan_seen(text)? {
            scan::Request::Start { .. } if self.is_joining() => Told::At(&[2], INTERNAL),
            scan::Request::Start { blocking } => {
                if self.scan != Scan::Running {
                    self.scan = Scan::Wanted;
                }
                if blocking {
                    self.waiting = Some(on);
                    Told::Later
                } else {
                    Told::At(&[2], SUCCESS)
                }
            }
            scan::Request::State => Told::At(&[13, 1], (self.scan == Scan::Done).into()),
            scan::Request::Page { start, count } => {
                let is_there = self.scan == Scan::Done
                    && count != 0
                    && start.checked_add(count).is_some_and(|end| end <= FOUND);
                Told::At(&[2], if is_there { SUCCESS } else { INVALID })
            }
        })
    }

    pub(crate) fn control(&mut self, text: &[u8]) -> Option<Told> {
        let request = control_seen(text)?;
        let is_due = match (request, self.join) {
            (_, Join::Wanted | Join::Running) => false,
            // Reset forgets a failure, and there is none while connected.
            (control::Request::Reset, Join::Rest(state)) => state != 0,
            (control::Request::Again, Join::Rest(_)) => true,
        };
        if is_due {
            self.draft = None;
            self.join = Join::Rest(2);
        }
        Some(Told::At(&[2], if is_due { SUCCESS } else { INTERNAL }))
    }
}

/// What the model knows of an answer.
pub(crate) enum Told {
    /// A number in it.
    At(&'static [u64], u64),
    /// All of it.
    Octets(Vec<u8>),
    /// There is none yet.
    Later,
}

impl Told {
    /// Whether the answer, decrypted, is that.
    pub(crate) fn holds(&self, text: &[u8]) {
        match self {
            Self::At(path, number) => assert_eq!(number_at(text, path), *number),
            Self::Octets(octets) => assert_eq!(text, octets),
            Self::Later => unreachable!("there is none"),
        }
    }
}
