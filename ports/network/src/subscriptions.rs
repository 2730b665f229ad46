//! Who wants to hear of networks, and what each of them has been told.
//!
//! A state is a value and not an event: what waits to be told is the difference between the value
//! and what a subscriber knows, so nothing can overflow. Changes that follow each other before a
//! subscriber's turn are one, with one exception: a connection that was lost is always told, also
//! when it is back.

use crate::network::{Network, Networks, State};

/// How many subscriptions there can be. Policy when full: the new one is refused.
pub const SUBSCRIPTIONS: usize = 5;

/// Bits of a number that hold the slot.
const SLOT_BITS: u32 = 3;

/// Names one subscription; no later one has the same name.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Subscription {
    slot: u8,
    number: u32,
}

impl Subscription {
    /// Never zero.
    #[must_use]
    pub const fn to_number(self) -> u32 {
        (self.number << SLOT_BITS) | (self.slot as u32).wrapping_add(1)
    }

    /// What [`to_number`](Self::to_number) gave.
    #[must_use]
    pub const fn from_number(number: u32) -> Self {
        let slot = number & ((1 << SLOT_BITS) - 1);
        Self {
            // Zero stands for no slot at all.
            slot: (slot as u8).wrapping_sub(1),
            number: number >> SLOT_BITS,
        }
    }
}

/// Why a subscription was not made.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SubscribeError {
    /// There are [`SUBSCRIPTIONS`] already.
    Full,
    /// None of the networks is known here, so there would never be anything to tell.
    NoNetwork,
}

/// One thing to tell.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Notification<C> {
    /// Whom.
    pub subscription: Subscription,
    /// How.
    pub callback: C,
    /// Which network.
    pub network: Network,
    /// What it is at.
    pub state: State,
}

/// What a subscriber knows of a network.
#[derive(Clone, Copy, Default)]
struct Known {
    state: State,
    /// It knows of a connection that was lost meanwhile.
    lost: bool,
}

struct Slot<C> {
    number: u32,
    networks: Networks,
    callback: C,
    known: [Known; Network::ALL.len()],
}

/// All subscriptions.
pub(crate) struct Subscriptions<C> {
    slots: [Option<Slot<C>>; SUBSCRIPTIONS],
    /// Of the latest subscription; wraps after half a billion.
    number: u32,
    /// The slot after the one that was told last: its turn is next.
    turn: usize,
}

impl<C: Copy> Subscriptions<C> {
    pub(crate) const fn new() -> Self {
        Self {
            slots: [const { None }; SUBSCRIPTIONS],
            number: 0,
            turn: 0,
        }
    }

    /// Adds one, which knows the present `states`.
    pub(crate) fn add(
        &mut self,
        networks: Networks,
        callback: C,
        states: [State; Network::ALL.len()],
    ) -> Result<Subscription, SubscribeError> {
        if networks.is_empty() {
            return Err(SubscribeError::NoNetwork);
        }
        let number = self.number.wrapping_add(1) & (u32::MAX >> SLOT_BITS);
        let (slot, place) = (0..)
            .zip(&mut self.slots)
            .find(|(_, place)| place.is_none())
            .ok_or(SubscribeError::Full)?;
        *place = Some(Slot {
            number,
            networks,
            callback,
            known: states.map(|state| Known { state, lost: false }),
        });
        self.number = number;
        Ok(Subscription { slot, number })
    }

    /// Removes one; false when it is not there.
    pub(crate) fn remove(&mut self, subscription: Subscription) -> bool {
        let place = self.slots.get_mut(usize::from(subscription.slot));
        place.is_some_and(|place| {
            place
                .take_if(|slot| slot.number == subscription.number)
                .is_some()
        })
    }

    /// A connection was lost.
    pub(crate) fn lost(&mut self, network: Network) {
        for slot in self.slots.iter_mut().flatten() {
            for (_, known) in Network::ALL
                .iter()
                .zip(&mut slot.known)
                .filter(|(one, _)| **one == network)
            {
                known.lost = known.state == State::Connected;
            }
        }
    }

    /// Takes out the next thing to tell: the slots in turn, and for each the networks in order.
    pub(crate) fn next(&mut self, states: [State; Network::ALL.len()]) -> Option<Notification<C>> {
        let mut places = (0..SUBSCRIPTIONS).flat_map(|slot| {
            let networks = Network::ALL.into_iter().zip(states).zip(0..);
            networks.map(move |((network, state), index)| Place {
                slot,
                network,
                index,
                state,
            })
        });
        let later = places.clone().skip(self.turn);
        let mut turns = (self.turn..)
            .zip(later)
            .chain((0..self.turn).zip(&mut places));
        turns.find_map(|(turn, place)| {
            let slot = self.slots.get_mut(place.slot)?.as_mut()?;
            let known = slot.known.get_mut(place.index)?;
            if !slot.networks.contains(place.network) {
                return None;
            }
            let state = known.learn(place.state)?;
            // A connection that is back is told right after its loss; else it is the next one's turn.
            self.turn = if known.state == place.state {
                turn.saturating_add(1)
            } else {
                turn
            };
            Some(Notification {
                subscription: Subscription {
                    slot: u8::try_from(place.slot).unwrap_or(u8::MAX),
                    number: slot.number,
                },
                callback: slot.callback,
                network: place.network,
                state,
            })
        })
    }
}

/// One network as one slot sees it.
#[derive(Clone, Copy)]
struct Place {
    slot: usize,
    network: Network,
    index: usize,
    state: State,
}

impl Known {
    /// What to tell a subscriber that knows this when the network is at `now`.
    fn learn(&mut self, now: State) -> Option<State> {
        let told = match (self.lost, now) {
            (true, State::Connected) => State::Enabled,
            _ if self.state == now => return None,
            _ => now,
        };
        *self = Self {
            state: told,
            lost: false,
        };
        Some(told)
    }
}

#[cfg(test)]
#[path = "subscriptions_tests.rs"]
mod tests;
