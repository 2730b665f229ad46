#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "tests"
)]

use std::boxed::Box;
use std::sync::Mutex;
use std::vec::Vec;

use super::*;

/// A store in RAM that can be told to fail.
#[derive(Default)]
struct Flash {
    record: Mutex<Option<Vec<u8>>>,
    broken: Mutex<Option<RecordError>>,
    writes: Mutex<u32>,
}

impl Records for Flash {
    fn read(&self, _: RecordId, buffer: &mut [u8]) -> Result<Option<usize>, RecordError> {
        if let Some(error) = *self.broken.lock().unwrap() {
            return Err(error);
        }
        let record = self.record.lock().unwrap();
        let Some(record) = record.as_ref() else {
            return Ok(None);
        };
        buffer
            .get_mut(..record.len())
            .ok_or(RecordError::TooLarge)?
            .copy_from_slice(record);
        Ok(Some(record.len()))
    }

    fn write(&self, _: RecordId, record: &[u8]) -> Result<(), RecordError> {
        if let Some(error) = *self.broken.lock().unwrap() {
            return Err(error);
        }
        *self.record.lock().unwrap() = Some(record.to_vec());
        *self.writes.lock().unwrap() += 1;
        Ok(())
    }
}

fn open() -> (&'static Flash, Saved) {
    let flash: &'static Flash = Box::leak(Box::default());
    (flash, reopened(flash))
}

fn reopened(flash: &'static Flash) -> Saved {
    let mut saved = Saved::new();
    saved.open(flash);
    saved
}

/// The longest network there can be, told apart by one byte.
fn network(mark: u8) -> SavedNetwork {
    SavedNetwork {
        ssid: Ssid::new(&[mark; SSID_MAX]).unwrap(),
        bssid: [mark; 6],
        security: Security::Wpa3,
        credential: Credential::new(&[mark; CREDENTIAL_MAX]).unwrap(),
    }
}

/// Four networks with the marks 0 to 3.
fn fill(saved: &mut Saved) {
    for mark in 0..4 {
        saved.add(network(mark)).unwrap();
    }
}

fn marks(saved: &mut Saved) -> Vec<u8> {
    let count = saved.count().unwrap();
    (0..count)
        .map(|index| saved.get(index).unwrap().bssid[0])
        .collect()
}

#[test]
fn eight_of_the_longest_survive_a_restart_and_a_ninth_is_refused() {
    let (flash, mut saved) = open();
    for mark in 0..8 {
        assert_eq!(saved.add(network(mark)), Ok(usize::from(mark)));
    }
    assert_eq!(saved.add(network(8)), Err(SavedError::Full));
    assert_eq!(
        flash.record.lock().unwrap().as_ref().unwrap().len(),
        RECORD_MAX
    );
    let mut again = reopened(flash);
    assert_eq!(marks(&mut again), [0, 1, 2, 3, 4, 5, 6, 7]);
    assert!(*again.get(5).unwrap() == network(5));
}

#[test]
fn bytes_of_any_value_come_back() {
    let (flash, mut saved) = open();
    let odd = SavedNetwork {
        ssid: Ssid::new(&[0, 0xff, b'a', 0]).unwrap(),
        bssid: [0; 6],
        security: Security::Open,
        credential: Credential::none(),
    };
    saved.add(odd.clone()).unwrap();
    assert!(*reopened(flash).get(0).unwrap() == odd);
}

#[test]
fn every_move_is_a_removal_and_an_insertion() {
    for from in 0..4 {
        for to in 0..4 {
            let (flash, mut saved) = open();
            fill(&mut saved);
            let mut expected: Vec<u8> = (0..4).collect();
            let moved = expected.remove(from);
            expected.insert(to, moved);
            saved.shift(from, to).unwrap();
            assert_eq!(marks(&mut saved), expected);
            assert_eq!(marks(&mut reopened(flash)), expected);
        }
    }
}

#[test]
fn a_replacement_is_a_removal_and_an_addition_in_one_write_at_every_length() {
    for count in 1..=8 {
        for index in 0..count {
            let (flash, mut saved) = open();
            for mark in 0..count {
                saved.add(network(mark)).unwrap();
            }
            let mut expected: Vec<u8> = (0..count).collect();
            expected.remove(index.into());
            expected.push(9);
            *flash.writes.lock().unwrap() = 0;
            saved.replace(index.into(), network(9)).unwrap();
            assert_eq!(*flash.writes.lock().unwrap(), 1);
            assert_eq!(marks(&mut saved), expected);
            let mut again = reopened(flash);
            assert_eq!(marks(&mut again), expected);
            assert!(*again.get(usize::from(count) - 1).unwrap() == network(9));
        }
    }
}

