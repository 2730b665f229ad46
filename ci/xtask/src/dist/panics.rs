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

/// Those that `ci/dist-panics.txt` does not list. There a function is told by the parts of its path, each of which its
/// name in the object has with its length in front, whichever way it is mangled.
pub(super) fn unlisted(sites: &BTreeSet<String>, listed: &BTreeSet<String>) -> Vec<String> {
    let is_listed = |site: &&String| {
        listed.iter().any(|path| {
            path.split("::").all(|part| {
                site.contains(&format!("{}{part}", part.len()))
                    || site.contains(&format!("..{part}"))
            })
        })
    };
    let is_unlisted = |site: &&String| !is_listed(site);
    sites.iter().filter(is_unlisted).cloned().collect()
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

    #[test]
    fn a_function_that_is_not_listed_is_told() {
        let listed = BTreeSet::from([
            "aes::soft::xor_columns".to_owned(),
            "other::scan".to_owned(),
        ]);
        assert_eq!(
            unlisted(&sites(LISTING), &listed),
            ["_ZN14wifi_provision4scan17hd9E"]
        );
    }
}
