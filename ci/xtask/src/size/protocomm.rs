//! What Espressif's protocol adds to the drop-in: flash and memory by linking, the rest by phones that provision a
//! device with security 1 and 2 (`ci/measure/protocomm`).

use super::binutils::{Sections, Symbol};
use super::budgets::Line;
use super::image::Bench;
use super::machine::{self, Line as Spoken};
use super::report::grouped;
use crate::dist;
use crate::failure::Failure;
use std::collections::BTreeMap;

/// Its section of `ci/budgets.toml`.
pub(super) const SECTION: &str = "protocomm";

/// What shows that the drop-in without the feature has not grown.
const WITHOUT: [&str; 2] = ["flash.one_family", "ram.static"];

/// A kernel's saved context on the stack of a task that is interrupted (Cortex-M3). The mark of a stack holds one where
/// the task went to sleep; at its deepest point there may be another.
const CONTEXT: u64 = 68;

/// What a call of the endpoints came to.
pub(super) struct Step {
    pub(super) security: String,
    pub(super) name: String,
    pub(super) instructions: u64,
    /// Of the task that called, its saved context included.
    pub(super) stack: u64,
    /// The most of heap_4 that was held at a time, beyond what was held before.
    pub(super) bytes: u64,
    /// The same in blocks.
    pub(super) blocks: u64,
    /// What was held afterwards and not before, bytes.
    pub(super) held: u64,
}

/// Everything that was measured.
pub(super) struct Protocomm {
    /// The figures beside their budgets.
    pub(super) lines: Vec<Line>,
    /// Those of the drop-in without the feature that it would make larger.
    pub(super) without: Vec<Line>,
    pub(super) steps: Vec<Step>,
    parts: Vec<Symbol>,
}

/// What the image with the kernel and the linker showed.
struct Shown {
    /// What the feature adds to the drop-in, one family of functions called.
    added: Sections,
    steps: Vec<Step>,
    /// The mark of the task that serves, which scans, joins and saves.
    service_stack: u64,
}

/// Builds the archive with the feature and measures it beside the drop-in, which has `drop_in`.
pub(super) fn measure(drop_in: Sections) -> Result<Protocomm, Failure> {
    let archive = dist::make_espressif(super::TARGET)?.join(super::ARCHIVE);
    let bench = Bench::new(&archive, "espressif")?;
    let (with, parts) = bench.protocomm_flash()?;
    let shown = shown(machine::counted(&bench.protocomm()?)?, with.beyond(drop_in))?;
    let lines = super::budgets()?.of(SECTION).beside(shown.by_name()?)?;
    let measured = [
        (WITHOUT[0], drop_in.flash()),
        (WITHOUT[1], drop_in.data + drop_in.bss),
    ];
    let measured = measured.map(|(name, figure)| (name.to_owned(), figure));
    Ok(Protocomm {
        lines,
        without: super::budgets()?.named(&WITHOUT).beside(measured.into())?,
        steps: shown.steps,
        parts,
    })
}

fn shown(said: Vec<Spoken>, added: Sections) -> Result<Shown, Failure> {
    let mut shown = Shown {
        added,
        steps: Vec::new(),
        service_stack: 0,
    };
    for line in said {
        let words: Vec<&str> = line.words.iter().map(String::as_str).collect();
        let ["protocomm", security, name] = words.as_slice() else {
            return Err(Failure::new(format!(
                "the image says \"{}\"; ci/measure and ci/xtask do not fit together",
                line.words.join(" ")
            )));
        };
        let stack = line.number("stack")?;
        if *name == "service" {
            shown.service_stack = shown.service_stack.max(stack);
            continue;
        }
        shown.steps.push(Step {
            security: (*security).to_owned(),
            name: (*name).to_owned(),
            instructions: line.number("instructions")?,
            stack,
            bytes: line.number("bytes")?,
            blocks: line.number("blocks")?,
            held: line.number("held")?,
        });
    }
    Ok(shown)
}

