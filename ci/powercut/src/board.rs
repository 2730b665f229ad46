//! The board's own store: the list of `port-wifi` in one record of `port-store`, beside those of the BLE half.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::driver::{Driver, Store};
use crate::list;
use crate::nor_model::{Nor, NorError, Torn};
use crate::operation::Operation;
use crate::table::{Cut, Table};
use crate::verdict::{Verdict, judge};
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use embassy_time::{Duration, MockDriver};
use embedded_storage::nor_flash::{ErrorType, MultiwriteNorFlash, NorFlash, ReadNorFlash};
use port_store::{FlashStore, MAX_RECORD, RecordError, RecordId, Records};
use port_wifi::network::{CREDENTIAL_MAX, Credential, SSID_MAX, Security, Ssid};
use port_wifi::saved::{Saved, SavedNetwork};
use wifi_provision::platform::Application;
use wifi_provision::service::Service;
use wifi_provision::status::{Cause, Status};

/// The smallest pages a full list fits in, so that nearly every write has to move and erase one.
const PAGE: usize = 1024;

/// So many writes lie before the operation, which so begins in each of the pages, fresh or used.
pub(crate) const HISTORIES: usize = 4;

/// What the BLE half keeps beside the networks: as many bytes as five bonds take, and the secret of Espressif's endpoints.
pub(crate) const BESIDE: [(RecordId, &[u8]); 2] = [
    (RecordId::Bonds, &[0xB0; 232]),
    (RecordId::Proof, b"ac3fh7kmpq"),
];

pub(crate) type Chip = Nor<PAGE>;

/// The chip, which outlives the firmware that runs on it.
#[derive(Clone)]
pub(crate) struct Flash(Arc<Mutex<Chip>>);

impl Flash {
    pub(crate) fn chip(&self) -> MutexGuard<'_, Chip> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.chip().bytes.clone()
    }
}

impl ErrorType for Flash {
    type Error = NorError;
}

impl ReadNorFlash for Flash {
    const READ_SIZE: usize = Chip::READ_SIZE;

    fn read(&mut self, offset: u32, bytes: &mut [u8]) -> Result<(), NorError> {
        self.chip().read(offset, bytes)
    }

    fn capacity(&self) -> usize {
        Chip::SIZE
    }
}

impl NorFlash for Flash {
    const WRITE_SIZE: usize = Chip::WRITE_SIZE;
    const ERASE_SIZE: usize = Chip::ERASE_SIZE;

    fn erase(&mut self, from: u32, to: u32) -> Result<(), NorError> {
        self.chip().erase(from, to)
    }

    fn write(&mut self, offset: u32, bytes: &[u8]) -> Result<(), NorError> {
        self.chip().write(offset, bytes)
    }
}

impl MultiwriteNorFlash for Flash {}

/// The records of the firmware that runs, where `Saved` looks for them: for ever in one place.
pub(crate) struct Running(Mutex<Option<FlashStore<Flash, CriticalSectionRawMutex>>>);

pub(crate) static RUNNING: Running = Running(Mutex::new(None));

impl Running {
    fn with<T>(
        &self,
        work: impl FnOnce(&FlashStore<Flash, CriticalSectionRawMutex>) -> Result<T, RecordError>,
    ) -> Result<T, RecordError> {
        let store = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        store.as_ref().map_or(Err(RecordError::Flash), work)
    }
}

impl Running {
    /// What a record is; `None` when it was never written or cannot be read.
    pub(crate) fn record(&self, id: RecordId) -> Option<Vec<u8>> {
        let mut buffer = [0; MAX_RECORD];
        let length = self.read(id, &mut buffer).ok()??;
        buffer.get(..length).map(<[u8]>::to_vec)
    }

    fn holds(&self, id: RecordId, record: &[u8]) -> bool {
        self.record(id).is_some_and(|kept| kept == record)
    }
}

impl Records for Running {
    fn read(&self, id: RecordId, buffer: &mut [u8]) -> Result<Option<usize>, RecordError> {
        self.with(|store| store.read(id, buffer))
    }

    fn write(&self, id: RecordId, record: &[u8]) -> Result<(), RecordError> {
        self.with(|store| store.write(id, record))
    }
}

/// A device that was switched on with this chip in it.
pub(crate) struct Board(Saved);

impl Board {
    pub(crate) fn start(chip: Chip) -> (Self, Flash) {
        let flash = Flash(Arc::new(Mutex::new(chip)));
        let range = 0..u32::try_from(Chip::SIZE).unwrap_or(0);
        // Without power there is no store, and every call fails.
        let store = FlashStore::open(flash.clone(), range)
            .ok()
            .map(|(store, _)| store);
        *RUNNING.0.lock().unwrap_or_else(PoisonError::into_inner) = store;
        let mut saved = Saved::new();
        saved.open(&RUNNING);
        (Self(saved), flash)
    }

    /// A change after which the list is as it was; false when it is refused.
    fn change_nothing(&mut self, count: u8) -> bool {
        match count.checked_sub(1) {
            Some(last) => self.replace(last.into(), last).is_ok(),
            None => {
                let added = self.add(list::NEW);
                added.and_then(|index| self.delete(index)).is_some()
            }
        }
    }
}

