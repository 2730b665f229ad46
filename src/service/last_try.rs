//! What the last network a phone had saved or joined came to, kept for a phone that lost its link before it was
//! told. Only with the feature `espressif`; without, nothing is kept and nothing is left of what would.

use super::{Run, Whose};
use crate::platform::{Answers, Wifi};
use crate::status::Reason;

#[cfg(feature = "espressif")]
pub use kept::LastTry;

impl<W: Wifi, A: Answers<W::Saved, W::Found>> Run<'_, W, A> {
    /// Saving or joining that network came to this: `None` for done as asked. Networks the
    /// application joins by itself are not kept: they would take the place of what a phone waits to hear.
    #[cfg_attr(
        not(feature = "espressif"),
        allow(unused_variables, reason = "nothing is kept")
    )]
    #[inline(always)]
    pub(super) fn tried(&mut self, whose: Whose, failed: Option<Reason>) {
        #[cfg(feature = "espressif")]
        if self.answers.is_phone() {
            use crate::platform::Describe;
            let tried = match whose {
                Whose::Candidate => self.wifi.kept().describe(),
                Whose::Loaded => self.wifi.loaded().describe(),
            };
            self.last_try.set(tried.ssid, failed);
        }
    }

    /// Whoever lists hears of it first.
    #[inline(always)]
    pub(super) fn show_last_try(&mut self) {
        #[cfg(feature = "espressif")]
        self.answers.last_try(self.last_try);
    }

    /// Nothing is left of it when everything is erased: it has a network's name.
    #[inline(always)]
    pub(super) fn forget_last_try(&mut self) {
        #[cfg(feature = "espressif")]
        {
            *self.last_try = LastTry::NONE;
        }
    }
}

#[cfg(feature = "espressif")]
mod kept {
    use crate::config::MAX_SSID_BYTES;
    use crate::status::Reason;

    /// Which network it was, and why it could not be joined.
    #[derive(Clone, Copy)]
    pub struct LastTry {
        ssid: [u8; MAX_SSID_BYTES],
        /// 0 when there was none.
        length: u8,
        has_failed: bool,
        reason: Reason,
    }

    impl LastTry {
        /// None. All zeros, so that a static one takes no room in flash.
        pub const NONE: Self = Self {
            ssid: [0; MAX_SSID_BYTES],
            length: 0,
            has_failed: false,
            reason: Reason::Unspecified,
        };

        pub(in crate::service) fn set(&mut self, ssid: &[u8], failed: Option<Reason>) {
            *self = Self::NONE;
            for (to, from) in self.ssid.iter_mut().zip(ssid) {
                *to = *from;
                self.length = self.length.wrapping_add(1);
            }
            self.has_failed = failed.is_some();
            self.reason = failed.unwrap_or(Reason::Unspecified);
        }

        /// The network's name; `None` when there was no try.
        #[must_use]
        pub fn ssid(&self) -> Option<&[u8]> {
            self.ssid
                .get(..usize::from(self.length))
                .filter(|ssid| !ssid.is_empty())
        }

        /// Why it could not be joined or saved; `None` when it was done as asked.
        #[must_use]
        pub fn failed(&self) -> Option<Reason> {
            self.has_failed.then_some(self.reason)
        }
    }
}
