//! Which saved network is the device on? The driver knows: it is asked for the one joined last
//! first, then for every other.

use super::{Action, Completion, Request, Service, State};

/// Looking for the active network.
#[derive(Clone, Copy)]
pub(super) struct Finding {
    request: Request,
    step: Step,
    /// The priority looked at next when this one is not it.
    next: u8,
}

#[derive(Clone, Copy)]
enum Step {
    Online,
    Load(u8),
    Ask(u8),
}

impl Service {
    pub(super) fn begin_finding(&mut self, request: Request) -> Action {
        self.state = State::Finding(Finding {
            request,
            step: Step::Online,
            next: 0,
        });
        Action::IsOnline
    }

    pub(super) fn finding(&mut self, mut finding: Finding, done: Completion) -> Action {
        match (finding.step, done) {
            (Step::Online, Ok(1)) => match self.active {
                Some(active) if active < self.count => self.look_at(finding, active),
                _ => self.look_on(finding),
            },
            (Step::Online, _) => {
                self.active = None;
                self.found(finding.request)
            }
            (Step::Load(priority), Ok(_)) => {
                finding.step = Step::Ask(priority);
                self.state = State::Finding(finding);
                Action::IsOnLoaded
            }
            (Step::Ask(priority), Ok(1)) => {
                self.active = Some(priority);
                self.found(finding.request)
            }
            (Step::Load(_) | Step::Ask(_), _) => self.look_on(finding),
        }
    }

    fn look_at(&mut self, mut finding: Finding, priority: u8) -> Action {
        finding.step = Step::Load(priority);
        self.state = State::Finding(finding);
        Action::Load(self.storage(priority))
    }

    fn look_on(&mut self, mut finding: Finding) -> Action {
        let priority = finding.next;
        if priority >= self.count {
            self.active = None;
            return self.found(finding.request);
        }
        finding.next = priority.saturating_add(1);
        self.look_at(finding, priority)
    }
}
