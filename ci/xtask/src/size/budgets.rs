//! `ci/budgets.toml`: one line a figure.

use crate::failure::{Doing, Failure};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// One line of the file.
struct Budget {
    name: String,
    title: String,
    unit: String,
    /// The C service's figure, where it has one.
    c: Option<u64>,
    /// Whether the budget may not be above that.
    c_is_limit: bool,
    /// Where we want to be, where that was said.
    aim: Option<u64>,
    budget: u64,
}

impl Budget {
    fn is_in(&self, section: &str) -> bool {
        self.name.split('.').next() == Some(section)
    }
}

/// A figure beside its budget.
pub(crate) struct Line {
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) unit: String,
    pub(crate) ours: u64,
    pub(crate) c: Option<u64>,
    pub(crate) aim: Option<u64>,
    pub(crate) budget: u64,
}

impl Line {
    /// What stands behind the line of a figure that is too large.
    pub(crate) const fn verdict(&self) -> &'static str {
        if self.ours > self.budget {
            "  OVER"
        } else {
            ""
        }
    }
}

/// The whole file, in its order.
pub(crate) struct Budgets(Vec<Budget>);

/// Reads the budgets; a line that cannot be read, or allows more than the C service takes, is an error.
pub(crate) fn read(path: &Path) -> Result<Budgets, Failure> {
    parse(&fs::read_to_string(path).doing(format!("reading {}", path.display()))?)
}

fn parse(text: &str) -> Result<Budgets, Failure> {
    let mut section = String::new();
    let mut budgets = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(name) = line
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
        {
            name.clone_into(&mut section);
            continue;
        }
        let budget = entry(&section, line).ok_or_else(|| {
            Failure::new(format!(
                "ci/budgets.toml line {number} is not `name = {{ title = \"…\", unit = \"…\", c = N, aim = N, budget = N }}`"
            ))
        })?;
        if let Some(c) = budget.c.filter(|c| budget.c_is_limit && budget.budget > *c) {
            return Err(Failure::new(format!(
                "ci/budgets.toml line {number} allows {} {}, above the C service's {c}; no budget may be",
                budget.name, budget.budget
            )));
        }
        budgets.push(budget);
    }
    Ok(Budgets(budgets))
}

/// The one shape of TOML the file has: an inline table of strings and whole numbers.
fn entry(section: &str, line: &str) -> Option<Budget> {
    let (name, table) = line.split_once('=')?;
    let mut rest = table.trim().strip_prefix('{')?.strip_suffix('}')?.trim();
    let (mut title, mut unit, mut c, mut aim, mut budget) = (None, None, None, None, None);
    let mut c_is_limit = true;
    while !rest.is_empty() {
        let (key, value) = rest.split_once('=')?;
        let value = value.trim_start();
        let number;
        let text;
        (text, number, rest) = match value.strip_prefix('"') {
            Some(string) => {
                let (string, after) = string.split_once('"')?;
                (Some(string.to_owned()), None, after)
            }
            None => {
                let end = value.find(',').unwrap_or(value.len());
                let (digits, after) = value.split_at_checked(end)?;
                (
                    None,
                    Some(digits.trim().replace('_', "").parse().ok()?),
                    after,
                )
            }
        };
        rest = rest.trim_start().trim_start_matches(',').trim_start();
        match (key.trim(), text, number) {
            ("title", Some(text), _) => title = Some(text),
            ("unit", Some(text), _) => unit = Some(text),
            ("c", _, Some(number)) => c = Some(number),
            ("c_shown", _, Some(number)) => (c, c_is_limit) = (Some(number), false),
            ("aim", _, Some(number)) => aim = Some(number),
            ("budget", _, Some(number)) => budget = Some(number),
            _ => return None,
        }
    }
    Some(Budget {
        name: format!("{section}.{}", name.trim()),
        title: title?,
        unit: unit?,
        c,
        c_is_limit,
        aim,
        budget: budget?,
    })
}

impl Budgets {
    /// The budget of a figure.
    pub(crate) fn limit(&self, name: &str) -> Option<u64> {
        let named = self.0.iter().find(|budget| budget.name == name);
        named.map(|budget| budget.budget)
    }

    /// Those of a section alone.
    pub(crate) fn of(mut self, section: &str) -> Self {
        self.0.retain(|budget| budget.is_in(section));
        self
    }

