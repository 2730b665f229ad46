//! QEMU's log of every instruction, added up by request: how many, in which function, and how
//! deep the two stacks went.

use super::binutils::Symbol;
use crate::failure::Failure;
use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, Read};
use std::ops::Range;

/// Where a kernel would switch tasks: no stack of the service's.
const SWITCH: &[&str] = &["measure_switch", "xEventGroupWaitBits", "to_main"];

/// What the harness does for itself; left out of the log, which it would fill. None of it goes
/// deeper than the stub it works for.
const UNLOGGED: &[&str] = &[
    "Reset_Handler",
    "make_hostile",
    "measured_message",
    "put_times",
    "same",
    "say",
    "say_bytes",
    "say_character",
    "say_number",
    "world_copy",
    "world_reset",
    "world_reset_counts",
];

/// One frame of a call chain: the function and its bytes.
pub(super) type Frame = (String, u32);

/// The deepest point of one stack.
#[derive(Clone, Default)]
pub(super) struct Deepest {
    /// Bytes below the caller's frame, the stubs' few included.
    pub(super) bytes: u32,
    /// The same while in the service and libc.
    pub(super) core_bytes: u32,
    /// Who held them, outermost first.
    pub(super) chain: Vec<Frame>,
}

/// What one request came to.
#[derive(Default)]
pub(super) struct Traced {
    /// Its place in the harness's table.
    pub(super) case: u32,
    /// Instructions in the service and libc, in the receive callback.
    pub(super) callback_instructions: u64,
    /// The same in the process loop.
    pub(super) loop_instructions: u64,
    pub(super) callback: Deepest,
    pub(super) process: Deepest,
    /// Instructions by function, most first.
    pub(super) functions: Vec<(String, u64)>,
    /// How often each instruction ran, by address.
    pub(super) addresses: HashMap<u32, u64>,
}

/// The functions entered and not left, on one stack.
#[derive(Default)]
struct Calls(Vec<(usize, u32)>);

impl Calls {
    fn enter(&mut self, function: usize, sp: u32) {
        while self.0.last().is_some_and(|(_, entered)| *entered <= sp) {
            self.0.pop();
        }
        self.0.push((function, sp));
    }

    /// Frames from outermost to `now`, which runs at `sp`.
    fn chain(&self, names: &[String], now: usize, sp: u32) -> Vec<Frame> {
        let depth = self
            .0
            .iter()
            .rposition(|(function, _)| *function == now)
            .map_or(self.0.len(), |at| at + 1);
        let frames = self.0.get(..depth).unwrap_or(&[]);
        let below = frames
            .iter()
            .skip(1)
            .map(|(_, entered)| *entered)
            .chain([sp]);
        frames
            .iter()
            .zip(below)
            .map(|((function, entered), below)| {
                let name = names.get(*function).cloned().unwrap_or_default();
                (name, entered.saturating_sub(below))
            })
            .collect()
    }
}

/// Reads the log as it comes.
pub(super) struct Trace {
    names: Vec<String>,
    /// Half-word address to function, for all code.
    function_at: Vec<usize>,
    entries: HashMap<u32, usize>,
    switch: Vec<usize>,
    core: Range<u32>,
    loop_stack: Range<u32>,
    begin: u32,
    delivered: u32,
    end: u32,
    loop_entry: u32,
    loop_base: u32,
    callback_base: Option<u32>,
    in_callback: bool,
    loop_calls: Calls,
    main_calls: Calls,
    counts: HashMap<usize, u64>,
    current: Option<Traced>,
    finished: Vec<Traced>,
}

impl Trace {
    pub(super) fn new(symbols: &[Symbol]) -> Result<Self, Failure> {
        let symbol = |name: &str| {
            symbols.iter().find(|symbol| symbol.name == name).ok_or_else(|| {
                Failure::new(format!("the measuring image has no {name}; ci/measure and ci/xtask do not fit together"))
            })
        };
        let core = symbol("__core_start")?.address..symbol("__core_end")?.address;
        let stack = symbol("loop_stack")?;
        let mut trace = Self {
            names: Vec::new(),
            function_at: vec![usize::MAX; usize::try_from(core.end / 2).unwrap_or(0)],
            entries: HashMap::new(),
            switch: Vec::new(),
            begin: symbol("measure_begin")?.address & !1,
            delivered: symbol("measure_delivered")?.address & !1,
            end: symbol("measure_end")?.address & !1,
            loop_entry: symbol("IotBleWifiProv_RunProcessLoop")?.address & !1,
            loop_stack: stack.address..stack.address + stack.size + 1,
            loop_base: 0,
            callback_base: None,
            in_callback: false,
            loop_calls: Calls::default(),
            main_calls: Calls::default(),
            counts: HashMap::new(),
            current: None,
            finished: Vec::new(),
            core,
        };
        for symbol in symbols
            .iter()
            .filter(|symbol| symbol.is_code() && symbol.size > 0)
        {
            trace.add_function(symbol);
        }
        Ok(trace)
    }

    /// The addresses QEMU is to log, as its option wants them.
    pub(super) fn filter(&self) -> String {
        let mut ranges = vec![format!("{:#x}..{:#x}", self.core.start, self.core.end - 1)];
        for (start, function) in &self.entries {
            let name = self.names.get(*function).map_or("", String::as_str);
            if !self.core.contains(start) && !UNLOGGED.contains(&name) {
                let half_words = self.function_at.iter().filter(|at| *at == function).count();
                ranges.push(format!("{start:#x}+{:#x}", half_words * 2));
            }
        }
        ranges.join(",")
    }

