//! Espressif's endpoints over GATT: requests are written to a characteristic, answers read from it.
//!
//! | file | what |
//! |---|---|
//! | here | what an application offers, and the task that asks it |
//! | `desk` | requests and answers between the BLE task and that task |
//! | `pauses` | how long a start that failed waits for its next try; with the feature `espressif` |
//! | `queue` | the pieces of a long write |
//! | `random` | random numbers for handshakes |
//! | `secret` | the device's own secret: kept, made, forgotten; with the feature `espressif` |
//!
//! A handshake computes for seconds. So it has a task of its own, below the BLE task, and the phone's
//! write is acknowledged when the answer is there.

mod desk;
#[cfg(any(test, feature = "espressif"))]
pub(crate) mod pauses;
mod queue;
mod random;
#[cfg(any(test, feature = "espressif"))]
pub(crate) mod secret;

use core::ffi::CStr;

use embassy_time::Timer;
use heapless::Vec;
use zeroize::Zeroize;

use crate::ble::Ble;
use crate::config::{ENDPOINTS_MAX, PENDING_PAUSE, VALUE_MAX};
use crate::pairing::Strangers;
pub use desk::{Answered, Asked, Desk, Name, Offer};
pub use queue::{Piece, Queue};
pub(crate) use random::{Random, SEED};

/// What became of a request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Answer {
    /// So many bytes are there.
    Answered(usize),
    /// Ask again.
    Pending,
    /// There is none.
    Refused,
}

/// Endpoints, and what answers requests to them. Called in the task that polls
/// [`Ble::serve_endpoints`], and may compute there.
pub trait Endpoints: Sync {
    /// The name of an endpoint and its number in UUIDs; `None` past the last. Context: any task.
    fn endpoint(&self, index: usize) -> Option<(&'static CStr, u16)>;

    /// Whether a session proves that its phone knows a secret. False where everybody may have one.
    fn asks_for_secret(&self) -> bool;

    /// Answers a whole request of a connection.
    fn handle(
        &self,
        connection: u32,
        endpoint: &CStr,
        request: &[u8],
        answer: &mut [u8; VALUE_MAX],
    ) -> Answer;

    /// The answer that was pending.
    fn pending(&self, connection: u32, answer: &mut [u8; VALUE_MAX]) -> Answer;

    /// A connection has ended.
    fn disconnected(&self, connection: u32);
}

/// What the endpoints of an offer are called, and their numbers in UUIDs.
pub type Names = Vec<(&'static CStr, u16), ENDPOINTS_MAX>;

/// The endpoint whose answers prove nothing: everybody may know the version.
const VERSION: &CStr = c"proto-ver";

/// The endpoint of handshakes.
pub const SESSION: &CStr = c"prov-session";

impl Ble {
    /// Offers endpoints from the next connection on, and advertises them. Those with the first numbers
    /// come first, [`ENDPOINTS_MAX`](crate::ENDPOINTS_MAX) at most. They are asked for their names here and now, and not
    /// in the BLE task at each connection: it would wait for whatever they compute, and phones find the same each time.
    ///
    /// Context: any task; does not block.
    pub fn offer_endpoints(&self, endpoints: &'static dyn Endpoints) {
        let names = (0..ENDPOINTS_MAX).map_while(|index| endpoints.endpoint(index));
        self.endpoints.offer(Some(names.collect()));
        self.wake();
    }

    /// Takes the offer back. A phone that is connected is refused from now on.
    ///
    /// Context: any task; does not block.
    pub fn retract_endpoints(&self) {
        self.endpoints.offer(None);
        self.wake();
    }

    /// The name under which Espressif's apps find the device, `PROV_` and six digits; waits until the
    /// controller has told its address.
    ///
    /// Context: any task; waits for a controller, which may be for ever.
    pub async fn endpoints_name(&self) -> Name {
        self.endpoints.name().await
    }

    /// Fills memory with random octets fit for keys. False before the controller has given the first.
    ///
    /// Context: any task; does not block.
    pub fn fill_random(&self, out: &mut [u8]) -> bool {
        self.random_octets.fill(out)
    }

    /// Waits until [`serve_endpoints`](Self::serve_endpoints) has something to do.
    pub async fn endpoints_asked(&self) {
        self.endpoints.news().await;
    }

    /// Carries out what waits for the endpoints, one request at most, and waits for what is pending. Poll it in one task,
    /// which is not the BLE task, after each [`endpoints_asked`](Self::endpoints_asked): what else that task has to do comes
    /// to its turn between two requests.
    pub async fn serve_endpoints(&self, endpoints: &dyn Endpoints) {
        while let Some(connection) = self.endpoints.take_departed() {
            endpoints.disconnected(connection);
        }
        let mut request = [0; VALUE_MAX];
        let Some(asked) = self.endpoints.take(&mut request) else {
            return;
        };
        let mut answer = [0; VALUE_MAX];
        let answered = match endpoints.endpoint(asked.endpoint) {
            None => None,
            Some((name, _))
                if name == SESSION
                    && endpoints.asks_for_secret()
                    && !self.strangers(|all, now| all.may_shake_hands(now)) =>
            {
                log::warn!(target: "ble", "too many wrong secrets: this handshake is refused");
                None
            }
            Some((name, _)) => {
                let bytes = request.get(..asked.length).unwrap_or_default();
                let length = self.answered(endpoints, asked.connection, name, bytes, &mut answer);
                let in_session = name != VERSION && name != SESSION;
                let length = length.await;
                // Who leaves while a step is computed has it computed for nothing: a stranger who does so again and again
                // would keep the device computing.
                if name == SESSION
                    && (length.is_none() || self.endpoints.has_left(asked.connection))
                {
                    self.strangers(Strangers::handshake_failed);
                }
                length.map(|length| Answered {
                    length,
                    is_version: name == VERSION,
                    is_proof: in_session && endpoints.asks_for_secret(),
                })
            }
        };
        if answered.is_some_and(|answered| answered.is_proof) {
            self.strangers(|all, _| all.handshake_proved());
        }
        self.endpoints.give(asked.connection, answered, &answer);
        request.zeroize();
        answer.zeroize();
        self.endpoints.look_again();
        self.wake();
    }

    /// The length of an answer, if there is one.
    async fn answered(
        &self,
        endpoints: &dyn Endpoints,
        connection: u32,
        name: &CStr,
        request: &[u8],
        answer: &mut [u8; VALUE_MAX],
    ) -> Option<usize> {
        let mut given = endpoints.handle(connection, name, request, answer);
        loop {
            match given {
                Answer::Answered(length) => return Some(length),
                Answer::Refused => return None,
                Answer::Pending if self.endpoints.has_left(connection) => return None,
                Answer::Pending => Timer::after(PENDING_PAUSE).await,
            }
            given = endpoints.pending(connection, answer);
        }
    }
}

#[cfg(test)]
mod tests;
