//! Reports of new connections.

/// LE Meta event.
const LE_META: u8 = 0x3E;
/// LE Connection Complete.
const COMPLETE: u8 = 0x01;
/// LE Enhanced Connection Complete.
const ENHANCED: u8 = 0x0A;
/// Parameters of [`COMPLETE`] and of [`ENHANCED`], subevent code included.
const COMPLETE_LENGTH: u8 = 19;
const ENHANCED_LENGTH: u8 = 31;
/// Where in the packet the peer's address type and address stand.
const PEER_KIND: usize = 7;
const PEER: core::ops::Range<usize> = 8..14;
/// Where the private addresses of an enhanced report stand, and what follows the peer in both.
const LOCAL_PRIVATE: core::ops::Range<usize> = 14..20;
const PEER_PRIVATE: core::ops::Range<usize> = 20..26;
const REST: usize = 7;

/// Makes a report of a private address one of a resolving controller, and returns its length now.
/// Anything else stays as it is.
pub(super) fn mend(packet: &mut [u8], length: usize) -> Option<usize> {
    let [LE_META, parameters, subevent, 0, ..] = packet else {
        return Some(length);
    };
    match (*subevent, *parameters) {
        (COMPLETE, COMPLETE_LENGTH) if from_private_address(packet)? => {
            let rest: [u8; REST] = packet
                .get(LOCAL_PRIVATE.start..)?
                .get(..REST)?
                .try_into()
                .ok()?;
            packet
                .get_mut(PEER_PRIVATE.end..)?
                .get_mut(..REST)?
                .copy_from_slice(&rest);
            packet.get_mut(LOCAL_PRIVATE)?.fill(0);
            note_private_address(packet)?;
            *packet.get_mut(1)? = ENHANCED_LENGTH;
            *packet.get_mut(2)? = ENHANCED;
            Some(usize::from(ENHANCED_LENGTH).saturating_add(2))
        }
        (ENHANCED, ENHANCED_LENGTH) => {
            if from_private_address(packet)? && packet.get(PEER_PRIVATE)? == [0; 6] {
                note_private_address(packet)?;
            }
            // "Identity address, resolved": the host compares kinds and knows only the plain ones.
            let kind = packet.get_mut(PEER_KIND)?;
            *kind &= 1;
            Some(length)
        }
        _ => Some(length),
    }
}

/// Whether an event, mended already, says that a phone connected.
pub(super) fn is_new(packet: &[u8]) -> bool {
    matches!(packet, [LE_META, _, COMPLETE | ENHANCED, 0, ..])
}

/// Whether the peer's address is a resolvable private one, by its kind and two top bits.
fn from_private_address(packet: &[u8]) -> Option<bool> {
    let random = *packet.get(PEER_KIND)? == 1;
    let top = *packet.get(PEER.end.checked_sub(1)?)?;
    Some(random && top >> 6 == 0b01)
}

fn note_private_address(packet: &mut [u8]) -> Option<()> {
    packet.get(PEER_PRIVATE)?;
    packet.copy_within(PEER, PEER_PRIVATE.start);
    Some(())
}
