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
