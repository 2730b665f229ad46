//! `cargo xtask size`: flash, memory, stack and instructions of the drop-in on Cortex-M3, each
//! beside the figure of the C service it replaces, and none above its budget in `ci/budgets.toml`.
//! Then what each part adds to the firmware of the virtual board (`--parts`: that alone).
//! How each figure is taken: `ci/measure/README.md`.
#![allow(
    clippy::arithmetic_side_effects,
    reason = "a host tool that adds up counts far below 2^63"
)]

mod binutils;
pub(crate) mod budgets;
mod expected;
mod figures;
mod hot;
mod image;
mod json;
mod machine;
mod parts;
mod report;
mod selftest;
mod trace;

use crate::failure::Failure;
use crate::{dist, tree};
use std::path::PathBuf;

/// The target every figure is for.
const TARGET: &str = "thumbv7m-none-eabi";

/// An instruction that runs this often for one request is in a loop worth a look.
const OFTEN: u64 = 8;

/// What the user asked for.
#[derive(Default)]
struct Options {
    json: bool,
    details: bool,
    self_test: bool,
    parts: bool,
    archive: Option<PathBuf>,
    /// A request whose hot instructions are shown.
    hot: Option<String>,
}

impl Options {
    fn parse(arguments: &[String]) -> Result<Self, Failure> {
        let mut options = Self::default();
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            match argument.as_str() {
                "--json" => options.json = true,
                "--details" => options.details = true,
                "--self-test" => options.self_test = true,
                "--parts" => options.parts = true,
                "--archive" => {
                    let path = rest.next().ok_or_else(|| {
                        Failure::new("--archive needs the path of a libwifi_provision.a")
                    })?;
                    options.archive = Some(path.into());
                }
                "--hot" => {
                    let name = rest.next().ok_or_else(|| {
                        Failure::new("--hot needs the name of a request, such as list_8_10")
                    })?;
                    options.hot = Some(name.clone());
                }
                other => {
                    return Err(Failure::new(format!(
                        "`cargo xtask size` does not know {other}; it takes --json, --details, --parts, --hot REQUEST, --self-test and --archive PATH"
                    )));
                }
            }
        }
        Ok(options)
    }
}

/// Measures the drop-in archive and holds it against its budgets.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let options = Options::parse(arguments)?;
    if options.self_test {
        return selftest::run();
    }
    if options.parts {
        return parts::print();
    }
    let archive = match options.archive {
        Some(archive) => archive,
        None => dist::make(TARGET)?.join("libwifi_provision.a"),
    };
    let bench = image::Bench::new(&archive, "drop-in")?;
    let figures = measure(&bench)?;
    if let Some(name) = options.hot {
        return hot::print(&figures, &bench.bare()?, &name, OFTEN);
    }
    expected::check(&figures.requests)?;
    let budgets = budgets::read(&tree::root().join("ci/budgets.toml"))?;
    let lines = budgets
        .without(crate::image::BOARD)
        .beside(figures.by_name())?;
    if options.json {
        println!("{}", json::report(&lines, &figures));
    } else {
        report::print(&lines, &figures, options.details);
        parts::print()?;
    }
    budgets::check(&lines, "`cargo xtask size --details` shows where it goes")
}

/// Builds the images, runs them, and gives every figure.
fn measure(bench: &image::Bench) -> Result<figures::Figures, Failure> {
    let flash = bench.flash()?;
    let bare = bench.bare()?;
    let traced = machine::traced(&bare)?;
    let kernel = machine::plain(&bench.kernel()?)?;
    figures::collect(flash, traced, &kernel)
}
