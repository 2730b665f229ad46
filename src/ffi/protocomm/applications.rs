//! The application's own endpoints: names, and functions in C that answer.

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

/// All of them, in the order they were registered.
pub(super) struct Registered(Vec<Endpoint, MAX_ENDPOINTS, u8>);

impl Registered {
    pub(super) const fn new() -> Self {
        Self(Vec::new())
    }

    /// Takes another in; false when the name is not to be had, or there are too many.
    pub(super) fn add(&mut self, text: &str, handler: Handler, context: *mut cty::c_void) -> bool {
        let is_taken =
            BUILT_IN.iter().any(|(known, ..)| *known == text) || self.find(text).is_some();
        let mut name = Vec::new();
        let fits = name.extend_from_slice(text.as_bytes()).is_ok() && name.push(0).is_ok();
        if is_taken || !fits || text.is_empty() {
            return false;
        }
        let endpoint = Endpoint {
            name,
            handler,
            context,
        };
        self.0.push(endpoint).is_ok()
    }

    /// The name of one, NUL-terminated. It is never changed nor moved.
    pub(super) fn name(&self, place: usize) -> Option<*const cty::c_char> {
        self.0
            .get(place)
            .map(|endpoint| endpoint.name.as_ptr().cast())
    }
}

impl Applications for Registered {
    fn find(&self, name: &str) -> Option<usize> {
        self.0
            .iter()
            .position(|endpoint| endpoint.text() == name.as_bytes())
    }

    fn handle(&mut self, place: usize, request: &[u8], out: &mut [u8]) -> Result<usize, Refused> {
        let endpoint = self.0.get(place).ok_or(Refused)?;
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
