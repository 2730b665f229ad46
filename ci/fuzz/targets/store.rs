//! Any flash content: the store opens, says what it found, and works.
#![no_main]

use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use libfuzzer_sys::fuzz_target;
use nor_model::Nor;
use port_store::{FlashStore, MAX_RECORD, RecordId, Records};

#[path = "../../../ports/store/tests/nor_model/mod.rs"]
mod nor_model;

type Chip = Nor<1024>;

fuzz_target!(|image: &[u8]| {
    let mut bytes = vec![0xFF; Chip::SIZE];
    for (cell, byte) in bytes.iter_mut().zip(image) {
        *cell = *byte;
    }
    let mut chip = Chip::from(bytes);
    let range = 0..Chip::SIZE as u32;
    let opened = FlashStore::<_, CriticalSectionRawMutex>::open(&mut chip, range.clone());
    let (store, _) = opened.expect("what is no store is erased");
    let mut buffer = [0; MAX_RECORD];
    for id in RecordId::ALL {
        let found = store
            .read(id, &mut buffer)
            .expect("an open store can be read");
        assert!(found.is_none_or(|length| length <= MAX_RECORD));
        store
            .write(id, &[id as u8; 300])
            .expect("an open store can be written");
    }
    drop(store);
    let (store, _) =
        FlashStore::<_, CriticalSectionRawMutex>::open(&mut chip, range).expect("it opens again");
    for id in RecordId::ALL {
        let length = store.read(id, &mut buffer).expect("it can be read again");
        assert_eq!(
            length.and_then(|length| buffer.get(..length)),
            Some(&[id as u8; 300][..])
        );
    }
});
