//! What `wifi_provision.h` and `wifi_provision_protocomm.h` tell an application to provide, against the budgets: a figure
//! there is never below what the archive may take.

use super::budgets::Budgets;
use super::protocomm::SECTION;
use crate::failure::{Doing, Failure};
use crate::tree;
use std::fs;

/// A header, how its promises begin, the section of their budgets, and each with those it covers.
struct Promises {
    header: &'static str,
    prefix: &'static str,
    section: &'static str,
    macros: &'static [(&'static str, &'static [&'static str])],
}

const SERVICE: Promises = Promises {
    header: "wifi_provision.h",
    prefix: "WIFI_PROVISION_",
    section: "stack",
    macros: &[("STACK_SERVICE", &["task"])],
};

const ESPRESSIF: Promises = Promises {
    header: "wifi_provision_protocomm.h",
    prefix: "WIFI_PROVISION_PROTOCOMM_",
    section: SECTION,
    macros: &[
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
    ],
};

/// Holds the headers in the tree against those budgets.
pub(super) fn check(budgets: &Budgets) -> Result<(), Failure> {
    for promises in [SERVICE, ESPRESSIF] {
        let path = tree::root().join("include").join(promises.header);
        let header = fs::read_to_string(&path).doing(format!("reading {}", path.display()))?;
        promises.compare(&header, |name| {
            budgets.limit(&format!("{}.{name}", promises.section))
        })?;
    }
    Ok(())
}

impl Promises {
    fn compare(&self, text: &str, limit: impl Fn(&str) -> Option<u64>) -> Result<(), Failure> {
        let Self {
            header, section, ..
        } = self;
        for (promise, covered) in self.macros {
            let name = format!("{}{promise}", self.prefix);
            let promised = defined(text, &name).ok_or_else(|| {
                Failure::new(format!("{header} has no {name} with a plain number"))
            })?;
            for budget in *covered {
                let limit = limit(budget).ok_or_else(|| {
                    Failure::new(format!("ci/budgets.toml has no {budget} in [{section}]"))
                })?;
                if promised < limit {
                    return Err(Failure::new(format!(
                        "{name} in {header} is {promised}, below the {limit} of {budget} in ci/budgets.toml: raise it"
                    )));
                }
            }
        }
        Ok(())
    }
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
    use super::{ESPRESSIF, SERVICE, check};

    #[test]
    fn the_headers_promise_no_less_than_the_budgets_allow() {
        let budgets = super::super::budgets().expect("the budgets can be read");
        check(&budgets).expect("the headers cover them");
    }

    #[test]
    fn a_promise_below_its_budget_or_none_is_told() {
        let header: String = ESPRESSIF
            .macros
            .iter()
            .map(|(name, _)| format!("#define WIFI_PROVISION_PROTOCOMM_{name}    100\n"))
            .collect();
        assert!(ESPRESSIF.compare(&header, |_| Some(100)).is_ok());
        let told = ESPRESSIF.compare(&header, |name| {
            Some(if name == "stack_service" { 101 } else { 100 })
        });
        assert!(told.is_err_and(|failure| failure.to_string().contains("STACK_SERVICE")));
        assert!(ESPRESSIF.compare("", |_| Some(0)).is_err());
        assert!(ESPRESSIF.compare(&header, |_| None).is_err());
        let header = "#define WIFI_PROVISION_STACK_SERVICE    384";
        assert!(SERVICE.compare(header, |_| Some(384)).is_ok());
        assert!(SERVICE.compare(header, |_| Some(385)).is_err());
    }
}
