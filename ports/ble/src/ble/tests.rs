//! The application's side, against a BLE task that the test plays.

extern crate std;

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, Waker};
use std::boxed::Box;
use std::cell::Cell;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::vec::Vec;

use embassy_time::{Duration, Instant, MockDriver};

use super::*;
use crate::channel::MTU_MIN;
use crate::pairing::Question;

const ID: ChannelId = ChannelId::Provisioning;

/// Threads as tasks; one that waits counts itself.
struct Threads {
    waiting: AtomicUsize,
}

/// Time is one for all tests of this process: those that wait take turns.
pub(crate) static TIME: Mutex<()> = Mutex::new(());

std::thread_local!(static NAME: Cell<u8> = const { Cell::new(0) });

impl Tasks for Threads {
    fn current(&self) -> usize {
        NAME.with(|name| core::ptr::from_ref(name).addr())
    }

    fn block_on(&self, mut future: Pin<&mut dyn Future<Output = ()>>) {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        let mut context = Context::from_waker(Waker::noop());
        while future.as_mut().poll(&mut context) == Poll::Pending {
            thread::yield_now();
        }
        self.waiting.fetch_sub(1, Ordering::SeqCst);
    }
}

#[derive(Default)]
struct Heard(Mutex<Vec<std::string::String>>);

impl Heard {
    fn take(&self) -> Vec<std::string::String> {
        core::mem::take(&mut self.0.lock().unwrap())
    }
}

impl Listener for Heard {
    fn event(&self, _: ChannelId, event: ChannelEvent<'_>) {
        self.0.lock().unwrap().push(std::format!("{event:?}"));
    }
}

/// A BLE whose task is the test, and a listener on its provisioning channel.
struct World {
    ble: &'static Ble,
    heard: &'static Heard,
    threads: &'static Threads,
}

impl World {
    fn new() -> Self {
        let ble: &Ble = Box::leak(Box::new(Ble::new()));
        let heard: &Heard = Box::leak(Box::default());
        let threads: &Threads = Box::leak(Box::new(Threads {
            waiting: AtomicUsize::new(0),
        }));
        ble.start(threads);
        assert!(ble.open(ID));
        assert!(ble.listen(ID, heard));
        Self {
            ble,
            heard,
            threads,
        }
    }

    /// As above, with a phone that is ready and subscribed.
    fn ready() -> Self {
        let world = Self::new();
        world.ble.subscribe(ID, Subscription::Small, true);
        world.ble.subscribe(ID, Subscription::Large, true);
        world.ble.control(ID, &[1]).unwrap();
        assert_eq!(world.heard.take(), ["Opened"]);
        world
    }

    /// What the BLE task would send next, and whether in chunks.
    fn due(&self, fetching: bool) -> Option<(Vec<u8>, bool)> {
        let mut buffer = [0; 1024];
        let due = self.ble.due(ID, fetching, &mut buffer)?;
        Some((due.bytes.to_vec(), due.large))
    }

    fn wait_for_a_waiter(&self) {
        let begun = std::time::Instant::now();
        while self.threads.waiting.load(Ordering::SeqCst) == 0 {
            assert!(begun.elapsed().as_secs() < 10, "nobody waits");
            thread::yield_now();
        }
    }
}

#[test]
fn channel_has_one_owner_and_is_free_again_after_release() {
    let World { ble, heard, .. } = World::new();
    assert!(!ble.open(ID));
    assert!(!ble.listen(ID, heard));
    assert!(ble.open(ChannelId::Mqtt));
    ble.release(ID);
    assert!(ble.open(ID));
}

#[test]
fn nothing_is_sent_to_a_phone_that_is_not_ready_or_not_subscribed() {
    let World { ble, .. } = World::new();
    assert_eq!(ble.send(ID, b"hello"), 0);
    ble.control(ID, &[1]).unwrap();
    assert_eq!(ble.send(ID, b"hello"), 0);
    ble.subscribe(ID, Subscription::Small, true);
    assert_eq!(ble.send(ID, b"hello"), 5);
    assert_eq!(ble.send(ID, &[0; 20]), 0);
    ble.subscribe(ID, Subscription::Large, true);
    assert_eq!(ble.send(ID, &[0; 20]), 20);
}

