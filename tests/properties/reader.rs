//! The reader takes what is well-formed and nothing else, and agrees with readers that are not ours.

use proptest::prelude::*;
use wifi_provision::message::amazon::reader::Reader;

use crate::cases;
use crate::cbor::{bytes_like_cbor, damaged, item};
use crate::well_formed::measure;

/// `MAX_OPEN` of the reader.
const MAX_OPEN: usize = 4;

/// Whether the bytes are one item, to the reader under test.
fn is_one_item(bytes: &[u8]) -> bool {
    let mut reader = Reader::new(bytes);
    reader.skip();
    reader.is_complete()
}

/// Holds the reader against the definition.
///
/// It is laxer in one thing: inside a value nobody wants, a map of untold length may have a key
/// without a value. It is stricter in one: the depth of what must be remembered.
fn agrees(bytes: &[u8]) {
    let Some(measured) = measure(bytes) else {
        assert!(
            !is_one_item(bytes),
            "took {bytes:02x?}, which is not well-formed"
        );
        return;
    };
    let (one, rest) = bytes.split_at(measured.length);
    if measured.open > MAX_OPEN {
        assert!(!is_one_item(one), "took {one:02x?}, which is too deep");
    } else if !measured.is_odd {
        assert!(is_one_item(one), "refused {one:02x?}, which is well-formed");
    }
    if !rest.is_empty() {
        assert!(!is_one_item(bytes), "{bytes:02x?} has more than one item");
    }
    for end in 0..measured.length {
        assert!(!is_one_item(&one[..end]), "took {one:02x?}, cut to {end}");
    }
}

#[test]
fn all_messages_of_up_to_two_bytes_agree_with_the_definition() {
    agrees(&[]);
    for first in 0..=u8::MAX {
        agrees(&[first]);
        for second in 0..=u8::MAX {
            agrees(&[first, second]);
        }
    }
}

#[test]
fn all_messages_of_six_telling_bytes_agree_with_the_definition() {
    const TELLING: [u8; 11] = [
        0x00, 0x41, 0x5f, 0x61, 0x7f, 0x81, 0x9f, 0xa1, 0xbf, 0xc1, 0xff,
    ];
    for number in 0..TELLING.len().pow(6) {
        let mut left = number;
        let bytes: [u8; 6] = std::array::from_fn(|_| {
            let byte = TELLING[left % TELLING.len()];
            left /= TELLING.len();
            byte
        });
        agrees(&bytes);
    }
}

#[test]
fn few_containers_of_untold_length_may_lie_in_each_other_and_any_number_of_told_length() {
    let nested = |byte: u8, depth: usize, end: &[u8]| [vec![byte; depth], end.to_vec()].concat();
    let breaks = |depth| vec![0xff; depth];
    assert!(is_one_item(&nested(0x9f, MAX_OPEN, &breaks(MAX_OPEN))));
    assert!(!is_one_item(&nested(
        0x9f,
        MAX_OPEN + 1,
        &breaks(MAX_OPEN + 1)
    )));
    assert!(is_one_item(&nested(0x81, 100_000, &[0])));
    assert!(is_one_item(&nested(0xc1, 100_000, &[0])));
    assert!(!is_one_item(&nested(0x81, 100_000, &[])));
}

#[test]
fn lengths_beyond_all_messages_are_missed() {
    for major in [0x5b, 0x7b, 0x9b, 0xbb] {
        for length in [
            u64::MAX,
            1 << 63,
            1 << 32,
            u64::from(u32::MAX),
            1 << 31,
            1 << 28,
        ] {
            let mut bytes = vec![major];
            bytes.extend(length.to_be_bytes());
            bytes.extend([0; 64]);
            assert!(!is_one_item(&bytes), "took {bytes:02x?}");
        }
    }
}

proptest! {
    #![proptest_config(cases(2_000))]

    #[test]
    fn any_bytes_agree_with_the_definition(bytes in bytes_like_cbor()) {
        agrees(&bytes);
    }

    #[test]
    fn damaged_items_agree_with_the_definition(bytes in damaged(item().prop_map(|item| item.to_bytes()))) {
        agrees(&bytes);
    }
}

proptest! {
    #![proptest_config(cases(1_000))]

    #[test]
    fn every_way_to_write_an_item_is_taken(item in item()) {
        agrees(&item.to_bytes());
    }

    /// The writer of these tests is right, to a reader that is not ours.
    #[test]
    fn what_these_tests_write_is_what_they_mean(item in item()) {
        if let Some(meant) = item.value() {
            let bytes = item.to_bytes();
            let mut rest = bytes.as_slice();
            let read: ciborium::Value = ciborium::from_reader(&mut rest).unwrap();
            prop_assert_eq!(read, meant);
            prop_assert!(rest.is_empty());
        }
    }

    #[test]
    fn what_ciborium_takes_the_reader_takes(bytes in prop_oneof![
        bytes_like_cbor(),
        damaged(item().prop_map(|item| item.to_bytes())),
    ]) {
        let mut rest = bytes.as_slice();
        if ciborium::from_reader::<ciborium::Value, _>(&mut rest).is_ok() {
            let one = &bytes[..bytes.len() - rest.len()];
            // ciborium takes a chunk that comes in chunks itself, which RFC 8949 (3.2.3) forbids.
            if let Some(measured) = measure(one) {
                prop_assert!(!measured.is_odd, "half a pair: {one:02x?}");
                prop_assert!(measured.open > MAX_OPEN || is_one_item(one), "refused: {one:02x?}");
            }
        }
    }
}
