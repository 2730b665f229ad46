//! Which saved network is the device on? The driver knows: it is asked for the one joined last
//! first, then for every other.

use super::{Action, Completion, NONE, Service, Step as Of};

/// Looking for the active network, whose priority may be the one in `active`; the next one looked
/// at is in `done`.
#[derive(Clone, Copy)]
pub(super) enum Step {
    Online,
    Load,
    Ask,
}

impl Service {
    pub(super) fn begin_finding(&mut self) -> Action {
        self.done = 0;
        self.step = Of::Find(Step::Online);
        Action::IsOnline
    }

    pub(super) fn finding(&mut self, step: Step, done: Completion) -> Action {
        let is_so = done == Ok(1);
        match step {
            Step::Online if !is_so => {
                self.active = NONE;
                self.found()
            }
            Step::Online if self.active < self.count => {
                self.load(self.active, Of::Find(Step::Load))
            }
            Step::Load if done.is_ok() => {
                self.step = Of::Find(Step::Ask);
                Action::IsOnLoaded
            }
            Step::Ask if is_so => self.found(),
            Step::Online | Step::Load | Step::Ask => {
                if self.done >= self.count {
                    self.active = NONE;
                    return self.found();
                }
                self.active = self.done;
                self.done = self.done.wrapping_add(1);
                self.load(self.active, Of::Find(Step::Load))
            }
        }
    }
}