    fn add_function(&mut self, symbol: &Symbol) {
        let number = self.names.len();
        let start = symbol.address & !1;
        self.names.push(symbol.name.clone());
        self.entries.insert(start, number);
        if SWITCH.contains(&symbol.name.as_str()) {
            self.switch.push(number);
        }
        let half_words = start / 2..(start + symbol.size).div_ceil(2);
        for at in half_words {
            let slot = usize::try_from(at)
                .ok()
                .and_then(|at| self.function_at.get_mut(at));
            if let Some(slot) = slot {
                *slot = number;
            }
        }
    }

    /// Reads the whole log.
    pub(super) fn read(&mut self, log: impl Read) -> io::Result<()> {
        let mut log = BufReader::with_capacity(1 << 20, log);
        let mut line = Vec::new();
        let (mut pc, mut r0) = (None, 0);
        loop {
            line.clear();
            if log.read_until(b'\n', &mut line)? == 0 {
                return Ok(());
            }
            if line.starts_with(b"Trace ") {
                pc = program_counter(&line);
            } else if line.starts_with(b"R00=") {
                r0 = hexadecimal(line.get(4..12)).unwrap_or(0);
            } else if line.starts_with(b"R12=")
                && let (Some(pc), Some(sp)) = (pc.take(), hexadecimal(line.get(17..25)))
            {
                self.instruction(pc, r0, sp);
            }
        }
    }

    /// One instruction about to run.
    fn instruction(&mut self, pc: u32, r0: u32, sp: u32) {
        let on_loop = self.loop_stack.contains(&sp);
        if let Some(function) = self.entries.get(&pc) {
            let calls = if on_loop {
                &mut self.loop_calls
            } else {
                &mut self.main_calls
            };
            calls.enter(*function, sp);
        }
        if pc == self.loop_entry {
            self.loop_base = sp;
        } else if pc == self.begin {
            self.current = Some(Traced {
                case: r0,
                ..Traced::default()
            });
            self.callback_base = None;
            self.in_callback = true;
            self.counts.clear();
        } else if pc == self.delivered {
            self.in_callback = false;
        } else if pc == self.end {
            self.finish_case();
        }
        self.count(pc, sp, on_loop);
    }

    fn count(&mut self, pc: u32, sp: u32, on_loop: bool) {
        let Some(current) = &mut self.current else {
            return;
        };
        let function = usize::try_from(pc / 2)
            .ok()
            .and_then(|at| self.function_at.get(at).copied())
            .unwrap_or(usize::MAX);
        let is_core = self.core.contains(&pc);
        if is_core {
            *self.counts.entry(function).or_default() += 1;
            *current.addresses.entry(pc).or_default() += 1;
            if on_loop {
                current.loop_instructions += 1;
            } else {
                current.callback_instructions += 1;
            }
        }
        let (base, deepest, calls) = if on_loop {
            (self.loop_base, &mut current.process, &self.loop_calls)
        } else if self.in_callback && (is_core || self.callback_base.is_some()) {
            let base = *self.callback_base.get_or_insert(sp);
            (base, &mut current.callback, &self.main_calls)
        } else {
            return;
        };
        if self.switch.contains(&function) {
            return;
        }
        let bytes = base.saturating_sub(sp);
        if is_core {
            deepest.core_bytes = deepest.core_bytes.max(bytes);
        }
        if bytes > deepest.bytes {
            deepest.bytes = bytes;
            deepest.chain = calls.chain(&self.names, function, sp);
            // What is above the base is the harness's.
            let outer = calls
                .0
                .iter()
                .take_while(|(_, entered)| *entered > base)
                .count();
            deepest.chain.drain(..outer.min(deepest.chain.len()));
        }
    }

    fn finish_case(&mut self) {
        let Some(mut case) = self.current.take() else {
            return;
        };
        case.functions = self
            .counts
            .drain()
            .map(|(function, count)| {
                let name = self.names.get(function).cloned();
                (name.unwrap_or_else(|| "(no symbol)".into()), count)
            })
            .collect();
        case.functions
            .sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        self.finished.push(case);
    }

    /// All requests, in their order.
    pub(super) fn finish(self) -> Vec<Traced> {
        self.finished
    }
}

/// `Trace 0: 0x… [cs/pc/flags/cflags] name`
fn program_counter(line: &[u8]) -> Option<u32> {
    let open = line.iter().position(|byte| *byte == b'[')?;
    let mut fields = line.get(open + 1..)?.split(|byte| *byte == b'/');
    fields.next()?;
    hexadecimal(fields.next())
}

fn hexadecimal(digits: Option<&[u8]>) -> Option<u32> {
    u32::from_str_radix(std::str::from_utf8(digits?).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::{Calls, program_counter};

    #[test]
    fn a_trace_line_gives_its_address() {
        let line = b"Trace 0: 0x7f8a18000100 [00800400/00000588/00000110/ff000201] Reset_Handler\n";
        assert_eq!(program_counter(line), Some(0x588));
        assert_eq!(program_counter(b"XPSR=41000000 -Z-- T priv-thread\n"), None);
    }

    #[test]
    fn a_chain_forgets_functions_that_returned_or_were_tail_called() {
        let names = ["outer", "gone", "tail", "inner"].map(String::from);
        let mut calls = Calls::default();
        for (function, sp) in [(0, 100), (1, 60), (2, 60), (3, 40)] {
            calls.enter(function, sp);
        }
        let chain = calls.chain(&names, 3, 32);
        let expected = [("outer", 40), ("tail", 20), ("inner", 8)]
            .map(|(name, bytes)| (name.to_owned(), bytes));
        assert_eq!(chain, expected);
    }
}
