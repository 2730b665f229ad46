//! Where the instructions of one request go: the disassembly of what ran more than once.

use super::figures::Figures;
use super::image::TOOLS;
use crate::failure::Failure;
use crate::step;
use std::path::Path;
use std::process::Command;

/// Prints the instructions that ran at least `times` times for a request, function by function.
pub(super) fn print(
    figures: &Figures,
    image: &Path,
    name: &str,
    times: u64,
) -> Result<(), Failure> {
    let request = figures
        .requests
        .iter()
        .find(|request| request.name == name)
        .ok_or_else(|| {
            let names: Vec<&str> = figures
                .requests
                .iter()
                .map(|request| request.name.as_str())
                .collect();
            Failure::new(format!(
                "there is no request {name}; these are: {}",
                names.join(", ")
            ))
        })?;
    let listing = step::output(
        "disassembling the image",
        Command::new(format!("{TOOLS}objdump"))
            .args(["-d", "--demangle", "--no-show-raw-insn"])
            .arg(image),
    )?;
    let mut function = None;
    for line in listing.lines() {
        if line.ends_with(">:") {
            function = Some(line);
        }
        let count = address(line).and_then(|address| request.addresses.get(&address));
        if let Some(count) = count.filter(|count| **count >= times) {
            if let Some(title) = function.take() {
                println!("{title}");
            }
            println!("{count:>7} {line}");
        }
    }
    Ok(())
}

/// `    1e96:\tstr.w\tr9, [sl, r0]`
fn address(line: &str) -> Option<u32> {
    let (address, _) = line.split_once(":\t")?;
    u32::from_str_radix(address.trim(), 16).ok()
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn only_instructions_have_addresses() {
        assert_eq!(address("    1e96:\tstr.w\tr9, [sl, r0]"), Some(0x1e96));
        assert_eq!(address("00001e90 <serve>:"), None);
    }
}
