//! Stands between the controller and the host and lets through what the host can bear.
//!
//! These things are mended here because trouble-host 0.8 leaves no other place:
//!
//! | what comes in | what the host would do | what is done |
//! |---|---|---|
//! | an ATT request shorter than its fields, from anybody in range | read past it and panic | dropped |
//! | a pairing request that cannot end in numeric comparison | pair without a user | its Secure Connections flag is cleared, which the host refuses as "authentication requirements" |
//! | Find By Type Value for anything but a service | compare values the phone may not read | it is asked for a type that does not exist |
//! | a pairing request beyond what strangers are allowed, or while none may pair | pair, and ask the user | refused in the same way; the phone hears "repeated attempts", or "pairing not supported" |
//! | anything of pairing while none is under way, as a confirmation that crossed a refusal | end the link | dropped |
//! | a phone that leaves while it is given its key, or while its link is being ended | end the session with the controller | the failure is made to say nothing; what comes of encryption afterwards is dropped |
//! | a known phone's last check of a pairing, just behind the user's answer | fill its queue of four events with three places, and end the session with the controller | the packet waits until the host has looked at the answer |
//! | a connection from a private address, not resolved by the controller | take the identity's address for the one on the air, so that pairing again fails, and a finished pairing is found again | reported the way a resolving controller does |
//!
//! Everything else passes as it is.

mod acl;
mod att;
mod connection;
mod encryption;
mod smp;
#[cfg(test)]
mod tests;

use core::cell::Cell;
use core::convert::Infallible;

use bt_hci::ReadHciError;
use bt_hci::transport::{PacketKind, PacketToController, PacketToHost, Transport};
use embassy_futures::yield_now;
use embedded_io::ErrorType;
use zeroize::Zeroize;

use crate::ble::{Ble, Link};
use crate::pairing::Refusal;

/// The largest packet a host of ours takes: an event of 255 bytes and its header, with room to grow.
const PACKET_MAX: usize = 272;

/// A transport that drops or mends packets of the one below.
pub(crate) struct Sieve<'t, T> {
    transport: &'t T,
    ble: &'t Ble,
    /// What came over the air and is under way.
    air: acl::Progress,
    dropped: Cell<u32>,
}

impl<'t, T> Sieve<'t, T> {
    pub(crate) fn new(transport: &'t T, ble: &'t Ble) -> Self {
        Self {
            transport,
            ble,
            air: acl::Progress::default(),
            dropped: Cell::new(0),
        }
    }
}

impl<T: ErrorType> ErrorType for Sieve<'_, T> {
    type Error = T::Error;
}

impl<T> Transport for Sieve<'_, T>
where
    T: Transport,
    T::Error: From<ReadHciError<Infallible>>,
{
    async fn read<'a, P: PacketToHost<'a>>(&self, rx: &'a mut [u8]) -> Result<P, Self::Error> {
        let mut packet = [0; PACKET_MAX];
        // The application looks at what came of one packet before the next is taken in: a connection
        // is made bondable before its first packet, and a burst fills no queue of the host's.
        yield_now().await;
        loop {
            let raw: Raw = self.transport.read(&mut packet).await?;
            let Some(length) = judge(raw.kind, &mut packet, raw.length, &self.air, || {
                self.ble.begin_pairing()
            }) else {
                let dropped = self.dropped.get().saturating_add(1);
                self.dropped.set(dropped);
                // Rarer and rarer: somebody out there must not fill the log.
                if dropped.is_power_of_two() {
                    log::warn!(target: "ble", "dropped a packet from the air that is malformed or out of turn ({dropped} so far)");
                }
                continue;
            };
            if matches!(raw.kind, PacketKind::Event) {
                if connection::is_new(&packet) {
                    self.air.begin();
                    self.ble.set_link(Link::Up);
                } else if encryption::is_end(&packet) {
                    self.ble.set_link(Link::Gone);
                } else if encryption::is_of_link(&packet) && self.ble.link() != Link::Up {
                    continue;
                }
            }
            let mut bytes = packet.get(..length).unwrap_or_default();
            if matches!(raw.kind, PacketKind::AclData) && asks_for_mtu(bytes) {
                self.ble.mtu_asked();
            }
            // A packet that follows an answer of the user at once would fill the host's queue.
            while self.ble.take_confirmed() {
                yield_now().await;
            }
            let read = P::read_hci(raw.kind, &mut bytes, rx).map_err(Into::into);
            // It may have held a passphrase.
            packet.zeroize();
            return read;
        }
    }

    async fn write<P: PacketToController>(&self, tx: &P) -> Result<(), Self::Error> {
        match P::KIND {
            PacketKind::AclData => {
                if let Some(instead) = self.air.sending(tx) {
                    return self.transport.write(&instead).await;
                }
            }
            PacketKind::Cmd if encryption::ends(tx) => self.ble.set_link(Link::Ending),
            _ => {}
        }
        self.transport.write(tx).await
    }
}

