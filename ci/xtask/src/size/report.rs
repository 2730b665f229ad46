//! The figures for a person.

use super::budgets::Line;
use super::figures::{Figures, Held, Request};
use super::trace::Frame;

/// Prints the table, the requests one by one, and, when asked for, where it all goes.
pub(super) fn print(lines: &[Line], figures: &Figures, details: bool) {
    budgeted(lines);
    memory(figures);
    requests(figures);
    if details {
        parts(figures);
        chains(&figures.requests);
        hottest(&figures.requests);
    }
}

fn budgeted(lines: &[Line]) {
    println!(
        "{:<54} {:>9} {:>9} {:>6} {:>8} {:>9} {:>8}",
        "Cortex-M3, -Os", "ours", "C", "of C", "aim", "to go", "budget"
    );
    let mut section = "";
    for line in lines {
        let own = line.name.split('.').next().unwrap_or_default();
        if own != section {
            section = own;
            println!();
        }
        let to_go = match line.aim {
            Some(aim) if line.ours <= aim => "reached".to_owned(),
            Some(aim) => format!("+{}", grouped(line.ours - aim)),
            None => String::new(),
        };
        println!(
            "{:<54} {:>9} {:>9} {:>6} {:>8} {:>9} {:>8}{}",
            format!("{}, {}", line.title, line.unit),
            grouped(line.ours),
            optional(line.c),
            line.c.map(|c| percent(line.ours, c)).unwrap_or_default(),
            optional(line.aim),
            to_go,
            grouped(line.budget),
            line.verdict()
        );
    }
}

fn memory(figures: &Figures) {
    println!();
    for (title, sections) in [
        ("flash, IotBleWifiProv_*", figures.flash.one_family),
        ("flash, and WIFI_PROVISION_*", figures.flash.both_families),
    ] {
        println!(
            "{title}: text {}, rodata {}, data {} (bss {})",
            sections.text, sections.rodata, sections.data, sections.bss
        );
    }
    let held = |title: &str, held: Held| {
        println!(
            "heap {title}: {} blocks, {} B asked for, {} B of heap_4",
            held.blocks, held.requested, held.consumed
        );
    };
    held("after Init", figures.init);
    held("more while serving", figures.serving);
    held(
        "after WIFI_PROVISION_Start, its task included",
        figures.with_task,
    );
}

fn requests(figures: &Figures) {
    println!();
    println!(
        "Bytes of stack below the caller's frame, and the whole of each task on the real kernel (an empty task: {});",
        figures.empty_task
    );
    println!("instructions in the callback and in the loop; calls of the store and the radio.");
    println!(
        "{:<20} {:>6} {:>9} {:>6} {:>11} {:>10} {:>9} {:>8} {:>6} {:>5}  {:<14} last response",
        "request",
        "bytes",
        "callback",
        "loop",
        "host task",
        "task",
        "callback",
        "loop",
        "blocks",
        "sent",
        "add/get/del/join/leave"
    );
    for request in &figures.requests {
        let [adds, gets, deletes, connects, disconnects] = request.calls;
        println!(
            "{:<20} {:>6} {:>9} {:>6} {:>11} {:>10} {:>9} {:>8} {:>6} {:>5}  {:<22} {}",
            request.name,
            request.length,
            request.callback.bytes,
            request.process.bytes,
            request.host_mark,
            request.task_mark,
            request.callback_instructions,
            request.loop_instructions,
            request.blocks,
            request.sends,
            format!("{adds}/{gets}/{deletes}/{connects}/{disconnects}"),
            request.last.get(..14).unwrap_or(&request.last)
        );
    }
}

fn parts(figures: &Figures) {
    println!("\nWhat is linked, largest first:");
    for symbol in &figures.flash.parts {
        println!("{:>7} {} {}", symbol.size, symbol.kind, symbol.name);
    }
}

/// For each stack the requests that go deepest, with who holds the bytes.
fn chains(requests: &[Request]) {
    println!("\nDeepest stacks, callback:");
    deepest(requests, |request| {
        (request.callback.bytes, &request.callback.chain)
    });
    println!("\nDeepest stacks, loop:");
    deepest(requests, |request| {
        (request.process.bytes, &request.process.chain)
    });
}

fn deepest<'a>(requests: &'a [Request], stack: impl Fn(&'a Request) -> (u32, &'a Vec<Frame>)) {
    let mut known: Vec<&Vec<Frame>> = Vec::new();
    let mut sorted: Vec<&Request> = requests.iter().collect();
    sorted.sort_by_key(|request| std::cmp::Reverse(stack(request).0));
    for request in sorted {
        let (bytes, chain) = stack(request);
        if known.contains(&chain) {
            continue;
        }
        known.push(chain);
        let frames: Vec<String> = chain
            .iter()
            .map(|(name, bytes)| format!("{name} {bytes}"))
            .collect();
        println!("{bytes:>6} {:<20} {}", request.name, frames.join(" > "));
    }
}

fn hottest(requests: &[Request]) {
    println!("\nInstructions by function:");
    for request in requests {
        println!("{} ({})", request.name, grouped(request.instructions()));
        for (name, count) in request.functions.iter().take(12) {
            println!(
                "{:>9} {:>5} {name}",
                grouped(*count),
                percent(*count, request.instructions())
            );
        }
    }
}

fn percent(part: u64, whole: u64) -> String {
    (part * 100)
        .checked_div(whole)
        .map_or_else(String::new, |percent| format!("{percent} %"))
}

fn optional(number: Option<u64>) -> String {
    number.map(grouped).unwrap_or_default()
}

/// Digits in groups of three.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn digits_come_in_groups_of_three() {
        assert_eq!(
            [0, 999, 1000, 413_542, 1_000_000].map(grouped),
            ["0", "999", "1,000", "413,542", "1,000,000"]
        );
    }
}
