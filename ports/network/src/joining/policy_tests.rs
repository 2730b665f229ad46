#![allow(clippy::arithmetic_side_effects, clippy::panic, reason = "tests")]

use proptest::prelude::*;
use std::vec::Vec;

use super::limits::{FIRST_PAUSE, HELD, LONGEST_PAUSE, LOOK_AGAIN, PHONE_FIRST};
use super::*;

const AWAY: View = View {
    connected: false,
    connections: 0,
    lost: false,
    phone: false,
    visits: 0,
};

/// A device whose tries take a second each.
struct Device {
    joiner: Joiner,
    now: Instant,
    view: View,
    saved: u16,
}

impl Device {
    fn new(saved: u16) -> Self {
        Self {
            joiner: Joiner::new(&AWAY),
            now: Instant::from_secs(100),
            view: AWAY,
            saved,
        }
    }

    fn step(&mut self) -> Step {
        self.joiner.step(self.now, &self.view, || self.saved)
    }

    /// The network that is tried now, with what becomes of it.
    fn tries(&mut self, outcome: Outcome) -> u16 {
        let Step::Try { index, count } = self.step() else {
            panic!("nothing is tried");
        };
        assert_eq!(count, self.saved);
        self.now += Duration::from_secs(1);
        if outcome == Outcome::Joined {
            self.up();
        }
        self.joiner.tried(index, outcome, self.now);
        index
    }

    fn up(&mut self) {
        self.view.connected = true;
        self.view.connections += 1;
    }

    fn down(&mut self) {
        self.view.connected = false;
    }

    fn phone(&mut self, here: bool) {
        self.view.visits += u32::from(here);
        self.view.phone = here;
    }
}

#[test]
fn all_are_tried_in_order_and_pauses_double_up_to_the_longest() {
    let mut device = Device::new(3);
    let mut pauses = Vec::new();
    for _ in 0..9 {
        let pass: [u16; 3] = core::array::from_fn(|_| device.tries(Outcome::NotJoined));
        assert_eq!(pass, [0, 1, 2]);
        let Step::NoneJoined { pause, until } = device.step() else {
            panic!("no pause");
        };
        assert_eq!(device.step(), Step::Wait(Some(until)));
        assert_eq!(until, device.now + pause);
        pauses.push(pause.as_secs());
        device.now = until;
    }
    assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
}

#[test]
fn nothing_is_tried_while_wifi_is_connected() {
    let mut device = Device::new(3);
    device.up();
    assert_eq!(device.step(), Step::Wait(None));
    device.now += LONGEST_PAUSE;
    assert_eq!(device.step(), Step::Wait(None));
}

#[test]
fn after_a_good_connection_the_first_is_tried_again() {
    let mut device = Device::new(3);
    device.tries(Outcome::NotJoined);
    assert_eq!(device.tries(Outcome::Joined), 1);
    assert_eq!(device.step(), Step::Wait(None));
    device.now += HELD;
    device.down();
    assert_eq!(device.tries(Outcome::NotJoined), 0);
}

#[test]
fn a_network_that_does_not_hold_is_followed_by_the_next() {
    let mut device = Device::new(2);
    assert_eq!(device.tries(Outcome::Joined), 0);
    assert_eq!(device.step(), Step::Wait(None));
    device.now += HELD - Duration::from_millis(1);
    device.down();
    assert_eq!(device.tries(Outcome::NotJoined), 1);
}

#[test]
fn one_network_that_does_not_hold_is_not_tried_without_a_pause() {
    let mut device = Device::new(1);
    for _ in 0..4 {
        device.tries(Outcome::Joined);
        device.down();
        let pause = FIRST_PAUSE;
        let until = device.now + pause;
        assert_eq!(device.step(), Step::NoneJoined { pause, until });
        device.now = until;
    }
}

#[test]
fn a_join_whose_connection_is_yet_to_be_told_is_not_tried_again_at_once() {
    let mut device = Device::new(1);
    let Step::Try { index, .. } = device.step() else {
        panic!("nothing is tried")
    };
    device.joiner.tried(index, Outcome::Joined, device.now);
    assert_eq!(device.step(), Step::Wait(Some(device.now + FIRST_PAUSE)));
    device.up();
    assert_eq!(device.step(), Step::Wait(None));
}

#[test]
fn a_phone_that_was_quicker_is_left_alone() {
    let mut device = Device::new(2);
    device.tries(Outcome::AlreadyConnected);
    device.up();
    assert_eq!(device.step(), Step::Wait(None));
}

#[test]
fn the_lack_of_networks_is_said_once_and_looked_at_again() {
    let mut device = Device::new(0);
    let until = device.now + LOOK_AGAIN;
    assert_eq!(device.step(), Step::NothingSaved { until });
    assert_eq!(device.step(), Step::Wait(Some(until)));
    device.saved = 1;
    assert_eq!(device.tries(Outcome::NotJoined), 0);
    device.step();
    device.saved = 0;
    assert!(matches!(device.step(), Step::NothingSaved { .. }));
}

