//! `cargo xtask size`: flash, memory, stack and instructions of the drop-in on Cortex-M3, each
//! beside the figure of the C service it replaces, and none above its budget in `ci/budgets.toml`.
//! Then what Espressif's protocol adds (`--protocomm`: that alone), and what each part adds to the firmware of the
//! virtual board (`--parts`: that alone).
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
mod promises;
mod protocomm;
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

const ARCHIVE: &str = "libwifi_provision.a";

/// Where to look when a figure is above its budget.
const LOOK: &str = "`cargo xtask size --details` shows where it goes";

/// What the user asked for.
#[derive(Default)]
struct Options {
    json: bool,
    details: bool,
    self_test: bool,
    parts: bool,
    protocomm: bool,
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
                "--protocomm" => options.protocomm = true,
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
                        "`cargo xtask size` does not know {other}; it takes --json, --details, --parts, --protocomm, --hot REQUEST, --self-test and --archive PATH"
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
    promises::check(&budgets()?)?;
    let is_ours = options.archive.is_none();
    let archive = match options.archive {
        Some(archive) => archive,
        None => dist::make(TARGET)?.join(ARCHIVE),
    };
    let bench = image::Bench::new(&archive, "drop-in")?;
    if options.protocomm {
        let with = protocomm::measure(bench.flash()?.one_family)?;
        protocomm::print(&with, options.details);
        return budgets::check(with.lines.iter().chain(&with.without), LOOK);
    }
    let figures = measure(&bench)?;
    if let Some(name) = options.hot {
        return hot::print(&figures, &bench.bare()?, &name, OFTEN);
    }
    expected::check(&figures.requests)?;
    let lines = budgets()?
        .without(crate::image::BOARD)
        .without(protocomm::SECTION)
        .beside(figures.by_name())?;
    if !options.json {
        report::print(&lines, &figures, options.details);
    }
    // Another build is one of the drop-in alone.
    let with = is_ours
        .then(|| protocomm::measure(figures.flash.one_family))
        .transpose()?;
    if options.json {
        println!("{}", json::report(&lines, &figures, with.as_ref()));
    } else {
        if let Some(with) = &with {
            protocomm::print(with, options.details);
        }
        parts::print()?;
    }
    let more = with.iter().flat_map(|with| &with.lines);
    budgets::check(lines.iter().chain(more), LOOK)
}

fn budgets() -> Result<budgets::Budgets, Failure> {
    budgets::read(&tree::root().join("ci/budgets.toml"))
}

/// Builds the images, runs them, and gives every figure.
fn measure(bench: &image::Bench) -> Result<figures::Figures, Failure> {
    let flash = bench.flash()?;
    let bare = bench.bare()?;
    let traced = machine::traced(&bare)?;
    let kernel = machine::plain(&bench.kernel()?)?;
    figures::collect(flash, traced, &kernel)
}
