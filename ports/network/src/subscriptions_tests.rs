use std::vec::Vec;

use super::*;

const OFF: [State; 2] = [State::Disabled; 2];

fn told(
    subscriptions: &mut Subscriptions<char>,
    states: [State; 2],
) -> Vec<(char, Network, State)> {
    core::iter::from_fn(|| subscriptions.next(states))
        .map(|one| (one.callback, one.network, one.state))
        .collect()
}

#[test]
fn each_hears_of_its_networks_in_the_order_of_slots() {
    let mut subscriptions = Subscriptions::new();
    for (name, mask) in [('a', 1), ('b', 2), ('c', 3)] {
        subscriptions
            .add(Networks::from_mask(mask), name, OFF)
            .unwrap();
    }
    let states = [State::Connected, State::Enabled];
    assert_eq!(
        told(&mut subscriptions, states),
        [
            ('a', Network::Wifi, State::Connected),
            ('b', Network::Ble, State::Enabled),
            ('c', Network::Wifi, State::Connected),
            ('c', Network::Ble, State::Enabled),
        ]
    );
    assert_eq!(told(&mut subscriptions, states), []);
}

#[test]
fn a_connection_that_was_lost_is_told_also_when_it_is_back() {
    let mut subscriptions = Subscriptions::new();
    subscriptions.add(Networks::ALL, 'a', OFF).unwrap();
    let states = [State::Connected, State::Disabled];
    assert_eq!(told(&mut subscriptions, states).len(), 1);
    for _ in 0..3 {
        subscriptions.lost(Network::Wifi);
    }
    assert_eq!(
        told(&mut subscriptions, states),
        [
            ('a', Network::Wifi, State::Enabled),
            ('a', Network::Wifi, State::Connected)
        ]
    );
}

#[test]
fn a_connection_nobody_heard_of_is_lost_unheard() {
    let mut subscriptions = Subscriptions::new();
    subscriptions.add(Networks::ALL, 'a', OFF).unwrap();
    subscriptions.lost(Network::Ble);
    assert_eq!(told(&mut subscriptions, OFF), []);
}

#[test]
fn the_sixth_is_refused_and_a_removed_one_makes_room() {
    let mut subscriptions = Subscriptions::new();
    let all: Vec<_> = ('a'..='e')
        .map(|name| subscriptions.add(Networks::ALL, name, OFF).unwrap())
        .collect();
    assert_eq!(
        subscriptions.add(Networks::ALL, 'f', OFF),
        Err(SubscribeError::Full)
    );
    assert!(subscriptions.remove(all[2]));
    assert!(!subscriptions.remove(all[2]), "twice");
    let new = subscriptions.add(Networks::ALL, 'f', OFF).unwrap();
    assert_eq!(new.slot, all[2].slot);
    assert!(
        !subscriptions.remove(all[2]),
        "a name that is no longer used"
    );
    assert!(subscriptions.remove(new));
}

#[test]
fn networks_that_are_not_there_cannot_be_subscribed_to() {
    let ethernet = Networks::from_mask(4);
    let refused = Subscriptions::new().add(ethernet, 'a', OFF);
    assert_eq!(refused, Err(SubscribeError::NoNetwork));
}

#[test]
fn one_that_always_has_news_does_not_keep_others_from_theirs() {
    let mut subscriptions = Subscriptions::new();
    subscriptions.add(Networks::ALL, 'a', OFF).unwrap();
    subscriptions.add(Networks::ALL, 'b', OFF).unwrap();
    let mut heard = Vec::new();
    for round in 0..8 {
        let state = if round % 2 == 0 {
            State::Enabled
        } else {
            State::Disabled
        };
        heard.push(
            subscriptions
                .next([state, State::Disabled])
                .unwrap()
                .callback,
        );
    }
    assert!(heard.contains(&'b'), "{heard:?}");
}

#[test]
fn names_survive_the_way_through_a_number() {
    let mut subscriptions = Subscriptions::new();
    for name in ['a', 'b'] {
        let one = subscriptions.add(Networks::ALL, name, OFF).unwrap();
        assert_ne!(one.to_number(), 0);
        assert_eq!(Subscription::from_number(one.to_number()), one);
    }
    for wrong in [0, 7, u32::MAX] {
        assert!(!subscriptions.remove(Subscription::from_number(wrong)));
    }
}