/// The calls, by what they are for.
const HANDSHAKE: &[&str] = &["hello", "proof"];
const SCAN: &[&str] = &["scan", "scan_ended", "scan_state", "page_4", "page_8"];
const CONFIG: &[&str] = &["set", "apply", "state"];
const CONTROL: &[&str] = &["again", "reset"];
const BOTH: &[&str] = &["1", "2"];

impl Shown {
    /// The figures that have budgets, by the names of `ci/budgets.toml`.
    fn by_name(&self) -> Result<BTreeMap<String, u64>, Failure> {
        let everything_else = [&["version"][..], SCAN, CONFIG, CONTROL].concat();
        let mut figures = BTreeMap::from([
            ("flash", self.added.flash()),
            ("static", self.added.data + self.added.bss),
            ("stack_service", self.service_stack + CONTEXT),
        ]);
        let stacks: [(_, &[_], &[_]); 4] = [
            ("stack_handshake_1", &["1"], HANDSHAKE),
            ("stack_handshake_2", &["2"], HANDSHAKE),
            ("stack_start_2", &["2"], &["start"]),
            ("stack_requests", BOTH, &everything_else),
        ];
        for (name, securities, calls) in stacks {
            let deepest = self.most(securities, calls, |step| step.stack)?;
            figures.insert(name, deepest + CONTEXT);
        }
        figures.insert("heap_open", self.most(BOTH, &["start"], |step| step.held)?);
        let others = [HANDSHAKE, &everything_else].concat();
        figures.insert("heap_left", self.most(BOTH, &others, |step| step.held)?);
        for (bytes, blocks, calls) in [
            ("heap_session", "blocks_session", HANDSHAKE),
            ("heap_scan", "blocks_scan", SCAN),
            ("heap_config", "blocks_config", CONFIG),
            ("heap_control", "blocks_control", CONTROL),
        ] {
            figures.insert(bytes, self.most(BOTH, calls, |step| step.bytes)?);
            figures.insert(blocks, self.most(BOTH, calls, |step| step.blocks)?);
        }
        let costs: [(_, _, &[_]); 10] = [
            ("handshake_1", "1", HANDSHAKE),
            ("page_1", "1", &["page_4"]),
            ("set_apply_1", "1", &["set", "apply"]),
            ("state_1", "1", &["state"]),
            ("verifier", "2", &["start"]),
            ("hello_2", "2", &["hello"]),
            ("proof_2", "2", &["proof"]),
            ("page_2", "2", &["page_4"]),
            ("set_apply_2", "2", &["set", "apply"]),
            ("state_2", "2", &["state"]),
        ];
        for (name, security, calls) in costs {
            figures.insert(name, self.sum(security, calls)?);
        }
        Ok(figures
            .into_iter()
            .map(|(name, figure)| (format!("{SECTION}.{name}"), figure))
            .collect())
    }

    fn step(&self, security: &str, name: &str) -> Result<&Step, Failure> {
        self.steps
            .iter()
            .find(|step| step.security == security && step.name == name)
            .ok_or_else(|| {
                Failure::new(format!(
                    "the image has measured no {name} of security {security}; ci/measure and ci/xtask do not fit together"
                ))
            })
    }

    fn most(
        &self,
        securities: &[&str],
        calls: &[&str],
        figure: impl Fn(&Step) -> u64,
    ) -> Result<u64, Failure> {
        let mut most = 0;
        for security in securities {
            for name in calls {
                most = most.max(figure(self.step(security, name)?));
            }
        }
        Ok(most)
    }

    fn sum(&self, security: &str, calls: &[&str]) -> Result<u64, Failure> {
        calls
            .iter()
            .map(|name| Ok(self.step(security, name)?.instructions))
            .sum()
    }
}

