//! Records come back as written, also from another run, and what is no store is told.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test"
)]

mod nor_model;

use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;

use port_store::{FlashStore, Found, MAX_RECORD, OpenError, RecordError, RecordId, Records};

const PAGE: usize = 4096;
type Nor = nor_model::Nor<PAGE>;
const SIZE: usize = Nor::SIZE;

fn open(nor: &mut Nor) -> (FlashStore<&mut Nor, CriticalSectionRawMutex>, Found) {
    FlashStore::open(nor, 0..SIZE as u32).unwrap()
}

#[test]
fn a_new_device_has_nothing() {
    let mut nor = Nor::new();
    let (store, found) = open(&mut nor);
    assert_eq!(found, Found::Nothing);
    assert_eq!(store.read(RecordId::Networks, &mut [0; 4]), Ok(None));
}

#[test]
fn records_survive_and_do_not_mix() {
    let mut nor = Nor::new();
    let (store, _) = open(&mut nor);
    store.write(RecordId::Networks, b"home, office").unwrap();
    store.write(RecordId::Bonds, b"").unwrap();
    let (store, found) = open(&mut nor);
    assert_eq!(found, Found::Store);
    let mut buffer = [0; 64];
    assert_eq!(store.read(RecordId::Networks, &mut buffer), Ok(Some(12)));
    assert_eq!(&buffer[..12], b"home, office");
    assert_eq!(store.read(RecordId::Bonds, &mut buffer), Ok(Some(0)));
}

#[test]
fn too_large_is_told_and_keeps_the_former_record() {
    let mut nor = Nor::new();
    let (store, _) = open(&mut nor);
    store.write(RecordId::Networks, &[7; MAX_RECORD]).unwrap();
    assert_eq!(
        store.write(RecordId::Networks, &[8; MAX_RECORD + 1]),
        Err(RecordError::TooLarge)
    );
    assert_eq!(
        store.read(RecordId::Networks, &mut [0; 16]),
        Err(RecordError::TooLarge)
    );
    let mut buffer = [0; MAX_RECORD];
    assert_eq!(
        store.read(RecordId::Networks, &mut buffer),
        Ok(Some(MAX_RECORD))
    );
    assert_eq!(buffer, [7; MAX_RECORD]);
}

#[test]
fn an_unchanged_record_is_not_written_again() {
    let mut nor = Nor::new();
    let (store, _) = open(&mut nor);
    store.write(RecordId::Bonds, b"same").unwrap();
    let (store, _) = open(&mut nor);
    store.write(RecordId::Bonds, b"same").unwrap();
    let before = nor.done;
    let (store, _) = open(&mut nor);
    store.write(RecordId::Bonds, b"same").unwrap();
    assert_eq!(nor.done, before);
}

#[test]
fn garbage_is_told_and_the_store_starts_empty() {
    for seed in 1..40_u32 {
        let mut state = seed;
        let bytes = (0..SIZE)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state >> 24) as u8
            })
            .collect();
        let mut nor = Nor::from(bytes);
        let (store, found) = open(&mut nor);
        assert_eq!(found, Found::Corrupt);
        assert_eq!(store.read(RecordId::Networks, &mut [0; 64]), Ok(None));
        store.write(RecordId::Networks, b"new").unwrap();
        assert_eq!(open(&mut nor).1, Found::Store);
    }
}

#[test]
fn a_range_that_is_no_range_is_refused() {
    for range in [1..SIZE as u32, 0..PAGE as u32, 0..(2 * PAGE + 4) as u32] {
        let opened = FlashStore::<_, CriticalSectionRawMutex>::open(Nor::new(), range);
        assert_eq!(opened.err(), Some(OpenError::Range));
    }
}

/// Every passphrase that was ever saved.
fn secret(number: u32) -> Vec<u8> {
    format!("the passphrase of network {number:03}").into_bytes()
}

/// How many of them can be read in flash.
fn secrets(nor: &Nor) -> usize {
    const TEXT: &[u8] = b"the passphrase";
    let starts = nor
        .bytes
        .iter()
        .enumerate()
        .filter(|&(_, byte)| *byte == TEXT[0]);
    starts
        .filter(|&(at, _)| nor.bytes[at..].starts_with(TEXT))
        .count()
}

#[test]
fn what_was_replaced_is_nowhere_in_flash() {
    let mut nor = Nor::new();
    // Through every page, more than once.
    for number in 0..120 {
        let (store, _) = open(&mut nor);
        let mut record = vec![number as u8; 200];
        record.extend(secret(number));
        store.write(RecordId::Networks, &record).unwrap();
        store.write(RecordId::Bonds, &number.to_le_bytes()).unwrap();
        assert_eq!(secrets(&nor), 1, "after {number}");
    }
    let (store, _) = open(&mut nor);
    store.write(RecordId::Networks, b"").unwrap();
    assert_eq!(secrets(&nor), 0);
}

#[test]
fn what_a_store_without_overwriting_left_is_overwritten_at_its_start() {
    let mut nor = Nor::new();
    let (store, _) = open(&mut nor);
    store.write(RecordId::Networks, &secret(1)).unwrap();
    let before = nor.bytes.clone();
    let (store, _) = open(&mut nor);
    store.write(RecordId::Networks, &secret(2)).unwrap();
    // As if the first had only been superseded.
    for (cell, &old) in nor.bytes.iter_mut().zip(&before) {
        if *cell == 0 && old != 0xFF {
            *cell = old;
        }
    }
    assert_eq!(secrets(&nor), 2);
    let (store, found) = open(&mut nor);
    assert_eq!(found, Found::Store);
    let mut buffer = [0; 64];
    let length = store
        .read(RecordId::Networks, &mut buffer)
        .unwrap()
        .unwrap();
    assert_eq!(buffer[..length], secret(2));
    assert_eq!(secrets(&nor), 1);
}
