#![allow(clippy::arithmetic_side_effects, reason = "tests")]

use core::pin::pin;
use core::task::{Context, Waker};
use std::cell::RefCell;
use std::vec::Vec;

use super::*;
use crate::preference::STEADY;
use crate::virtual_time::{advance, clock, pass, settle};
use embassy_time::Duration;

type Told = (char, Network, State);

fn hub() -> (&'static Hub<char>, &'static Choice) {
    let choice: &'static Choice = std::boxed::Box::leak(std::boxed::Box::new(Choice::new()));
    let hub: &'static Hub<char> = std::boxed::Box::leak(std::boxed::Box::new(Hub::new(choice)));
    for network in Network::ALL {
        hub.enable(network, true);
    }
    (hub, choice)
}

#[test]
fn wifi_that_lasts_takes_over_without_any_input() {
    let _clock = clock();
    let (hub, choice) = hub();
    let links = choice.links();
    let mut run = pin!(hub.run(|_| ()));
    hub.input(Input::Connected(Network::Ble));
    settle(&mut run);
    assert_eq!(links.best(), Some(Network::Ble));
    let mut changed = pin!(links.changed());
    assert!(settle(&mut changed).is_some());
    hub.input(Input::Connected(Network::Wifi));
    pass(&mut run, STEADY - Duration::from_millis(200));
    assert_eq!(links.best(), Some(Network::Ble));
    pass(&mut run, Duration::from_millis(300));
    assert_eq!(links.best(), Some(Network::Wifi));
    hub.input(Input::Disconnected(Network::Wifi));
    assert_eq!(links.best(), Some(Network::Ble), "at once");
}

#[test]
fn a_subscription_is_given_away_before_it_counts_and_only_when_there_is_one() {
    let _clock = clock();
    let (hub, _) = hub();
    let mut given = None;
    let subscribed = hub.subscribe_and(Networks::ALL, 'a', |one| given = Some(one));
    assert_eq!(subscribed.ok(), given);
    assert!(given.is_some());
    let none = hub.subscribe_and(Networks::from_mask(0), 'b', |_| panic!("there is none"));
    assert!(none.is_err());
}

#[test]
fn a_callback_may_do_anything_here() {
    let _clock = clock();
    let (hub, _) = hub();
    let told = RefCell::new(Vec::<Told>::new());
    let first = hub.subscribe(Networks::ALL, 'a').unwrap();
    let mut run = pin!(hub.run(|one| {
        told.borrow_mut()
            .push((one.callback, one.network, one.state));
        if one.callback == 'a' {
            // Itself, another one, a network, an input.
            assert!(hub.unsubscribe(first));
            hub.subscribe(Networks::ALL, 'b').unwrap();
            hub.enable(Network::Ble, false);
            hub.input(Input::Disconnected(Network::Wifi));
        }
    }));
    hub.input(Input::Connected(Network::Wifi));
    settle(&mut run);
    assert_eq!(
        *told.borrow(),
        [
            ('a', Network::Wifi, State::Connected),
            // In turns: after WiFi in this slot comes BLE.
            ('b', Network::Ble, State::Disabled),
            ('b', Network::Wifi, State::Enabled),
        ]
    );
}

#[test]
fn who_unsubscribes_can_wait_for_a_call_that_is_under_way() {
    let _clock = clock();
    let (hub, _) = hub();
    let subscription = hub.subscribe(Networks::ALL, 'a').unwrap();
    let mut calls = 0;
    {
        let mut run = pin!(hub.run(|one| {
            calls += 1;
            assert!(hub.unsubscribe(one.subscription));
            let mut returned = pin!(hub.returned(one.subscription));
            let mut context = Context::from_waker(Waker::noop());
            assert!(returned.as_mut().poll(&mut context).is_pending());
        }));
        hub.input(Input::Connected(Network::Wifi));
        hub.input(Input::Connected(Network::Ble));
        settle(&mut run);
    }
    assert!(settle(&mut pin!(hub.returned(subscription))).is_some());
    assert_eq!(calls, 1, "nothing is told after unsubscribing");
}

#[test]
fn any_number_of_events_leaves_the_state_right() {
    let _clock = clock();
    let (hub, choice) = hub();
    let told = RefCell::new(Vec::<Told>::new());
    hub.subscribe(Networks::from_mask(1), 'a').unwrap();
    let mut run = pin!(hub.run(|one| {
        told.borrow_mut()
            .push((one.callback, one.network, one.state))
    }));
    settle(&mut run);
    for _ in 0..1000 {
        hub.input(Input::Connected(Network::Wifi));
        hub.input(Input::Disconnected(Network::Wifi));
    }
    hub.input(Input::Connected(Network::Wifi));
    advance(Duration::from_millis(1));
    settle(&mut run);
    assert_eq!(*told.borrow(), [('a', Network::Wifi, State::Connected)]);
    assert_eq!(choice.best(), Some(Network::Wifi));
}
