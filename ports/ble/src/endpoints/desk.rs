//! Requests and answers between the BLE task and the task that answers.

use core::cell::RefCell;
use core::fmt::Write as _;

use embassy_sync::blocking_mutex::Mutex;
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use embassy_sync::signal::Signal;
use heapless::String;
use zeroize::Zeroize;

use super::{Names, SESSION};
use crate::config::VALUE_MAX;

/// `PROV_` and three bytes of the address, as Espressif's apps look for.
pub type Name = String<11>;

/// A request that was taken.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Asked {
    /// Whose it is, as [`Desk::arrived`] told.
    pub connection: u32,
    /// Which of those that are offered.
    pub endpoint: usize,
    /// How much of the room it takes, bytes.
    pub length: usize,
}

/// An answer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Answered {
    /// How much of the room it takes, bytes.
    pub length: usize,
    /// It was the version: somebody has begun.
    pub is_version: bool,
    /// It was given in a session: the phone knows the secret.
    pub is_proof: bool,
}

/// What is offered, and under which name.
#[derive(Clone)]
pub struct Offer {
    /// The endpoints, in the order of their numbers.
    pub endpoints: Names,
    /// The device's name.
    pub name: Name,
}

/// What lies between the two tasks: one request and one answer.
pub struct Desk {
    state: Mutex<CriticalSectionRawMutex, RefCell<State>>,
    /// The task that answers has something to do.
    news: Signal<CriticalSectionRawMutex, ()>,
    named: Signal<CriticalSectionRawMutex, ()>,
}

struct State {
    offered: Option<Names>,
    name: Name,
    /// Connections so far; the number of the one there is, or was.
    connections: u32,
    /// Up to which of them have left, and up to which that was told.
    left: u32,
    told: u32,
    /// One waits at most: the BLE task asks nothing before it has the answer.
    asked: Option<Asked>,
    answered: Option<Option<Answered>>,
    /// A step of a handshake was asked for, and its answer is not there.
    shaking: bool,
    request: [u8; VALUE_MAX],
    answer: [u8; VALUE_MAX],
}

impl Default for Desk {
    fn default() -> Self {
        Self::new()
    }
}