/// Prints the table, and that the drop-in without the feature is what it was.
pub(super) fn print(measured: &Protocomm, details: bool) {
    println!(
        "\n{:<62} {:>11} {:>11} {:>12}",
        "Espressif's protocol (--espressif), beside the drop-in", "ours", "budget", "s at 100 MHz"
    );
    for line in &measured.lines {
        let seconds = if line.unit == "instructions" && line.ours >= TENTH_OF_A_SECOND {
            // An instruction a cycle: the best there is.
            format!(
                "{}.{}",
                line.ours / HERTZ,
                line.ours % HERTZ / TENTH_OF_A_SECOND
            )
        } else {
            String::new()
        };
        let text = format!(
            "{:<62} {:>11} {:>11} {:>12}{}",
            format!("{}, {}", line.title, line.unit),
            grouped(line.ours),
            grouped(line.budget),
            seconds,
            line.verdict()
        );
        println!("{}", text.trim_end());
    }
    for line in &measured.without {
        println!(
            "the drop-in without it, {}: {} {}, budget {}{}",
            line.title,
            grouped(line.ours),
            line.unit,
            grouped(line.budget),
            line.verdict()
        );
    }
    if details {
        steps(&measured.steps);
        println!("\nWhat is linked, largest first:");
        for symbol in &measured.parts {
            println!("{:>7} {} {}", symbol.size, symbol.kind, symbol.name);
        }
    }
}

const HERTZ: u64 = 100_000_000;
const TENTH_OF_A_SECOND: u64 = HERTZ / 10;

fn steps(steps: &[Step]) {
    println!(
        "\n{:<8} {:<12} {:>12} {:>8} {:>6} {:>7} {:>6}",
        "security", "call", "instructions", "stack", "heap", "blocks", "held"
    );
    for step in steps {
        println!(
            "{:<8} {:<12} {:>12} {:>8} {:>6} {:>7} {:>6}",
            step.security,
            step.name,
            grouped(step.instructions),
            grouped(step.stack),
            step.bytes,
            step.blocks,
            step.held
        );
    }
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test fails by panicking")]
mod tests {
    use super::{BOTH, CONFIG, CONTROL, HANDSHAKE, SCAN, Sections, Shown, Spoken, shown};

    /// Everything the image says, each call with other costs.
    fn said() -> Vec<String> {
        let mut said = Vec::new();
        for security in BOTH {
            let calls = [&["start", "version"][..], HANDSHAKE, SCAN, CONFIG, CONTROL].concat();
            for (number, call) in (1..).zip(calls) {
                said.push(format!(
                    "protocomm {security} {call} instructions={number}000 stack={number}00 bytes={number}0 blocks={number} held=0"
                ));
            }
            said.push(format!("protocomm {security} service stack=7{security}0"));
        }
        said
    }

    fn read(said: &[String]) -> Result<Shown, super::Failure> {
        let lines = said.iter().map(|line| Spoken::parse(line)).collect();
        shown(lines, Sections::default())
    }

    #[test]
    fn a_figure_is_the_most_or_the_sum_of_its_calls() {
        let figures = read(&said())
            .and_then(|shown| shown.by_name())
            .expect("all is there");
        let figure = |name: &str| figures.get(&format!("protocomm.{name}")).copied();
        // hello and proof are the third and fourth.
        assert_eq!(figure("handshake_1"), Some(7000));
        assert_eq!(figure("proof_2"), Some(4000));
        assert_eq!(figure("stack_handshake_2"), Some(400 + super::CONTEXT));
        assert_eq!(figure("blocks_session"), Some(4));
        assert_eq!(figure("stack_service"), Some(720 + super::CONTEXT));
    }

    #[test]
    fn a_call_that_was_not_measured_is_missed() {
        let mut said = said();
        said.retain(|line| !line.contains("2 state"));
        let missed = read(&said).and_then(|shown| shown.by_name()).err();
        assert!(
            missed
                .is_some_and(|failure| { failure.to_string().contains("no state of security 2") })
        );
    }

    #[test]
    fn what_nobody_expects_is_refused() {
        assert!(read(&["another protocomm 1".to_owned()]).is_err());
        assert!(read(&["protocomm 1 hello stack=3".to_owned()]).is_err());
    }
}
