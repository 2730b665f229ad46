//! Which pairings may begin: those a user confirms on both sides; and which packets belong to one.

use core::cell::Cell;

/// Pairing Request.
const REQUEST: u8 = 0x01;
/// Pairing Failed.
pub(super) const FAILED: u8 = 0x05;

/// The reasons of it that matter here.
pub(super) const AUTHENTICATION_REQUIREMENTS: u8 = 0x03;
pub(super) const REPEATED_ATTEMPTS: u8 = 0x09;

/// The longest PDU that every controller hands over in one piece.
const ONE_PIECE: usize = 23;

/// Whether a PDU of `length` bytes, of which `fragment` is the beginning, may pass. A pairing
/// request that the user could not confirm by comparing numbers is marked for the host to refuse, and
/// so is one that `may_pair` does not allow; `too_many` tells of the latter.
/// `under_way` says whether there is a pairing the PDU may belong to.
pub(super) fn passes(
    fragment: &mut [u8],
    length: usize,
    under_way: &Cell<bool>,
    too_many: &Cell<bool>,
    may_pair: impl FnOnce() -> bool,
) -> bool {
    /// Secure Connections, in the authentication requirements.
    const SECURE: u8 = 0x08;
    /// The input and output capabilities that lead to numeric comparison with a display and two keys.
    const DISPLAY_YES_NO: u8 = 1;
    const KEYBOARD_DISPLAY: u8 = 4;
    /// The one size of keys Secure Connections has, bytes. The host refuses others.
    const KEY_SIZE: u8 = 16;

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
        [
            REQUEST,
            capabilities,
            out_of_band,
            authentication,
            key_size,
            ..,
        ] => {
            under_way.set(true);
            let compares =
                matches!(*capabilities, DISPLAY_YES_NO | KEYBOARD_DISPLAY) && *out_of_band == 0;
            let asks_user = compares && *authentication & SECURE != 0 && *key_size == KEY_SIZE;
            too_many.set(asks_user && !may_pair());
            if !compares || too_many.get() {
                *authentication &= !SECURE;
            }
        }
        [FAILED, ..] => under_way.set(false),
        _ => {}
    }
    passes
}