impl Desk {
    /// Nothing is offered, and nobody is here.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            state: Mutex::new(RefCell::new(State {
                offered: None,
                name: String::new(),
                connections: 0,
                left: 0,
                told: 0,
                asked: None,
                answered: None,
                shaking: false,
                request: [0; VALUE_MAX],
                answer: [0; VALUE_MAX],
            })),
            news: Signal::new(),
            named: Signal::new(),
        }
    }

    fn with<R>(&self, f: impl FnOnce(&mut State) -> R) -> R {
        self.state.lock(|state| f(&mut state.borrow_mut()))
    }

    /// Offers endpoints, or none any more.
    pub fn offer(&self, endpoints: Option<Names>) {
        self.with(|state| state.offered = endpoints);
    }

    /// What is offered; nothing before the device has a name.
    #[must_use]
    pub fn offered(&self) -> Option<Offer> {
        self.with(|state| {
            let endpoints = state.offered.clone().filter(|_| !state.name.is_empty())?;
            let name = state.name.clone();
            Some(Offer { endpoints, name })
        })
    }

    /// The controller has told the address, least significant byte first.
    pub fn set_address(&self, address: [u8; 6]) {
        let [c, b, a, ..] = address;
        let mut name = Name::new();
        // It has room for exactly that.
        let _ = write!(name, "PROV_{a:02X}{b:02X}{c:02X}");
        self.with(|state| state.name = name);
        self.named.signal(());
    }

    pub(super) async fn name(&self) -> Name {
        loop {
            let name = self.with(|state| state.name.clone());
            if !name.is_empty() {
                return name;
            }
            self.named.wait().await;
        }
    }

    pub(super) async fn news(&self) {
        self.news.wait().await;
    }

    /// There may be more to do.
    pub(super) fn look_again(&self) {
        self.news.signal(());
    }

    /// A phone is here; gives its number.
    pub fn arrived(&self) -> u32 {
        self.with(|state| {
            state.connections = state.connections.wrapping_add(1);
            state.connections
        })
    }

    /// The phone has left, and nobody waits for an answer any more.
    pub fn departed(&self) {
        self.with(|state| {
            state.left = state.connections;
            state.asked = None;
            state.answered = None;
            state.shaking = false;
            state.request.zeroize();
            state.answer.zeroize();
        });
        self.news.signal(());
    }

    /// Whether no octet of a request or of an answer is here: so it is when a phone has left.
    #[must_use]
    pub fn is_wiped(&self) -> bool {
        self.with(|state| {
            state
                .request
                .iter()
                .chain(&state.answer)
                .all(|&octet| octet == 0)
        })
    }

    /// The next phone that has left, each told once.
    pub fn take_departed(&self) -> Option<u32> {
        self.with(|state| {
            (state.told != state.left).then(|| {
                state.told = state.told.wrapping_add(1);
                state.told
            })
        })
    }

    /// Whether a phone has left.
    #[must_use]
    pub fn has_left(&self, connection: u32) -> bool {
        self.with(|state| state.connections != connection || state.left == connection)
    }

    /// Asks for an answer. False when nothing is offered any more, or the last is not yet fetched.
    pub fn ask(&self, endpoint: usize, request: &[u8]) -> bool {
        let asked = self.with(|state| {
            let Some(room) = state.request.get_mut(..request.len()) else {
                return false;
            };
            let Some(names) = state.offered.as_ref().filter(|_| state.asked.is_none()) else {
                return false;
            };
            state.shaking = names
                .get(endpoint)
                .is_some_and(|(name, _)| *name == SESSION);
            room.copy_from_slice(request);
            state.asked = Some(Asked {
                connection: state.connections,
                endpoint,
                length: request.len(),
            });
            true
        });
        self.news.signal(());
        asked
    }

    /// Whether the device is computing a step of a handshake for the phone that is here.
    #[must_use]
    pub fn is_shaking_hands(&self) -> bool {
        self.with(|state| state.shaking)
    }

    /// Takes what was asked into a room of the caller's, which holds nothing else then.
    pub fn take(&self, request: &mut [u8; VALUE_MAX]) -> Option<Asked> {
        self.with(|state| {
            let asked = state.asked.take()?;
            request.copy_from_slice(&state.request);
            state.request.zeroize();
            Some(asked)
        })
    }

    /// An answer, or that there is none; nobody gets it when its phone has left.
    pub fn give(&self, connection: u32, answered: Option<Answered>, answer: &[u8; VALUE_MAX]) {
        self.with(|state| {
            if state.connections == connection && state.left != connection {
                state.answered = Some(answered);
                state.shaking = false;
                state.answer.copy_from_slice(answer);
            }
        });
    }

    /// The answer to what was asked; the outer `None` while there is none.
    pub fn take_answer(&self, out: &mut [u8; VALUE_MAX]) -> Option<Option<Answered>> {
        self.with(|state| {
            let answered = state.answered.take()?;
            out.copy_from_slice(&state.answer);
            state.answer.zeroize();
            Some(answered)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWERED: Answered = Answered {
        length: 1,
        is_version: false,
        is_proof: true,
    };

    fn desk() -> Desk {
        let desk = Desk::new();
        desk.offer(Some(Names::new()));
        desk
    }

    #[test]
    fn name_has_the_end_of_the_address() {
        let desk = desk();
        assert!(desk.offered().is_none());
        desk.set_address([0x0C, 0xAB, 0x01, 2, 3, 4]);
        assert_eq!(desk.offered().unwrap().name, "PROV_01AB0C");
    }

    #[test]
    fn answer_reaches_the_phone_that_asked() {
        let desk = desk();
        let mut room = [0; VALUE_MAX];
        let first = desk.arrived();
        assert!(desk.ask(2, b"who"));
        let asked = desk.take(&mut room).unwrap();
        assert_eq!((asked.connection, asked.endpoint), (first, 2));
        assert_eq!(&room[..asked.length], b"who");
        assert!(desk.take_answer(&mut room).is_none());
        desk.give(first, Some(ANSWERED), &[7; VALUE_MAX]);
        assert!(desk.take_answer(&mut room).unwrap().unwrap().is_proof);
        assert_eq!(room, [7; VALUE_MAX]);
    }

    #[test]
    fn answer_does_not_reach_the_next_phone() {
        let desk = desk();
        let mut room = [0; VALUE_MAX];
        let first = desk.arrived();
        assert!(desk.ask(0, b"mine"));
        desk.take(&mut room).unwrap();
        desk.departed();
        assert!(desk.has_left(first));
        let second = desk.arrived();
        desk.give(first, Some(ANSWERED), &[7; VALUE_MAX]);
        assert!(desk.take_answer(&mut room).is_none());
        assert!(!desk.has_left(second));
        assert_eq!(desk.take_departed(), Some(first));
        assert_eq!(desk.take_departed(), None);
    }

    #[test]
    fn request_of_a_phone_that_left_is_not_answered() {
        let desk = desk();
        desk.arrived();
        assert!(desk.ask(0, b"mine"));
        assert!(!desk.is_wiped());
        desk.departed();
        assert!(desk.is_wiped());
        assert!(desk.take(&mut [0; VALUE_MAX]).is_none());
    }

    #[test]
    fn handshake_is_computed_from_the_request_to_the_answer() {
        let desk = Desk::new();
        let names = [(c"proto-ver", 0xff53), (SESSION, 0xff51)];
        desk.offer(Some(names.into_iter().collect()));
        let mut room = [0; VALUE_MAX];
        let first = desk.arrived();
        assert!(desk.ask(0, b"who"));
        assert!(!desk.is_shaking_hands());
        desk.take(&mut room).unwrap();
        desk.give(first, Some(ANSWERED), &room);
        desk.take_answer(&mut room).unwrap();
        assert!(desk.ask(1, b"hello"));
        desk.take(&mut room).unwrap();
        assert!(desk.is_shaking_hands());
        desk.give(first, None, &room);
        assert!(!desk.is_shaking_hands());
        desk.take_answer(&mut room).unwrap();
        assert!(desk.ask(1, b"hello"));
        desk.departed();
        assert!(!desk.is_shaking_hands());
    }

    #[test]
    fn second_request_and_one_too_long_are_refused() {
        let desk = desk();
        desk.arrived();
        assert!(!desk.ask(0, &[0; VALUE_MAX + 1]));
        assert!(desk.ask(0, b"one"));
        assert!(!desk.ask(0, b"two"));
        desk.offer(None);
        assert!(!desk.ask(0, b"none"));
    }
}
