//! What an archive defines and asks for, against what it should.

use std::collections::BTreeSet;

/// Symbols of an archive: the global ones, which matter to a linker, and any that panics leave.
#[derive(Debug, Default)]
pub(super) struct Symbols {
    pub(super) panics: BTreeSet<String>,
    strong: BTreeSet<String>,
    weak: BTreeSet<String>,
    undefined: BTreeSet<String>,
}

impl Symbols {
    /// Forgets which panics are linked in.
    pub(super) fn forgive_panics(&mut self) {
        self.panics.clear();
    }
}

/// Reads `llvm-nm --format=posix`: one `name type value size` a line, and a line for each member.
pub(super) fn parse(listing: &str) -> Symbols {
    let mut symbols = Symbols::default();
    for line in listing.lines() {
        let mut words = line.split_whitespace();
        let (Some(name), Some(kind)) = (words.next(), words.next()) else {
            continue;
        };
        if name.contains("panicking") || name.contains("rust_begin_unwind") {
            symbols.panics.insert(name.to_owned());
        }
        let set = match kind {
            "U" | "w" | "v" => &mut symbols.undefined,
            "W" | "V" => &mut symbols.weak,
            "T" | "D" | "B" | "R" | "C" | "A" => &mut symbols.strong,
            _ => continue,
        };
        set.insert(name.to_owned());
    }
    symbols
        .undefined
        .retain(|name| !symbols.strong.contains(name) && !symbols.weak.contains(name));
    symbols
}

/// The functions a C header declares: names in front of a parenthesis, outside comments, that have
/// one of the service's or the platform's prefixes and are no typedef or macro.
pub(super) fn declared(header: &str) -> BTreeSet<String> {
    let mut code = String::new();
    let mut rest = header;
    while let Some((before, after)) = rest.split_once("/*") {
        code.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    code.push_str(rest);
    let code: String = code
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'))
        .collect::<Vec<_>>()
        .join("\n");
    code.match_indices('(')
        .filter_map(|(at, _)| {
            let before = code.get(..at)?.trim_end();
            let start = before
                .rfind(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                .map_or(0, |at| at.saturating_add(1));
            before.get(start..)
        })
        .filter(|name| {
            ["WIFI_", "IotBle"]
                .iter()
                .any(|prefix| name.starts_with(prefix))
        })
        .map(str::to_owned)
        .collect()
}

/// The names in a list file: one a line, `#` begins a comment.
pub(super) fn listed(text: &str) -> BTreeSet<String> {
    text.lines()
        .map(|line| line.split_once('#').map_or(line, |(name, _)| name).trim())
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Everything that is wrong, a sentence each.
pub(super) fn faults(
    symbols: &Symbols,
    exported: &BTreeSet<String>,
    weak_defaults: &BTreeSet<String>,
    allowed: &BTreeSet<String>,
) -> Vec<String> {
    let mut faults = Vec::new();
    for name in exported.difference(&symbols.strong) {
        faults.push(format!("{name} is declared in include/ and not defined"));
    }
    for name in weak_defaults.difference(&symbols.weak) {
        faults.push(format!("{name} is a default and must be defined weakly"));
    }
    for name in symbols.strong.difference(exported) {
        faults.push(format!(
            "{name} is defined for the whole image and belongs to nobody's interface"
        ));
    }
    for name in symbols.weak.difference(weak_defaults) {
        faults.push(format!(
            "{name} is defined weakly and belongs to nobody's interface"
        ));
    }
    for name in symbols.undefined.difference(allowed) {
        faults.push(format!(
            "{name} is asked for and not in ci/dist-undefined.txt"
        ));
    }
    for name in &symbols.panics {
        faults.push(format!("{name} is linked in: a panic is reachable"));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "/* WIFI_NotThis( ) */\n#define WIFI_NORTHIS( x ) x\ntypedef struct { bool ( * get )( int ); } IotBleT_t;\n\
        BaseType_t WIFI_PROVISION_Init( void );\nuint16_t IotBleWifiProv_Get( uint16_t a,\n    int b );\n";

    fn set(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn prototypes_are_found_and_macros_comments_and_members_are_not() {
        assert_eq!(
            declared(HEADER),
            set(&["IotBleWifiProv_Get", "WIFI_PROVISION_Init"])
        );
    }

    #[test]
    fn a_symbol_another_member_defines_is_not_asked_for() {
        let symbols = parse(
            "lib.a[a.o]:\nf T 0 4\nlocal t 0 4\nmemcpy U 0 0\ng U 0 0\n\nlib.a[b.o]:\ng W 0 4\n",
        );
        assert_eq!(symbols.strong, set(&["f"]));
        assert_eq!(symbols.weak, set(&["g"]));
        assert_eq!(symbols.undefined, set(&["memcpy"]));
    }

    #[test]
    fn every_kind_of_fault_is_told() {
        let symbols = parse(
            "f T 0 4\nxTaskCreate T 0 4\nstray W 0 4\nprintf U 0 0\nmemcpy U 0 0\n_4core9panicking5panic t 0 4\n",
        );
        let faults = faults(&symbols, &set(&["f", "h"]), &set(&["d"]), &set(&["memcpy"]));
        assert_eq!(faults.len(), 6, "{faults:?}");
        for name in [
            "h ",
            "d ",
            "xTaskCreate ",
            "stray ",
            "printf ",
            "_4core9panicking5panic ",
        ] {
            assert!(
                faults.iter().any(|fault| fault.starts_with(name)),
                "{name} in {faults:?}"
            );
        }
    }

    #[test]
    fn a_list_file_has_comments() {
        assert_eq!(
            listed("# head\nmemcpy # libc\n\n vTaskDelay\n"),
            set(&["memcpy", "vTaskDelay"])
        );
    }
}
