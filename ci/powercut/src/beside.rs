//! The records beside the saved networks: bonds, and the secret of Espressif's endpoints. Each is written whole, so
//! after a cut it is the old one or the new one, and every other record is what it was.

use std::fmt;

use crate::board::{BESIDE, Board, Chip, Flash, HISTORIES, RUNNING, chip};
use crate::nor_model::Torn;
use port_store::{RecordId, Records};
use wifi_provision::config::MAX_SAVED_NETWORKS;

/// Bytes of a bond, and of what stands before the bonds.
const BOND: usize = 46;
const HEAD: usize = 2;

/// Bonds there are at most.
const PHONES: u8 = 5;

/// A record that is replaced.
struct Change {
    name: String,
    id: RecordId,
    /// `None` where there was none.
    old: Option<Vec<u8>>,
    new: Vec<u8>,
}

/// What came of the cuts in one change.
struct Row {
    name: String,
    cuts: usize,
    lost: usize,
    forgotten: usize,
}

/// All of them.
pub(crate) struct Beside(Vec<Row>);

/// A record of bonds, from the oldest to the newest.
fn bonds(phones: impl Iterator<Item = u8>) -> Vec<u8> {
    let list = phones.flat_map(|phone| [phone; BOND]);
    [0xB0; HEAD].into_iter().chain(list).collect()
}

fn changes() -> Vec<Change> {
    let secret = |character: u8| vec![character; 10];
    let mut changes: Vec<Change> = (0..PHONES)
        .map(|known| Change {
            name: format!("a phone pairs beside {known}"),
            id: RecordId::Bonds,
            old: (known > 0).then(|| bonds(0..known)),
            new: bonds(0..known.saturating_add(1)),
        })
        .collect();
    changes.push(Change {
        name: "a phone pairs in the oldest one's place".to_owned(),
        id: RecordId::Bonds,
        old: Some(bonds(0..PHONES)),
        new: bonds(1..PHONES.saturating_add(1)),
    });
    changes.push(Change {
        name: "all phones are forgotten".to_owned(),
        id: RecordId::Bonds,
        old: Some(bonds(0..PHONES)),
        new: bonds(0..0),
    });
    changes.push(Change {
        name: "the secret is made".to_owned(),
        id: RecordId::Proof,
        old: None,
        new: secret(b'a'),
    });
    changes.push(Change {
        name: "the secret is made anew".to_owned(),
        id: RecordId::Proof,
        old: Some(secret(b'a')),
        new: secret(b'b'),
    });
    changes
}

/// Cuts every change at each word and each erase, beside no networks and beside a full list.
pub(crate) fn cut_everywhere() -> Beside {
    let full = u8::try_from(MAX_SAVED_NETWORKS).unwrap_or(u8::MAX);
    let rows = changes().into_iter().map(|change| {
        let mut row = Row {
            name: change.name.clone(),
            cuts: 0,
            lost: 0,
            forgotten: 0,
        };
        for count in [0, full] {
            for history in 0..HISTORIES {
                change.cut(chip(count, history, change.beside()), &mut row);
            }
        }
        row
    });
    Beside(rows.collect())
}

impl Change {
    /// The records beside the networks before the change.
    fn beside(&self) -> impl Iterator<Item = (RecordId, &[u8])> {
        let others = BESIDE.into_iter().filter(|(id, _)| *id != self.id);
        others.chain(self.old.as_deref().map(|old| (self.id, old)))
    }

    fn cut(&self, image: Vec<u8>, row: &mut Row) {
        let (_, started) = Board::start(Chip::from(image.clone()));
        let before = RecordId::ALL.map(|id| RUNNING.record(id));
        let quiet = started.chip().done;
        let all = self.run(Chip::from(image.clone())).1.chip().done;
        for torn in [Torn::Before, Torn::Halfway] {
            for cut in quiet.saturating_add(1)..=all {
                let (acknowledged, flash) = self.run(Chip::with_cut(image.clone(), cut, torn));
                // Power is back.
                let (_board, _) = Board::start(Chip::from(flash.into_bytes()));
                row.cuts = row.cuts.saturating_add(1);
                if !self.is_whole(&before) {
                    row.lost = row.lost.saturating_add(1);
                } else if acknowledged && RUNNING.record(self.id).as_ref() != Some(&self.new) {
                    row.forgotten = row.forgotten.saturating_add(1);
                }
            }
        }
    }

    /// Makes the change; gives whether the store said that it is kept.
    fn run(&self, chip: Chip) -> (bool, Flash) {
        let (_board, flash) = Board::start(chip);
        (RUNNING.write(self.id, &self.new).is_ok(), flash)
    }

    /// Whether the record is the old one or the new one, and the others are as before.
    fn is_whole(&self, before: &[Option<Vec<u8>>; RecordId::ALL.len()]) -> bool {
        RecordId::ALL.iter().zip(before).all(|(&id, old)| {
            let now = RUNNING.record(id);
            now == *old || (id == self.id && now.as_ref() == Some(&self.new))
        })
    }
}

impl Beside {
    pub(crate) fn lost(&self) -> usize {
        self.0.iter().map(|row| row.lost).sum()
    }

    pub(crate) fn forgotten(&self) -> usize {
        self.0.iter().map(|row| row.forgotten).sum()
    }
}

impl fmt::Display for Beside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "The records beside the networks, on the same store, with 0 and {MAX_SAVED_NETWORKS} networks saved"
        )?;
        writeln!(
            f,
            "  {:<41}  cut points  neither old nor new  acknowledged, not there",
            "change"
        )?;
        for row in &self.0 {
            writeln!(
                f,
                "  {:<41}  {:>10}  {:>19}  {:>23}",
                row.name, row.cuts, row.lost, row.forgotten
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_record_there_is_gets_cut() {
        let changed: Vec<RecordId> = changes().into_iter().map(|change| change.id).collect();
        let beside = RecordId::ALL.iter().filter(|&&id| id != RecordId::Networks);
        for id in beside {
            assert!(changed.contains(id), "{id:?} is left out");
            assert!(
                BESIDE.iter().any(|(kept, _)| kept == id),
                "{id:?} does not lie beside the networks"
            );
        }
    }
}