    /// Those of these figures.
    pub(crate) fn named(mut self, names: &[&str]) -> Self {
        self.0
            .retain(|budget| names.contains(&budget.name.as_str()));
        self
    }

    /// Those of all other sections.
    pub(crate) fn without(mut self, section: &str) -> Self {
        self.0.retain(|budget| !budget.is_in(section));
        self
    }

    /// Each budget beside what was measured; a figure without a budget, or the reverse, is an error.
    pub(crate) fn beside(self, mut measured: BTreeMap<String, u64>) -> Result<Vec<Line>, Failure> {
        let mut lines = Vec::new();
        for budget in self.0 {
            let ours = measured.remove(&budget.name).ok_or_else(|| {
                Failure::new(format!(
                    "ci/budgets.toml names {}, which nothing measures",
                    budget.name
                ))
            })?;
            lines.push(Line {
                ours,
                name: budget.name,
                title: budget.title,
                unit: budget.unit,
                c: budget.c,
                aim: budget.aim,
                budget: budget.budget,
            });
        }
        match measured.keys().next() {
            Some(name) => Err(Failure::new(format!(
                "{name} is measured but has no line in ci/budgets.toml; add one"
            ))),
            None => Ok(lines),
        }
    }
}

/// Fails when a figure is above its budget, and says by how much; `mend` says where to look.
pub(crate) fn check<'a>(
    lines: impl IntoIterator<Item = &'a Line>,
    mend: &str,
) -> Result<(), Failure> {
    let over: Vec<String> = lines
        .into_iter()
        .filter(|line| line.ours > line.budget)
        .map(|line| {
            format!(
                "{} is {} {}, {} above its budget of {}",
                line.name,
                line.ours,
                line.unit,
                line.ours - line.budget,
                line.budget
            )
        })
        .collect();
    if over.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!("{}; {mend}", over.join("; "))))
}

#[cfg(test)]
#[allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]
mod tests {
    use super::{Line, check, parse};

    #[test]
    fn a_line_is_read_whole() {
        let text = "# words\n[flash]\none = { title = \"a, b\", unit = \"B\", c = 6_396, aim = 4800, budget = 5000 }\n";
        let budgets = parse(text).expect("readable").0;
        let [one] = budgets.as_slice() else {
            panic!("one line");
        };
        assert_eq!(
            (one.name.as_str(), one.title.as_str(), one.unit.as_str()),
            ("flash.one", "a, b", "B")
        );
        assert_eq!((one.c, one.aim, one.budget), (Some(6396), Some(4800), 5000));
    }

    #[test]
    fn a_section_is_parted_from_the_others() {
        let text = "[a]\none = { title = \"t\", unit = \"B\", budget = 1 }\n[ab]\ntwo = { title = \"t\", unit = \"B\", budget = 2 }\n";
        let names = |budgets: super::Budgets| -> Vec<String> {
            budgets.0.into_iter().map(|budget| budget.name).collect()
        };
        assert_eq!(names(parse(text).expect("readable").of("a")), ["a.one"]);
        assert_eq!(
            names(parse(text).expect("readable").without("a")),
            ["ab.two"]
        );
    }

    #[test]
    fn a_budget_above_the_c_figure_is_refused() {
        let refused = parse("[a]\nb = { title = \"t\", unit = \"B\", c = 10, budget = 11 }").err();
        assert!(
            refused.is_some_and(|failure| failure.to_string().contains("above the C service's 10"))
        );
        let shown = "[a]\nb = { title = \"t\", unit = \"B\", c_shown = 10, budget = 11 }";
        assert_eq!(parse(shown).expect("readable").0[0].c, Some(10));
    }

    #[test]
    fn a_line_without_a_budget_or_with_a_strange_key_is_refused() {
        for line in [
            "b = { title = \"t\", unit = \"B\" }",
            "b = { budget = 1, colour = 2 }",
            "b = 3",
        ] {
            assert!(parse(line).is_err(), "{line}");
        }
    }

    #[test]
    fn an_excess_is_named_with_its_amount() {
        let line = |ours| Line {
            name: "stack.task".into(),
            title: String::new(),
            unit: "B".into(),
            ours,
            c: None,
            aim: None,
            budget: 100,
        };
        assert!(check(&[line(100)], "look").is_ok());
        let failure = check(&[line(100), line(117)], "look")
            .err()
            .map(|failure| failure.to_string());
        assert!(failure.is_some_and(|text| {
            text == "stack.task is 117 B, 17 above its budget of 100; look"
        }));
    }
}
