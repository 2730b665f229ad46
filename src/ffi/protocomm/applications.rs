//! The application's own endpoints: names, and functions in C that answer.

use core::cell::UnsafeCell;

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
    /// NULs from its end on.
    name: [u8; NAME_ROOM],
    length: u8,
    handler: Handler,
    context: *mut cty::c_void,
}

impl Endpoint {
    fn text(&self) -> &[u8] {
        self.name.get(..usize::from(self.length)).unwrap_or(&[])
    }
}

/// All of them, in the order they were registered; touched by who has the room's lock. A place is written once, and
/// C keeps pointers to the names: so nothing here is ever borrowed exclusively.
pub(super) struct Registered([UnsafeCell<Option<Endpoint>>; MAX_ENDPOINTS]);

impl Registered {
    pub(super) const fn new() -> Self {
        Self([const { UnsafeCell::new(None) }; MAX_ENDPOINTS])
    }

    fn endpoints(&self) -> impl Iterator<Item = &Endpoint> {
        self.0.iter().map_while(|place| {
            // SAFETY: who has the lock is alone, and what is there is not written any more.
            unsafe { &*place.get() }.as_ref()
        })
    }

    /// Takes another in; false when the name is not to be had, or there are too many.
    pub(super) fn add(&self, text: &str, handler: Handler, context: *mut cty::c_void) -> bool {
        let is_taken =
            BUILT_IN.iter().any(|(known, ..)| *known == text) || self.find_text(text).is_some();
        let mut name = [0; NAME_ROOM];
        // The last octet stays a NUL.
        let room = name
            .get_mut(..text.len())
            .filter(|room| room.len() < NAME_ROOM);
        let (Some(room), Ok(length)) = (room, u8::try_from(text.len())) else {
            return false;
        };
        room.copy_from_slice(text.as_bytes());
        let Some(place) = self.0.get(self.endpoints().count()) else {
            return false;
        };
        if is_taken || text.is_empty() {
            return false;
        }
        let endpoint = Some(Endpoint {
            name,
            length,
            handler,
            context,
        });
        // SAFETY: nothing is there yet, so nobody has a reference to it; who has the lock is alone.
        unsafe { place.get().write(endpoint) };
        true
    }

    fn find_text(&self, text: &str) -> Option<usize> {
        self.endpoints()
            .position(|endpoint| endpoint.text() == text.as_bytes())
    }

    /// The name of one, NUL-terminated. It is never changed nor moved.
    pub(super) fn name(&self, place: usize) -> Option<*const cty::c_char> {
        self.endpoints()
            .nth(place)
            .map(|endpoint| endpoint.name.as_ptr().cast())
    }
}

impl Applications for &Registered {
    fn find(&self, name: &str) -> Option<usize> {
        self.find_text(name)
    }

    fn handle(&mut self, place: usize, request: &[u8], out: &mut [u8]) -> Result<usize, Refused> {
        let endpoint = self.endpoints().nth(place).ok_or(Refused)?;
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
