//! What `wifi_provision_protocomm.h` tells an application to provide, against the budgets: a figure there is never below
//! what the archive may take.

use super::budgets::Budgets;
use super::protocomm::SECTION;
use crate::failure::{Doing, Failure};
use crate::tree;
use std::fs;

/// Each macro of the header, without its beginning, and the budgets it covers.
const PROMISES: &[(&str, &[&str])] = &[
    ("STACK_SECURITY_2", &["stack_handshake_2", "stack_requests"]),
    ("STACK_START_2", &["stack_start_2"]),
    ("STACK_SECURITY_1", &["stack_handshake_1", "stack_requests"]),
    ("STACK_OTHERS", &["stack_requests"]),
    ("STACK_SERVICE", &["stack_service"]),
    ("HEAP_OPEN", &["heap_open", "heap_left"]),
    (
        "HEAP_ANSWER",
        &["heap_session", "heap_scan", "heap_config", "heap_control"],
    ),
];

/// Holds the header in the tree against those budgets.
pub(super) fn check(budgets: &Budgets) -> Result<(), Failure> {
    let path = tree::root().join("include/wifi_provision_protocomm.h");
    let header = fs::read_to_string(&path).doing(format!("reading {}", path.display()))?;
    compare(&header, |name| budgets.limit(&format!("{SECTION}.{name}")))
}

fn compare(header: &str, limit: impl Fn(&str) -> Option<u64>) -> Result<(), Failure> {
    for (promise, covered) in PROMISES {
        let name = format!("WIFI_PROVISION_PROTOCOMM_{promise}");
        let promised = defined(header, &name).ok_or_else(|| {
            Failure::new(format!(
                "wifi_provision_protocomm.h has no {name} with a plain number"
            ))
        })?;
        for budget in *covered {
            let limit = limit(budget).ok_or_else(|| {
                Failure::new(format!("ci/budgets.toml has no {budget} in [{SECTION}]"))
            })?;
            if promised < limit {
                return Err(Failure::new(format!(
                    "{name} in wifi_provision_protocomm.h is {promised}, below the {limit} of {budget} in ci/budgets.toml: raise it"
                )));
            }
        }
    }
    Ok(())
}

/// The number a macro stands for.
fn defined(header: &str, name: &str) -> Option<u64> {
    header.lines().find_map(|line| {
        let mut words = line.trim().strip_prefix("#define ")?.split_whitespace();
        (words.next() == Some(name)).then(|| words.next()?.parse().ok())?
    })
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test fails by panicking")]
mod tests {
    use super::{PROMISES, check, compare};

    #[test]
    fn the_header_promises_no_less_than_the_budgets_allow() {
        let budgets = super::super::budgets().expect("the budgets can be read");
        check(&budgets).expect("the header covers them");
    }

    #[test]
    fn a_promise_below_its_budget_or_none_is_told() {
        let header: String = PROMISES
            .iter()
            .map(|(name, _)| format!("#define WIFI_PROVISION_PROTOCOMM_{name}    100\n"))
            .collect();
        assert!(compare(&header, |_| Some(100)).is_ok());
        let told = compare(&header, |name| {
            Some(if name == "stack_service" { 101 } else { 100 })
        });
        assert!(told.is_err_and(|failure| failure.to_string().contains("STACK_SERVICE")));
        assert!(compare("", |_| Some(0)).is_err());
        assert!(compare(&header, |_| None).is_err());
    }
}
