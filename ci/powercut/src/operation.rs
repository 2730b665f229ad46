//! What a phone or the application asks for.

use std::fmt;

use crate::list::{self, List, NEW};
use wifi_provision::config::MAX_SAVED_NETWORKS;
use wifi_provision::service::Request;

/// An operation that changes what is saved. Priorities, 0 the highest.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(crate) enum Operation {
    Save,
    Edit {
        from: u8,
        to: u8,
    },
    Delete {
        priority: u8,
    },
    EraseAll,
    /// One of a saved network's name is joined, and takes its place.
    Replace {
        priority: u8,
    },
}

/// Every operation that changes a list of `count` networks.
pub(crate) fn all(count: u8) -> Vec<Operation> {
    let mut all = Vec::new();
    if usize::from(count) < MAX_SAVED_NETWORKS {
        all.push(Operation::Save);
    }
    for from in 0..count {
        let others = (0..count).filter(|&to| to != from);
        all.extend(others.map(|to| Operation::Edit { from, to }));
    }
    all.extend((0..count).map(|priority| Operation::Delete { priority }));
    if count > 0 {
        all.push(Operation::EraseAll);
    }
    all.extend((0..count).map(|priority| Operation::Replace { priority }));
    all
}

impl Operation {
    pub(crate) fn request(self) -> Request {
        match self {
            Self::Save => Request::Save { connect: false },
            Self::Edit { from, to } => Request::Edit {
                from: from.into(),
                to: to.into(),
            },
            Self::Delete { priority } => Request::Delete {
                priority: priority.into(),
            },
            Self::EraseAll => Request::EraseAll,
            Self::Replace { .. } => Request::Replace,
        }
    }

    /// The network that comes with the request, to a device with this list.
    pub(crate) fn candidate(self, list: &[u8]) -> u8 {
        match self {
            Self::Replace { priority } => {
                let old = list.iter().rev().nth(priority.into());
                old.map_or(NEW, |&old| list::renewed(old))
            }
            _ => NEW,
        }
    }

    /// The list this makes of another, by the rules of a list; priority 0 is its end.
    pub(crate) fn applied(self, list: &[u8]) -> List {
        let mut by_priority: List = list.iter().rev().copied().collect();
        match self {
            Self::Save => by_priority.insert(0, NEW),
            Self::Edit { from, to } => {
                let moved = by_priority.remove(from.into());
                by_priority.insert(to.into(), moved);
            }
            Self::Delete { priority } => drop(by_priority.remove(priority.into())),
            Self::EraseAll => by_priority.clear(),
            Self::Replace { priority } => {
                by_priority.remove(priority.into());
                by_priority.insert(0, self.candidate(list));
            }
        }
        by_priority.reverse();
        by_priority
    }

    /// Whether a list is the new one and what that takes the place of, at its old place.
    pub(crate) fn has_left_the_old(self, before: &[u8], after: &[u8]) -> bool {
        match self {
            Self::Replace { .. } => {
                let new = after.split_last();
                new.is_some_and(|(&new, old)| new == self.candidate(before) && old == before)
            }
            _ => false,
        }
    }

    /// Whether a list part of the way is an honest one: an erasure takes one network after the
    /// other, and each that is gone was to go.
    pub(crate) fn may_be_partly_done(self) -> bool {
        matches!(self, Self::EraseAll)
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Save => f.write_str("save"),
            Self::Edit { from, to } => write!(f, "edit {from} to {to}"),
            Self::Delete { priority } => write!(f, "delete {priority}"),
            Self::EraseAll => f.write_str("erase all"),
            Self::Replace { priority } => write!(f, "replace {priority}"),
        }
    }
}
