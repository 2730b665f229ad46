//! Any pieces of long writes, requests, answers, visits and offers between the two tasks that carry Espressif's endpoints,
//! held against a plain model.
#![no_main]

use core::ffi::CStr;

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use port_ble::VALUE_MAX;
use port_ble::endpoints::{Answered, Asked, Desk, Names, Piece, Queue, SESSION};

/// What is offered, in this order.
const ENDPOINTS: [(&CStr, u16); 3] = [(c"proto-ver", 0xff53), (SESSION, 0xff51), (c"echo", 0xff54)];

/// The attribute of the first endpoint.
const FIRST_HANDLE: u16 = 9;

#[derive(Arbitrary, Debug)]
enum Step {
    /// A piece of a long write: behind the last one, or anywhere.
    Piece {
        endpoint: u8,
        offset: Option<u16>,
        length: u16,
    },
    /// The end of a long write: carried out, or given up.
    Execute(bool),
    /// A write in one.
    Write {
        endpoint: u8,
        length: u16,
    },
    /// The task that answers takes a request.
    Take,
    /// It answers, for the connection it was asked by or for any other.
    Give {
        connection: Option<u8>,
        answered: Option<(u16, bool, bool)>,
    },
    /// The phone's write is acknowledged, if there is an answer.
    Acknowledge,
    Arrive,
    Depart,
    /// The task that answers hears who has left.
    Hear,
    Offer(bool),
    Address,
}

/// What a phone has asked, and nobody has taken yet.
struct Request {
    visit: u32,
    endpoint: usize,
    bytes: Vec<u8>,
}

/// The same as both pieces in plain words.
#[derive(Default)]
struct Model {
    is_named: bool,
    is_offered: bool,
    /// Visits so far, how many of them are over, and of how many of these was told.
    visits: u32,
    over: u32,
    told: u32,
    /// The long write: its attribute, its bytes, and whether a piece of it was refused.
    handle: Option<u16>,
    queued: Vec<u8>,
    is_refused: bool,
    asked: Option<Request>,
    answer: Option<(Option<Answered>, [u8; VALUE_MAX])>,
    is_shaking: bool,
    /// What was taken last: who waits for an answer.
    served: u32,
}

impl Model {
    fn is_here(&self) -> bool {
        self.visits != self.over
    }

    fn piece(&mut self, piece: Piece, bytes: &[u8]) -> bool {
        let fits = !self.is_refused
            && self.handle.is_none_or(|handle| handle == piece.handle)
            && piece.offset == self.queued.len()
            && piece.offset + piece.length <= VALUE_MAX;
        if fits {
            self.handle = Some(piece.handle);
            self.queued.extend_from_slice(bytes);
        } else {
            self.is_refused = true;
        }
        fits
    }

    fn ask(&mut self, endpoint: usize, bytes: &[u8]) -> bool {
        let is_taken = self.is_offered && self.asked.is_none() && bytes.len() <= VALUE_MAX;
        if is_taken {
            self.is_shaking = ENDPOINTS
                .get(endpoint)
                .is_some_and(|(name, _)| *name == SESSION);
            self.asked = Some(Request {
                visit: self.visits,
                endpoint,
                bytes: bytes.to_vec(),
            });
        }
        is_taken
    }

    fn depart(&mut self) {
        self.over = self.visits;
        self.asked = None;
        self.answer = None;
        self.is_shaking = false;
    }
}

/// Octets that tell their place, none of them zero.
fn octets(length: u16, seed: usize, most: usize) -> Vec<u8> {
    (0..usize::from(length) % (most + 1))
        .map(|at| (at.wrapping_add(seed) % 251) as u8 + 1)
        .collect()
}

/// The device: the two pieces, and the host's buffer for long writes, which puts each piece where it says.
struct Device {
    desk: Desk,
    queue: Queue,
    buffer: [u8; VALUE_MAX],
    end: usize,
}

fn live(steps: Vec<Step>) {
    let mut device = Device {
        desk: Desk::new(),
        queue: Queue::new(),
        buffer: [0; VALUE_MAX],
        end: 0,
    };
    let mut model = Model::default();
    for (seed, step) in steps.into_iter().enumerate() {
        step_of(&mut device, &mut model, step, seed);
        let (desk, offered) = (&device.desk, device.desk.offered());
        assert_eq!(offered.is_some(), model.is_named && model.is_offered);
        assert_eq!(desk.is_shaking_hands(), model.is_shaking);
        assert_eq!(desk.has_left(model.visits), !model.is_here());
        if model.asked.is_none() && model.answer.is_none() {
            assert!(desk.is_wiped(), "octets of an earlier request or answer");
        }
    }
}

