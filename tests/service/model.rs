//! A device as one would describe it: a list of networks, and where it is.

use wifi_provision::config::MAX_SAVED_NETWORKS;
#[cfg(feature = "espressif")]
use wifi_provision::profile::Security;
use wifi_provision::service::{Kind, Request};
use wifi_provision::status::Status;

use crate::world::{Fault, Radio, Saved};

/// What goes wrong during a request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Trouble {
    Nothing,
    /// The first join fails.
    Join(Status),
    /// All joins fail.
    Joins(Status),
    Leave,
    /// The first append fails.
    Append,
    /// The first removal fails.
    Remove,
    Scan(Status),
    /// The platform's own move fails.
    Move,
    /// The platform's own replacement fails.
    Replace,
}

impl Trouble {
    pub(crate) fn befall(self, radio: &mut Radio<'_>) {
        radio.settle();
        match self {
            Self::Nothing => {}
            Self::Join(status) => radio.join_fault = Fault::nth(1, status),
            Self::Joins(status) => radio.join_fault = Fault::always(status),
            Self::Leave => radio.leave_fault = Fault::always(Status::Failure),
            Self::Append => radio.append_fault = Fault::nth(1, Status::Failure),
            Self::Remove => radio.remove_fault = Fault::nth(1, Status::Failure),
            Self::Scan(status) => radio.scan_fault = Fault::always(status),
            Self::Move => radio.move_fault = Fault::nth(1, Status::Timeout),
            Self::Replace => radio.replace_fault = Fault::nth(1, Status::Timeout),
        }
    }
}

/// Whether a network is to be saved in the place of another; only with Espressif's protocol is there such a request.
pub(crate) fn replaces(request: Request) -> bool {
    let is_another = matches!(
        request,
        Request::Save { .. } | Request::Join { .. } | Request::Refuse { .. }
    );
    request.kind() == Kind::Save && !is_another
}

/// The device.
#[derive(Clone, Debug)]
pub(crate) struct Model {
    /// In order of priority.
    pub(crate) saved: Vec<Saved>,
    /// The network it is on, saved or not.
    pub(crate) on: Option<Saved>,
    pub(crate) has_move: bool,
    pub(crate) has_replace: bool,
}

impl Model {
    /// The priority of the network it is on.
    pub(crate) fn active(&self) -> Option<usize> {
        let on = self.on.as_ref()?;
        self.saved.iter().position(|saved| saved == on)
    }

    fn at(&self, priority: i16) -> Option<usize> {
        usize::try_from(priority)
            .ok()
            .filter(|&priority| priority < self.saved.len())
    }

    /// A join was tried and failed: it goes back to where it was, if that is saved.
    fn go_back(&mut self, former: Option<usize>, trouble: Trouble) {
        let former = former.map(|priority| self.saved[priority].clone());
        match (former, trouble) {
            (Some(_), Trouble::Joins(_)) => self.on = None,
            (Some(former), _) => self.on = Some(former),
            (None, _) => {}
        }
    }

    /// Does what a request asks for; gives its status. `None`: an edit that fails half way, after
    /// which the order is anything, and nothing is lost.
    pub(crate) fn serve(
        &mut self,
        request: Request,
        candidate: &Saved,
        trouble: Trouble,
    ) -> Option<Status> {
        let former = self.active();
        Some(match request {
            Request::Refuse { status, .. } => status,
            Request::List { .. } => match trouble {
                Trouble::Scan(status) => status,
                _ => Status::Success,
            },
            Request::Save { .. } if self.saved.len() == MAX_SAVED_NETWORKS => Status::Failure,
            Request::Save { connect } => {
                if connect {
                    if let Trouble::Join(status) | Trouble::Joins(status) = trouble {
                        self.on = None;
                        self.go_back(former, trouble);
                        return Some(status);
                    }
                    self.on = Some(candidate.clone());
                }
                if trouble == Trouble::Append {
                    if connect {
                        self.on = None;
                        self.go_back(former, trouble);
                    }
                    return Some(Status::Failure);
                }
                self.saved.insert(0, candidate.clone());
                Status::Success
            }
            Request::Join { priority } => {
                let Some(priority) = self.at(priority) else {
                    return Some(Status::Failure);
                };
                if let Trouble::Join(status) | Trouble::Joins(status) = trouble {
                    self.on = None;
                    self.go_back(former, trouble);
                    return Some(status);
                }
                self.on = Some(self.saved[priority].clone());
                Status::Success
            }
            #[cfg(feature = "espressif")]
            Request::Replace => {
                let is_protected = |network: &Saved| network.security >= Security::Wpa2 as u8;
                let is_twin = |saved: &Saved| {
                    let is_weaker = !is_protected(saved) && is_protected(candidate);
                    let is_alike = saved.security == candidate.security;
                    saved.ssid == candidate.ssid && (is_alike || is_weaker)
                };
                if !self.saved.iter().any(is_twin) {
                    return self.serve(Request::Save { connect: true }, candidate, trouble);
                }
                if let Trouble::Join(status) | Trouble::Joins(status) = trouble {
                    self.on = None;
                    self.go_back(former, trouble);
                    return Some(status);
                }
                let refused = match trouble {
                    Trouble::Replace if self.has_replace => Some(Status::Timeout),
                    // A full store tries again.
                    Trouble::Append
                        if !self.has_replace && self.saved.len() < MAX_SAVED_NETWORKS =>
                    {
                        Some(Status::Failure)
                    }
                    _ => None,
                };
                if refused.is_some() {
                    self.on = None;
                    self.go_back(former, trouble);
                    return refused;
                }
                self.on = Some(candidate.clone());
                self.saved.retain(|saved| !is_twin(saved));
                self.saved.insert(0, candidate.clone());
                Status::Success
            }
            Request::Edit { from, to } => {
                let (Some(from), Some(to)) = (self.at(from), self.at(to)) else {
                    return Some(Status::Failure);
                };
                if from != to {
                    match trouble {
                        Trouble::Move if self.has_move => return Some(Status::Timeout),
                        Trouble::Remove if !self.has_move => return None,
                        // A full store tries again.
                        Trouble::Append
                            if !self.has_move && self.saved.len() < MAX_SAVED_NETWORKS =>
                        {
                            return None;
                        }
                        _ => {}
                    }
                }
                let moved = self.saved.remove(from);
                self.saved.insert(to, moved);
                Status::Success
            }
            Request::Delete { priority } => {
                let Some(priority) = self.at(priority) else {
                    return Some(Status::Failure);
                };
                if trouble == Trouble::Remove {
                    return Some(Status::Failure);
                }
                self.saved.remove(priority);
                if former == Some(priority) && trouble != Trouble::Leave {
                    self.on = None;
                }
                Status::Success
            }
            Request::EraseAll => {
                // Removal begins with the last of the store, which has priority 0.
                let kept = usize::from(trouble == Trouble::Remove && !self.saved.is_empty());
                self.saved.truncate(kept);
                if former.is_some() && trouble != Trouble::Leave {
                    self.on = None;
                }
                if kept == 0 {
                    Status::Success
                } else {
                    Status::Failure
                }
            }
        })
    }
}