#[test]
fn a_phone_goes_first_but_not_for_ever() {
    let mut device = Device::new(2);
    device.phone(true);
    let until = device.now + PHONE_FIRST;
    assert_eq!(device.step(), Step::Wait(Some(until)));
    device.now = until;
    assert_eq!(device.tries(Outcome::NotJoined), 0);
    assert_eq!(
        device.tries(Outcome::NotJoined),
        1,
        "it stays, and is no longer waited for"
    );
}

#[test]
fn a_phone_that_is_here_is_not_waited_for_when_the_network_goes_by_itself() {
    for lost in [true, false] {
        let mut device = Device::new(1);
        device.tries(Outcome::Joined);
        device.step();
        device.phone(true);
        device.now += HELD;
        device.view.lost = lost;
        device.down();
        let waits = Step::Wait(Some(device.now + PHONE_FIRST));
        assert_eq!(device.step() == waits, !lost);
    }
}

#[test]
fn a_phone_that_has_left_may_have_changed_what_is_saved() {
    let mut device = Device::new(1);
    for _ in 0..6 {
        device.tries(Outcome::NotJoined);
        let Step::NoneJoined { until, .. } = device.step() else {
            panic!("no pause")
        };
        device.now = until;
    }
    device.tries(Outcome::NotJoined);
    device.step();
    device.phone(true);
    assert!(matches!(device.step(), Step::Wait(Some(_))));
    device.phone(false);
    device.saved = 2;
    assert_eq!(device.tries(Outcome::NotJoined), 0);
    assert_eq!(device.tries(Outcome::NotJoined), 1);
    let pause = FIRST_PAUSE;
    let until = device.now + pause;
    assert_eq!(device.step(), Step::NoneJoined { pause, until });
}

#[test]
fn a_phone_that_keeps_coming_does_not_keep_us_from_ever_trying() {
    let mut device = Device::new(1);
    let start = device.now;
    loop {
        device.phone(true);
        match device.step() {
            Step::Try { .. } => break,
            step => assert!(matches!(step, Step::Wait(Some(_))), "{step:?}"),
        }
        device.now += Duration::from_secs(7);
        // Gone and back between two looks.
        device.phone(false);
    }
    assert!(device.now - start <= PHONE_FIRST + Duration::from_secs(7));
}

#[derive(Clone, Copy, Debug)]
enum Event {
    Pass(u64),
    Up,
    Down,
    Phone(bool),
    Saved(u16),
    Look(Outcome),
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let outcome = prop_oneof![
        1 => Just(Outcome::Joined),
        3 => Just(Outcome::NotJoined),
        1 => Just(Outcome::AlreadyConnected)
    ];
    let event = prop_oneof![
        1 => (0_u64..40_000).prop_map(Event::Pass),
        1 => Just(Event::Up),
        1 => Just(Event::Down),
        1 => any::<bool>().prop_map(Event::Phone),
        1 => (0_u16..4).prop_map(Event::Saved),
        4 => outcome.prop_map(Event::Look),
    ];
    proptest::collection::vec(event, 0..200)
}

proptest! {
    #[test]
    fn whatever_happens_it_goes_on_in_bounded_time(events in events()) {
        let mut device = Device::new(3);
        for event in events {
            match event {
                Event::Pass(milliseconds) => device.now += Duration::from_millis(milliseconds),
                Event::Up => device.up(),
                Event::Down => device.down(),
                Event::Phone(here) if here == device.view.phone => {}
                Event::Phone(here) => device.phone(here),
                Event::Saved(saved) => device.saved = saved,
                Event::Look(outcome) => match device.step() {
                    Step::Try { index, count } => {
                        prop_assert!(!device.view.connected, "a connection was put at risk");
                        prop_assert!(index < count && count == device.saved);
                        if outcome == Outcome::Joined {
                            device.up();
                        }
                        device.joiner.tried(index, outcome, device.now);
                    }
                    Step::Wait(None) => prop_assert!(device.view.connected),
                    Step::Wait(Some(until)) | Step::NoneJoined { until, .. } | Step::NothingSaved { until } => {
                        prop_assert!(until > device.now && until <= device.now + LONGEST_PAUSE);
                    }
                },
            }
        }
        // Left alone and away from every network, each saved one is tried before long.
        device.down();
        device.saved = 3;
        let end = device.now + LONGEST_PAUSE + PHONE_FIRST + Duration::from_secs(10);
        let mut tried = [false; 3];
        while tried != [true; 3] {
            prop_assert!(device.now < end, "not all were tried: {tried:?}");
            match device.step() {
                Step::Try { index, .. } => {
                    tried[usize::from(index)] = true;
                    device.now += Duration::from_secs(1);
                    device.joiner.tried(index, Outcome::NotJoined, device.now);
                }
                Step::Wait(Some(until)) | Step::NoneJoined { until, .. } | Step::NothingSaved { until } => device.now = until,
                Step::Wait(None) => prop_assert!(false, "it waits for ever"),
            }
        }
    }
}
