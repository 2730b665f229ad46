//! Which attribute requests the host can read without reading past them.

use crate::channel::MTU_MIN;

/// Types of attributes: what begins a service, and one that no attribute has.
const PRIMARY: u16 = 0x2800;
const SECONDARY: u16 = 0x2801;
const NOTHING: u16 = 0;

/// Whether a PDU of `length` bytes, of which `fragment` is the beginning, may pass. A client's MTU
/// below the least one allowed is raised to it.
pub(super) fn passes(fragment: &mut [u8], length: usize) -> bool {
    let Some(opcode) = fragment.first() else {
        return false;
    };
    match opcode {
        // Exchange MTU: small enough to come in one piece.
        0x02 => match fragment {
            [_, low, high] if length == 3 => {
                [*low, *high] = u16::from_le_bytes([*low, *high]).max(MTU_MIN).to_le_bytes();
                true
            }
            _ => false,
        },
        // Find Information.
        0x04 => length == 5,
        // Find By Type Value. The host compares without asking who may read, so only what anybody may know
        // can be found: services. A fragment that ends before the type would hide it; no controller cuts so short.
        0x06 => {
            let [_, _, _, _, _, low, high, ..] = fragment else {
                return false;
            };
            if !matches!(u16::from_le_bytes([*low, *high]), PRIMARY | SECONDARY) {
                [*low, *high] = NOTHING.to_le_bytes();
            }
            length >= 7
        }
        // Read By Type, with a short or a long type.
        0x08 => length == 7 || length == 21,
        // Read.
        0x0A => length == 3,
        // Read Blob.
        0x0C => length == 5,
        // Read By Group Type; group types are short ones.
        0x10 => length == 7,
        // Write, as request or command.
        0x12 | 0x52 => length >= 3,
        // Prepare Write.
        0x16 => length >= 5,
        // Execute Write.
        0x18 => length == 2,
        // Read Multiple Variable.
        0x20 => length >= 5,
        // Odd ones are answers, and we never ask. Other requests are refused by the host.
        other => other % 2 == 0,
    }
}
