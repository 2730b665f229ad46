//! What is subscribed to.

use heapless::{String, Vec};

use super::TOPIC_MAX;
use crate::packet::{EncodeError, Qos, subscribe};

/// How many topic filters there can be.
pub const SUBSCRIPTIONS: usize = 4;

/// Why a topic filter was not taken.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SubscribeError {
    /// There are [`SUBSCRIPTIONS`] already.
    Full,
    /// The filter is empty, longer than [`TOPIC_MAX`], or not well-formed.
    Filter,
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum State {
    Wanted,
    /// Asked for, with that packet identifier.
    Asked(u16),
    Answered,
}

struct Subscription {
    filter: String<TOPIC_MAX>,
    qos: Qos,
    state: State,
}

pub(super) struct Subscriptions(Vec<Subscription, SUBSCRIPTIONS>);

impl Subscriptions {
    pub(super) const fn new() -> Self {
        Self(Vec::new())
    }

    /// Adds one, or asks for one again.
    pub(super) fn add(&mut self, filter: &str, qos: Qos) -> Result<(), SubscribeError> {
        check(filter)?;
        if let Some(known) = self.0.iter_mut().find(|known| known.filter == filter) {
            known.qos = qos;
            known.state = State::Wanted;
            return Ok(());
        }
        let filter = String::try_from(filter).map_err(|_| SubscribeError::Filter)?;
        self.0
            .push(Subscription {
                filter,
                qos,
                state: State::Wanted,
            })
            .map_err(|_| SubscribeError::Full)
    }

    pub(super) fn has_id(&self, id: u16) -> bool {
        self.0.iter().any(|known| known.state == State::Asked(id))
    }

    /// Writes the next SUBSCRIBE packet; its length.
    pub(super) fn send(&mut self, id: u16, out: &mut [u8]) -> Result<Option<usize>, EncodeError> {
        let Some(next) = self.0.iter_mut().find(|known| known.state == State::Wanted) else {
            return Ok(None);
        };
        let length = subscribe(out, id, &next.filter, next.qos)?;
        next.state = State::Asked(id);
        Ok(Some(length))
    }

    /// Whether this answers one of ours; once each, as some phones answer several times.
    pub(super) fn answered(&mut self, id: u16) -> bool {
        match self
            .0
            .iter_mut()
            .find(|known| known.state == State::Asked(id))
        {
            Some(known) => {
                known.state = State::Answered;
                true
            }
            None => false,
        }
    }

    /// All have to be asked for again.
    pub(super) fn rewind(&mut self) {
        for known in &mut self.0 {
            known.state = State::Wanted;
        }
    }
}

/// `+` is a whole level, `#` the last one.
fn check(filter: &str) -> Result<(), SubscribeError> {
    let mut levels = filter.split('/').peekable();
    let mut fine = !filter.is_empty() && !filter.contains('\0');
    while let Some(level) = levels.next() {
        fine &= !level.contains('+') || level == "+";
        fine &= !level.contains('#') || (level == "#" && levels.peek().is_none());
    }
    if fine {
        Ok(())
    } else {
        Err(SubscribeError::Filter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_checked() {
        for good in ["a", "a/b", "+", "#", "a/+/b", "a/#", "/"] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for bad in ["", "a+", "a/#/b", "#/a", "a/b#", "a\0"] {
            assert_eq!(check(bad), Err(SubscribeError::Filter), "{bad}");
        }
    }
}
