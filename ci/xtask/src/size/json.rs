//! The figures for a program.

use super::budgets::Line;
use super::figures::{Figures, Held, Request};
use super::protocomm::{Protocomm, Step};
use super::trace::{Deepest, Frame};
use std::fmt::Write as _;

/// One JSON object with everything that was measured.
pub(super) fn report(lines: &[Line], figures: &Figures, with: Option<&Protocomm>) -> String {
    let one = figures.flash.one_family;
    let both = figures.flash.both_families;
    let sections = |sections: super::binutils::Sections| {
        object(&[
            ("text", sections.text.to_string()),
            ("rodata", sections.rodata.to_string()),
            ("data", sections.data.to_string()),
            ("bss", sections.bss.to_string()),
        ])
    };
    let (more, steps) = with.map_or((&[][..], &[][..]), |with| (&with.lines, &with.steps));
    object(&[
        ("figures", list(lines.iter().chain(more).map(figure))),
        ("protocomm", list(steps.iter().map(step))),
        ("one_family", sections(one)),
        ("both_families", sections(both)),
        ("heap_after_init", held(figures.init)),
        ("heap_more_while_serving", held(figures.serving)),
        ("heap_after_start_with_task", held(figures.with_task)),
        ("requests", list(figures.requests.iter().map(request))),
        (
            "linked",
            list(figures.flash.parts.iter().map(|symbol| {
                object(&[
                    ("name", string(&symbol.name)),
                    ("kind", string(&symbol.kind.to_string())),
                    ("bytes", symbol.size.to_string()),
                ])
            })),
        ),
    ])
}

fn figure(line: &Line) -> String {
    object(&[
        ("name", string(&line.name)),
        ("title", string(&line.title)),
        ("unit", string(&line.unit)),
        ("ours", line.ours.to_string()),
        ("c", optional(line.c)),
        ("aim", optional(line.aim)),
        ("budget", line.budget.to_string()),
    ])
}

fn request(request: &Request) -> String {
    object(&[
        ("name", string(&request.name)),
        ("length", request.length.to_string()),
        ("sends", request.sends.to_string()),
        ("last_response", string(&request.last)),
        (
            "callback_instructions",
            request.callback_instructions.to_string(),
        ),
        ("loop_instructions", request.loop_instructions.to_string()),
        ("callback_stack", stack(&request.callback)),
        ("loop_stack", stack(&request.process)),
        ("task_high_water", request.task_mark.to_string()),
        ("host_task_high_water", request.host_mark.to_string()),
        ("heap_blocks", request.blocks.to_string()),
        (
            "store_calls",
            list(request.calls.iter().map(u64::to_string)),
        ),
        (
            "functions",
            list(request.functions.iter().map(|(name, count)| {
                object(&[("name", string(name)), ("instructions", count.to_string())])
            })),
        ),
    ])
}

fn step(step: &Step) -> String {
    object(&[
        ("security", string(&step.security)),
        ("call", string(&step.name)),
        ("instructions", step.instructions.to_string()),
        ("task_high_water", step.stack.to_string()),
        ("heap_bytes", step.bytes.to_string()),
        ("heap_blocks", step.blocks.to_string()),
        ("heap_left", step.held.to_string()),
    ])
}

fn stack(deepest: &Deepest) -> String {
    let frame =
        |(name, bytes): &Frame| object(&[("name", string(name)), ("bytes", bytes.to_string())]);
    object(&[
        ("bytes", deepest.bytes.to_string()),
        ("chain", list(deepest.chain.iter().map(frame))),
    ])
}

fn held(held: Held) -> String {
    object(&[
        ("blocks", held.blocks.to_string()),
        ("requested", held.requested.to_string()),
        ("consumed", held.consumed.to_string()),
    ])
}

fn optional(number: Option<u64>) -> String {
    number.map_or_else(|| "null".to_owned(), |number| number.to_string())
}

/// Values that are JSON already.
fn object(members: &[(&str, String)]) -> String {
    let members: Vec<String> = members
        .iter()
        .map(|(name, value)| format!("{}:{value}", string(name)))
        .collect();
    format!("{{{}}}", members.join(","))
}

fn list(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(","))
}

fn string(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(character);
            }
            control if control.is_control() => {
                // Writing to a String cannot fail.
                let _ = write!(quoted, "\\u{:04x}", u32::from(control));
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::{list, object, string};

    #[test]
    fn what_json_cannot_hold_is_escaped() {
        assert_eq!(string("a\"b\\c\n"), r#""a\"b\\c\u000a""#);
        assert_eq!(
            object(&[("a", list(["1".to_owned()].into_iter()))]),
            r#"{"a":[1]}"#
        );
    }
}
