//! The one session: whose it is, how far its handshake is, its cipher.
//!
//! | step | refused, and the session gone, unless |
//! |---|---|
//! | first | the security is the device's own. Begins anew whatever there was, also of another connection |
//! | second | it is the same connection's next step, and proves the secret |
//!
//! A session ends with its connection.

use rand_core::CryptoRngCore;

use super::security1::{self, Stream};
use super::security2::{self, Sealer, TAG_BYTES};
use super::srp::{PublicKey, Verifier, shortest};
use super::{Connection, Refused};
use crate::message::espressif::session::{
    self as message, KEY1_BYTES, KEY2_BYTES, PROOF2_BYTES, Reply, Step, User,
};
use crate::secret::Secret;

/// The longest secret of security 1, bytes.
pub const MAX_SECRET_BYTES: usize = 64;

/// How a phone shows that it may provision the device.
#[allow(clippy::large_enum_variant, reason = "there is one a device")]
pub enum Security {
    /// Security 0: not at all, and everybody reads along.
    Plain,
    /// Security 1, with a secret; an empty one asks for no proof.
    One(Secret<MAX_SECRET_BYTES>),
    /// Security 2, with a user's name and password.
    Two(Verifier),
}

impl Security {
    /// The number.
    #[must_use]
    pub const fn version(&self) -> u8 {
        match self {
            Self::Plain => 0,
            Self::One(_) => 1,
            Self::Two(_) => 2,
        }
    }
}

/// How far a session is.
#[allow(clippy::large_enum_variant, reason = "there is one a device")]
enum State {
    Absent,
    Half1(security1::Half),
    Half2(security2::Half),
    Plain,
    Open1(Stream),
    Open2(Sealer),
}

/// The session, or none.
pub(super) struct Session {
    owner: Connection,
    state: State,
}

impl Session {
    pub(super) const fn absent() -> Self {
        Self {
            owner: Connection(0),
            state: State::Absent,
        }
    }

    /// Ends, whosever it is.
    pub(super) fn end(&mut self) {
        self.state = State::Absent;
    }

    /// Whether there is none.
    pub(super) const fn is_absent(&self) -> bool {
        matches!(self.state, State::Absent)
    }

    /// Whether there is one of this connection, its handshake done or not.
    pub(super) fn is_of(&self, connection: Connection) -> bool {
        self.owner == connection && !self.is_absent()
    }

    /// Whether this connection may ask for something.
    pub(super) fn is_open_for(&self, connection: Connection) -> bool {
        self.owner == connection
            && matches!(self.state, State::Plain | State::Open1(_) | State::Open2(_))
    }

    /// Takes one step of a handshake; gives the length of the answer.
    pub(super) fn step(
        &mut self,
        connection: Connection,
        security: &Security,
        request: &[u8],
        out: &mut [u8],
        rng: &mut impl CryptoRngCore,
    ) -> Result<usize, Refused> {
        let step = message::decode(request);
        let is_second = matches!(step, Ok(Step::Proof1 { .. } | Step::Proof2 { .. }) | Err(_));
        // A stranger's second step, or nonsense, ends nobody else's session.
        if is_second && self.owner != connection {
            return Err(Refused);
        }
        // Whatever goes wrong from here on, there is no session afterwards.
        let before = core::mem::replace(&mut self.state, State::Absent);
        let step = step.as_ref().map_err(|_| Refused)?;
        let (length, after) = match (step, security, before) {
            (Step::Plain, Security::Plain, _) => (encode(&Reply::Plain, out)?, State::Plain),
            (Step::Hello1 { key }, Security::One(secret), _) => {
                hello1(secret.reveal(), key, out, rng)?
            }
            (Step::Proof1 { proof }, Security::One(_), State::Half1(half)) => {
                proof1(half, proof, out)?
            }
            (Step::Hello2 { user, key }, Security::Two(verifier), _) => {
                hello2(verifier, user, key, out, rng)?
            }
            (Step::Proof2 { proof }, Security::Two(_), State::Half2(half)) => {
                proof2(&half, proof, out, rng)?
            }
            _ => return Err(Refused),
        };
        self.owner = connection;
        self.state = after;
        Ok(length)
    }

    /// Decrypts a request in place; gives its length then.
    pub(super) fn open(
        &mut self,
        connection: Connection,
        request: &mut [u8],
    ) -> Result<usize, Refused> {
        if self.owner != connection {
            return Err(Refused);
        }
        match &mut self.state {
            State::Absent | State::Half1(_) | State::Half2(_) => Err(Refused),
            State::Plain => Ok(request.len()),
            State::Open1(stream) => {
                stream.apply(request)?;
                Ok(request.len())
            }
            State::Open2(sealer) => sealer.open(request),
        }
    }

    /// How much longer an answer gets by [`Self::seal`], bytes.
    pub(super) const fn overhead(&self) -> usize {
        match self.state {
            State::Open2(_) => TAG_BYTES,
            _ => 0,
        }
    }

    /// Encrypts in place an answer of `length`; gives its length then.
    pub(super) fn seal(&mut self, out: &mut [u8], length: usize) -> Result<usize, Refused> {
        match &mut self.state {
            State::Absent | State::Half1(_) | State::Half2(_) => Err(Refused),
            State::Plain => Ok(length),
            State::Open1(stream) => {
                stream.apply(out.get_mut(..length).ok_or(Refused)?)?;
                Ok(length)
            }
            State::Open2(sealer) => sealer.seal(out, length),
        }
    }
}

fn encode(reply: &Reply<'_>, out: &mut [u8]) -> Result<usize, Refused> {
    message::encode(reply, out).map_err(|_| Refused)
}

/// What a step comes to: the length of its answer, and where the session is then. One step's numbers are not on the
/// stack of another's.
type Stepped = Result<(usize, State), Refused>;

#[inline(never)]
fn hello1(
    secret: &[u8],
    key: &[u8; KEY1_BYTES],
    out: &mut [u8],
    rng: &mut impl CryptoRngCore,
) -> Stepped {
    let (welcome, half) = security1::welcome(secret, *key, rng)?;
    let reply = Reply::Welcome1 {
        key: &welcome.key,
        random: &welcome.random,
    };
    Ok((encode(&reply, out)?, State::Half1(half)))
}

#[inline(never)]
fn proof1(half: security1::Half, proof: &[u8; KEY1_BYTES], out: &mut [u8]) -> Stepped {
    let (proof, stream) = half.confirm(*proof)?;
    let reply = Reply::Confirmation1 { proof: &proof };
    Ok((encode(&reply, out)?, State::Open1(stream)))
}

#[inline(never)]
fn hello2(
    verifier: &Verifier,
    user: &User,
    key: &PublicKey,
    out: &mut [u8],
    rng: &mut impl CryptoRngCore,
) -> Stepped {
    let mut public = [0; KEY2_BYTES];
    let half = security2::welcome(verifier, user, key, &mut public, rng)?;
    let reply = Reply::Welcome2 {
        key: shortest(&public),
        salt: verifier.salt(),
    };
    Ok((encode(&reply, out)?, State::Half2(half)))
}

#[inline(never)]
fn proof2(
    half: &security2::Half,
    proof: &[u8; PROOF2_BYTES],
    out: &mut [u8],
    rng: &mut impl CryptoRngCore,
) -> Stepped {
    let (confirmation, sealer) = half.confirm(proof, rng)?;
    let reply = Reply::Confirmation2 {
        proof: &confirmation.proof,
        nonce: &confirmation.nonce,
    };
    Ok((encode(&reply, out)?, State::Open2(sealer)))
}
