//! How many tests passed, as cargo's and pytest's summaries tell.

use std::fmt;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) passed: u32,
    pub(super) failed: u32,
}

impl Counts {
    /// Sums the summary lines of one suite. What neither passed nor failed (ignored, skipped) is
    /// counted as failed: a test that does not run shows nothing.
    pub(super) fn read(output: &str) -> Self {
        let mut counts = Self::default();
        for line in output.lines().filter(|line| is_summary(line)) {
            let words: Vec<&str> = line
                .split(|c: char| !c.is_ascii_alphanumeric())
                .filter(|word| !word.is_empty())
                .collect();
            for pair in words.windows(2) {
                let [number, kind] = pair else { continue };
                let Ok(number) = number.parse::<u32>() else {
                    continue;
                };
                match *kind {
                    "passed" => counts.passed = counts.passed.saturating_add(number),
                    "failed" | "error" | "errors" | "ignored" | "skipped" | "xfailed"
                    | "xpassed" => {
                        counts.failed = counts.failed.saturating_add(number);
                    }
                    _ => {}
                }
            }
        }
        counts
    }

    pub(super) fn add(&mut self, other: Self) {
        self.passed = self.passed.saturating_add(other.passed);
        self.failed = self.failed.saturating_add(other.failed);
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

fn is_summary(line: &str) -> bool {
    line.starts_with("test result:")
        || (line.starts_with('=') && line.contains(" in ") && line.ends_with('='))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_summaries_are_added_up() {
        let output = "test a ... ok\ntest result: ok. 5 passed; 0 failed; 0 ignored; 0 measured; 2 filtered out; finished in 0.01s\n\
            test result: FAILED. 1 passed; 2 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s\n";
        assert_eq!(
            Counts::read(output),
            Counts {
                passed: 6,
                failed: 3
            }
        );
    }

    #[test]
    fn pytest_summaries_too() {
        let output = "=== test session starts ===\n== 2 failed, 31 passed, 1 skipped, 1 error in 12.04s (0:00:12) ==\n";
        assert_eq!(
            Counts::read(output),
            Counts {
                passed: 31,
                failed: 4
            }
        );
        assert_eq!(
            Counts::read("===== 7 deselected in 0.20s =====\n"),
            Counts::default()
        );
    }
}
