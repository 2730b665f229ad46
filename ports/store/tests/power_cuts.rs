//! After a cut at any program or erase, whole or torn, every record is the old or the new one.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test says what it expects by failing"
)]

mod nor_model;

use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use nor_model::{NorError, Torn};
use port_store::{FlashStore, Found, RecordId, Records};

/// Small pages, so that a short sequence fills, moves and erases them all.
type Nor = nor_model::Nor<1024>;
const SIZE: usize = Nor::SIZE;

type Store<'a> = FlashStore<&'a mut Nor, CriticalSectionRawMutex>;

fn open(nor: &mut Nor) -> (Store<'_>, Found) {
    FlashStore::open(nor, 0..SIZE as u32).expect("the store opens once power is back")
}

/// A record of that many bytes that no other record looks like.
fn record(seed: u8, length: usize) -> Vec<u8> {
    let mut state = u32::from(seed);
    (0..length)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        })
        .collect()
}

/// Where in an array of all records one has its place.
fn place(id: RecordId) -> usize {
    RecordId::ALL.iter().position(|&one| one == id).unwrap()
}

/// Saved networks and bonds as they come and go, beside a secret that is made once and, as if it could not be read,
/// once more; long enough that pages are closed, moved and erased.
fn sequence() -> Vec<(RecordId, Vec<u8>)> {
    let mut writes = vec![
        (RecordId::Networks, record(1, 110)),
        (RecordId::Proof, record(40, 10)),
        (RecordId::Bonds, record(2, 46)),
        (RecordId::Networks, record(3, 220)),
        (RecordId::Networks, record(4, 0)),
        (RecordId::Bonds, record(5, 92)),
    ];
    for step in 6..12 {
        writes.push((RecordId::Networks, record(step, 400 + usize::from(step))));
    }
    writes.push((RecordId::Bonds, record(30, 46)));
    writes.push((RecordId::Proof, record(41, 64)));
    for step in 31..36 {
        writes.push((RecordId::Networks, record(step, 880)));
    }
    writes
}

fn read(store: &Store<'_>, id: RecordId) -> Option<Vec<u8>> {
    let mut buffer = [0; port_store::MAX_RECORD];
    store
        .read(id, &mut buffer)
        .expect("a record reads after repair")
        .map(|length| buffer[..length].to_vec())
}

/// The image before each write, the operations it takes, and what is stored then.
struct Step {
    image: Vec<u8>,
    operations: usize,
    erases: usize,
    before: [Option<Vec<u8>>; RecordId::ALL.len()],
    write: (RecordId, Vec<u8>),
}

fn steps() -> Vec<Step> {
    let mut nor = Nor::new();
    let _ = open(&mut nor);
    let mut before = [const { None }; RecordId::ALL.len()];
    let mut steps = Vec::new();
    for write in sequence() {
        let image = nor.bytes.clone();
        (nor.done, nor.erased) = (0, 0);
        let (store, found) = open(&mut nor);
        assert_eq!(found, Found::Store);
        store.write(write.0, &write.1).unwrap();
        steps.push(Step {
            image,
            operations: nor.done,
            erases: nor.erased,
            before: before.clone(),
            write: write.clone(),
        });
        before[place(write.0)] = Some(write.1);
    }
    steps
}

/// Whether flash holds a good part of a record anywhere.
fn holds(image: &[u8], record: &[u8]) -> bool {
    let part = &record[..record.len().min(24)];
    let starts = image
        .iter()
        .enumerate()
        .filter(|&(_, byte)| Some(byte) == part.first());
    part.len() == 24
        && starts
            .into_iter()
            .any(|(at, _)| image[at..].starts_with(part))
}

fn check(step: &Step, image: Vec<u8>, what: &str) {
    let mut nor = Nor::from(image);
    let (store, found) = open(&mut nor);
    assert_eq!(found, Found::Store, "{what}");
    for id in RecordId::ALL {
        let now = read(&store, id);
        let old = &step.before[place(id)];
        let new = (id == step.write.0).then_some(&step.write.1);
        assert!(
            now == *old || (new.is_some() && now.as_ref() == new),
            "{what}: {id:?} is neither old nor new"
        );
    }
    let kept = RecordId::ALL.map(|id| read(&store, id));
    for record in step.before.iter().chain([&Some(step.write.1.clone())]) {
        assert!(
            kept.contains(record) || !holds(&nor.bytes, record.as_deref().unwrap_or_default()),
            "{what}: what is no record any more can still be read"
        );
    }
    // The store goes on: what is written now stays.
    let (store, _) = open(&mut nor);
    store.write(RecordId::Bonds, b"after").unwrap();
    let (store, _) = open(&mut nor);
    assert_eq!(
        read(&store, RecordId::Bonds).as_deref(),
        Some(&b"after"[..]),
        "{what}"
    );
}

