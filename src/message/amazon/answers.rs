//! The service's answers as messages of this protocol.

use super::response::{self, Message, NetworkInfo};
use crate::platform::{Answers, Gone, Network, Phone};
use crate::service::Kind;
use crate::status::Status;

/// Writes answers and sends them.
///
/// A network of a list is kept until the next one comes: the message of the last one says that it
/// is, and which is the last only shows then.
pub struct Writer<P> {
    written: Message,
    phone: P,
    /// Why joining failed.
    #[cfg(feature = "espressif")]
    reason: Option<crate::status::Reason>,
}

impl<P: Phone> Writer<P> {
    /// Sends to a phone.
    pub const fn new(phone: P) -> Self {
        Self {
            written: Message::new(),
            phone,
            #[cfg(feature = "espressif")]
            reason: None,
        }
    }

    #[inline(never)]
    fn show(
        &mut self,
        network: &Network<'_>,
        priority: Option<u16>,
        connected: bool,
    ) -> Result<(), Gone> {
        self.flush()?;
        let info = NetworkInfo {
            network: *network,
            status: Status::Success,
            hidden: false,
            connected,
            priority,
            last: false,
        };
        response::network(&mut self.written, &info);
        Ok(())
    }

    fn flush(&mut self) -> Result<(), Gone> {
        if self.written.is_empty() {
            return Ok(());
        }
        let sent = self.phone.send(&self.written);
        self.written.clear();
        sent
    }
}

impl<P: Phone> Answers for Writer<P> {
    fn saved(
        &mut self,
        network: &Network<'_>,
        priority: usize,
        is_connected: bool,
    ) -> Result<(), Gone> {
        self.show(network, Some(priority as u16), is_connected)
    }

    fn scanned(&mut self, network: &Network<'_>) -> Result<(), Gone> {
        self.show(network, None, false)
    }

    fn end_group(&mut self) -> Result<(), Gone> {
        response::mark_last(&mut self.written);
        self.flush()
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
        match self.phone.send(&response::status(kind, status)) {
            Ok(()) | Err(Gone) => {}
        }
    }
}
