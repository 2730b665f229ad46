//! `cargo xtask powercut`: every operation on every list length, with the power cut at every
//! instant of it, on the board's own store and on a C project's `WIFI_NetworkAdd/Get/Delete` alone; and every change of
//! the records that lie beside the networks.
//! With the argument `wear`, what operations take of the flash.

mod beside;
mod board;
mod contract;
mod driver;
mod list;
#[path = "../../../ports/store/tests/nor_model/mod.rs"]
mod nor_model;
mod operation;
mod table;
mod verdict;
mod wear;

use std::process::ExitCode;

use operation::Operation;
use table::Table;
use verdict::Verdict;
use wifi_provision::config::MAX_SAVED_NETWORKS;

fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() == Some("wear") {
        wear::print();
        return ExitCode::SUCCESS;
    }
    let full = u8::try_from(MAX_SAVED_NETWORKS).unwrap_or(u8::MAX);
    let mut board = Table::new(
        "The board's own store: records in NOR flash, cut at every word and erase, before and half-way",
    );
    let mut contract = Table::new(
        "WIFI_NetworkAdd/Get/Delete alone: cut after each call that changes the store, then the next start",
    );
    let mut refused: Vec<(Operation, u8)> = Vec::new();
    for count in 0..=full {
        eprintln!("· {count} of {full} networks saved");
        for operation in operation::all(count) {
            board::cut_everywhere(count, operation, &mut board);
            contract::cut_everywhere(count, operation, &mut contract);
            // A move is one write like a replacement, and there are too many of them for the time this takes.
            let is_move = matches!(operation, Operation::Edit { .. });
            if !is_move && board::refuse(count, operation) != Verdict::Whole {
                refused.push((operation, count));
            }
        }
    }
    for (operation, count) in &refused {
        eprintln!(
            "powercut: {operation} of {count}, refused for too many changes, left neither list"
        );
    }
    eprintln!("· the records beside them");
    let beside = beside::cut_everywhere();
    println!("{board}");
    println!("{beside}");
    println!("{contract}");
    println!("{}", table::C_SERVICE);
    let faults = [
        (
            board.lost(),
            "networks, bonds or the secret were lost on the board's own store",
        ),
        (
            beside.lost(),
            "bonds or the secret on the board's own store are neither the old nor the new ones",
        ),
        (
            board.beside(),
            "lists on the board's own store have an old network beside the one that takes its place",
        ),
        (
            refused.len(),
            "operations that the board's own store refused left neither the old list nor the new one",
        ),
        (
            board.mixed(),
            "lists on the board's own store are neither the old nor the new one",
        ),
        (
            board
                .forgotten()
                .saturating_add(contract.forgotten())
                .saturating_add(beside.forgotten()),
            "changes that were acknowledged are not there",
        ),
        (
            contract.lost_below(full),
            "networks were lost though the store had a free slot",
        ),
    ];
    let mut code = ExitCode::SUCCESS;
    for (count, what) in faults {
        if count > 0 {
            eprintln!("powercut: {count} {what}; see the table");
            code = ExitCode::FAILURE;
        }
    }
    code
}
