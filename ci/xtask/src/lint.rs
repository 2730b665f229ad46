//! `cargo xtask lint`.

use crate::failure::Failure;
use crate::test::HOST_CRATES;
use crate::{setup, step, tree};

/// The board's target.
const BOARD: &str = "thumbv7m-none-eabi";

/// `lint`: formatting, clippy with warnings as errors, and the library's documentation.
pub(crate) fn run(_: &[String]) -> Result<(), Failure> {
    setup::packages()?;
    step::quiet(
        "formatting",
        tree::cargo().args(["fmt", "--all", "--check"]),
    )?;

    let mut host = tree::cargo();
    host.args(["clippy", "--locked", "--all-targets"]);
    for name in HOST_CRATES {
        host.args(["--package", name]);
    }
    step::shown(
        "clippy: what runs on this machine",
        host.args(["--", "-D", "warnings"]),
    )?;

    let mut library = tree::cargo();
    library.args([
        "clippy",
        "--locked",
        "--package",
        "wifi-provision",
        "--features",
        "freertos,panic-handler",
        "--target",
        BOARD,
    ]);
    step::shown(
        "clippy: the drop-in",
        library.args(["--", "-D", "warnings"]),
    )?;

    let mut board = tree::cargo();
    board.args([
        "clippy",
        "--locked",
        "--package",
        "board-mps2-an385",
        "--target",
        BOARD,
    ]);
    step::shown("clippy: the board", board.args(["--", "-D", "warnings"]))?;

    let mut documentation = tree::cargo();
    documentation.args([
        "doc",
        "--locked",
        "--no-deps",
        "--package",
        "wifi-provision",
        "--package",
        "freertos-kernel",
    ]);
    step::shown(
        "documentation",
        documentation.env("RUSTDOCFLAGS", "-D warnings"),
    )
}
