//! The client against peers that do not read, drip or hang up, in virtual time.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "tests"
)]

use core::cell::Cell;
use core::future::{pending, poll_fn};
use core::pin::pin;
use core::task::{Context, Poll, Waker};
use std::boxed::Box;
use std::collections::VecDeque;
use std::sync::{Mutex as StdMutex, PoisonError};
use std::vec::Vec;

use embassy_futures::select::{Either3, select3};
use embassy_time::{Duration, Instant, MockDriver, Timer};
use port_network::Choice;

use super::converse::{Conversation, Packets};
use super::*;
use crate::session::Identity;
use crate::settings::Security;
use crate::stream::{Broken, Received};

const CONNACK: &[u8] = b"\x20\x02\x00\x00";
const GOODBYE: &[u8] = b"\xe0\x00";
const STEP: Duration = Duration::from_millis(100);

/// The clock is one for all tests.
static CLOCK: StdMutex<()> = StdMutex::new(());

/// Lets the time go until a future is ready, for so many seconds at most: what it gives, and after how long.
pub(crate) fn within<F: Future>(seconds: u64, future: F) -> Option<(F::Output, Duration)> {
    let _alone = CLOCK.lock().unwrap_or_else(PoisonError::into_inner);
    let mut future = pin!(future);
    let began = Instant::now();
    while began.elapsed() <= Duration::from_secs(seconds) {
        // Twice: what the one wakes, the other sees.
        for _ in 0..2 {
            let polled = future
                .as_mut()
                .poll(&mut Context::from_waker(Waker::noop()));
            if let Poll::Ready(output) = polled {
                return Some((output, began.elapsed()));
            }
        }
        MockDriver::get().advance(STEP);
    }
    None
}

/// Says what it is told to, and takes so many packets, each for so long.
struct Peer {
    says: VecDeque<&'static [u8]>,
    takes: usize,
    pace: Duration,
    heard: Vec<Vec<u8>>,
}

impl Peer {
    /// It accepts, and takes so many packets at once.
    fn taking(takes: usize) -> Self {
        Self {
            says: [CONNACK].into(),
            takes,
            pace: Duration::MIN,
            heard: Vec::new(),
        }
    }
}

impl Stream for Peer {
    async fn receive(
        &mut self,
        place: &mut [u8],
        until: Instant,
        called: impl Future<Output = ()>,
    ) -> Result<Received, Broken> {
        let mut says = pin!(async {
            match self.says.pop_front() {
                Some(bytes) => bytes,
                None => pending().await,
            }
        });
        match select3(&mut says, called, Timer::at(until)).await {
            Either3::First(bytes) => {
                place[..bytes.len()].copy_from_slice(bytes);
                Ok(Received::Bytes(bytes.len()))
            }
            _ => Ok(Received::Nothing),
        }
    }

    async fn send(&mut self, bytes: &[u8]) -> Result<(), Broken> {
        let Some(takes) = self.takes.checked_sub(1) else {
            return pending().await;
        };
        Timer::after(self.pace).await;
        self.takes = takes;
        self.heard.push(bytes.to_vec());
        Ok(())
    }
}

fn identity() -> Identity {
    Identity {
        client_id: "device".try_into().unwrap(),
        keep_alive: 60,
    }
}

/// A conversation that is to be left after so many seconds.
async fn talk(
    client: &Client<CriticalSectionRawMutex>,
    peer: &mut Peer,
    leave_after: u64,
) -> Result<(), Failure> {
    let at = Instant::now() + Duration::from_secs(leave_after);
    let told = Cell::new(false);
    // It tells once, as the view of the links does.
    let leave = async || {
        Timer::at(at).await;
        poll_fn(|_| match told.replace(true) {
            false => Poll::Ready(()),
            true => Poll::Pending,
        })
        .await;
    };
    Conversation {
        client,
        identity: &identity(),
        network: Network::Ble,
        packets: &mut Packets::new(),
        notify: &mut |_: Notice<'_>| {},
        accepted: &mut None,
    }
    .hold(peer, leave)
    .await
}

#[test]
fn a_peer_that_is_left_is_told_so() {
    let client = Client::new();
    client.publish("t", b"1", Qos::AtLeastOnce).unwrap();
    let mut peer = Peer::taking(9);
    let (ended, after) = within(60, talk(&client, &mut peer, 5)).unwrap();
    assert_eq!(ended, Ok(()));
    assert!(after <= Duration::from_millis(5200), "{after}");
    assert_eq!(peer.heard.last().unwrap(), GOODBYE);
}

