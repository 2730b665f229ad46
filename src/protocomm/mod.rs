//! Espressif's unified provisioning: sessions and endpoints, for whatever carries them.
//!
//! A carrier (a GATT server, an HTTP server, a console) hands each whole request to [`Protocomm::handle`],
//! with the name of its endpoint and of its connection, and sends back what that writes. It says when a
//! connection ends. What takes long, a scan or joining a network, waits as a [`Job`] for the service's
//! task, which carries it out on the one [`Service`](crate::service::Service) with [`serve::carry_out`].
//!
//! | file | what |
//! |---|---|
//! | `endpoint` | names and numbers |
//! | `session` | the one session: its handshake, its connection, its cipher |
//! | `security1`, `security2`, `srp`, `group` | the two securities |
//! | `provisioning` | what is asked for and how far it is; outlives sessions |
//! | `serve` | a job, on the service |
//! | `version`, `payload` | the two texts: of `proto-ver`, and of the QR code |

mod endpoint;
mod group;
pub mod payload;
mod provisioning;
mod security1;
mod security2;
pub mod serve;
mod session;
mod srp;
mod version;

use rand_core::CryptoRngCore;
use zeroize::Zeroize;

pub use crate::message::espressif::MAX_MESSAGE_BYTES;
pub use crate::message::espressif::session::{MAX_USER_BYTES, User};
pub use endpoint::{APPLICATION_ID, BUILT_IN, Endpoint};
pub use provisioning::{Job, Network, Outcome};
pub use session::{MAX_SECRET_BYTES, Security};
pub use srp::{SALT_BYTES, Verifier};

use provisioning::{Begun, Provisioning};
use session::Session;

/// Names a connection; the carrier chooses, and no two at a time have the same.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Connection(pub u32);

/// A request that gets no answer. There is but one kind: what it was tells an attacker nothing.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Refused;

/// What a request was answered with.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Answer {
    /// So many bytes.
    Ready(usize),
    /// Nothing yet: ask [`Protocomm::pending`] until there is.
    Pending,
}

/// The application's own endpoints.
pub trait Applications {
    /// The place of an endpoint among them.
    fn find(&self, name: &str) -> Option<usize>;
    /// Answers a request, decrypted; gives the answer's length. Must not block.
    ///
    /// # Errors
    ///
    /// [`Refused`] when there is no answer.
    fn handle(&mut self, place: usize, request: &[u8], out: &mut [u8]) -> Result<usize, Refused>;
}

/// No endpoints but the built-in ones.
pub struct NoApplications;

impl Applications for NoApplications {
    fn find(&self, _name: &str) -> Option<usize> {
        None
    }

    fn handle(&mut self, _: usize, _: &[u8], _: &mut [u8]) -> Result<usize, Refused> {
        Err(Refused)
    }
}

/// The endpoints of one device.
pub struct Protocomm {
    security: Security,
    session: Session,
    provisioning: Provisioning,
    /// Whose answer waits for the end of a scan.
    waiting: Option<Connection>,
    failed_handshakes: u32,
}

impl Protocomm {
    /// Endpoints without a session. A network is tried so many times, at least once.
    #[must_use]
    pub const fn new(security: Security, attempts: u8) -> Self {
        Self {
            security,
            session: Session::absent(),
            provisioning: Provisioning::new(attempts),
            waiting: None,
            failed_handshakes: 0,
        }
    }

    /// Answers a request of at most [`MAX_MESSAGE_BYTES`]. Blocks for no radio and no store; a step of a
    /// handshake computes. `out` needs room for [`MAX_MESSAGE_BYTES`]. On [`Answer::Pending`] it is not
    /// touched.
    ///
    /// # Errors
    ///
    /// [`Refused`], whatever was wrong.
    pub fn handle(
        &mut self,
        connection: Connection,
        endpoint: &str,
        request: &[u8],
        out: &mut [u8],
        rng: &mut impl CryptoRngCore,
        applications: &mut impl Applications,
    ) -> Result<Answer, Refused> {
        let endpoint = Endpoint::find(endpoint, applications).ok_or(Refused)?;
        if request.len() > MAX_MESSAGE_BYTES {
            return Err(Refused);
        }
        match endpoint {
            Endpoint::Version => version::write(&self.security, out).map(Answer::Ready),
            Endpoint::Session => self.step(connection, request, out, rng).map(Answer::Ready),
            // One request at a time: the second would take the first one's place in the key stream.
            _ if self.waiting.is_some() => Err(Refused),
            _ => self.ask(connection, endpoint, request, out, applications),
        }
    }

