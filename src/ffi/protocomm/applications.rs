//! The application's own endpoints: names, and functions in C that answer.

use core::cell::UnsafeCell;
use core::mem::MaybeUninit;
use core::sync::atomic::{AtomicUsize, Ordering};

use heapless::Vec;

use crate::ffi::abi;
use crate::protocomm::{Applications, BUILT_IN, Refused};

/// How many there may be.
const MAX_ENDPOINTS: usize = abi::WIFI_PROVISION_PROTOCOMM_MAX_ENDPOINTS as usize;
/// A name and the NUL behind it.
const NAME_ROOM: usize = abi::WIFI_PROVISION_PROTOCOMM_MAX_NAME_BYTES as usize + 1;

/// A function of the project that answers requests.
pub(super) type Handler = unsafe extern "C" fn(
    *mut cty::c_void,
    *const u8,
    usize,
    *mut u8,
    usize,
    *mut usize,
) -> abi::BaseType_t;

struct Endpoint {
    /// With a NUL behind it.
    name: Vec<u8, NAME_ROOM, u8>,
    handler: Handler,
    context: *mut cty::c_void,
}

impl Endpoint {
    fn text(&self) -> &[u8] {
        self.name.split_last().map_or(&[], |(_, text)| text)
    }
}

/// All of them, in the order they were registered. A place is written once, by who has the lock of the room, and
/// never again; the count says that it was. So who lists them takes no lock, and waits for no handshake.
pub(super) struct Registered {
    places: [UnsafeCell<MaybeUninit<Endpoint>>; MAX_ENDPOINTS],
    count: AtomicUsize,
}

// SAFETY: a place below the count is read alone; the one at the count is touched by who has the lock. What the
// application's context points to is the business of its function, which is called by who has the lock.
unsafe impl Sync for Registered {}

/// The device's.
pub(super) static REGISTERED: Registered = Registered {
    places: [const { UnsafeCell::new(MaybeUninit::uninit()) }; MAX_ENDPOINTS],
    count: AtomicUsize::new(0),
};

impl Registered {
    /// Takes another in; false when the name is not to be had, or there are too many.
    ///
    /// # Safety
    ///
    /// No other call of this function is in progress.
    pub(super) unsafe fn add(
        &self,
        text: &str,
        handler: Handler,
        context: *mut cty::c_void,
    ) -> bool {
        let is_taken =
            BUILT_IN.iter().any(|(known, ..)| *known == text) || self.position(text).is_some();
        let mut name = Vec::new();
        let fits = name.extend_from_slice(text.as_bytes()).is_ok() && name.push(0).is_ok();
        let count = self.count.load(Ordering::Relaxed);
        let Some(place) = self.places.get(count) else {
            return false;
        };
        if is_taken || !fits || text.is_empty() {
            return false;
        }
        let endpoint = Endpoint {
            name,
            handler,
            context,
        };
        // SAFETY: nobody reads the place at the count, and the caller alone writes it.
        unsafe { place.get().write(MaybeUninit::new(endpoint)) };
        self.count.store(count.wrapping_add(1), Ordering::Release);
        true
    }

    fn get(&self, place: usize) -> Option<&Endpoint> {
        if place >= self.count.load(Ordering::Acquire) {
            return None;
        }
        let place = self.places.get(place)?;
        // SAFETY: below the count, so it was written and is not any more.
        let endpoint = unsafe { &*place.get() };
        // SAFETY: below the count, so it was written.
        Some(unsafe { endpoint.assume_init_ref() })
    }

    fn position(&self, name: &str) -> Option<usize> {
        (0..MAX_ENDPOINTS)
            .map_while(|place| self.get(place).map(|endpoint| (place, endpoint)))
            .find(|(_, endpoint)| endpoint.text() == name.as_bytes())
            .map(|(place, _)| place)
    }

    /// The name of one, NUL-terminated. It is never changed nor moved.
    pub(super) fn name(&self, place: usize) -> Option<*const cty::c_char> {
        self.get(place)
            .map(|endpoint| endpoint.name.as_ptr().cast())
    }
}

/// Used by who has the lock of the room, for one request at a time.
impl Applications for &Registered {
    fn find(&self, name: &str) -> Option<usize> {
        self.position(name)
    }

    fn handle(&mut self, place: usize, request: &[u8], out: &mut [u8]) -> Result<usize, Refused> {
        let endpoint = self.get(place).ok_or(Refused)?;
        let mut length = 0;
        // SAFETY: whoever registered the function has promised that it is one of this type for ever; the request
        // is readable and the rest writable.
        let answered = unsafe {
            (endpoint.handler)(
                endpoint.context,
                request.as_ptr(),
                request.len(),
                out.as_mut_ptr(),
                out.len(),
                &mut length,
            )
        };
        if answered != 0 && length <= out.len() {
            Ok(length)
        } else {
            Err(Refused)
        }
    }
}
