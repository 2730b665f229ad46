//! Which pairings may begin: those a user confirms on both sides; and which packets belong to one.

use core::cell::Cell;

/// Pairing Request.
const REQUEST: u8 = 0x01;
/// Pairing Failed.
pub(super) const FAILED: u8 = 0x05;

/// The longest PDU that every controller hands over in one piece.
const ONE_PIECE: usize = 23;

/// Whether a PDU of `length` bytes, of which `fragment` is the beginning, may pass. A pairing
/// request that the user could not confirm by comparing numbers is marked for the host to refuse.
/// `under_way` says whether there is a pairing the PDU may belong to.
pub(super) fn passes(fragment: &mut [u8], length: usize, under_way: &Cell<bool>) -> bool {
    /// Secure Connections, in the authentication requirements.
    const SECURE: u8 = 0x08;
    /// The input and output capabilities that lead to numeric comparison with a display and two keys.
    const DISPLAY_YES_NO: u8 = 1;
    const KEYBOARD_DISPLAY: u8 = 4;

    if length <= ONE_PIECE && fragment.len() != length {
        // Split on purpose, past the rules below.
        return false;
    }
    let passes = match fragment.first() {
        Some(&REQUEST) => true,
        Some(_) => under_way.get(),
        None => false,
    };
    match fragment {
        [REQUEST, capabilities, out_of_band, authentication, ..] => {
            under_way.set(true);
            let compares =
                matches!(*capabilities, DISPLAY_YES_NO | KEYBOARD_DISPLAY) && *out_of_band == 0;
            if !compares {
                *authentication &= !SECURE;
            }
        }
        [FAILED, ..] => under_way.set(false),
        _ => {}
    }
    passes
}
