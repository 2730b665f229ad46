//! Packets from the air, and what of them is under way.

use core::cell::Cell;

use bt_hci::transport::PacketToController;

use super::{att, smp};

/// The attribute protocol's channel, and the security manager's.
const ATT: u16 = 4;
const SMP: u16 = 6;

/// Before the PDU: the handle, a length, and the L2CAP header.
const HEADERS: usize = 8;

/// One connection's.
#[derive(Default)]
pub(super) struct Progress {
    /// A pairing is under way.
    pairing: Cell<bool>,
    /// The beginning of a PDU was dropped, and so is the rest.
    dropping: Cell<bool>,
}

impl Progress {
    /// A phone connected.
    pub(super) fn begin(&self) {
        self.pairing.set(false);
        self.dropping.set(false);
    }

    /// Whether a packet may pass. Rules look at the first fragment of a PDU, where its header is.
    pub(super) fn passes(&self, packet: &mut [u8]) -> bool {
        /// The packet boundary flag of a PDU's later fragments.
        const CONTINUING: u8 = 0b01;

        if packet
            .get(1)
            .is_some_and(|flags| (flags >> 4) & 0b11 == CONTINUING)
        {
            return !self.dropping.get();
        }
        let passes = self.beginning_passes(packet);
        self.dropping.set(!passes);
        passes
    }

    fn beginning_passes(&self, packet: &mut [u8]) -> bool {
        let [
            _,
            _,
            _,
            _,
            length_0,
            length_1,
            channel_0,
            channel_1,
            pdu @ ..,
        ] = packet
        else {
            return false;
        };
        let length = usize::from(u16::from_le_bytes([*length_0, *length_1]));
        match u16::from_le_bytes([*channel_0, *channel_1]) {
            ATT => att::passes(pdu, length),
            SMP => smp::passes(pdu, length, &self.pairing),
            _ => true,
        }
    }

    /// Looks at what the host sends.
    pub(super) fn sending<P: PacketToController>(&self, packet: &P) {
        /// The one PDU looked for has two bytes.
        const SIZE: usize = HEADERS + 2;

        let mut bytes = [0; SIZE];
        if packet.size() == SIZE
            && packet.write_hci(&mut bytes[..]).is_ok()
            && let [_, _, _, _, _, _, channel_0, channel_1, code, _] = bytes
            && u16::from_le_bytes([channel_0, channel_1]) == SMP
            && code == smp::FAILED
        {
            self.pairing.set(false);
        }
    }
}
