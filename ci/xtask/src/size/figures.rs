//! Every figure, by name, out of what the images showed.

use super::image::Flash;
use super::machine::Line;
use super::trace::{Deepest, Traced};
use crate::failure::Failure;
use std::collections::{BTreeMap, HashMap};

/// Blocks taken from the kernel's heap.
#[derive(Clone, Copy, Default)]
pub(super) struct Held {
    pub(super) blocks: u64,
    /// Bytes asked for.
    pub(super) requested: u64,
    /// Bytes heap_4 gave up for them, its block headers included.
    pub(super) consumed: u64,
}

/// One request, measured.
pub(super) struct Request {
    pub(super) name: String,
    pub(super) length: u64,
    pub(super) sends: u64,
    /// Calls of `WIFI_NetworkAdd`, `_Get`, `_Delete`, `WIFI_ConnectAP`, `_Disconnect`.
    pub(super) calls: [u64; 5],
    /// The last response, in hexadecimal.
    pub(super) last: String,
    pub(super) callback_instructions: u64,
    pub(super) loop_instructions: u64,
    /// Of the receive callback, from the frame of its caller.
    pub(super) callback: Deepest,
    /// Of the process loop, from the frame of its caller.
    pub(super) process: Deepest,
    /// High-water marks of the two tasks on the real kernel.
    pub(super) task_mark: u64,
    pub(super) host_mark: u64,
    pub(super) blocks: u64,
    pub(super) functions: Vec<(String, u64)>,
    /// How often each instruction of the bare image ran, by address.
    pub(super) addresses: HashMap<u32, u64>,
}

impl Request {
    pub(super) fn instructions(&self) -> u64 {
        self.callback_instructions + self.loop_instructions
    }

    pub(super) fn is_hostile(&self) -> bool {
        self.name.starts_with("hostile_")
    }
}

/// Everything that was measured.
pub(super) struct Figures {
    pub(super) flash: Flash,
    /// Heap held after `IotBleWifiProv_Init`, and more once the loop runs.
    pub(super) init: Held,
    pub(super) serving: Held,
    /// Heap held after `WIFI_PROVISION_Start`, its task included.
    pub(super) with_task: Held,
    /// The mark of a task that does nothing.
    pub(super) empty_task: u64,
    pub(super) event_group: u64,
    pub(super) requests: Vec<Request>,
}

impl Figures {
    /// The figures that have budgets, by the names of `ci/budgets.toml`.
    pub(super) fn by_name(&self) -> BTreeMap<String, u64> {
        let one = self.flash.one_family;
        let heap = self.init.consumed + self.serving.consumed;
        let mut figures = BTreeMap::from([
            ("flash.one_family".to_owned(), one.flash()),
            (
                "flash.both_families".to_owned(),
                self.flash.both_families.flash(),
            ),
            ("ram.static".to_owned(), one.data + one.bss),
            ("ram.heap".to_owned(), heap),
            ("ram.total".to_owned(), one.data + one.bss + heap),
            (
                "stack.task".to_owned(),
                self.deepest(|request| request.task_mark, |_| true),
            ),
            (
                "stack.callback".to_owned(),
                self.deepest(callback, |_| true),
            ),
            (
                "stack.task_growth".to_owned(),
                self.growth(|request| request.task_mark),
            ),
            ("stack.callback_growth".to_owned(), self.growth(callback)),
            (
                "heap.blocks".to_owned(),
                self.deepest(|request| request.blocks, |_| true),
            ),
        ]);
        for request in &self.requests {
            figures.insert(
                format!("instructions.{}", request.name),
                request.instructions(),
            );
        }
        figures
    }

    fn deepest(&self, figure: fn(&Request) -> u64, of: impl Fn(&Request) -> bool) -> u64 {
        self.requests
            .iter()
            .filter(|request| of(request))
            .map(figure)
            .max()
            .unwrap_or(0)
    }

    /// What hostile requests add to the deepest good one.
    fn growth(&self, figure: fn(&Request) -> u64) -> u64 {
        self.deepest(figure, Request::is_hostile)
            .saturating_sub(self.deepest(figure, |request| !request.is_hostile()))
    }
}

fn callback(request: &Request) -> u64 {
    u64::from(request.callback.bytes)
}

/// Puts together what the three kinds of image showed.
pub(super) fn collect(
    flash: Flash,
    (said, traced): (Vec<Line>, Vec<Traced>),
    kernel: &[Line],
) -> Result<Figures, Failure> {
    let cases: Vec<&Line> = said.iter().filter(|line| is(line, "case")).collect();
    if cases.len() != traced.len() {
        return Err(Failure::new(format!(
            "{} requests were answered but {} were traced; QEMU's log format may have changed",
            cases.len(),
            traced.len()
        )));
    }
    let mut requests = Vec::new();
    for ((number, line), trace) in (0..).zip(cases).zip(traced) {
        if trace.case != number {
            return Err(Failure::new(format!(
                "request {number} was traced as {}; marks in the trace are out of order",
                trace.case
            )));
        }
        requests.push(request(line, trace, kernel)?);
    }
    let empty = find(kernel, "kernel", "empty")?;
    Ok(Figures {
        flash,
        init: held(kernel, "init")?,
        serving: held(kernel, "serving")?,
        with_task: held(kernel, "task")?,
        empty_task: empty.number("loop")?,
        event_group: empty.number("event_group")?,
        requests,
    })
}

fn request(line: &Line, trace: Traced, kernel: &[Line]) -> Result<Request, Failure> {
    let name = line.words.get(1).cloned().unwrap_or_default();
    let on_kernel = find(kernel, "kernel", &name)?;
    Ok(Request {
        length: line.number("length")?,
        sends: line.number("sends")?,
        calls: [
            line.number("adds")?,
            line.number("gets")?,
            line.number("deletes")?,
            line.number("connects")?,
            line.number("disconnects")?,
        ],
        last: line.values.get("last").cloned().unwrap_or_default(),
        callback_instructions: trace.callback_instructions,
        loop_instructions: trace.loop_instructions,
        callback: trace.callback,
        process: trace.process,
        task_mark: on_kernel.number("loop")?,
        host_mark: on_kernel.number("callback")?,
        blocks: on_kernel.number("blocks")?,
        functions: trace.functions,
        addresses: trace.addresses,
        name,
    })
}

fn held(lines: &[Line], what: &str) -> Result<Held, Failure> {
    let line = find(lines, "held", what)?;
    Ok(Held {
        blocks: line.number("blocks")?,
        requested: line.number("requested")?,
        consumed: line.number("consumed")?,
    })
}

fn is(line: &Line, word: &str) -> bool {
    line.words.first().is_some_and(|first| first == word)
}

fn find<'a>(lines: &'a [Line], kind: &str, name: &str) -> Result<&'a Line, Failure> {
    lines
        .iter()
        .find(|line| is(line, kind) && line.words.get(1).is_some_and(|second| second == name))
        .ok_or_else(|| Failure::new(format!("no image said anything of {kind} {name}; ci/measure and ci/xtask do not fit together")))
}