impl Store for Board {
    fn count(&mut self) -> Option<usize> {
        self.0.count().ok()
    }

    fn get(&mut self, index: usize) -> Option<u8> {
        let [number, ..] = self.0.get(index).ok()?.bssid;
        Some(number)
    }

    fn add(&mut self, network: u8) -> Option<usize> {
        self.0.add(longest(network)?).ok()
    }

    fn delete(&mut self, index: usize) -> Option<()> {
        self.0.delete(index).ok()
    }

    fn shift(&mut self, from: usize, to: usize) -> Result<(), Cause> {
        self.0.shift(from, to).map_err(|_| Cause::Failure)
    }

    fn replace(&mut self, index: usize, network: u8) -> Result<(), Cause> {
        let network = longest(network).ok_or(Cause::Failure)?;
        self.0.replace(index, network).map_err(|_| Cause::Failure)
    }
}

/// The longest network there can be.
fn longest(number: u8) -> Option<SavedNetwork> {
    Some(SavedNetwork {
        ssid: Ssid::new(&[number; SSID_MAX])?,
        bssid: [number; 6],
        security: Security::Wpa3,
        credential: Credential::new(&[number; CREDENTIAL_MAX])?,
    })
}

/// The chip of a device with `count` networks and records beside them, after some more writes.
pub(crate) fn chip<'a>(
    count: u8,
    history: usize,
    beside: impl IntoIterator<Item = (RecordId, &'a [u8])>,
) -> Vec<u8> {
    let (mut board, flash) = Board::start(Chip::new());
    for number in list::of(count) {
        let _ = board.add(number);
    }
    for (id, record) in beside {
        let _ = RUNNING.write(id, record);
    }
    for _ in 0..history {
        // There and back: the list is as it was, the flash is not.
        let _ = board.add(crate::list::NEW).map(|index| board.delete(index));
        let _ = board.shift(0, 1).and_then(|()| board.shift(1, 0));
    }
    drop(board);
    flash.into_bytes()
}

/// Cuts an operation at each word and each erase.
pub(crate) fn cut_everywhere(count: u8, operation: Operation, table: &mut Table) {
    let before = list::of(count);
    for history in 0..HISTORIES {
        let image = chip(count, history, BESIDE);
        let candidate = operation.candidate(&before);
        let (_, whole) = run(Chip::from(image.clone()), operation, candidate);
        let (_, started) = Board::start(Chip::from(image.clone()));
        let quiet = started.chip().done;
        let all = whole.chip().done;
        for torn in [Torn::Before, Torn::Halfway] {
            for cut in quiet.saturating_add(1)..=all {
                let (status, flash) = run(
                    Chip::with_cut(image.clone(), cut, torn),
                    operation,
                    candidate,
                );
                let left = flash.into_bytes();
                let verdict = restarted(left, operation, &before, status == Status::Success);
                table.add(Cut {
                    count,
                    operation,
                    cut,
                    verdict,
                });
            }
        }
    }
}

/// Carries an operation out when the allowance for changes is used up, so that the store refuses all but deletions.
pub(crate) fn refuse(count: u8, operation: Operation) -> Verdict {
    let (mut board, _) = Board::start(Chip::from(chip(count, 0, BESIDE)));
    while board.change_nothing(count) {}
    let before = list::of(count);
    let mut driver = Driver::new(board, operation.candidate(&before));
    let status = Service::new().carry_out(&operation.request(), &mut driver, &mut Application);
    let acknowledged = status == Status::Success;
    judge(operation, &before, &driver.list(), acknowledged)
}

/// Carries operations out one after the other, on a device with `count` networks; gives the words
/// programmed and the pages erased.
pub(crate) fn wear(count: u8, operations: impl Iterator<Item = Operation>) -> (usize, usize) {
    let (board, flash) = Board::start(Chip::from(chip(count, 0, BESIDE)));
    let mut driver = Driver::new(board, list::NEW);
    for operation in operations {
        // Slow enough for the limit on changes.
        MockDriver::get().advance(Duration::from_secs(60));
        let _ = Service::new().carry_out(&operation.request(), &mut driver, &mut Application);
    }
    let chip = flash.chip();
    (chip.done.saturating_sub(chip.erased), chip.erased)
}

fn run(chip: Chip, operation: Operation, candidate: u8) -> (Status, Flash) {
    let (board, flash) = Board::start(chip);
    let mut driver = Driver::new(board, candidate);
    let status = Service::new().carry_out(&operation.request(), &mut driver, &mut Application);
    (status, flash)
}

/// Power is back.
fn restarted(chip: Vec<u8>, operation: Operation, before: &[u8], acknowledged: bool) -> Verdict {
    let (board, _) = Board::start(Chip::from(chip));
    let mut driver = Driver::new(board, list::NEW);
    Service::new().repair(&mut driver);
    if BESIDE.iter().all(|(id, record)| RUNNING.holds(*id, record)) {
        judge(operation, before, &driver.list(), acknowledged)
    } else {
        Verdict::Lost
    }
}
