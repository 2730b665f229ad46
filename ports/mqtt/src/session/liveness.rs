//! Who said something when, and what follows for the connection once the peer has accepted us.
//!
//! | what | how long | then |
//! |---|---|---|
//! | we or the peer say nothing | half a keep-alive | a ping |
//! | no byte comes | a keep-alive | [`SessionError::Silent`] |
//! | one packet is on its way to us | [`PACKET_KEEP_ALIVES`] | [`SessionError::Slow`] |
//! | a message stays unacknowledged, and no long packet is in the way | two keep-alives | [`SessionError::Unacknowledged`] |

use core::time::Duration;

use super::{PACKET_KEEP_ALIVES, SessionError};

pub(super) struct Liveness {
    keep_alive: Duration,
    /// Our last packet.
    sent: Duration,
    /// The peer's last byte.
    heard: Duration,
    /// Since when a packet has been coming that is not whole yet.
    coming: Option<Duration>,
    /// When the last packet was whole that others had to wait behind.
    passed: Duration,
    /// A ping is not answered yet.
    pinged: bool,
}

impl Liveness {
    pub(super) const fn new() -> Self {
        Self::of(Duration::from_secs(60), Duration::ZERO)
    }

    /// Both sides begin `now`.
    pub(super) const fn of(keep_alive: Duration, now: Duration) -> Self {
        Self {
            keep_alive,
            sent: now,
            heard: now,
            coming: None,
            passed: now,
            pinged: false,
        }
    }

    pub(super) fn sent(&mut self, now: Duration) {
        self.sent = now;
    }

    pub(super) fn pinged(&mut self) {
        self.pinged = true;
    }

    pub(super) fn answered(&mut self) {
        self.pinged = false;
    }

    /// The peer's last byte.
    pub(super) const fn heard(&self) -> Duration {
        self.heard
    }

    /// Bytes have come.
    pub(super) fn bytes(&mut self, now: Duration) {
        self.heard = now;
        self.coming.get_or_insert(now);
    }

    /// A packet is whole.
    pub(super) fn packet(&mut self, now: Duration) {
        self.heard = now;
        if let Some(since) = self.coming.take()
            && now.saturating_sub(since) >= self.quiet_time()
        {
            self.passed = now;
        }
    }

    /// `oldest` is when the message was sent that has waited longest for its acknowledgement.
    pub(super) fn check(
        &self,
        oldest: Option<Duration>,
        now: Duration,
    ) -> Result<(), SessionError> {
        if now >= self.dead() {
            return Err(SessionError::Silent);
        }
        if self.slow().is_some_and(|at| now >= at) {
            return Err(SessionError::Slow);
        }
        // What a packet that is coming keeps back is not late.
        let looked = self.coming.unwrap_or(now);
        if self.stuck(oldest).is_some_and(|at| looked >= at) {
            return Err(SessionError::Unacknowledged);
        }
        Ok(())
    }

    /// When [`check`](Self::check) may fail, or a ping is due.
    pub(super) fn deadline(&self, oldest: Option<Duration>) -> Duration {
        let late = match self.coming {
            None => self.stuck(oldest),
            Some(_) => self.slow(),
        };
        let at = self.dead().min(self.ping());
        late.map_or(at, |late| late.min(at))
    }

    /// When a ping is due: the broker drops a client it does not hear, and we a peer we do not hear. As long as one is
    /// unanswered, the next has only the broker to serve.
    pub(super) fn ping(&self) -> Duration {
        let last = if self.pinged {
            self.sent
        } else {
            self.heard.min(self.sent)
        };
        last.saturating_add(self.quiet_time())
    }

    fn dead(&self) -> Duration {
        self.heard.saturating_add(self.keep_alive)
    }

    fn stuck(&self, oldest: Option<Duration>) -> Option<Duration> {
        let since = oldest?.max(self.passed);
        Some(since.saturating_add(self.keep_alive.saturating_mul(2)))
    }

    fn slow(&self) -> Option<Duration> {
        let most = self.keep_alive.saturating_mul(PACKET_KEEP_ALIVES);
        self.coming.map(|since| since.saturating_add(most))
    }

    /// Half the keep-alive: the answer has the other half.
    fn quiet_time(&self) -> Duration {
        self.keep_alive.checked_div(2).unwrap_or(self.keep_alive)
    }
}