/// The length of the packet to pass on, mended in place; `None` drops it.
fn judge(
    kind: PacketKind,
    packet: &mut [u8],
    length: usize,
    air: &acl::Progress,
    begin: impl FnOnce() -> Result<(), Refusal>,
) -> Option<usize> {
    match kind {
        PacketKind::AclData => air
            .passes(packet.get_mut(..length)?, begin)
            .then_some(length),
        PacketKind::Event => {
            let length = encryption::mend(packet, length);
            connection::mend(packet, length)
        }
        PacketKind::Cmd | PacketKind::SyncData | PacketKind::IsoData => Some(length),
    }
}

/// Whether an ACL packet is an Exchange MTU request.
fn asks_for_mtu(packet: &[u8]) -> bool {
    matches!(packet, [_, _, _, _, 3, 0, 4, 0, 0x02, ..])
}

/// A packet's kind and size; its bytes are in the buffer it was read into.
pub(crate) struct Raw {
    pub(crate) kind: PacketKind,
    /// Header and body.
    pub(crate) length: usize,
}

/// Reads a packet's length in its header.
type Length = fn(&[u8]) -> Option<usize>;

impl Raw {
    /// How long the header is, and what reads the length of the rest in it.
    fn header(kind: PacketKind) -> (usize, Length) {
        match kind {
            PacketKind::AclData => (4, |h| {
                Some(usize::from(u16::from_le_bytes([*h.get(2)?, *h.get(3)?])))
            }),
            PacketKind::IsoData => (4, |h| {
                let raw = u16::from_le_bytes([*h.get(2)?, *h.get(3)?]);
                Some(usize::from(raw & 0x3FFF))
            }),
            PacketKind::Event => (2, |h| Some(usize::from(*h.get(1)?))),
            PacketKind::Cmd | PacketKind::SyncData => (3, |h| Some(usize::from(*h.get(2)?))),
        }
    }

    /// Splits `buffer` into header and body, given the header's bytes.
    fn body(buffer: &mut [u8], header: usize, length: Length) -> Option<&mut [u8]> {
        let body = length(buffer.get(..header)?)?;
        buffer.get_mut(header..)?.get_mut(..body)
    }
}

impl<'d> PacketToHost<'d> for Raw {
    fn read_hci<R: embedded_io::Read>(
        kind: PacketKind,
        data: &mut R,
        buf: &'d mut [u8],
    ) -> Result<Self, ReadHciError<R::Error>> {
        let (header, length) = Self::header(kind);
        data.read_exact(buf.get_mut(..header).ok_or(ReadHciError::BufferTooSmall)?)?;
        let body = Self::body(buf, header, length).ok_or(ReadHciError::BufferTooSmall)?;
        data.read_exact(body)?;
        let length = header.saturating_add(body.len());
        Ok(Self { kind, length })
    }

    async fn read_hci_async<R: embedded_io_async::Read>(
        kind: PacketKind,
        data: &mut R,
        buf: &'d mut [u8],
    ) -> Result<Self, ReadHciError<R::Error>> {
        let (header, length) = Self::header(kind);
        data.read_exact(buf.get_mut(..header).ok_or(ReadHciError::BufferTooSmall)?)
            .await?;
        let body = Self::body(buf, header, length).ok_or(ReadHciError::BufferTooSmall)?;
        data.read_exact(body).await?;
        let length = header.saturating_add(body.len());
        Ok(Self { kind, length })
    }
}
