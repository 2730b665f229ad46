//! `prov-session`: the steps of the handshakes.

use super::bounded::{Confirmation1, Confirmation2, Octets, Welcome1, Welcome2};
use super::shape::{Field, Shape};
use super::wire::session as wire;
use super::{Unreadable, Unwritable, read, write};

/// Length of an X25519 public key, of security 1's random number's double, and of its proofs, bytes.
pub const KEY1_BYTES: usize = 32;
/// Length of security 1's random number, bytes.
pub const RANDOM1_BYTES: usize = 16;
/// Length of an SRP-6a public key modulo 3072 bits, bytes.
pub const KEY2_BYTES: usize = 384;
/// Length of a SHA-512 proof of security 2, bytes.
pub const PROOF2_BYTES: usize = 64;
/// Length of security 2's nonce, bytes.
pub const NONCE2_BYTES: usize = 12;
/// Length of what security 2's password is salted with, bytes.
pub const SALT2_BYTES: usize = 16;
/// The longest user name, bytes.
pub const MAX_USER_BYTES: usize = 64;

/// A user's name, 1 to [`MAX_USER_BYTES`] octets.
pub type User = heapless::Vec<u8, MAX_USER_BYTES, u8>;

/// One step of the phone's.
#[allow(
    clippy::large_enum_variant,
    reason = "lives as long as one message is read"
)]
pub enum Step {
    /// Security 0: begin.
    Plain,
    /// Security 1, first: the phone's public key.
    Hello1 {
        /// X25519.
        key: [u8; KEY1_BYTES],
    },
    /// Security 1, second: the phone knows the secret.
    Proof1 {
        /// The device's public key, encrypted.
        proof: [u8; KEY1_BYTES],
    },
    /// Security 2, first: who the phone is, and its public key.
    Hello2 {
        /// The name.
        user: User,
        /// A of SRP-6a, of the full length.
        key: [u8; KEY2_BYTES],
    },
    /// Security 2, second: the phone knows the secret.
    Proof2 {
        /// M1 of SRP-6a.
        proof: [u8; PROOF2_BYTES],
    },
}

const REQUEST: Shape = Shape(&[
    (2, Field::Number),
    (10, Field::Message(Shape(&[(1, Field::Number)]))),
    (
        11,
        Field::Message(Shape(&[
            (1, Field::Number),
            (20, Field::Message(Shape(&[(1, Field::Octets)]))),
            (22, Field::Message(Shape(&[(2, Field::Octets)]))),
        ])),
    ),
    (
        12,
        Field::Message(Shape(&[
            (1, Field::Number),
            (
                20,
                Field::Message(Shape(&[(1, Field::Octets), (2, Field::Octets)])),
            ),
            (22, Field::Message(Shape(&[(1, Field::Octets)]))),
        ])),
    ),
]);

/// Reads one step. What a step of that kind and version needs must be there, in full length.
///
/// # Errors
///
/// [`Unreadable`] when it is not.
// What prost makes is off the stack when the handshake computes.
#[inline(never)]
pub fn decode(message: &[u8]) -> Result<Step, Unreadable> {
    let request: wire::Request = read(message, &REQUEST)?;
    match request.sec_ver {
        0 => request
            .sec0
            .filter(|sec0| sec0.msg == 0)
            .map(|_| Step::Plain),
        1 => request.sec1.as_ref().and_then(security1),
        2 => request.sec2.as_ref().and_then(security2),
        _ => None,
    }
    .ok_or(Unreadable)
}

fn security1(command: &wire::Command1) -> Option<Step> {
    Some(match command.msg {
        0 => Step::Hello1 {
            key: exactly(&command.hello.as_ref()?.client_public_key)?,
        },
        2 => Step::Proof1 {
            proof: exactly(&command.proof.as_ref()?.client_proof)?,
        },
        _ => return None,
    })
}

fn security2(command: &wire::Command2) -> Option<Step> {
    match command.msg {
        0 => {
            let hello = command.hello.as_ref()?;
            let user = User::from_slice(hello.user.get()?).ok()?;
            if user.is_empty() {
                return None;
            }
            Some(Step::Hello2 {
                user,
                key: exactly(&hello.client_public_key)?,
            })
        }
        2 => Some(Step::Proof2 {
            proof: exactly(&command.proof.as_ref()?.client_proof)?,
        }),
        _ => None,
    }
}

fn exactly<const N: usize>(octets: &Octets<N>) -> Option<[u8; N]> {
    octets.get()?.try_into().ok()
}

/// The device's answer to a step.
pub enum Reply<'a> {
    /// To [`Step::Plain`].
    Plain,
    /// To [`Step::Hello1`].
    Welcome1 {
        /// The device's public key.
        key: &'a [u8; KEY1_BYTES],
        /// Where the key stream starts.
        random: &'a [u8; RANDOM1_BYTES],
    },
    /// To [`Step::Proof1`]: the phone's public key, encrypted.
    Confirmation1 {
        /// As long as the key.
        proof: &'a [u8; KEY1_BYTES],
    },
    /// To [`Step::Hello2`].
    Welcome2 {
        /// B of SRP-6a, without leading zeros.
        key: &'a [u8],
        /// What the password was salted with.
        salt: &'a [u8],
    },
    /// To [`Step::Proof2`].
    Confirmation2 {
        /// M2 of SRP-6a.
        proof: &'a [u8; PROOF2_BYTES],
        /// The first request's.
        nonce: &'a [u8; NONCE2_BYTES],
    },
}

/// Writes an answer; gives its length.
///
/// # Errors
///
/// [`Unwritable`].
pub fn encode(reply: &Reply<'_>, out: &mut [u8]) -> Result<usize, Unwritable> {
    let mut response = wire::Response::default();
    match *reply {
        Reply::Plain => {
            response.sec0 = Some(wire::Answer0 {
                msg: 1,
                answer: Some(wire::Status::default()),
            });
        }
        Reply::Welcome1 { key, random } => {
            response.sec_ver = 1;
            response.sec1 = Some(wire::Answer1 {
                msg: 1,
                welcome: Some(Welcome1 {
                    status: 0,
                    device_public_key: Octets::of(key),
                    device_random: Octets::of(random),
                }),
                confirmation: None,
            });
        }
        Reply::Confirmation1 { proof } => {
            response.sec_ver = 1;
            response.sec1 = Some(wire::Answer1 {
                msg: 3,
                welcome: None,
                confirmation: Some(Confirmation1 {
                    status: 0,
                    device_proof: Octets::of(proof),
                }),
            });
        }
        Reply::Welcome2 { key, salt } => {
            response.sec_ver = 2;
            response.sec2 = Some(wire::Answer2 {
                msg: 1,
                welcome: Some(Welcome2 {
                    status: 0,
                    device_public_key: Octets::of(key),
                    salt: Octets::of(salt),
                }),
                confirmation: None,
            });
        }
        Reply::Confirmation2 { proof, nonce } => {
            response.sec_ver = 2;
            response.sec2 = Some(wire::Answer2 {
                msg: 3,
                welcome: None,
                confirmation: Some(Confirmation2 {
                    status: 0,
                    device_proof: Octets::of(proof),
                    nonce: Octets::of(nonce),
                }),
            });
        }
    }
    write(&response, out)
}
