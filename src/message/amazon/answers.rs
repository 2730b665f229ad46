//! The service's answers as messages of this protocol.

use super::response::{self, NetworkInfo, Room};
use crate::config::MAX_RESPONSE_BYTES;
use crate::platform::{Answers, Describe, Gone, Network, Phone};
use crate::service::Kind;
use crate::status::Status;

/// Writes answers and sends them.
pub struct Writer<P> {
    room: Room,
    phone: P,
    /// Why joining failed.
    #[cfg(feature = "espressif")]
    reason: Option<crate::status::Reason>,
    /// What a list ends with besides.
    #[cfg(feature = "espressif")]
    last_try: crate::service::LastTry,
}

impl<P: Phone> Writer<P> {
    /// Sends to a phone.
    pub const fn new(phone: P) -> Self {
        Self {
            room: [0; MAX_RESPONSE_BYTES],
            phone,
            #[cfg(feature = "espressif")]
            reason: None,
            #[cfg(feature = "espressif")]
            last_try: crate::service::LastTry::NONE,
        }
    }

    fn show(&mut self, info: &NetworkInfo<'_>) -> Result<(), Gone> {
        self.phone.send(response::network(&mut self.room, info))
    }
}

impl<P: Phone, S: Describe, F: Describe> Answers<S, F> for Writer<P> {
    fn saved(
        &mut self,
        network: &S,
        priority: usize,
        is_connected: bool,
        is_last: bool,
    ) -> Result<(), Gone> {
        self.show(&NetworkInfo::listed(
            network.describe(),
            Some(priority),
            is_connected,
            is_last,
        ))
    }

    fn scanned(&mut self, network: &F, is_last: bool) -> Result<(), Gone> {
        let info = NetworkInfo::listed(network.describe(), None, false, is_last);
        #[cfg(feature = "espressif")]
        if is_last {
            let length = response::network(&mut self.room, &info).len();
            let message = response::add_last_try(&mut self.room, length, &self.last_try);
            return self.phone.send(message);
        }
        self.show(&info)
    }

    #[cfg(feature = "espressif")]
    fn is_phone(&self) -> bool {
        true
    }

    #[cfg(feature = "espressif")]
    fn last_try(&mut self, last_try: &crate::service::LastTry) {
        self.last_try = *last_try;
    }

    #[cfg(feature = "espressif")]
    fn reason(&mut self, reason: crate::status::Reason) {
        self.reason = Some(reason);
    }

    fn status(&mut self, kind: Kind, status: Status) {
        #[cfg(feature = "espressif")]
        if let Some(reason) = self.reason.take() {
            return match self
                .phone
                .send(&response::status_and_reason(kind, status, reason))
            {
                Ok(()) | Err(Gone) => {}
            };
        }
        #[cfg(feature = "espressif")]
        if kind == Kind::List {
            let message = response::list_status(&mut self.room, status, &self.last_try);
            return match self.phone.send(message) {
                Ok(()) | Err(Gone) => {}
            };
        }
        match self.phone.send(&response::status(kind, status)) {
            Ok(()) | Err(Gone) => {}
        }
    }
}

impl<'a> NetworkInfo<'a> {
    /// A network as a list shows it.
    #[must_use]
    pub const fn listed(
        network: Network<'a>,
        priority: Option<usize>,
        connected: bool,
        last: bool,
    ) -> Self {
        Self {
            network,
            status: Status::Success,
            hidden: false,
            connected,
            priority: match priority {
                Some(priority) => Some(priority as u16),
                None => None,
            },
            last,
        }
    }
}
