//! Messages in a format of the application's: the table its own `IotBleWifiProv_GetSerializer` gives.
//! With the feature `custom-serializer`; without, `no_custom.rs` stands here.
//!
//! A table is asked, not believed. A request is held to the bounds every request is held to, whoever
//! read it. A length decides how much is asked for, never how much is read; a message that is not
//! written in full is zeros behind its end. What a table cannot do is answered, if it can write that
//! answer, with a status.

use core::mem::{MaybeUninit, offset_of, size_of, zeroed};
use core::ptr;
use core::sync::atomic::{AtomicPtr, Ordering};

use super::channel::Visit;
use super::desk::Slot;
use super::serializer::{self, clear, kind, number};
use super::{abi, instance, log, wifi};
use crate::platform::Gone;
use crate::profile::{self, Security};
use crate::rtos::Block;
use crate::service::{Kind, Request};
use crate::status::{Cause, Status};

/// The longest answer a table may want to write, bytes: what upstream's channel can send in one.
const MAX_ANSWER_BYTES: usize = 1024;

/// An application's table.
#[derive(Clone, Copy)]
pub(super) struct Table(&'static abi::IotBleWifiProvSerializer_t);

/// Room for what a table reads: one of C's four structs, all of it integers and arrays of them, for
/// which every byte is valid.
#[repr(C)]
union Room {
    add: abi::IotBleWifiProvAddNetworkRequest_t,
    /// The profile of a new network.
    slot: Slot,
    /// What the other requests have, and a switch: see the assertions in `serializer`.
    numbers: [i16; 2],
}

/// One of a table's first five functions: they take a message and where to write what it says.
type Read = unsafe extern "C" fn(*const u8, usize, *mut cty::c_void) -> bool;

/// The place of one of them, by C's number of the kind of request; 0 is the one that tells it.
macro_rules! lies_at {
    ($field:ident, $number:expr) => {
        assert!(
            offset_of!(abi::IotBleWifiProvSerializer_t, $field)
                == ($number as usize).wrapping_mul(size_of::<Option<Read>>())
        )
    };
}

const _: () = {
    lies_at!(getRequestType, 0);
    lies_at!(
        deserializeListNetworkRequest,
        abi::IotBleWiFiProvRequestListNetwork
    );
    lies_at!(
        deserializeAddNetworkRequest,
        abi::IotBleWiFiProvRequestAddNetwork
    );
    lies_at!(
        deserializeEditNetworkRequest,
        abi::IotBleWiFiProvRequestEditNetwork
    );
    lies_at!(
        deserializeDeleteNetworkRequest,
        abi::IotBleWiFiProvRequestDeleteNetwork
    );
};

/// The table of the application in place of ours; null before the first initialisation, and when it
/// has none.
static GIVEN: AtomicPtr<abi::IotBleWifiProvSerializer_t> = AtomicPtr::new(ptr::null_mut());

impl Table {
    /// Asks which table there is, when that is due. Null, which nobody should give, stands for ours.
    pub(super) fn find_if(is_due: impl FnOnce() -> bool) {
        if !is_due() {
            return;
        }
        // SAFETY: may be called from any task.
        let given = unsafe { abi::IotBleWifiProv_GetSerializer() };
        let given = if serializer::is_own(given) {
            ptr::null_mut()
        } else {
            given
        };
        GIVEN.store(given, Ordering::Relaxed);
    }

    /// The application's, if it has one.
    pub(super) fn given() -> Option<Self> {
        // SAFETY: what `IotBleWifiProv_GetSerializer` gives is of that type, and stays in its place.
        unsafe { GIVEN.load(Ordering::Relaxed).as_ref() }.map(Self)
    }

    /// Reads a message. As [`request::decode_into`](crate::message::amazon::request::decode_into), with a slot
    /// for the draft.
    #[inline(never)]
    pub(super) fn decode(self, message: &[u8], slot: Option<&mut Slot>, to: &mut Request) -> bool {
        let mut room = MaybeUninit::<Room>::uninit();
        // SAFETY: writable.
        unsafe { clear(room.as_mut_ptr().cast(), size_of::<Room>()) };
        // SAFETY: cleared, and every byte is valid.
        let room = unsafe { room.assume_init_mut() };
        let mut asked = abi::IotBleWiFiProvRequestInvalid;
        if !self.read(0, message, ptr::from_mut(&mut asked).cast()) {
            return false;
        }
        let Some(kind) = kind(asked) else {
            return false;
        };
        let request = if self.read(asked as usize, message, ptr::from_mut(room).cast()) {
            room.request(kind, slot)
        } else {
            Err(Cause::Failure)
        };
        // A table may have written a key before it failed.
        // SAFETY: writable.
        unsafe { clear(ptr::from_mut(room).cast(), size_of::<Room>()) };
        *to = request.unwrap_or_else(|cause| Request::Refuse {
            kind,
            status: cause.into(),
        });
        true
    }

    /// Has the table read; false when it cannot.
    #[inline(never)]
    fn read(self, which: usize, message: &[u8], out: *mut cty::c_void) -> bool {
        let functions = ptr::from_ref(self.0).cast::<Option<Read>>();
        // SAFETY: the first five lie there in a row, as asserted above.
        let place = unsafe { functions.add(which) };
        // SAFETY: their types differ in what the last argument points to alone.
        let function = unsafe { place.read() };
        function.is_some_and(|read| {
            // SAFETY: the message is readable; there is room for what that function writes.
            unsafe { read(message.as_ptr(), message.len(), out) }
        })
    }

    /// Writes an answer; `None` when the table cannot, wants more than may be, or memory is short.
    fn encode(self, answer: &abi::IotBleWifiProvResponse_t) -> Option<Block> {
        let measure = self.0.getSerializedSizeForResponse?;
        let write = self.0.serializeResponse?;
        let mut length = 0;
        // SAFETY: the answer is readable and the length writable.
        let is_measured = unsafe { measure(answer, &mut length) };
        if !is_measured || !matches!(length, 1..=MAX_ANSWER_BYTES) {
            return None;
        }
        let mut block = Block::zeroed(length)?;
        // SAFETY: the answer is readable and the block writable.
        unsafe { write(answer, block.as_mut_ptr(), length) }.then_some(block)
    }

    /// Sends an answer. One that cannot be written is a failure the phone is told of; nothing more
    /// comes after it.
    #[inline(never)]
    fn send(self, visit: Visit, answer: &mut abi::IotBleWifiProvResponse_t) -> Result<(), Gone> {
        if let Some(message) = self.encode(answer) {
            return instance::channel().send(visit, &message);
        }
        log::unwritten();
        if !answer.statusOnly() {
            answer.set_statusOnly(true);
            answer.status = abi::eWiFiFailure;
            if let Some(message) = self.encode(answer) {
                instance::channel().send(visit, &message)?;
            }
        }
        Err(Gone)
    }

    /// Sends a saved network of a list.
    pub(super) fn saved(
        self,
        visit: Visit,
        network: &abi::WIFINetworkProfile_t,
        priority: usize,
        is_connected: bool,
        is_last: bool,
    ) -> Result<(), Gone> {
        let mut answer = answer(Kind::List, Status::Success);
        let info = &mut answer.networkInfo;
        info.info.pSavedNetwork = ptr::from_ref(network).cast_mut();
        info.index = priority as u16;
        info.set_isSavedNetwork(true);
        info.set_isConnected(is_connected);
        info.set_isLast(is_last);
        self.send(visit, &mut answer)
    }

    /// Sends a scanned network of a list.
    pub(super) fn scanned(
        self,
        visit: Visit,
        network: &abi::WIFIScanResult_t,
        is_last: bool,
    ) -> Result<(), Gone> {
        let mut answer = answer(Kind::List, Status::Success);
        let info = &mut answer.networkInfo;
        info.info.pScannedNetwork = ptr::from_ref(network).cast_mut();
        info.set_isLast(is_last);
        self.send(visit, &mut answer)
    }

    /// Sends a status.
    pub(super) fn status(self, visit: Visit, kind: Kind, status: Status) {
        let mut answer = answer(kind, status);
        answer.set_statusOnly(true);
        match self.send(visit, &mut answer) {
            Ok(()) | Err(Gone) => {}
        }
    }
}

impl Room {
    /// The request a table read, within the bounds of every request.
    fn request(&mut self, kind: Kind, slot: Option<&mut Slot>) -> Result<Request, Cause> {
        // SAFETY: every byte is valid.
        let [number, second] = unsafe { self.numbers };
        Ok(match kind {
            Kind::List => Request::list(number),
            Kind::Edit => Request::Edit {
                from: number,
                to: second,
            },
            Kind::Delete => Request::Delete { priority: number },
            Kind::Save => {
                // SAFETY: every byte is valid.
                let add = unsafe { &self.add };
                let (is_saved, connect) = (add.isProvisioned(), add.shouldConnect());
                if is_saved {
                    return Ok(Request::Join { priority: number });
                }
                // SAFETY: every byte is valid.
                let new = unsafe { &mut self.slot };
                check(new.profile())?;
                slot.ok_or(Cause::Failure)?.take(new);
                Request::Save { connect }
            }
        })
    }
}

/// Holds a network of a table's to what the wire's are held to.
fn check(network: &abi::WIFINetworkProfile_t) -> Result<(), Cause> {
    let security = i16::from(wifi::security(network.xSecurity));
    let security = Security::from_wire(security).ok_or(Cause::Failure)?;
    let (ssid, key) = (network.ucSSIDLength, network.ucPasswordLength);
    if usize::from(ssid) > network.ucSSID.len() || usize::from(key) > network.cPassword.len() {
        return Err(Cause::Failure);
    }
    profile::check(security, ssid, key)
}

/// An answer about no network yet.
fn answer(kind: Kind, status: Status) -> abi::IotBleWifiProvResponse_t {
    // SAFETY: integers, and a pointer that may be null.
    let mut answer: abi::IotBleWifiProvResponse_t = unsafe { zeroed() };
    answer.requestType = number(kind);
    answer.status = status as abi::WIFIReturnCode_t;
    answer
}