fn step_of(device: &mut Device, model: &mut Model, step: Step, seed: usize) {
    let Device {
        desk,
        queue,
        buffer,
        end,
    } = device;
    match step {
        Step::Piece {
            endpoint,
            offset,
            length,
        } => {
            let bytes = octets(length, seed, 200);
            let piece = Piece {
                handle: FIRST_HANDLE + u16::from(endpoint % 3),
                offset: offset.map_or(model.queued.len(), usize::from),
                length: bytes.len(),
            };
            let is_kept = queue.push(piece).is_ok();
            assert_eq!(is_kept, model.piece(piece, &bytes));
            if is_kept {
                *end = piece.offset + piece.length;
                buffer[piece.offset..*end].copy_from_slice(&bytes);
            }
        }
        Step::Execute(is_wanted) => {
            let finished = queue.finish();
            assert_eq!(finished.is_ok(), !model.is_refused);
            let handle = model.handle.take();
            let whole = std::mem::take(&mut model.queued);
            model.is_refused = false;
            if let (true, Ok(()), Some(handle), true) =
                (is_wanted, finished, handle, model.is_here())
            {
                let endpoint = usize::from(handle - FIRST_HANDLE);
                assert_eq!(
                    desk.ask(endpoint, &buffer[..*end]),
                    model.ask(endpoint, &whole)
                );
            }
            *end = 0;
        }
        Step::Write { endpoint, length } => {
            let bytes = octets(length, seed, VALUE_MAX + 20);
            let endpoint = usize::from(endpoint % 4);
            if model.is_here() {
                assert_eq!(desk.ask(endpoint, &bytes), model.ask(endpoint, &bytes));
            }
        }
        Step::Take => {
            let mut room = [0xFF; VALUE_MAX];
            let asked = model.asked.take();
            assert_eq!(
                desk.take(&mut room),
                asked.as_ref().map(|asked| Asked {
                    connection: asked.visit,
                    endpoint: asked.endpoint,
                    length: asked.bytes.len(),
                })
            );
            if let Some(asked) = asked {
                let (bytes, rest) = room.split_at(asked.bytes.len());
                assert_eq!(bytes, asked.bytes);
                assert!(rest.iter().all(|&octet| octet == 0));
                model.served = asked.visit;
            }
        }
        Step::Give {
            connection,
            answered,
        } => {
            let connection = connection.map_or(model.served, u32::from);
            let answered = answered.map(|(length, is_version, is_proof)| Answered {
                length: usize::from(length) % (VALUE_MAX + 1),
                is_version,
                is_proof,
            });
            let answer = [(seed % 251) as u8 + 1; VALUE_MAX];
            desk.give(connection, answered, &answer);
            if model.is_here() && connection == model.visits {
                model.answer = Some((answered, answer));
                model.is_shaking = false;
            }
        }
        Step::Acknowledge => {
            let mut room = [0; VALUE_MAX];
            let answer = model.answer.take();
            assert_eq!(
                desk.take_answer(&mut room),
                answer.map(|(answered, _)| answered)
            );
            assert_eq!(room, answer.map_or([0; VALUE_MAX], |(_, octets)| octets));
        }
        Step::Arrive => {
            // There is one link at most.
            if !model.is_here() {
                model.visits += 1;
                assert_eq!(desk.arrived(), model.visits);
            }
        }
        Step::Depart => {
            desk.departed();
            model.depart();
            // The link's end is that of its long write.
            *queue = Queue::new();
            *end = 0;
            model.handle = None;
            model.queued.clear();
            model.is_refused = false;
            assert!(desk.is_wiped());
        }
        Step::Hear => {
            let next = (model.told != model.over).then(|| {
                model.told += 1;
                model.told
            });
            assert_eq!(desk.take_departed(), next);
        }
        Step::Offer(is_offered) => {
            let names: Names = ENDPOINTS.into_iter().collect();
            desk.offer(is_offered.then_some(names));
            model.is_offered = is_offered;
        }
        Step::Address => {
            desk.set_address([seed as u8, 2, 3, 4, 5, 6]);
            model.is_named = true;
        }
    }
}

fuzz_target!(|steps: Vec<Step>| live(steps));
