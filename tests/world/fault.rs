//! A call of the platform that fails, and when.

use wifi_provision::status::{Cause, Status};

/// Which calls of one function fail.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fault {
    /// The first call that fails, from 1; 0: none does.
    pub(crate) first: u32,
    /// How many calls fail from there on.
    pub(crate) times: u32,
    /// What they come to.
    pub(crate) status: Status,
}

impl Fault {
    /// No call fails.
    pub(crate) const NONE: Self = Self::nth(0, Status::Failure);

    /// The n-th call fails.
    pub(crate) const fn nth(first: u32, status: Status) -> Self {
        Self {
            first,
            times: 1,
            status,
        }
    }

    /// Every call fails.
    pub(crate) const fn always(status: Status) -> Self {
        Self {
            first: 1,
            times: u32::MAX,
            status,
        }
    }

    /// What the call of a number comes to.
    pub(crate) fn strike(self, call: u32) -> Result<(), Cause> {
        if self.first != 0 && call >= self.first && call - self.first < self.times {
            Err(match self.status {
                Status::Timeout => Cause::Timeout,
                Status::NotSupported => Cause::NotSupported,
                Status::Failure => Cause::Failure,
                Status::Success => panic!("no fault"),
            })
        } else {
            Ok(())
        }
    }
}
