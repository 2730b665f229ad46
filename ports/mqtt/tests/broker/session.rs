//! The session through switches, and through restarts of the broker.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use embassy_futures::select::{Either, select};
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use embassy_time::Timer;
use port_mqtt::client::{Buffers, Client, Notice, Parts, run};
use port_mqtt::packet::Qos;
use port_mqtt::session::PublishError;
use port_mqtt::settings::read;
use port_network::{Choice, Network};

use super::authority::{Authority, CLIENT, SERVER};
use super::mosquitto::Mosquitto;
use super::outside::{Machine, block_on};
use super::settings::{field, settings};

/// What the client said.
#[derive(Default)]
struct Heard {
    /// Numbers that came back, with the network.
    numbers: Mutex<Vec<(usize, Network)>>,
    connected: Mutex<Vec<Network>>,
    acknowledged: AtomicUsize,
}

impl Heard {
    fn take(&self, notice: &Notice<'_>) {
        match notice {
            Notice::Connected(network) => self.connected.lock().unwrap().push(*network),
            Notice::Acknowledged(..) => {
                self.acknowledged.fetch_add(1, Ordering::Relaxed);
            }
            Notice::Message(message, network) => {
                let number = std::str::from_utf8(message.payload)
                    .unwrap()
                    .parse()
                    .unwrap();
                self.numbers.lock().unwrap().push((number, *network));
            }
            Notice::Disconnected(_) | Notice::Sent(..) | Notice::Subscribed(_) => {}
        }
    }

    /// The numbers without repetitions.
    fn once(&self) -> Vec<usize> {
        let mut once = Vec::new();
        for (number, _) in self.numbers.lock().unwrap().iter() {
            if !once.contains(number) {
                once.push(*number);
            }
        }
        once
    }
}

struct World {
    client: Client<CriticalSectionRawMutex>,
    choice: Choice,
    heard: Heard,
    published: AtomicUsize,
}

impl World {
    /// Publishes the next number when there is room.
    fn publish(&self) {
        let number = self.published.load(Ordering::Relaxed);
        match self
            .client
            .publish("t", number.to_string().as_bytes(), Qos::AtLeastOnce)
        {
            Ok(_) => self.published.store(number + 1, Ordering::Relaxed),
            Err(PublishError::Full) => {}
            Err(error) => panic!("{error:?}"),
        }
    }

    /// Waits until a condition holds.
    async fn until(&self, what: &str, holds: impl Fn() -> bool) {
        let deadline = Instant::now() + Duration::from_secs(60);
        while !holds() {
            assert!(Instant::now() < deadline, "not in time: {what}");
            Timer::after_millis(5).await;
        }
    }

    /// Waits until everything that was published has come back.
    async fn all_back(&self) {
        let published = self.published.load(Ordering::Relaxed);
        self.until("all numbers back", || {
            self.client.waiting() == 0 && self.heard.once().len() == published
        })
        .await;
        assert_eq!(self.heard.once(), (0..published).collect::<Vec<_>>());
    }
}

/// A world with a broker, in which `story` is told while the client runs.
fn told(story: impl AsyncFn(&World, &mut Mosquitto)) -> World {
    let authority = Authority::new();
    authority.issue("server", SERVER);
    authority.issue("device", CLIENT);
    let mut broker = Mosquitto::start(&authority, "server");
    let mut bytes = settings(&[
        field(1, b"127.0.0.1"),
        field(2, &broker.tls.to_le_bytes()),
        field(4, b"device"),
        field(5, &10_u16.to_le_bytes()),
        field(7, &authority.certificate("ca")),
        field(8, &authority.certificate("device")),
        field(9, &authority.key_bytes("device")),
    ]);
    let settings = read(&mut bytes).unwrap();
    let world = World {
        client: Client::new(),
        choice: Choice::new(),
        heard: Heard::default(),
        published: AtomicUsize::new(0),
    };
    world.client.subscribe("t", Qos::AtLeastOnce).unwrap();
    let links = world.choice.links();
    let mut buffers = Box::new(Buffers::new());
    let parts = Parts {
        client: &world.client,
        settings: &settings,
        outside: Machine { ble: broker.plain },
        notify: |notice: Notice<'_>| world.heard.take(&notice),
    };
    let client = run(parts, &links, &mut buffers);
    if let Either::First(_) = block_on(select(client, story(&world, &mut broker))) {
        panic!("the client has ended");
    }
    world
}

#[test]
fn twenty_switches_under_load_lose_nothing_and_keep_the_order() {
    let world = told(async |world, _| {
        let ways = [Some(Network::Wifi), Some(Network::Ble), None];
        for turn in 0..20 {
            let way = ways[turn % 3];
            world.choice.set(way);
            for _ in 0..30 {
                world.publish();
                Timer::after_millis(5).await;
            }
            // Half of the switches come while everything is in the middle of something.
            if turn % 2 == 0 {
                world
                    .until("connected", || world.client.network() == way)
                    .await;
            }
        }
        world.choice.set(Some(Network::Wifi));
        world.all_back().await;
    });
    let connected = world.heard.connected.lock().unwrap();
    assert!(connected.contains(&Network::Wifi) && connected.contains(&Network::Ble));
    assert!(world.published.load(Ordering::Relaxed) > 100);
}

#[test]
fn a_broker_that_restarts_gets_what_waited() {
    told(async |world, broker| {
        world.choice.set(Some(Network::Wifi));
        for _ in 0..10 {
            world.publish();
        }
        world.all_back().await;
        for _ in 0..10 {
            world.publish();
        }
        broker.restart(Duration::from_millis(500));
        for _ in 0..5 {
            world.publish();
        }
        world.all_back().await;
    });
}

#[test]
fn without_any_network_messages_wait_and_the_publisher_is_told_when_there_are_too_many() {
    told(async |world, _| {
        for _ in 0..100 {
            world.publish();
        }
        let waiting = world.client.waiting();
        assert_eq!(waiting, port_mqtt::session::OUTBOX_MESSAGES);
        assert_eq!(world.published.load(Ordering::Relaxed), waiting);
        world.choice.set(Some(Network::Ble));
        world.all_back().await;
        world.choice.set(None);
        world
            .until("offline", || world.client.network().is_none())
            .await;
        world.publish();
        world.choice.set(Some(Network::Wifi));
        world.all_back().await;
    });
}

#[test]
fn an_idle_session_stays_online_by_its_pings() {
    let world = told(async |world, broker| {
        world.choice.set(Some(Network::Wifi));
        world
            .until("connected", || world.client.network().is_some())
            .await;
        // The broker ends a connection that says nothing for one and a half keep-alives: 15 s.
        world
            .until("three pings", || {
                broker.log().matches("Received PINGREQ").count() >= 4
            })
            .await;
        world.publish();
        world.all_back().await;
    });
    assert_eq!(*world.heard.connected.lock().unwrap(), [Network::Wifi]);
}
