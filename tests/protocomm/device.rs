//! A device and how a test speaks to it.

use wifi_provision::message::espressif::MAX_MESSAGE_BYTES;
use wifi_provision::protocomm::{
    Answer, Applications, Connection, Protocomm, Refused, SALT_BYTES, Security, User, Verifier,
    serve,
};
use wifi_provision::secret::Secret;
use wifi_provision::service::Service;

use super::board::{AccessPoint, Board};
use super::phone::{Phone1, Phone2};
use super::random::Known;

/// The connection tests use when one is enough.
pub(crate) const PHONE: Connection = Connection(1);

/// Turns what it gets round.
pub(crate) struct Mirror;

impl Applications for Mirror {
    fn find(&self, name: &str) -> Option<usize> {
        (name == "custom-data").then_some(0)
    }

    fn handle(&mut self, _: usize, request: &[u8], out: &mut [u8]) -> Result<usize, Refused> {
        let out = out.get_mut(..request.len()).ok_or(Refused)?;
        out.copy_from_slice(request);
        out.reverse();
        Ok(request.len())
    }
}

/// The device, all of it.
pub(crate) struct Device {
    pub(crate) protocomm: Protocomm,
    pub(crate) board: Board,
    pub(crate) service: Service,
    pub(crate) random: Known,
}

pub(crate) fn one(secret: &str) -> Security {
    Security::One(Secret::copy_of(secret.as_bytes()).unwrap())
}

pub(crate) fn two(user: &str, password: &str) -> Security {
    let user = User::from_slice(user.as_bytes()).unwrap();
    let salt: [u8; SALT_BYTES] = std::array::from_fn(|place| place as u8 + 1);
    Security::Two(Verifier::of_password(user, password.as_bytes(), salt).unwrap())
}

impl Device {
    pub(crate) fn new(security: Security, air: Vec<AccessPoint>) -> Self {
        Self::with_attempts(security, air, 1)
    }

    pub(crate) fn with_attempts(security: Security, air: Vec<AccessPoint>, attempts: u8) -> Self {
        Self {
            protocomm: Protocomm::new(security, attempts),
            board: Board::new(air),
            service: Service::new(),
            random: Known::new([]),
        }
    }

    /// What a request comes to, without anything being carried out.
    pub(crate) fn handle(
        &mut self,
        connection: Connection,
        endpoint: &str,
        request: &[u8],
    ) -> Result<Option<Vec<u8>>, Refused> {
        let mut out = [0; MAX_MESSAGE_BYTES];
        let random = &mut self.random;
        let answer =
            self.protocomm
                .handle(connection, endpoint, request, &mut out, random, &mut Mirror)?;
        Ok(match answer {
            Answer::Ready(length) => Some(out[..length].to_vec()),
            Answer::Pending => None,
        })
    }

    /// What a request is answered with, after whatever it waits for.
    pub(crate) fn ask(
        &mut self,
        connection: Connection,
        endpoint: &str,
        request: &[u8],
    ) -> Result<Vec<u8>, Refused> {
        if let Some(answer) = self.handle(connection, endpoint, request)? {
            return Ok(answer);
        }
        self.work();
        let mut out = [0; MAX_MESSAGE_BYTES];
        match self.protocomm.pending(connection, &mut out)? {
            Answer::Ready(length) => Ok(out[..length].to_vec()),
            Answer::Pending => panic!("nothing is left to be done, and the answer still waits"),
        }
    }

    /// One job; false when there is none.
    pub(crate) fn work_once(&mut self) -> bool {
        let Some(job) = self.protocomm.next_job() else {
            return false;
        };
        let outcome = serve::carry_out(job, &mut self.service, &mut self.board);
        self.protocomm.done(outcome);
        true
    }

    /// All jobs there are.
    pub(crate) fn work(&mut self) {
        while self.work_once() {}
    }

    /// A session of security 1, open.
    pub(crate) fn open1(&mut self, connection: Connection, secret: &str) -> Phone1 {
        let mut phone = Phone1::new(secret, std::array::from_fn(|place| place as u8 + 32));
        let welcome = self
            .ask(connection, "prov-session", &phone.hello())
            .unwrap();
        let proof = phone.proof(&welcome);
        let confirmation = self.ask(connection, "prov-session", &proof).unwrap();
        assert!(phone.believes(&confirmation));
        phone
    }

    /// A session of security 2, open.
    pub(crate) fn open2(&mut self, connection: Connection, user: &str, password: &str) -> Phone2 {
        let mut phone = Phone2::new(user, password, &[0x51; 32]);
        let welcome = self
            .ask(connection, "prov-session", &phone.hello())
            .unwrap();
        let proof = phone.proof(&welcome);
        let confirmation = self.ask(connection, "prov-session", &proof).unwrap();
        assert!(phone.believes(&confirmation));
        phone
    }
}

/// Octets written in hexadecimal digits.
pub(crate) fn hex(digits: &str) -> Vec<u8> {
    (0..digits.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&digits[at..at + 2], 16).expect("digits"))
        .collect()
}
