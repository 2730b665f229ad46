//! A QR code as text.

use cty::c_char;
use qrcodegen_no_heap::{QrCode, QrCodeEcc, Version};

/// The largest code: 271 bytes of text.
const LARGEST: Version = Version::new(10);
const ROOM: usize = LARGEST.buffer_len();

/// Light modules around it.
const MARGIN: i32 = 2;

/// A line: 57 modules and margins, three bytes a character, and the NUL.
const LINE: usize = 3 * 61 + 1;

/// Draws the code of a text. False when the text is too long for one.
pub(super) fn draw(text: &[u8], mut line: impl FnMut(*const c_char)) -> bool {
    let mut data = [0; ROOM];
    let mut scratch = [0; ROOM];
    let Some(room) = data.get_mut(..text.len()) else {
        return false;
    };
    room.copy_from_slice(text);
    let Ok(code) = QrCode::encode_binary(
        &mut data,
        text.len(),
        &mut scratch,
        QrCodeEcc::Low,
        Version::MIN,
        LARGEST,
        None,
        true,
    ) else {
        return false;
    };
    let end = code.size().saturating_add(MARGIN);
    let is_light = |x: i32, y: i32| y < end && !code.get_module(x, y);
    for y in (-MARGIN..end).step_by(2) {
        let mut drawn = heapless::Vec::<u8, LINE>::new();
        for x in -MARGIN..end {
            let character = match (is_light(x, y), is_light(x, y.saturating_add(1))) {
                (true, true) => "█",
                (true, false) => "▀",
                (false, true) => "▄",
                (false, false) => " ",
            };
            // There is room for the largest.
            let _ = drawn.extend_from_slice(character.as_bytes());
        }
        let _ = drawn.push(0);
        line(drawn.as_ptr().cast());
    }
    true
}
