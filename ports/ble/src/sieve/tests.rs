//! Packets as they come from a controller, by hand.
#![allow(clippy::arithmetic_side_effects, reason = "sums of a test")]

extern crate std;

use core::pin::pin;
use core::task::{Context, Waker};
use std::vec::Vec;

use proptest::prelude::*;

use super::*;

const ATT: u8 = 4;
const SMP: u8 = 6;

fn first_fragment(channel: u8, pdu: &[u8], pdu_length: usize) -> Vec<u8> {
    let mut packet = std::vec![0x40, 0x20, (pdu.len() + 4) as u8, 0];
    packet.extend([pdu_length as u8, 0, channel, 0]);
    packet.extend(pdu);
    packet
}

/// The PDU as it is let through, the first one of a connection.
fn through(channel: u8, pdu: &[u8]) -> Option<Vec<u8>> {
    next(&acl::Progress::default(), channel, pdu)
}

/// The same, after others.
fn next(air: &acl::Progress, channel: u8, pdu: &[u8]) -> Option<Vec<u8>> {
    let mut packet = first_fragment(channel, pdu, pdu.len());
    air.passes(&mut packet, || Ok(()))
        .then(|| packet.split_off(8))
}

fn continuing(bytes: &[u8]) -> Vec<u8> {
    let mut packet = std::vec![0x40, 0x10, bytes.len() as u8, 0];
    packet.extend(bytes);
    packet
}

/// Something the host sends.
struct Outgoing(Vec<u8>);

impl PacketToController for Outgoing {
    const KIND: PacketKind = PacketKind::AclData;