#[test]
fn messages_leave_in_order_and_the_mtu_of_their_leaving_decides() {
    let world = World::ready();
    assert_eq!(world.ble.send(ID, b"one"), 3);
    assert_eq!(world.ble.send(ID, &[2; 45]), 45);
    assert_eq!(world.due(false), Some((b"one".to_vec(), false)));
    world.ble.set_mtu(185);
    assert_eq!(world.due(false), Some((std::vec![2; 45], false)));
    // Nothing large is under way any more.
    assert_eq!(world.ble.send(ID, &[3; 200]), 200);
    assert_eq!(world.due(false), Some((std::vec![3; 200], true)));
}

#[test]
fn ble_task_does_not_wait_for_itself() {
    let world = World::ready();
    assert_eq!(world.ble.send(ID, &[1; 30]), 30);
    assert_eq!(world.ble.send(ID, &[2; 30]), 0);
    assert_eq!(world.ble.send(ID, b"small"), 5);
    let mut sent = 0_usize;
    while world.ble.send(ID, &[7; 19]) == 19 {
        sent = sent.saturating_add(1);
        assert!(sent < 1000, "the queue has no end");
    }
    assert!(sent > 50);
}

#[test]
fn another_task_waits_until_the_phone_has_fetched_the_large_message() {
    let _turn = TIME.lock();
    let world = World::ready();
    assert_eq!(world.ble.send(ID, &[1; 30]), 30);
    assert_eq!(world.due(false), Some((std::vec![1; 30], true)));
    let ble = world.ble;
    let sender = thread::spawn(move || ble.send(ID, &[2; 30]));
    world.wait_for_a_waiter();
    assert_eq!(world.due(true), None);
    world.ble.sent(ID, true, true);
    assert_eq!(sender.join().unwrap(), 30);
    assert_eq!(world.heard.take(), ["Sent"]);
    assert_eq!(world.due(false), Some((std::vec![2; 30], true)));
}

#[test]
fn another_task_gives_up_after_two_seconds_or_when_the_channel_closes() {
    let _turn = TIME.lock();
    let world = World::ready();
    assert_eq!(world.ble.send(ID, &[1; 30]), 30);
    let ble = world.ble;
    let sender = thread::spawn(move || ble.send(ID, &[2; 30]));
    world.wait_for_a_waiter();
    let begun = Instant::now();
    while !sender.is_finished() {
        MockDriver::get().advance(Duration::from_millis(10));
        thread::yield_now();
    }
    assert!(begun.elapsed() >= Duration::from_millis(1900));
    assert_eq!(sender.join().unwrap(), 0);

    let sender = thread::spawn(move || ble.send(ID, &[2; 30]));
    world.wait_for_a_waiter();
    world.ble.control(ID, &[0]).unwrap();
    assert_eq!(sender.join().unwrap(), 0);
}

#[test]
fn message_that_waits_for_one_phone_is_not_sent_to_the_next() {
    let _turn = TIME.lock();
    for _ in 0..50 {
        let world = World::ready();
        assert_eq!(world.ble.send(ID, &[1; 30]), 30);
        let ble = world.ble;
        let sender = thread::spawn(move || ble.send(ID, &[2; 30]));
        world.wait_for_a_waiter();
        ble.disconnected();
        ble.connected([2; 6]);
        ble.subscribe(ID, Subscription::Small, true);
        ble.subscribe(ID, Subscription::Large, true);
        ble.control(ID, &[1]).unwrap();
        assert_eq!(sender.join().unwrap(), 0);
        assert_eq!(world.due(false), None);
    }
}

#[test]
fn closing_drops_what_waits_and_counts_a_generation() {
    let world = World::ready();
    let before = world.ble.generation(ID);
    assert_eq!(world.ble.send(ID, b"stale"), 5);
    world.ble.control(ID, &[0]).unwrap();
    assert_eq!(world.heard.take(), ["Closed"]);
    assert_ne!(world.ble.generation(ID), before);
    world.ble.control(ID, &[1]).unwrap();
    assert_eq!(world.heard.take(), ["Opened"]);
    assert_eq!(world.due(false), None);
}