#[test]
fn a_peer_that_takes_nothing_is_left_all_the_same() {
    // It takes CONNECT, or a message too.
    for takes in [1, 2] {
        let client = Client::new();
        client.publish("t", b"1", Qos::AtLeastOnce).unwrap();
        let mut peer = Peer::taking(takes);
        let (ended, after) = within(60, talk(&client, &mut peer, 5)).unwrap();
        assert_eq!(ended, Ok(()));
        assert!(after <= Duration::from_millis(7200), "{takes}: {after}");
        assert_eq!(peer.heard.len(), takes);
    }
}

#[test]
fn a_slow_peer_gets_the_packet_that_was_begun_and_the_goodbye() {
    let client = Client::new();
    for _ in 0..8 {
        client.publish("t", b"1", Qos::AtLeastOnce).unwrap();
    }
    let mut peer = Peer::taking(99);
    peer.pace = Duration::from_millis(1500);
    let (ended, after) = within(60, talk(&client, &mut peer, 5)).unwrap();
    assert_eq!(ended, Ok(()));
    assert!(after <= Duration::from_millis(8000), "{after}");
    // CONNECT at 1.5 s, messages at 3, 4.5, 6 s.
    assert_eq!(peer.heard.len(), 5);
    assert_eq!(peer.heard.last().unwrap(), GOODBYE);
}

#[test]
fn a_packet_that_is_not_taken_ends_the_connection() {
    let client = Client::new();
    client.publish("t", b"1", Qos::AtLeastOnce).unwrap();
    let mut peer = Peer::taking(1);
    let (ended, after) = within(60, talk(&client, &mut peer, 1000)).unwrap();
    assert_eq!(ended, Err(Failure::Broken));
    assert!(after <= crate::stream::STALL + STEP * 2, "{after}");
}

/// A broker that hangs up so many seconds after it accepted; when it was dialled.
struct HangsUp<'a> {
    after: u64,
    dialled: &'a StdMutex<Vec<u64>>,
}

impl Outside for HangsUp<'_> {
    type Wifi = Brief;
    type Ble<'s>
        = Brief
    where
        Self: 's;

    async fn wifi(&mut self, _: &str, _: u16) -> Result<Brief, DialError> {
        self.dialled
            .lock()
            .unwrap()
            .push(Instant::now().as_millis());
        Ok(Brief {
            accepts: true,
            until: Instant::now() + Duration::from_secs(self.after),
        })
    }

    async fn ble(&mut self) -> Result<Brief, DialError> {
        Err(DialError::Refused)
    }

    fn unix_time(&mut self) -> Option<u64> {
        None
    }

    fn seed(&mut self) -> [u8; 32] {
        [0; 32]
    }
}

/// Its connection.
struct Brief {
    accepts: bool,
    until: Instant,
}

impl Stream for Brief {
    async fn receive(
        &mut self,
        place: &mut [u8],
        _: Instant,
        _: impl Future<Output = ()>,
    ) -> Result<Received, Broken> {
        if core::mem::take(&mut self.accepts) {
            place[..CONNACK.len()].copy_from_slice(CONNACK);
            return Ok(Received::Bytes(CONNACK.len()));
        }
        Timer::at(self.until).await;
        Err(Broken)
    }

    async fn send(&mut self, _: &[u8]) -> Result<(), Broken> {
        Ok(())
    }
}

/// The pauses between the ends of connections that last so long and the next.
fn pauses(lasts: u64) -> Vec<u64> {
    let client = Client::<CriticalSectionRawMutex>::new();
    let choice = Choice::new();
    choice.set(Some(Network::Wifi));
    let dialled = StdMutex::new(Vec::new());
    let settings = Settings {
        host: "broker",
        port: 1883,
        identity: identity(),
        security: Security::Plain,
    };
    let parts = Parts {
        client: &client,
        settings: &settings,
        outside: HangsUp {
            after: lasts,
            dialled: &dialled,
        },
        notify: |_: Notice<'_>| {},
    };
    let mut buffers = Box::new(Buffers::new());
    assert!(within(100, run(parts, &choice.links(), &mut buffers)).is_none());
    let dialled = dialled.lock().unwrap();
    dialled
        .windows(2)
        .map(|pair| (pair[1] - pair[0] + 500) / 1000 - lasts)
        .collect()
}

#[test]
fn a_broker_that_accepts_and_hangs_up_is_asked_less_and_less_often() {
    assert_eq!(pauses(0)[..5], [1, 2, 4, 8, 16]);
    assert_eq!(pauses(9)[..3], [1, 2, 4]);
}

#[test]
fn after_a_connection_that_held_it_is_tried_at_once() {
    assert_eq!(pauses(10)[..5], [1, 1, 1, 1, 1]);
}
