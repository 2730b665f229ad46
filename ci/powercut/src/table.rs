//! What came out, counted.

use std::collections::BTreeMap;
use std::fmt;

use crate::operation::Operation;
use crate::verdict::Verdict;

/// What the C service came to, measured on its own sources: edits alone, cut after each call that
/// changes the store. See `docs/SECURITY.md`.
pub(crate) const C_SERVICE: &str = "\
The C service, edits alone, the same cuts: saved  cut points  networks lost  other order
                                             2           4              3            0
                                             3          18             12            4
                                             4          48             30           15
                                             5         100             60           36
                                             6         180            105           70
                                             7         294            168          120
                                             8         448            252          189";

/// One cut.
pub(crate) struct Cut {
    pub(crate) count: u8,
    pub(crate) operation: Operation,
    /// After how many changes, or in which.
    pub(crate) cut: usize,
    pub(crate) verdict: Verdict,
}

#[derive(Default)]
struct Row {
    cuts: usize,
    mixed: usize,
    lost: usize,
    beside: usize,
    forgotten: usize,
}

/// All cuts on one store.
pub(crate) struct Table {
    title: &'static str,
    rows: BTreeMap<u8, Row>,
    /// Every cut that lost something.
    losses: Vec<(u8, Operation, usize)>,
}

impl Table {
    pub(crate) fn new(title: &'static str) -> Self {
        Self {
            title,
            rows: BTreeMap::new(),
            losses: Vec::new(),
        }
    }

    pub(crate) fn add(&mut self, cut: Cut) {
        let row = self.rows.entry(cut.count).or_default();
        row.cuts = row.cuts.saturating_add(1);
        let counter = match cut.verdict {
            Verdict::Whole => return,
            Verdict::Mixed => &mut row.mixed,
            Verdict::Lost => {
                self.losses.push((cut.count, cut.operation, cut.cut));
                &mut row.lost
            }
            Verdict::Beside => &mut row.beside,
            Verdict::Forgotten => &mut row.forgotten,
        };
        *counter = counter.saturating_add(1);
    }

    pub(crate) fn lost(&self) -> usize {
        self.losses.len()
    }

    /// Cuts that lost something while a slot was free.
    pub(crate) fn lost_below(&self, full: u8) -> usize {
        self.losses
            .iter()
            .filter(|(count, ..)| *count < full)
            .count()
    }

    pub(crate) fn mixed(&self) -> usize {
        self.rows.values().map(|row| row.mixed).sum()
    }

    /// Cuts that left an old network beside the one that takes its place.
    pub(crate) fn beside(&self) -> usize {
        self.rows.values().map(|row| row.beside).sum()
    }

    pub(crate) fn forgotten(&self) -> usize {
        self.rows.values().map(|row| row.forgotten).sum()
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.title)?;
        writeln!(
            f,
            "  saved  cut points  networks lost  other order  old one too  acknowledged, not there"
        )?;
        for (count, row) in &self.rows {
            writeln!(
                f,
                "  {count:>5}  {:>10}  {:>13}  {:>11}  {:>11}  {:>23}",
                row.cuts, row.lost, row.mixed, row.beside, row.forgotten
            )?;
        }
        for of_one_operation in self.losses.chunk_by(|a, b| a.0 == b.0 && a.1 == b.1) {
            let cuts: Vec<String> = of_one_operation
                .iter()
                .map(|(_, _, cut)| cut.to_string())
                .collect();
            if let Some((count, operation, _)) = of_one_operation.first() {
                writeln!(
                    f,
                    "  one lost: {operation} of {count}, cut after change {}",
                    cuts.join(", ")
                )?;
            }
        }
        Ok(())
    }
}
