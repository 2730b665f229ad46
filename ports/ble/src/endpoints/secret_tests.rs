extern crate std;

use core::cell::Cell;
use core::sync::atomic::{AtomicU32, Ordering};
use std::sync::Mutex;
use std::vec::Vec;

use super::*;

/// One record, how often it was written, and a store that fails.
#[derive(Default)]
struct Flash {
    record: Mutex<Option<Vec<u8>>>,
    writes: AtomicU32,
    broken: Option<RecordError>,
}

impl Records for Flash {
    fn read(&self, _: RecordId, buffer: &mut [u8]) -> Result<Option<usize>, RecordError> {
        if let Some(error) = self.broken {
            return Err(error);
        }
        let record = self.record.lock().unwrap();
        Ok(record.as_ref().map(|record| {
            buffer[..record.len()].copy_from_slice(record);
            record.len()
        }))
    }

    fn write(&self, _: RecordId, record: &[u8]) -> Result<(), RecordError> {
        if let Some(error) = self.broken {
            return Err(error);
        }
        *self.record.lock().unwrap() = Some(record.to_vec());
        self.writes.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

/// Random numbers that count up.
fn counting() -> impl Fn(&mut [u8]) -> bool {
    let next = Cell::new(0_u8);
    move |out| {
        out.fill(next.get());
        next.set(next.get().wrapping_add(1));
        true
    }
}

#[test]
fn one_that_does_not_suit_is_never_kept() {
    let flash = Flash::default();
    let refused = |text: &[u8]| text != b"aaaaaaaaaaaaa" && text != b"bbbbbbbbbbbbb";
    let secret = made(&flash, counting(), refused).ok().unwrap();
    assert_eq!(secret.text(), c"ccccccccccccc");
    assert_eq!(flash.writes.load(Ordering::Relaxed), 1);
    let found = kept(&flash).ok().unwrap().unwrap();
    assert_eq!(found.text(), secret.text());
}

#[test]
fn store_that_cannot_be_read_costs_no_label() {
    for error in [RecordError::Flash, RecordError::Full] {
        let flash = Flash {
            broken: Some(error),
            ..Flash::default()
        };
        assert_eq!(kept(&flash).err(), Some(NoSecret::Store(error)));
    }
    for error in [RecordError::Corrupt, RecordError::TooLarge] {
        let flash = Flash {
            broken: Some(error),
            ..Flash::default()
        };
        assert!(matches!(kept(&flash), Ok(None)));
    }
}

#[test]
fn none_is_made_without_random_numbers() {
    let flash = Flash::default();
    let made = made(&flash, |_| false, |_| true);
    assert_eq!(made.err(), Some(NoSecret::Random));
    assert_eq!(flash.writes.load(Ordering::Relaxed), 0);
}

#[test]
fn one_that_was_forgotten_is_not_an_empty_one() {
    let flash = Flash::default();
    made(&flash, counting(), |_| true).ok().unwrap();
    forget(&flash).unwrap();
    assert!(matches!(kept(&flash), Ok(None)));
}

#[test]
fn one_too_long_or_with_a_nul_is_none() {
    assert!(Secret::of(&[b'a'; SECRET_MAX]).is_some());
    assert!(Secret::of(&[b'a'; SECRET_MAX + 1]).is_none());
    assert!(Secret::of(b"a\0b").is_none());
}

#[test]
fn a_secret_is_what_people_can_read() {
    for readable in ["", "abcd1234", "\"\\\"", "gr\u{fc}n \u{4e2d}"] {
        assert!(Secret::of(readable.as_bytes()).unwrap().is_readable());
    }
    for unreadable in [&b"a\n"[..], b"\x1f", b"\x7f", "\u{85}".as_bytes(), b"a\xff"] {
        assert!(!Secret::of(unreadable).unwrap().is_readable());
    }
}