#[test]
fn a_replacement_that_is_not_taken_leaves_the_old_list() {
    let _clock = crate::virtual_time::clock();
    for count in [1, 4, 8] {
        let (flash, mut saved) = open();
        for mark in 0..count {
            saved.add(network(mark)).unwrap();
        }
        let before: Vec<u8> = (0..count).collect();
        let index = usize::from(count) - 1;
        assert_eq!(
            saved.replace(usize::from(count), network(9)),
            Err(SavedError::NoSuchIndex)
        );
        assert_eq!(
            saved.replace_with(index, network(9), &[0; CREDENTIAL_MAX + 1]),
            Err(SavedError::Store(RecordError::TooLarge))
        );
        *flash.broken.lock().unwrap() = Some(RecordError::Flash);
        assert_eq!(
            saved.replace(0, network(9)),
            Err(SavedError::Store(RecordError::Flash))
        );
        *flash.broken.lock().unwrap() = None;
        assert_eq!(marks(&mut saved), before);
        // With the allowance for changes used up.
        while saved.replace(index, network(index as u8)) == Ok(()) {}
        assert_eq!(saved.replace(0, network(9)), Err(SavedError::TooOften));
        assert_eq!(marks(&mut saved), before);
        assert!(*saved.get(0).unwrap() == network(0));
        assert_eq!(marks(&mut reopened(flash)), before);
    }
}

#[test]
fn a_failed_write_changes_nothing() {
    let (flash, mut saved) = open();
    fill(&mut saved);
    *flash.broken.lock().unwrap() = Some(RecordError::Full);
    let full = SavedError::Store(RecordError::Full);
    assert_eq!(saved.add(network(9)), Err(full));
    assert_eq!(saved.delete(1), Err(full));
    assert_eq!(saved.shift(0, 3), Err(full));
    assert_eq!(saved.shift(3, 1), Err(full));
    assert_eq!(marks(&mut saved), [0, 1, 2, 3]);
}

#[test]
fn indices_past_the_end_are_refused() {
    let (_, mut saved) = open();
    saved.add(network(0)).unwrap();
    assert_eq!(saved.delete(1), Err(SavedError::NoSuchIndex));
    assert!(saved.get(1).is_err());
    assert_eq!(saved.shift(0, 1), Err(SavedError::NoSuchIndex));
    assert_eq!(saved.shift(1, 0), Err(SavedError::NoSuchIndex));
    saved.delete(0).unwrap();
    assert_eq!(saved.count(), Ok(0));
}

#[test]
fn a_flash_error_is_not_an_empty_list() {
    let (flash, mut saved) = open();
    saved.add(network(0)).unwrap();
    *flash.broken.lock().unwrap() = Some(RecordError::Flash);
    let mut again = reopened(flash);
    assert_eq!(again.count(), Err(SavedError::Store(RecordError::Flash)));
    *flash.broken.lock().unwrap() = None;
    assert_eq!(again.count(), Ok(1));
}

#[test]
fn damaged_records_start_an_empty_list_that_works() {
    let (flash, mut saved) = open();
    saved.add(network(1)).unwrap();
    let good = flash.record.lock().unwrap().clone().unwrap();
    for cut in 0..good.len() {
        *flash.record.lock().unwrap() = Some(good[..cut].to_vec());
        assert_eq!(reopened(flash).count(), Ok(0), "cut at {cut}");
    }
    for version in [0, 2, 0xff] {
        let mut other = good.clone();
        other[0] = version;
        *flash.record.lock().unwrap() = Some(other);
        assert_eq!(reopened(flash).count(), Ok(0));
    }
    *flash.record.lock().unwrap() = Some([good.as_slice(), &[0]].concat());
    // One more than there may be.
    let short = |mark| SavedNetwork {
        ssid: Ssid::new(&[mark]).unwrap(),
        ..network(mark)
    };
    let networks: Vec<SavedNetwork> = (0..9).map(short).collect();
    let mut bytes = [0; RECORD_MAX];
    let record = postcard::to_slice(&(VERSION, networks.as_slice()), &mut bytes).unwrap();
    *flash.record.lock().unwrap() = Some(record.to_vec());
    assert_eq!(reopened(flash).count(), Ok(0));
    *flash.record.lock().unwrap() = Some([good.as_slice(), &[0]].concat());
    let mut last = reopened(flash);
    assert_eq!(last.count(), Ok(0));
    assert_eq!(last.add(network(2)), Ok(0));
}

#[test]
fn changes_without_end_are_refused_and_change_nothing() {
    let _clock = crate::virtual_time::clock();
    let (flash, mut saved) = open();
    fill(&mut saved);
    let mut moved = 0;
    while saved.shift(0, 3) == Ok(()) {
        moved += 1;
    }
    assert_eq!(moved, 996);
    assert_eq!(saved.shift(0, 3), Err(SavedError::TooOften));
    assert_eq!(saved.add(network(4)), Err(SavedError::TooOften));
    let now = marks(&mut saved);
    assert_eq!(now.len(), 4);
    assert_eq!(marks(&mut reopened(flash)), now);
    // What is not written costs nothing.
    assert_eq!(saved.shift(1, 1), Ok(()));
    // The owner can always erase.
    for left in (0..4).rev() {
        assert_eq!(saved.delete(0), Ok(()));
        assert_eq!(marks(&mut saved).len(), left);
    }
}
