//! Packets from the air, and what of them is under way.

use core::cell::Cell;

use bt_hci::transport::{PacketKind, PacketToController};

use super::{att, smp};

/// The attribute protocol's channel, and the security manager's.
const ATT: u16 = 4;
const SMP: u16 = 6;

/// Before the PDU: the handle, a length, and the L2CAP header.
const HEADERS: usize = 8;

/// A packet that says a pairing failed, and why.
const FAILURE: usize = HEADERS + 2;

/// One connection's.
#[derive(Default)]
pub(super) struct Progress {
    /// A pairing is under way.
    pairing: Cell<bool>,
    /// The beginning of a PDU was dropped, and so is the rest.
    dropping: Cell<bool>,
    /// The pairing was refused because there were too many.
    too_many: Cell<bool>,
}

impl Progress {
    /// A phone connected.
    pub(super) fn begin(&self) {
        self.pairing.set(false);
        self.dropping.set(false);
        self.too_many.set(false);
    }

    /// Whether a packet may pass. Rules look at the first fragment of a PDU, where its header is.
    /// `may_pair` is asked when a pairing is to begin.
    pub(super) fn passes(&self, packet: &mut [u8], may_pair: impl FnOnce() -> bool) -> bool {
        /// The packet boundary flag of a PDU's later fragments.
        const CONTINUING: u8 = 0b01;

        if packet
            .get(1)
            .is_some_and(|flags| (flags >> 4) & 0b11 == CONTINUING)
        {
            return !self.dropping.get();
        }
        let passes = self.beginning_passes(packet, may_pair);
        self.dropping.set(!passes);
        passes
    }

    fn beginning_passes(&self, packet: &mut [u8], may_pair: impl FnOnce() -> bool) -> bool {
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
            SMP => smp::passes(pdu, length, &self.pairing, &self.too_many, may_pair),
            _ => true,
        }
    }

    /// Looks at what the host sends. Gives another packet where the host does not know why it refuses.
    pub(super) fn sending<P: PacketToController>(&self, packet: &P) -> Option<Failure> {
        let mut bytes = [0; FAILURE];
        if packet.size() != FAILURE || packet.write_hci(&mut bytes[..]).is_err() {
            return None;
        }
        let [_, _, _, _, _, _, channel_0, channel_1, code, reason] = &mut bytes;
        if u16::from_le_bytes([*channel_0, *channel_1]) != SMP || *code != smp::FAILED {
            return None;
        }
        self.pairing.set(false);
        if *reason == smp::AUTHENTICATION_REQUIREMENTS && self.too_many.take() {
            *reason = smp::REPEATED_ATTEMPTS;
            return Some(Failure(bytes));
        }
        None
    }
}

/// A packet that says a pairing failed, and why.
pub(super) struct Failure([u8; FAILURE]);

impl PacketToController for Failure {
    const KIND: PacketKind = PacketKind::AclData;

    fn size(&self) -> usize {
        FAILURE
    }

    fn write_hci<W: embedded_io::Write>(&self, mut writer: W) -> Result<(), W::Error> {
        writer.write_all(&self.0)
    }

    async fn write_hci_async<W: embedded_io_async::Write>(
        &self,
        mut writer: W,
    ) -> Result<(), W::Error> {
        writer.write_all(&self.0).await
    }
}
