#![allow(clippy::arithmetic_side_effects, reason = "tests")]

use proptest::prelude::*;
use std::vec::Vec;

use super::*;
use crate::preference::STEADY;

fn at(milliseconds: u64) -> Instant {
    Instant::from_millis(milliseconds)
}

/// All that can be told now.
fn told(manager: &mut Manager<char>) -> Vec<(char, Network, State)> {
    core::iter::from_fn(|| {
        let one = manager.next_to_tell()?;
        manager.told();
        Some((one.callback, one.network, one.state))
    })
    .collect()
}

fn input(manager: &mut Manager<char>, input: Input, now: Instant) -> Option<Network> {
    let mut last = None;
    manager.input(input, now, |best| last = best);
    last
}

#[test]
fn a_connection_counts_while_its_network_is_enabled() {
    let mut manager = Manager::<char>::new();
    assert_eq!(
        input(&mut manager, Input::Connected(Network::Wifi), at(0)),
        None
    );
    assert_eq!(manager.state(Network::Wifi), State::Disabled);
    assert_eq!(
        manager.enable(Network::Wifi, true, at(1)),
        Some(Network::Wifi)
    );
    assert_eq!(manager.networks_at(State::Connected).mask(), 1);
    assert_eq!(manager.networks_at(State::Disabled).mask(), 2);
    assert_eq!(manager.enable(Network::Wifi, false, at(2)), None);
}

#[test]
fn switching_on_and_off_is_told_as_well() {
    let mut manager = Manager::new();
    manager.subscribe(Networks::ALL, 'a').unwrap();
    manager.enable(Network::Ble, true, at(0));
    assert_eq!(told(&mut manager), [('a', Network::Ble, State::Enabled)]);
    manager.enable(Network::Ble, false, at(1));
    assert_eq!(told(&mut manager), [('a', Network::Ble, State::Disabled)]);
}

#[test]
fn another_address_is_another_connection() {
    let mut manager = Manager::new();
    manager.enable(Network::Wifi, true, at(0));
    manager.subscribe(Networks::ALL, 'a').unwrap();
    input(&mut manager, Input::Connected(Network::Wifi), at(1));
    assert_eq!(told(&mut manager), [('a', Network::Wifi, State::Connected)]);
    let mut steps = Vec::new();
    manager.input(Input::Connected(Network::Wifi), at(2), |best| {
        steps.push(best)
    });
    assert_eq!(steps, [None, Some(Network::Wifi)]);
    assert_eq!(
        told(&mut manager),
        [
            ('a', Network::Wifi, State::Enabled),
            ('a', Network::Wifi, State::Connected)
        ]
    );
}

#[test]
fn a_removed_subscription_is_told_nothing_more() {
    let mut manager = Manager::new();
    let subscription = manager.subscribe(Networks::ALL, 'a').unwrap();
    manager.enable(Network::Wifi, true, at(0));
    manager.enable(Network::Ble, true, at(0));
    let first = manager.next_to_tell().unwrap();
    assert!(manager.is_telling(first.subscription));
    assert!(manager.unsubscribe(subscription));
    assert!(manager.is_telling(subscription), "its call goes on");
    manager.told();
    assert!(!manager.is_telling(subscription));
    assert_eq!(told(&mut manager), []);
}

#[test]
fn visits_are_counted_once_each() {
    let mut manager = Manager::<char>::new();
    for busy in [true, true, false, true, false, false] {
        manager.input(Input::PhoneBusy(busy), at(0), |_| ());
    }
    assert_eq!(manager.view().visits, 2);
}

#[derive(Clone, Copy, Debug)]
enum Event {
    Input(Input),
    Enable(Network, bool),
    Pass(u64),
    Tell,
}

fn network() -> impl Strategy<Value = Network> {
    prop_oneof![Just(Network::Wifi), Just(Network::Ble)]
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let event = prop_oneof![
        network().prop_map(|one| Event::Input(Input::Connected(one))),
        network().prop_map(|one| Event::Input(Input::Disconnected(one))),
        network().prop_map(|one| Event::Input(Input::Lost(one))),
        any::<bool>().prop_map(|busy| Event::Input(Input::PhoneBusy(busy))),
        (network(), any::<bool>()).prop_map(|(one, on)| Event::Enable(one, on)),
        (0_u64..8000).prop_map(Event::Pass),
        Just(Event::Tell),
    ];
    proptest::collection::vec(event, 0..120)
}

/// A plain model: two switches a network, and nothing remembered.
#[derive(Default)]
struct Model {
    enabled: [bool; 2],
    connected: [bool; 2],
}

impl Model {
    fn take(&mut self, event: Event) {
        let place = |network| usize::from(network == Network::Ble);
        match event {
            Event::Input(Input::Connected(one)) => self.connected[place(one)] = true,
            Event::Input(Input::Disconnected(one) | Input::Lost(one)) => {
                self.connected[place(one)] = false
            }
            Event::Enable(one, on) => self.enabled[place(one)] = on,
            Event::Input(Input::PhoneBusy(_)) | Event::Pass(_) | Event::Tell => {}
        }
    }

    fn states(&self) -> [State; 2] {
        core::array::from_fn(|at| match (self.enabled[at], self.connected[at]) {
            (false, _) => State::Disabled,
            (true, false) => State::Enabled,
            (true, true) => State::Connected,
        })
    }

    fn best(&self) -> Option<Network> {
        let states = Network::ALL.into_iter().zip(self.states());
        let mut connected = states.filter(|(_, state)| *state == State::Connected);
        connected.next().map(|(network, _)| network)
    }
}

proptest! {
    #[test]
    fn data_goes_where_it_can_and_at_rest_where_it_should(events in events()) {
        let mut manager = Manager::<char>::new();
        let mut model = Model::default();
        let mut now = 0;
        let mut best = None;
        let mut known = [State::Disabled; 2];
        manager.subscribe(Networks::ALL, 'a').unwrap();
        for event in events {
            model.take(event);
            match event {
                Event::Input(input) => manager.input(input, at(now), |one| best = one),
                Event::Enable(network, on) => best = manager.enable(network, on, at(now)),
                Event::Pass(milliseconds) => {
                    now += milliseconds;
                    best = manager.look(at(now));
                }
                Event::Tell => for (_, network, state) in told(&mut manager) {
                    let known = &mut known[usize::from(network == Network::Ble)];
                    prop_assert_ne!(*known, state, "the same twice");
                    *known = state;
                },
            }
            let states = Network::ALL.map(|one| manager.state(one));
            prop_assert_eq!(states, model.states());
            // Whatever carries data is connected, and data is carried when anything is.
            prop_assert!(best.is_none_or(|one| manager.state(one) == State::Connected));
            prop_assert_eq!(best.is_none(), model.best().is_none());
            // Only WiFi that has yet to last is kept waiting, and not for long.
            if best != model.best() {
                prop_assert!(manager.due().is_some_and(|due| due > at(now) && due <= at(now) + STEADY));
            }
        }
        // At rest it is the best one, and everybody knows.
        now += STEADY.as_millis();
        prop_assert_eq!(manager.look(at(now)), model.best());
        for (_, network, state) in told(&mut manager) {
            known[usize::from(network == Network::Ble)] = state;
        }
        prop_assert_eq!(known, model.states());
        prop_assert_eq!(manager.due(), None);
    }
}
