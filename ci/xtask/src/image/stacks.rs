//! What our tasks' stacks take of the heap, read where each is set, so that what is left to the radios cannot shrink unseen.

use crate::failure::{Doing, Failure};
use std::fs;
use std::path::Path;

/// Bytes of a word of stack.
const WORD: u64 = 4;

/// Every task of ours that is there for ever: its name, the file its stack is set in, and what stands before the number. The
/// kernel's own two tasks have stacks of their own, not of the heap.
const TASKS: &[(&str, &str, &str)] = &[
    ("ble", "ports/esp32c3/src/ble.rs", "const STACK: u16 ="),
    ("net", "ports/esp32c3/src/net.rs", "const STACK: u16 ="),
    (
        "protocomm",
        "ports/esp32c3/src/protocomm.rs",
        "const STACK: u16 =",
    ),
    (
        "button",
        "ports/esp32c3/src/button.rs",
        "const STACK: u16 =",
    ),
    ("watch", "ports/esp32c3/src/watch.rs", "const STACK: u16 ="),
    (
        "service",
        "ports/esp32c3/kernel/FreeRTOSConfig.h",
        "#define WIFI_PROVISION_TASK_STACK_DEPTH",
    ),
    (
        "wifi-connect",
        "ports/network/src/ffi/connect_task.rs",
        "const STACK: u16 =",
    ),
    (
        "net-manager",
        "ports/network/src/ffi/tasks.rs",
        "const STACK: u16 =",
    ),
    ("network", "demos/main.c", "#define mainNETWORK_TASK_STACK"),
    ("console", "demos/console.c", "#define CONSOLE_STACK"),
];

/// The task of the radios' timers, whose stack is set in bytes, and what `port-radio-rtos` adds to it for interrupts.
const TIMERS: &[(&str, &str)] = &[
    ("ports/esp32c3/src/start.rs", "const TIMERS_STACK: usize ="),
    (
        "ports/esp32c3/src/clock.rs",
        "const INTERRUPT_STACK: usize =",
    ),
];

/// Bytes, all together.
pub(super) fn sum(root: &Path) -> Result<u64, Failure> {
    let mut sum: u64 = 0;
    for (_, file, before) in TASKS {
        sum = sum.saturating_add(number(root, file, before)?.saturating_mul(WORD));
    }
    for (file, before) in TIMERS {
        sum = sum.saturating_add(number(root, file, before)?);
    }
    Ok(sum)
}

fn number(root: &Path, file: &str, before: &str) -> Result<u64, Failure> {
    let path = root.join(file);
    let text = fs::read_to_string(&path).doing(format!("{} cannot be read", path.display()))?;
    number_after(&text, before).ok_or_else(|| {
        Failure::new(format!(
            "{file} has no line `{before} NUMBER`; say in ci/xtask/src/image/stacks.rs where that task's stack is set"
        ))
    })
}

/// The number of the one line that begins so.
fn number_after(text: &str, before: &str) -> Option<u64> {
    let mut found = text
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix(before));
    let number = found.next()?.trim().trim_end_matches(';').parse().ok()?;
    found.next().is_none().then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stack_is_read_where_it_is_set_and_set_once() {
        let rust = "/// Words.\nconst STACK: u16 = 4608;\n";
        assert_eq!(number_after(rust, "const STACK: u16 ="), Some(4608));
        let c = "#define CONSOLE_STACK        1024\n";
        assert_eq!(number_after(c, "#define CONSOLE_STACK"), Some(1024));
        assert_eq!(number_after(c, "#define OTHER_STACK"), None);
        assert_eq!(number_after("const S: u16 = A;", "const S: u16 ="), None);
        assert_eq!(number_after("S 1\nS 2\n", "S"), None);
    }

    #[test]
    fn every_task_s_stack_is_found() {
        assert!(sum(&crate::tree::root()).is_ok_and(|sum| sum > 0));
    }
}
