//! Without the feature `custom-serializer`: there is no table but ours, and nothing is left of what
//! would ask for one. `IotBleWifiProv_GetSerializer` is defined for good, so that a linker refuses an
//! application's own.

use super::abi;
use super::channel::Visit;
use super::desk::Slot;
use crate::platform::Gone;
use crate::service::{Kind, Request};
use crate::status::Status;

/// An application's table: nobody has one.
#[derive(Clone, Copy)]
pub(super) enum Table {}

impl Table {
    #[inline(always)]
    pub(super) fn find_if(_is_due: impl FnOnce() -> bool) {}

    pub(super) const fn given() -> Option<Self> {
        None
    }

    pub(super) fn decode(
        self,
        _message: &[u8],
        _slot: Option<&mut Slot>,
        _to: &mut Request,
    ) -> bool {
        match self {}
    }

    pub(super) fn saved(
        self,
        _visit: Visit,
        _network: &abi::WIFINetworkProfile_t,
        _priority: usize,
        _is_connected: bool,
        _is_last: bool,
    ) -> Result<(), Gone> {
        match self {}
    }

    pub(super) fn scanned(
        self,
        _visit: Visit,
        _network: &abi::WIFIScanResult_t,
        _is_last: bool,
    ) -> Result<(), Gone> {
        match self {}
    }

    pub(super) fn status(self, _visit: Visit, _kind: Kind, _status: Status) {
        match self {}
    }
}