#[test]
fn a_cut_leaves_the_old_record_or_the_new_one() {
    let steps = steps();
    assert!(
        steps.iter().any(|step| step.erases > 0),
        "the sequence is too short to move a page"
    );
    for id in RecordId::ALL {
        // Once as the first of its kind, and once in place of another.
        let writes = steps.iter().filter(|step| step.write.0 == id);
        assert!(writes.count() >= 2, "the sequence leaves {id:?} out");
    }
    for (number, step) in steps.iter().enumerate() {
        for torn in [Torn::Before, Torn::Halfway] {
            for cut in 1..=step.operations {
                let mut nor = Nor::with_cut(step.image.clone(), cut, torn);
                if let Ok((store, _)) =
                    FlashStore::<_, CriticalSectionRawMutex>::open(&mut nor, 0..SIZE as u32)
                {
                    // What is overwritten afterwards is no part of the write.
                    if store.write(step.write.0, &step.write.1).is_ok() {
                        let mut nor = Nor::from(nor.bytes.clone());
                        let kept = read(&open(&mut nor).0, step.write.0);
                        assert_eq!(
                            kept.as_ref(),
                            Some(&step.write.1),
                            "a cut write must say so"
                        );
                    }
                }
                check(
                    step,
                    nor.bytes,
                    &format!("write {number}, cut {cut}, {torn:?}"),
                );
            }
        }
    }
}

#[test]
fn a_cut_while_repairing_a_cut_loses_nothing_either() {
    for (number, step) in steps()
        .iter()
        .enumerate()
        .filter(|(_, step)| step.operations > 150)
    {
        for cut in (1..=step.operations).step_by(29) {
            let mut nor = Nor::with_cut(step.image.clone(), cut, Torn::Halfway);
            if let Ok((store, _)) =
                FlashStore::<_, CriticalSectionRawMutex>::open(&mut nor, 0..SIZE as u32)
            {
                let _ = store.write(step.write.0, &step.write.1);
            }
            for second in 1..400 {
                let mut nor = Nor::with_cut(nor.bytes.clone(), second, Torn::Halfway);
                let opened =
                    FlashStore::<_, CriticalSectionRawMutex>::open(&mut nor, 0..SIZE as u32).map(
                        |(store, _)| {
                            store
                                .write(
                                    RecordId::Bonds,
                                    &step.before[place(RecordId::Bonds)]
                                        .clone()
                                        .unwrap_or_default(),
                                )
                                .is_ok()
                        },
                    );
                let finished = nor.left > 0;
                check(
                    step,
                    nor.bytes,
                    &format!("write {number}, cuts {cut} and {second}: {opened:?}"),
                );
                if finished {
                    break;
                }
            }
        }
    }
}

#[test]
fn a_cut_at_the_very_first_start_leaves_an_empty_store() {
    for torn in [Torn::Before, Torn::Halfway] {
        for cut in 1..12 {
            let mut nor = Nor::with_cut(vec![0xFF; SIZE], cut, torn);
            let _ = FlashStore::<_, CriticalSectionRawMutex>::open(&mut nor, 0..SIZE as u32);
            let mut nor = Nor::from(nor.bytes);
            let (store, found) = open(&mut nor);
            assert!(
                matches!(found, Found::Nothing | Found::Corrupt | Found::Store),
                "cut {cut}: {found:?}"
            );
            for id in RecordId::ALL {
                assert_eq!(read(&store, id), None);
            }
        }
    }
}

#[test]
fn the_model_refuses_what_flash_cannot_do() {
    use embedded_storage::nor_flash::NorFlash as _;
    let mut nor = Nor::new();
    nor.write(0, &[0; 4]).unwrap();
    assert_eq!(nor.write(0, &[1; 4]), Err(NorError::NotErased));
}
