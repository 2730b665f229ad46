//! Every vector of the C service, against ours. See `tests/README.md`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test says what it expects by failing"
)]

mod case;
mod check;
mod table;
#[path = "../world/mod.rs"]
mod world;

use std::collections::{BTreeMap, BTreeSet};

use check::Verdict;
use serde_json::Value;

/// Checks all cases, and tells all that fail.
fn all<T>(cases: &[T], id: fn(&T) -> &str, check: fn(&T) -> Verdict) {
    let failures: Vec<String> = cases
        .iter()
        .filter_map(|case| Some(format!("{}: {}", id(case), check(case).err()?)))
        .collect();
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

#[test]
fn every_response_is_written_byte_for_byte() {
    let table = table::read();
    assert_eq!(table.encodings.len(), 83);
    all(table.encodings, |case| case.id, check::encoding);
}

#[test]
fn every_request_is_read_as_decided() {
    let table = table::read();
    assert_eq!(table.decodings.len(), 189);
    all(table.decodings, |case| case.id, check::decoding);
}

#[test]
fn every_run_goes_as_decided() {
    let table = table::read();
    assert_eq!(table.runs.len(), 28 + 7);
    all(table.runs, |case| case.id, check::run);
}

/// Every decision has its row in the document, with just the vectors it concerns.
#[test]
fn the_document_tells_the_decisions_as_they_are() {
    let told: BTreeMap<String, BTreeSet<String>> = include_str!("../../docs/PROTOCOL.md")
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`'))
        .map(|(decision, row)| (decision.to_owned(), ids_in(row)))
        .collect();
    assert_eq!(told, decisions());
}

/// The vectors named in a row of the table.
fn ids_in(row: &str) -> BTreeSet<String> {
    row.split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| {
            word.strip_prefix(['R', 'Q', 'E', 'S'])
                .is_some_and(|number| number.parse::<u16>().is_ok())
        })
        .map(str::to_owned)
        .collect()
}

/// The decisions and their vectors.
fn decisions() -> BTreeMap<String, BTreeSet<String>> {
    let all: Value = serde_json::from_str(table::DECISIONS).unwrap();
    let mut decisions = BTreeMap::<String, BTreeSet<String>>::new();
    for decision in ["responses", "requests", "runs"]
        .map(|of| all[of].as_array().unwrap())
        .into_iter()
        .flatten()
    {
        let vectors = &decision["vectors"];
        let ids: BTreeSet<String> = match vectors.as_object() {
            Some(each) => each.keys().cloned().collect(),
            None => vectors
                .as_array()
                .unwrap()
                .iter()
                .map(|id| id.as_str().unwrap().to_owned())
                .collect(),
        };
        decisions
            .entry(decision["decision"].as_str().unwrap().to_owned())
            .or_default()
            .extend(ids);
    }
    decisions
}
