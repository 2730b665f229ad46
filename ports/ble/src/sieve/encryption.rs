//! Events of encryption that would end the host's session with the controller, and not just the link.

use bt_hci::transport::PacketToController;

/// Command Complete, and the one command whose failure matters: the answer with a long-term key.
const COMMAND_COMPLETE: u8 = 0x0E;
const KEY_REPLY: [u8; 2] = [0x1A, 0x20];
/// Encryption Change, and Encryption Key Refresh Complete.
const CHANGE: u8 = 0x08;
const KEY_REFRESH: u8 = 0x30;
/// Disconnection Complete.
const DISCONNECTED: u8 = 0x05;

/// The parameters of that Command Complete: packets, opcode, status, handle.
const KEY_REPLY_LENGTH: u8 = 6;

/// What the host sees as failed when the phone is gone before it has its key. That it is gone comes in
/// an event of its own; this is made to say nothing. Gives the packet's length now.
pub(super) fn mend(packet: &mut [u8], length: usize) -> usize {
    if let [
        COMMAND_COMPLETE,
        parameters,
        _,
        opcode_0,
        opcode_1,
        status,
        low,
        high,
        ..,
    ] = packet
        && [*opcode_0, *opcode_1] == KEY_REPLY
        && *status != 0
    {
        if *parameters < KEY_REPLY_LENGTH {
            [*low, *high] = [0, 0];
        }
        *parameters = KEY_REPLY_LENGTH;
        *status = 0;
        return usize::from(KEY_REPLY_LENGTH).saturating_add(2);
    }
    length
}

/// Whether an event is about the encryption of a link, which the host must have.
pub(super) fn is_of_link(packet: &[u8]) -> bool {
    matches!(packet, [CHANGE | KEY_REFRESH, ..])
}

/// Whether an event says that a link has ended.
pub(super) fn is_end(packet: &[u8]) -> bool {
    matches!(packet, [DISCONNECTED, _, 0, ..])
}

/// Whether a command ends a link.
pub(super) fn ends<P: PacketToController>(command: &P) -> bool {
    /// Opcode and length, handle, reason.
    const SIZE: usize = 6;

    let mut bytes = [0; SIZE];
    command.size() == SIZE
        && command.write_hci(&mut bytes[..]).is_ok()
        && matches!(bytes, [0x06, 0x04, ..])
}
