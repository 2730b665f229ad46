//! The state of each network, and what follows from it. No I/O and no clock.

use embassy_time::Instant;

use crate::network::{Network, Networks, State};
use crate::preference::Preference;
use crate::subscriptions::{Notification, SubscribeError, Subscription, Subscriptions};

/// What the platform tells.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Input {
    /// WiFi joined a network and has an address, or a phone opened the data-transfer channel of
    /// MQTT: see [`Network`]. Told of a network that is connected already it means another
    /// connection, as when WiFi has another address: the former counts as lost.
    Connected(Network),
    /// The connection is gone, because somebody here asked for that.
    Disconnected(Network),
    /// The connection is gone by itself.
    Lost(Network),
    /// A phone is here and has proved who it is: it may be about to change what is saved, or to
    /// switch WiFi to another network. One that only carries MQTT is not busy.
    PhoneBusy(bool),
}

/// What joining looks at. Counters wrap; they show what came and went between two looks.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct View {
    /// WiFi is connected.
    pub connected: bool,
    /// How often WiFi has been connected.
    pub connections: u32,
    /// The last connection of WiFi ended by itself.
    pub lost: bool,
    /// A phone is busy.
    pub phone: bool,
    /// How often a phone has come to be busy.
    pub visits: u32,
}

#[derive(Clone, Copy, Default)]
struct Condition {
    enabled: bool,
    /// What the platform says; it counts while the network is enabled.
    connected: bool,
}

impl Condition {
    const NEW: Self = Self {
        enabled: false,
        connected: false,
    };

    fn state(self) -> State {
        match (self.enabled, self.connected) {
            (false, _) => State::Disabled,
            (true, false) => State::Enabled,
            (true, true) => State::Connected,
        }
    }
}

/// The networks of one device. `C` is how a subscriber is called.
pub struct Manager<C> {
    wifi: Condition,
    ble: Condition,
    preference: Preference,
    subscriptions: Subscriptions<C>,
    /// The subscription that is being told something.
    telling: Option<Subscription>,
    view: View,
}

impl<C: Copy> Manager<C> {
    /// All networks disabled.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            wifi: Condition::NEW,
            ble: Condition::NEW,
            preference: Preference::new(),
            subscriptions: Subscriptions::new(),
            telling: None,
            view: View {
                connected: false,
                connections: 0,
                lost: false,
                phone: false,
                visits: 0,
            },
        }
    }

    /// Takes in what the platform tells. `best` is given what carries data after each step of it.
    pub fn input(&mut self, input: Input, now: Instant, mut best: impl FnMut(Option<Network>)) {
        match input {
            Input::PhoneBusy(phone) => {
                if phone && !self.view.phone {
                    self.view.visits = self.view.visits.wrapping_add(1);
                }
                self.view.phone = phone;
            }
            Input::Disconnected(network) | Input::Lost(network) => {
                if network == Network::Wifi {
                    self.view.lost = matches!(input, Input::Lost(_));
                }
                best(self.change(network, now, |one| one.connected = false));
            }
            Input::Connected(network) => {
                best(self.change(network, now, |one| one.connected = false));
                best(self.change(network, now, |one| one.connected = true));
                if network == Network::Wifi {
                    self.view.connections = self.view.connections.wrapping_add(1);
                }
            }
        }
        self.view.connected = self.wifi.connected;
    }

    /// A network was switched on or off; gives what carries data now.
    pub fn enable(&mut self, network: Network, enabled: bool, now: Instant) -> Option<Network> {
        self.change(network, now, |one| one.enabled = enabled)
    }

    fn change(
        &mut self,
        network: Network,
        now: Instant,
        change: impl FnOnce(&mut Condition),
    ) -> Option<Network> {
        let one = match network {
            Network::Wifi => &mut self.wifi,
            Network::Ble => &mut self.ble,
        };
        let before = one.state();
        change(one);
        let state = one.state();
        if before == State::Connected && state != State::Connected {
            self.subscriptions.lost(network);
        }
        self.preference.set(network, state == State::Connected, now)
    }

    /// Gives what carries data now; to be asked when [`due`](Self::due).
    pub fn look(&mut self, now: Instant) -> Option<Network> {
        self.preference.look(now)
    }

    /// When [`look`](Self::look) may give something else without any input.
    #[must_use]
    pub fn due(&self) -> Option<Instant> {
        self.preference.due()
    }

    /// What a network is at.
    #[must_use]
    pub fn state(&self, network: Network) -> State {
        match network {
            Network::Wifi => self.wifi.state(),
            Network::Ble => self.ble.state(),
        }
    }

    /// The networks that are at a state.
    #[must_use]
    pub fn networks_at(&self, state: State) -> Networks {
        let all = Network::ALL.into_iter();
        all.filter(|one| self.state(*one) == state)
            .fold(Networks::NONE, Networks::with)
    }

    /// What joining looks at.
    #[must_use]
    pub fn view(&self) -> View {
        self.view
    }

    /// Adds a subscription. It hears of changes from now on, not of what is so already.
    ///
    /// # Errors
    ///
    /// See [`SubscribeError`].
    pub fn subscribe(
        &mut self,
        networks: Networks,
        callback: C,
    ) -> Result<Subscription, SubscribeError> {
        let states = Network::ALL.map(|network| self.state(network));
        self.subscriptions.add(networks, callback, states)
    }

    /// Removes a subscription: nothing more is taken out for it. False when it is not there. A call
    /// that is under way goes on: see [`is_telling`](Self::is_telling).
    pub fn unsubscribe(&mut self, subscription: Subscription) -> bool {
        self.subscriptions.remove(subscription)
    }

    /// Takes out the next thing to tell. Until [`told`](Self::told) its subscription is being told.
    pub fn next_to_tell(&mut self) -> Option<Notification<C>> {
        let states = Network::ALL.map(|network| self.state(network));
        let next = self.subscriptions.next(states)?;
        self.telling = Some(next.subscription);
        Some(next)
    }

    /// The call is over.
    pub fn told(&mut self) {
        self.telling = None;
    }

    /// Whether a subscription is being told something.
    #[must_use]
    pub fn is_telling(&self, subscription: Subscription) -> bool {
        self.telling == Some(subscription)
    }
}

impl<C: Copy> Default for Manager<C> {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
#[path = "manager_tests.rs"]
mod tests;
