//! What operations take of the flash: on the board's own store in bytes and erased pages, through the
//! platform contract alone in calls, beside those of the C service.

use crate::operation::Operation;
use crate::{board, contract};
use std::iter;

/// Provisioning cycles: a network is saved, moved to the end, and deleted.
const CYCLES: usize = 10_000;

/// Networks saved before each cycle.
const SAVED: u8 = 2;

/// Bytes of a word.
const WORD: usize = 4;

/// Moves of a full list, and the calls the C service was measured to make for each.
const MOVES: &[(u8, u8, usize)] = &[(4, 3, 8), (6, 7, 16)];

pub(crate) fn print() {
    let cycle = [
        Operation::Save,
        Operation::Edit { from: 0, to: SAVED },
        Operation::Delete { priority: SAVED },
    ];
    let operations = cycle.len().saturating_mul(CYCLES);
    let (words, erased) = board::wear(SAVED, iter::repeat_n(cycle, CYCLES).flatten());
    let bytes = words.saturating_mul(WORD);
    println!(
        "Wear of {CYCLES} cycles on the board's own store: save, move, delete, with {SAVED} other networks"
    );
    println!(
        "  {bytes} bytes programmed, {} an operation; {erased} pages of 1 KB erased, one in {:.1} operations",
        bytes.checked_div(operations).unwrap_or(0),
        operations as f64 / erased.max(1) as f64
    );
    println!("Calls of WIFI_NetworkAdd and _Delete, through the platform contract alone");
    println!("  operation          here  C service");
    println!(
        "  save               {:>4}  {:>9}",
        contract::changes(7, Operation::Save),
        1
    );
    let delete = Operation::Delete { priority: 3 };
    println!(
        "  delete 3 of 8      {:>4}  {:>9}",
        contract::changes(8, delete),
        1
    );
    for &(from, to, measured) in MOVES {
        let here = contract::changes(8, Operation::Edit { from, to });
        println!("  move {from} to {to} of 8   {here:>4}  {measured:>9}");
    }
}