#[test]
fn disconnect_closes_and_the_next_phone_begins_anew() {
    let world = World::ready();
    world.ble.set_mtu(185);
    world.ble.disconnected();
    assert_eq!(world.heard.take(), ["Closed"]);
    assert!(!world.ble.ready(ID));
    assert!(!world.ble.subscribed(ID, Subscription::Small));
    assert_eq!(world.ble.with(|state| state.mtu), MTU_MIN);
    world.ble.disconnected();
    assert_eq!(world.heard.take(), [] as [&str; 0]);
}

#[test]
fn message_for_a_closed_channel_reaches_nobody() {
    let world = World::new();
    assert!(!world.ble.received(ID, b"lost"));
    world.ble.control(ID, &[1]).unwrap();
    assert!(world.ble.received(ID, b"hi"));
    assert_eq!(world.heard.take(), ["Opened", "Received([104, 105])"]);
}

#[test]
fn forgetting_two_phones_at_once_forgets_all() {
    let World { ble, .. } = World::new();
    ble.forget(Forget::One([1; 6]));
    ble.forget(Forget::One([1; 6]));
    assert_eq!(ble.take_forget(), Some(Forget::One([1; 6])));
    ble.forget(Forget::One([1; 6]));
    ble.forget(Forget::One([2; 6]));
    assert_eq!(ble.take_forget(), Some(Forget::All));
    assert_eq!(ble.take_forget(), None);
}

#[derive(Default)]
struct Watch(Mutex<Vec<PairingResult>>);

impl Observer for Watch {
    fn connection(&self, _: [u8; 6], _: bool) {}

    fn mtu(&self, _: u16) {}

    fn compare(&self, _: Question) -> bool {
        true
    }

    fn pairing(&self, _: [u8; 6], result: PairingResult) -> bool {
        self.0.lock().unwrap().push(result);
        true
    }
}

#[test]
fn question_is_withdrawn_aloud_when_the_phone_leaves() {
    let World { ble, .. } = World::new();
    let watch: &Watch = Box::leak(Box::default());
    let question = Question {
        peer: [1; 6],
        passkey: 42,
    };
    assert!(!ble.ask(question));
    ble.pairing_over(question.peer, PairingResult::Refused);
    ble.observe(watch);
    assert!(ble.ask(question));
    ble.disconnected();
    assert_eq!(*watch.0.lock().unwrap(), [PairingResult::Failed]);
    assert!(!ble.answer(question.peer, None, true));
    ble.disconnected();
    assert_eq!(watch.0.lock().unwrap().len(), 1);
}

#[test]
fn long_names_are_refused() {
    let World { ble, .. } = World::new();
    assert!(ble.set_name("Kitchen"));
    assert_eq!(ble.name().as_deref(), Some("Kitchen"));
    let long = "x".repeat(NAME_MAX + 1);
    assert!(!ble.set_name(&long));
    assert_eq!(ble.name().as_deref(), Some("Kitchen"));
}

#[test]
fn presence_follows_the_phone_and_is_told_when_it_changes() {
    static SEEN: Mutex<Vec<[Presence; 2]>> = Mutex::new(Vec::new());
    let ble = Ble::new();
    ble.watch(|before, now| SEEN.lock().unwrap().push([before, now]));
    let nobody = Presence::default();
    ble.connected([1; 6]);
    ble.encrypted(false);
    ble.encrypted(true);
    for value in [1, 1, 0, 1] {
        ble.control(ChannelId::Mqtt, &[value]).unwrap();
    }
    ble.control(ChannelId::Provisioning, &[1]).unwrap();
    ble.control(ChannelId::Mqtt, &[1, 1]).unwrap_err();
    ble.disconnected();
    let authenticated = Presence {
        authenticated: true,
        ..nobody
    };
    let mqtt = Presence {
        mqtt: true,
        ..authenticated
    };
    let both = Presence {
        provisioning: true,
        ..mqtt
    };
    let all = [
        nobody,
        authenticated,
        mqtt,
        authenticated,
        mqtt,
        both,
        nobody,
    ];
    let steps: Vec<_> = all.windows(2).map(|two| [two[0], two[1]]).collect();
    assert_eq!(*SEEN.lock().unwrap(), steps);
}
