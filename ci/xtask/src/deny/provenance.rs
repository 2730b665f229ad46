//! The part of `deny.toml` that takes a second: where packages are from, and under which licences.

use std::process::Command;

use serde_json::Value;
use spdx::{Expression, Licensee, ParseMode};

use super::MANIFESTS;
use crate::failure::{Doing, Failure};
use crate::{step, tree};

/// Every package of every lock file comes from this tree or the Rust community's registry, under a licence of
/// `deny.toml`.
pub(crate) fn check() -> Result<(), Failure> {
    eprintln!("· licences and sources of all packages");
    let text =
        std::fs::read_to_string(tree::root().join("deny.toml")).doing("reading deny.toml")?;
    let allowed = allowed(&text)?;
    let mut faults = Vec::new();
    let mut count = 0_usize;
    for manifest in MANIFESTS {
        let metadata = step::output(
            &format!("reading the packages of {manifest}"),
            &mut metadata(manifest),
        )?;
        let metadata: Value = serde_json::from_str(&metadata)
            .map_err(|error| Failure::new(format!("what cargo says of {manifest}: {error}")))?;
        let packages = metadata.get("packages").and_then(Value::as_array);
        for package in packages.into_iter().flatten() {
            count = count.saturating_add(1);
            faults.extend(fault(package, &allowed));
        }
    }
    faults.sort();
    faults.dedup();
    for fault in &faults {
        eprintln!("  {fault}");
    }
    if faults.is_empty() && count != 0 {
        eprintln!("  {count} packages");
        return Ok(());
    }
    Err(Failure::new(
        "a package is from elsewhere, or under a licence that deny.toml does not have; see above",
    ))
}

fn metadata(manifest: &str) -> Command {
    let mut command = tree::cargo();
    command.args(["metadata", "--quiet", "--locked", "--format-version", "1"]);
    command.args(["--all-features", "--manifest-path", manifest]);
    command
}

/// The licences of `deny.toml`: the quoted words of its first list `allow`, past comments.
fn allowed(text: &str) -> Result<Vec<Licensee>, Failure> {
    let list = text
        .split_once("[licenses]")
        .and_then(|(_, rest)| rest.split_once("\nallow = ["))
        .and_then(|(_, rest)| rest.split_once("\n]"))
        .map(|(list, _)| list)
        .ok_or_else(|| Failure::new("deny.toml has no list of licences"))?;
    list.lines()
        .filter_map(|line| line.trim().strip_prefix('"')?.strip_suffix("\","))
        .map(|name| {
            Licensee::parse(name)
                .map_err(|error| Failure::new(format!("deny.toml: the licence {name}: {error}")))
        })
        .collect()
}

/// What is wrong with a package.
fn fault(package: &Value, allowed: &[Licensee]) -> Option<String> {
    let word = |key: &str| package.get(key).and_then(Value::as_str).unwrap_or("");
    let name = format!("{} {}", word("name"), word("version"));
    // A package of this tree has none.
    let source = package.get("source").and_then(Value::as_str);
    let is_known = source.is_none_or(|source| {
        source.starts_with("registry+") && source.ends_with("/crates.io-index")
    });
    if !is_known {
        return Some(format!("{name} is from {}", source.unwrap_or("nowhere")));
    }
    let licence = word("license");
    let Ok(expression) = Expression::parse_mode(licence, ParseMode::LAX) else {
        return Some(format!(
            "{name} has no licence that can be read: `{licence}`"
        ));
    };
    let is_allowed =
        expression.evaluate(|wanted| allowed.iter().any(|allowed| allowed.satisfies(wanted)));
    (!is_allowed).then(|| format!("{name} is under {licence}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const LIST: &str = "[licenses]\n# Why.\nallow = [\n    \"Apache-2.0\",\n    # A comment, with \"GPL-3.0\" in it.\n    \"MIT\",\n]\n";
    const REGISTRY: &str = "registry+somewhere/crates.io-index";

    fn fault_of(licence: Value, source: Value) -> Option<String> {
        let package =
            json!({ "name": "x", "version": "1.0.0", "license": licence, "source": source });
        fault(&package, &allowed(LIST).unwrap())
    }

    #[test]
    fn one_of_two_licences_is_enough_and_one_of_both_is_not() {
        assert_eq!(
            fault_of(json!("GPL-3.0-only OR MIT"), json!(REGISTRY)),
            None
        );
        assert_eq!(fault_of(json!("GPL-3.0-only/MIT"), json!(null)), None);
        assert!(fault_of(json!("GPL-3.0-only AND MIT"), json!(REGISTRY)).is_some());
        assert!(fault_of(json!("GPL-3.0-only"), json!(REGISTRY)).is_some());
    }

    #[test]
    fn no_licence_and_another_source_are_faults() {
        assert!(fault_of(json!(null), json!(REGISTRY)).is_some());
        assert!(fault_of(json!("MIT"), json!("git+somewhere#1234")).is_some());
        assert!(fault_of(json!("MIT"), json!("registry+elsewhere/index")).is_some());
    }

    #[test]
    fn a_list_that_cannot_be_read_is_a_failure() {
        assert!(allowed("[licenses]\nallow = [\"MIT\"]\n").is_err());
        assert!(allowed("[licenses]\nallow = [\n    \"no licence\",\n]\n").is_err());
    }
}