    // What a handshake has on the stack, no other request has.
    #[inline(never)]
    fn step(
        &mut self,
        connection: Connection,
        request: &[u8],
        out: &mut [u8],
        rng: &mut impl CryptoRngCore,
    ) -> Result<usize, Refused> {
        let answered = self
            .session
            .step(connection, &self.security, request, out, rng);
        if answered.is_err() {
            self.failed_handshakes = self.failed_handshakes.saturating_add(1);
        }
        // What another session has asked for and not applied is not this one's.
        if self
            .waiting
            .is_some_and(|owner| !self.session.is_open_for(owner))
        {
            self.waiting = None;
        }
        if answered.is_ok() || self.session.is_absent() {
            self.provisioning.forget_draft();
        }
        answered
    }

    /// Decrypts, asks, encrypts.
    #[inline(never)]
    fn ask(
        &mut self,
        connection: Connection,
        endpoint: Endpoint,
        request: &[u8],
        out: &mut [u8],
        applications: &mut impl Applications,
    ) -> Result<Answer, Refused> {
        // A passphrase is in it.
        let mut copy = zeroize::Zeroizing::new([0; MAX_MESSAGE_BYTES]);
        let copy = copy.get_mut(..request.len()).ok_or(Refused)?;
        copy.copy_from_slice(request);
        let length = self.session.open(connection, copy)?;
        let plain = copy.get(..length).ok_or(Refused)?;
        let room = self.room(out)?;
        let begun = match endpoint {
            Endpoint::Scan => self.provisioning.scan(plain, room)?,
            Endpoint::Config => Begun::Answered(self.provisioning.config(plain, room)?),
            Endpoint::Control => Begun::Answered(self.provisioning.control(plain, room)?),
            Endpoint::Application(place) => {
                let length = applications.handle(place, plain, room);
                if length.is_err() {
                    room.zeroize();
                }
                Begun::Answered(length?)
            }
            Endpoint::Session | Endpoint::Version => return Err(Refused),
        };
        match begun {
            Begun::Answered(length) => self.session.seal(out, length).map(Answer::Ready),
            Begun::Waits => {
                self.waiting = Some(connection);
                Ok(Answer::Pending)
            }
        }
    }

    /// The room for an answer that is still to be sealed.
    fn room<'a>(&self, out: &'a mut [u8]) -> Result<&'a mut [u8], Refused> {
        let length = out
            .len()
            .checked_sub(self.session.overhead())
            .ok_or(Refused)?;
        out.get_mut(..length).ok_or(Refused)
    }

    /// The answer that was [`Answer::Pending`], once it is there.
    ///
    /// # Errors
    ///
    /// [`Refused`] when this connection waits for none, not any more either.
    pub fn pending(&mut self, connection: Connection, out: &mut [u8]) -> Result<Answer, Refused> {
        if self.waiting != Some(connection) {
            return Err(Refused);
        }
        let room = self.room(out)?;
        let Some(length) = self.provisioning.scan_ended(room)? else {
            return Ok(Answer::Pending);
        };
        self.waiting = None;
        self.session.seal(out, length).map(Answer::Ready)
    }

    /// Ends the session of a connection that is no more, and what it has asked for but not applied.
    pub fn disconnected(&mut self, connection: Connection) {
        if self.waiting == Some(connection) {
            self.waiting = None;
        }
        if self.session.is_of(connection) {
            self.session.end();
            self.provisioning.forget_draft();
        }
    }

    /// How many steps of handshakes were refused, wrong secrets among them. Stays at its highest.
    #[must_use]
    pub const fn failed_handshakes(&self) -> u32 {
        self.failed_handshakes
    }

    /// Takes what the service's task is to do next.
    pub fn next_job(&mut self) -> Option<Job> {
        self.provisioning.next_job()
    }

    /// Takes what a job came to.
    pub fn done(&mut self, outcome: Outcome) {
        self.provisioning.done(outcome);
    }
}
