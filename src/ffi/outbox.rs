//! The service's answers on their way to the phone.

use core::mem::{MaybeUninit, size_of};

use super::abi;
use super::channel::Visit;
use super::custom::Table;
use super::instance;
use super::serializer::clear;
use crate::message::amazon::response::{self, NetworkInfo, Room};
use crate::platform::{Answers, Describe, Gone};
use crate::service::Kind;
use crate::status::Status;

/// Where answers go, in our own format or by an application's table.
pub(super) struct Outbox {
    /// `None`: the application itself, which is answered by return value.
    phone: Option<Visit>,
    room: LazyRoom,
    /// Why joining failed, which our own format has a key for.
    #[cfg(feature = "espressif")]
    reason: Option<crate::status::Reason>,
    /// What a list ends with besides, in our own format.
    #[cfg(feature = "espressif")]
    last_try: crate::service::LastTry,
}

impl Outbox {
    pub(super) const fn new(phone: Option<Visit>) -> Self {
        Self {
            phone,
            room: LazyRoom::new(),
            #[cfg(feature = "espressif")]
            reason: None,
            #[cfg(feature = "espressif")]
            last_try: crate::service::LastTry::NONE,
        }
    }

    #[inline(never)]
    fn show(&mut self, info: &NetworkInfo<'_>) -> Result<(), Gone> {
        let Some(visit) = self.phone else {
            return Ok(());
        };
        instance::channel().send(visit, response::network(self.room.get(), info))
    }
}

impl Answers<abi::WIFINetworkProfile_t, abi::WIFIScanResult_t> for Outbox {
    fn saved(
        &mut self,
        network: &abi::WIFINetworkProfile_t,
        priority: usize,
        is_connected: bool,
        is_last: bool,
    ) -> Result<(), Gone> {
        if let (Some(table), Some(visit)) = (Table::given(), self.phone) {
            return table.saved(visit, network, priority, is_connected, is_last);
        }
        let network = network.describe();
        let info = NetworkInfo::listed(network, Some(priority), is_connected, is_last);
        self.show(&info)
    }

    fn scanned(&mut self, network: &abi::WIFIScanResult_t, is_last: bool) -> Result<(), Gone> {
        if let (Some(table), Some(visit)) = (Table::given(), self.phone) {
            return table.scanned(visit, network, is_last);
        }
        let info = NetworkInfo::listed(network.describe(), None, false, is_last);
        #[cfg(feature = "espressif")]
        if let (true, Some(visit)) = (is_last, self.phone) {
            let room = self.room.get();
            let length = response::network(room, &info).len();
            let message = response::add_last_try(room, length, &self.last_try);
            return instance::channel().send(visit, message);
        }
        self.show(&info)
    }

    #[cfg(feature = "espressif")]
    fn is_phone(&self) -> bool {
        self.phone.is_some()
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
        let Some(visit) = self.phone else {
            return;
        };
        if let Some(table) = Table::given() {
            return table.status(visit, kind, status);
        }
        #[cfg(feature = "espressif")]
        if let Some(reason) = self.reason.take() {
            let message = response::status_and_reason(kind, status, reason);
            return match instance::channel().send(visit, &message) {
                Ok(()) | Err(Gone) => {}
            };
        }
        #[cfg(feature = "espressif")]
        if kind == Kind::List {
            let message = response::list_status(self.room.get(), status, &self.last_try);
            return match instance::channel().send(visit, message) {
                Ok(()) | Err(Gone) => {}
            };
        }
        match instance::channel().send(visit, &response::status(kind, status)) {
            Ok(()) | Err(Gone) => {}
        }
    }
}

/// Room for a message, which takes no time until it is needed.
pub(super) struct LazyRoom {
    room: MaybeUninit<Room>,
    is_clear: bool,
}

impl LazyRoom {
    pub(super) const fn new() -> Self {
        Self {
            room: MaybeUninit::uninit(),
            is_clear: false,
        }
    }

    pub(super) fn get(&mut self) -> &mut Room {
        if !self.is_clear {
            // SAFETY: writable.
            unsafe { clear(self.room.as_mut_ptr().cast(), size_of::<Room>()) };
            self.is_clear = true;
        }
        // SAFETY: cleared above, once.
        unsafe { self.room.assume_init_mut() }
    }
}
