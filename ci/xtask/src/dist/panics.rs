//! The functions of an archive that can panic, found by what they call: the one object keeps its relocations, and each
//! function has a section of its own.

use std::collections::BTreeSet;

/// What begins a panic besides `core::panicking`: the ends of the names of functions that do nothing else.
const BEGINNINGS: &[&str] = &[
    "16slice_index_fail",
    "13expect_failed",
    "13unwrap_failed",
    "17len_mismatch_fail",
    "12handle_error",
    "18handle_alloc_error",
    "17capacity_overflow",
];

/// Reads `llvm-objdump -r`: the functions that call what begins a panic, by their names in the object.
pub(super) fn sites(listing: &str) -> BTreeSet<String> {
    let mut sites = BTreeSet::new();
    let mut section = None;
    for line in listing.lines() {
        if let Some(rest) = line.strip_prefix("RELOCATION RECORDS FOR [") {
            section = rest.trim_end_matches([':', ']']).strip_prefix(".text.");
            continue;
        }
        let callee = line.split_whitespace().nth(2);
        if let (Some(section), Some(callee)) = (section, callee) {
            let function = section.strip_prefix("unlikely.").unwrap_or(section);
            if is_beginning(callee) && !is_beginning(function) {
                sites.insert(function.to_owned());
            }
        }
    }
    sites
}

fn is_beginning(name: &str) -> bool {
    name.contains("9panicking") || BEGINNINGS.iter().any(|function| name.contains(function))
}

/// The functions that may panic, of `ci/dist-panics.txt`, each with the reason why none of its panics comes. There a function
/// is told by the parts of its path, each of which its name in the object has with its length in front, whichever way it is mangled.
pub(super) struct Listed(Vec<Entry>);

struct Entry {
    path: String,
    reason: String,
}

impl Listed {
    /// Reads the list: a path a line, and the comment above a group of them is their reason.
    pub(super) fn read(text: &str) -> Self {
        let mut entries = Vec::new();
        let mut reason = String::new();
        let mut is_heading = false;
        for line in text.lines().map(str::trim) {
            let heading = line.strip_prefix('#');
            if heading.is_some() && is_heading {
                reason.push(' ');
            } else if heading.is_some() || line.is_empty() {
                reason.clear();
            }
            is_heading = heading.is_some();
            match heading {
                Some(words) => reason.push_str(words.trim()),
                None if line.is_empty() => {}
                None => entries.push(Entry {
                    path: line.to_owned(),
                    reason: reason.clone(),
                }),
            }
        }
        Self(entries)
    }

    /// Why a function may panic; `None` when it may not.
    pub(super) fn reason(&self, site: &str) -> Option<&str> {
        let entry = self.0.iter().find(|entry| entry.is(site))?;
        Some(&entry.reason)
    }

    /// Those of them that are none of these: the list is longer than it need be.
    pub(super) fn gone(&self, sites: &BTreeSet<String>) -> Vec<String> {
        let is_gone = |entry: &&Entry| !sites.iter().any(|site| entry.is(site));
        let gone = self.0.iter().filter(is_gone);
        gone.map(|entry| entry.path.clone()).collect()
    }
}

impl Entry {
    fn is(&self, site: &str) -> bool {
        self.path.split("::").all(|part| {
            site.contains(&format!("{}{part}", part.len())) || site.contains(&format!("..{part}"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LISTING: &str = "\nRELOCATION RECORDS FOR [.text._ZN3aes4soft11xor_columns17h64E]:\n\
        OFFSET   TYPE   VALUE\n00000010 R_ARM_THM_CALL _RNvNtCs2f_4core9panicking18panic_bounds_check\n\n\
        RELOCATION RECORDS FOR [.text._ZN14wifi_provision4scan17hd9E]:\n\
        00000010 R_ARM_THM_CALL _RNvNtNtCs2f_4core5slice5index16slice_index_fail\n\n\
        RELOCATION RECORDS FOR [.text.unlikely._RNvNtNtCs2f_4core5slice5index16slice_index_fail]:\n\
        00000010 R_ARM_THM_CALL _RNvNtCs2f_4core9panicking18panic_nounwind_fmt\n\n\
        RELOCATION RECORDS FOR [.text._ZN14wifi_provision4join17hd9E]:\n00000010 R_ARM_THM_CALL memcpy\n\n\
        RELOCATION RECORDS FOR [.ARM.exidx.text._ZN1a17hE]:\n0 R_ARM_PREL31 .text._RNvNtCs2f_4core9panicking5panic\n";

    #[test]
    fn who_calls_what_begins_a_panic_is_found() {
        let sites: Vec<String> = sites(LISTING).into_iter().collect();
        assert_eq!(
            sites,
            [
                "_ZN14wifi_provision4scan17hd9E",
                "_ZN3aes4soft11xor_columns17h64E"
            ]
        );
    }

    const LIST: &str = "# What the list is for,\n# at length.\n\n# Ciphers: fixed\n# lengths\naes::soft::xor_columns\n\n\
        # Others\nother::scan\nother::join\n";

    #[test]
    fn a_function_may_panic_for_the_reason_above_it() {
        let listed = Listed::read(LIST);
        let reasons: Vec<_> = sites(LISTING)
            .iter()
            .map(|site| listed.reason(site).map(str::to_owned))
            .collect();
        assert_eq!(reasons, [None, Some("Ciphers: fixed lengths".to_owned())]);
    }

    #[test]
    fn an_entry_nothing_needs_any_more_is_told() {
        let gone = Listed::read(LIST).gone(&sites(LISTING));
        assert_eq!(gone, ["other::scan", "other::join"]);
    }

    #[test]
    fn every_entry_has_a_reason() {
        let text = std::fs::read_to_string(crate::tree::root().join("ci/dist-panics.txt"));
        let Listed(entries) = Listed::read(&text.unwrap_or_default());
        assert!(!entries.is_empty());
        assert!(entries.iter().all(|entry| !entry.reason.is_empty()));
    }
}