    fn size(&self) -> usize {
        self.0.len()
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

const PAIR: [u8; 7] = [1, 1, 0, 0x0D, 16, 3, 3];
const CHECK: [u8; 17] = [0x0D; 17];

#[test]
fn short_requests_are_dropped() {
    for pdu in [
        &[][..],
        &[0x0A],
        &[0x0A, 1],
        &[0x0C, 1, 0, 0],
        &[0x12, 1],
        &[0x52, 1],
        &[0x08, 1, 0, 9, 0, 3],
        &[0x10, 1, 0, 9],
        &[0x06, 1, 0, 9, 0, 0],
        &[0x16, 1, 0, 0],
        &[0x18],
        &[0x02, 23],
        &[0x20, 1, 0],
        &[0x1B, 1, 0, 7],
        &[0x01, 0x0A, 1, 0, 5],
    ] {
        assert_eq!(through(ATT, pdu), None, "{pdu:02x?}");
    }
    let mut long_group = std::vec![0x10, 1, 0, 9, 0];
    long_group.extend([7; 16]);
    assert_eq!(through(ATT, &long_group), None);
}

#[test]
fn proper_requests_pass_untouched() {
    for pdu in [
        &[0x0A, 1, 0][..],
        &[0x0C, 1, 0, 5, 0],
        &[0x12, 1, 0],
        &[0x12, 1, 0, 1],
        &[0x10, 1, 0, 9, 0, 0, 0x28],
        &[0x02, 0, 2],
        &[0x1E],
    ] {
        assert_eq!(through(ATT, pdu).as_deref(), Some(pdu));
    }
}

#[test]
fn only_services_are_found_by_value() {
    let services = [0x06, 1, 0, 0xFF, 0xFF, 0x00, 0x28, 0x0A, 0x18];
    assert_eq!(through(ATT, &services).as_deref(), Some(&services[..]));
    let configurations = [0x06, 1, 0, 0xFF, 0xFF, 0x02, 0x29, 0, 0];
    assert_eq!(through(ATT, &configurations).unwrap()[5..7], [0, 0]);
}

#[test]
fn search_by_value_whose_type_is_in_a_later_fragment_is_dropped() {
    let search = [0x06, 1, 0, 0xFF, 0xFF, 0x02, 0x29, 0, 0];
    let air = acl::Progress::default();
    for cut in 1..7 {
        let mut packet = first_fragment(ATT, &search[..cut], search.len());
        assert!(!air.passes(&mut packet, || Ok(())), "{cut}");
        // What goes on from there goes nowhere either.
        let mut rest = continuing(&search[cut..]);
        assert!(!air.passes(&mut rest, || Ok(())), "{cut}");
    }
    let mut packet = first_fragment(ATT, &search[..7], search.len());
    assert!(air.passes(&mut packet, || Ok(())));
    assert_eq!(packet[13..15], [0, 0]);
}

#[test]
fn mtu_below_the_least_is_raised_to_it() {
    assert_eq!(through(ATT, &[0x02, 0, 0]), Some(std::vec![0x02, 23, 0]));
}

#[test]
fn pairing_that_compares_numbers_passes() {
    for capabilities in [1, 4] {
        let request = [1, capabilities, 0, 0x0D, 16, 3, 3];
        assert_eq!(through(SMP, &request).as_deref(), Some(&request[..]));
    }
}

#[test]
fn pairing_without_a_comparison_loses_secure_connections() {
    for (capabilities, out_of_band) in [(0, 0), (2, 0), (3, 0), (1, 1), (9, 0)] {
        let passed = through(SMP, &[1, capabilities, out_of_band, 0x0D, 16, 3, 3]).unwrap();
        assert_eq!(passed[3], 0x05);
    }
}

#[test]
fn pairing_request_in_pieces_is_dropped() {
    let air = acl::Progress::default();
    assert!(!air.passes(&mut first_fragment(SMP, &[1, 3], 7), || Ok(())));
    assert!(!air.passes(&mut continuing(&[0, 0x0D, 16, 3, 3]), || Ok(())));
    assert!(air.passes(&mut first_fragment(SMP, &PAIR, 7), || Ok(())));
    assert!(air.passes(&mut first_fragment(SMP, &[0x0C, 1, 2, 3], 65), || Ok(())));
    assert!(air.passes(&mut continuing(&[0; 61]), || Ok(())));
}

#[test]
fn packets_of_pairing_pass_only_while_one_is_under_way() {
    let air = acl::Progress::default();
    for pdu in [&CHECK[..], &[5, 4], &[0x0B, 1]] {
        assert_eq!(next(&air, SMP, pdu), None);
    }
    assert!(next(&air, SMP, &PAIR).is_some());
    assert!(next(&air, SMP, &CHECK).is_some());
    // We refuse, and a confirmation crosses that.
    let _ = air.sending(&Outgoing(first_fragment(SMP, &[5, 12], 2)));
    assert_eq!(next(&air, SMP, &CHECK), None);
    // The phone refuses.
    assert!(next(&air, SMP, &PAIR).is_some());
    assert!(next(&air, SMP, &[5, 4]).is_some());
    assert_eq!(next(&air, SMP, &CHECK), None);
    // Another connection begins without one.
    assert!(next(&air, SMP, &PAIR).is_some());
    air.begin();
    assert_eq!(next(&air, SMP, &CHECK), None);
}

#[test]
fn pairing_that_may_not_begin_is_refused_with_the_reason() {
    let air = acl::Progress::default();
    let refusal = first_fragment(SMP, &[5, 3], 2);
    for (why, reason) in [(Refusal::TooMany, 9), (Refusal::Closed, 5)] {
        let mut request = first_fragment(SMP, &PAIR, 7);
        assert!(air.passes(&mut request, || Err(why)));
        assert_eq!(request[8..], [1, 1, 0, 0x05, 16, 3, 3]);
        let instead = air.sending(&Outgoing(refusal.clone())).unwrap();
        let mut bytes = [0; 10];
        instead.write_hci(&mut bytes[..]).unwrap();
        assert_eq!(bytes[..9], refusal[..9]);
        assert_eq!(bytes[9], reason);
    }
    // The next refusal is the host's own.
    assert!(air.passes(
        &mut first_fragment(SMP, &[1, 3, 0, 0x0D, 16, 3, 3], 7),
        || { unreachable!("it asks no user") }
    ));
    assert!(air.sending(&Outgoing(refusal)).is_none());
}

#[test]
fn pairing_the_host_refuses_by_itself_is_not_counted() {
    for request in [
        [1, 3, 0, 0x0D, 16, 3, 3],
        [1, 1, 0, 0x05, 16, 3, 3],
        [1, 1, 0, 0x0D, 7, 3, 3],
    ] {
        let mut packet = first_fragment(SMP, &request, 7);
        assert!(acl::Progress::default().passes(&mut packet, || unreachable!("it asks no user")));
    }
}

#[test]
fn key_for_a_phone_that_has_left_is_no_failure() {
    for event in [
        &[0x0E, 6, 1, 0x1A, 0x20, 2, 0x40, 0][..],
        &[0x0E, 4, 1, 0x1A, 0x20, 2],
    ] {
        assert_eq!(mended(event)[..6], [0x0E, 6, 1, 0x1A, 0x20, 0]);
        assert_eq!(mended(event).len(), 8);
    }
    let other = [0x0E, 6, 1, 0x1B, 0x20, 2, 0x40, 0];
    assert_eq!(mended(&other), other);
}

#[test]
fn other_packets_we_send_end_no_pairing() {
    let air = acl::Progress::default();
    assert!(next(&air, SMP, &PAIR).is_some());
    let _ = air.sending(&Outgoing(first_fragment(ATT, &[5, 12], 2)));
    let _ = air.sending(&Outgoing(first_fragment(SMP, &CHECK, 17)));
    assert!(next(&air, SMP, &CHECK).is_some());
}

const PRIVATE: [u8; 6] = [1, 2, 3, 4, 5, 0x4F];
const TIMING: [u8; 7] = [6, 0, 7, 0, 8, 0, 9];

fn complete(kind: u8, address: [u8; 6]) -> Vec<u8> {
    let mut packet = std::vec![0x3E, 19, 0x01, 0, 0x40, 0, 1, kind];
    packet.extend(address);
    packet.extend(TIMING);
    packet
}

fn enhanced(kind: u8, address: [u8; 6], private: [u8; 6]) -> Vec<u8> {
    let mut packet = std::vec![0x3E, 31, 0x0A, 0, 0x40, 0, 1, kind];
    packet.extend(address);
    packet.extend([0; 6]);
    packet.extend(private);
    packet.extend(TIMING);
    packet
}

fn mended(event: &[u8]) -> Vec<u8> {
    let mut packet = [0xEE; PACKET_MAX];
    packet[..event.len()].copy_from_slice(event);
    let air = acl::Progress::default();
    let length = judge(PacketKind::Event, &mut packet, event.len(), &air, || Ok(())).unwrap();
    packet[..length].to_vec()
}

#[test]
fn private_address_is_reported_as_by_a_resolving_controller() {
    let expected = enhanced(1, PRIVATE, PRIVATE);
    assert_eq!(mended(&complete(1, PRIVATE)), expected);
    assert_eq!(mended(&enhanced(1, PRIVATE, [0; 6])), expected);
}

#[test]
fn resolved_identity_keeps_its_private_address_and_gets_a_plain_kind() {
    let identity = [1, 1, 1, 1, 1, 0xC1];
    assert_eq!(
        mended(&enhanced(3, identity, PRIVATE)),
        enhanced(1, identity, PRIVATE)
    );
}

#[test]
fn other_addresses_and_events_stay_as_they_are() {
    let public = complete(0, PRIVATE);
    assert_eq!(mended(&public), public);
    let fixed = complete(1, [1, 2, 3, 4, 5, 0xC0]);
    assert_eq!(mended(&fixed), fixed);
    let mut failed = complete(1, PRIVATE);
    failed[3] = 0x3C;
    assert_eq!(mended(&failed), failed);
}

proptest! {
    /// What passes has all the bytes the host indexes, whatever else it holds.
    #[test]
    fn nothing_short_passes(pdu in prop::collection::vec(any::<u8>(), 0..24)) {
        let needed = |opcode| match opcode {
            0x02 | 0x0A | 0x12 | 0x52 => 3,
            0x04 | 0x0C | 0x16 | 0x20 => 5,
            0x06 | 0x08 | 0x10 => 7,
            0x18 => 2,
            _ => 1,
        };
        if let Some(passed) = through(ATT, &pdu) {
            prop_assert!(passed.len() >= needed(passed[0]));
        }
    }

    #[test]
    fn no_packet_whatever_panics(kind in 1_u8..=5, mut packet in prop::collection::vec(any::<u8>(), 0..64)) {
        let kind = [PacketKind::Cmd, PacketKind::AclData, PacketKind::SyncData, PacketKind::Event, PacketKind::IsoData]
            [usize::from(kind - 1)];
        let length = packet.len();
        let _ = judge(kind, &mut packet, length, &acl::Progress::default(), || Ok(()));
    }
}

/// Has one packet for ever.
struct Full(Vec<u8>);

impl ErrorType for Full {
    type Error = ReadHciError<Infallible>;
}

impl Transport for Full {
    async fn read<'a, P: PacketToHost<'a>>(&self, rx: &'a mut [u8]) -> Result<P, Self::Error> {
        P::read_hci(PacketKind::AclData, &mut &self.0[..], rx)
    }

    async fn write<P: PacketToController>(&self, _: &P) -> Result<(), Self::Error> {
        Ok(())
    }
}

#[test]
fn packet_behind_an_answer_waits_until_the_host_has_looked_at_it() {
    let air = Full(first_fragment(ATT, &[0x0A, 1, 0], 3));
    let sieve = Sieve::new(&air, &crate::ble::BLE);
    let mut context = Context::from_waker(Waker::noop());
    for answers in 0..3 {
        let mut room = [0; PACKET_MAX];
        let mut read = pin!(sieve.read::<Raw>(&mut room));
        // The application looks first; then the host, once after each answer.
        assert!(read.as_mut().poll(&mut context).is_pending());
        for _ in 0..answers {
            sieve.ble.confirmed();
            assert!(read.as_mut().poll(&mut context).is_pending());
        }
        assert!(read.as_mut().poll(&mut context).is_ready());
    }
}
