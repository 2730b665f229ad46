//! Tables that tests leave in `target/tables` (`ci/e2e/harness/tables.py`), shown at the end of a run, where they are found.

use std::fs;
use std::path::PathBuf;

use crate::failure::{Doing, Failure};
use crate::tree;

fn files() -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(tree::made().join("tables"))
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    files.sort();
    files
}

/// What earlier runs left is not this run's.
pub(super) fn forget() -> Result<(), Failure> {
    for file in files() {
        fs::remove_file(&file).doing(format!("removing {}", file.display()))?;
    }
    Ok(())
}

/// Prints what this run has made.
pub(super) fn show() -> Result<(), Failure> {
    for file in files() {
        let table = fs::read_to_string(&file).doing(format!("reading {}", file.display()))?;
        println!("\n{table}");
    }
    Ok(())
}
