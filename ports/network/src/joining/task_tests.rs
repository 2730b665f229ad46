#![allow(clippy::arithmetic_side_effects, reason = "tests")]

use core::pin::pin;
use std::cell::{Cell, RefCell};
use std::vec::Vec;

use super::*;
use crate::choice::Choice;
use crate::hub::Hub;
use crate::joining::limits::{FIRST_PAUSE, LONGEST_PAUSE};
use crate::manager::Input;
use crate::network::Network;
use crate::virtual_time::{advance, clock, pass, settle};
use embassy_time::Duration;

/// Three saved networks, some of them in reach.
struct Places {
    hub: Hub<char>,
    in_reach: Cell<[bool; 3]>,
    tried: RefCell<Vec<u16>>,
    joins: Cell<u32>,
}

impl Places {
    fn new(in_reach: [bool; 3]) -> Self {
        let choice = std::boxed::Box::leak(std::boxed::Box::new(Choice::new()));
        Self {
            hub: Hub::new(choice),
            in_reach: Cell::new(in_reach),
            tried: RefCell::new(Vec::new()),
            joins: Cell::new(0),
        }
    }

    fn take_tried(&self) -> Vec<u16> {
        self.tried.take()
    }
}

impl SavedNetworks for Places {
    fn count(&self) -> u16 {
        3
    }

    fn join(&self, index: u16) -> Outcome {
        assert_eq!(self.joins.replace(1), 0, "two joins at once");
        self.tried.borrow_mut().push(index);
        advance(Duration::from_millis(500));
        let joined = self.in_reach.get()[usize::from(index)];
        if joined {
            self.hub.input(Input::Connected(Network::Wifi));
        }
        self.joins.set(0);
        if joined {
            Outcome::Joined
        } else {
            Outcome::NotJoined
        }
    }
}

#[test]
fn the_next_one_is_joined_when_one_goes_dark_and_all_are_tried_for_ever() {
    let _clock = clock();
    let places = Places::new([true, true, false]);
    assert_eq!(places.hub.joining.start(), Started::Spawn);
    let mut run = pin!(places.hub.joining.run(|| places.hub.view(), &places));
    settle(&mut run);
    assert_eq!(places.take_tried(), [0]);
    pass(&mut run, LONGEST_PAUSE);
    assert_eq!(places.take_tried(), [], "it stays");

    places.in_reach.set([false, true, false]);
    places.hub.input(Input::Disconnected(Network::Wifi));
    settle(&mut run);
    assert_eq!(places.take_tried(), [0, 1]);
    pass(&mut run, LONGEST_PAUSE);

    places.in_reach.set([false; 3]);
    places.hub.input(Input::Disconnected(Network::Wifi));
    pass(&mut run, LONGEST_PAUSE * 10);
    let tried = places.take_tried();
    assert!(tried.len() > 3 * 8, "{tried:?}");
    assert!(
        tried.chunks(3).all(|pass| [0, 1, 2].starts_with(pass)),
        "{tried:?}"
    );

    places.in_reach.set([false, false, true]);
    pass(&mut run, LONGEST_PAUSE + FIRST_PAUSE);
    assert!(places.hub.view().connected);
}

#[test]
fn it_ends_when_told_and_can_begin_again() {
    let _clock = clock();
    let places = Places::new([false; 3]);
    let joining = &places.hub.joining;
    assert!(settle(&mut pin!(joining.ended())).is_some(), "nothing runs");
    assert_eq!(joining.start(), Started::Spawn);
    assert_eq!(joining.start(), Started::Running);
    let mut run = pin!(joining.run(|| places.hub.view(), &places));
    assert!(settle(&mut run).is_none());
    joining.stop();
    let mut ended = pin!(joining.ended());
    assert!(settle(&mut ended).is_none(), "not before it knows");
    // Taken back in time: it goes on.
    assert_eq!(joining.start(), Started::Running);
    assert!(pass(&mut run, FIRST_PAUSE).is_none());
    joining.stop();
    assert!(settle(&mut run).is_some());
    assert!(settle(&mut ended).is_some());
    assert_eq!(joining.start(), Started::Spawn);
}

#[test]
fn told_to_end_it_tries_nothing_more() {
    let _clock = clock();
    let places = Places::new([false; 3]);
    let joining = &places.hub.joining;
    joining.start();
    joining.stop();
    assert!(settle(&mut pin!(joining.run(|| places.hub.view(), &places))).is_some());
    assert_eq!(places.take_tried(), []);
}
