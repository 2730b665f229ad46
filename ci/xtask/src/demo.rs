//! `cargo xtask demo`: set-up, build, then the story told by `ci/e2e/demo.py`.

use crate::failure::Failure;
use crate::{firmware, setup, step, tree};

/// `demo [--interactive]`.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    if let Some(unknown) = arguments
        .iter()
        .find(|argument| *argument != "--interactive")
    {
        return Err(Failure::new(format!(
            "`{unknown}` is not known here; the only option is --interactive"
        )));
    }
    tell("the demo", arguments)
}

/// `world`.
pub(crate) fn world(_: &[String]) -> Result<(), Failure> {
    tell("the virtual device", &["--world-only".to_owned()])
}

fn tell(title: &str, options: &[String]) -> Result<(), Failure> {
    setup::everything()?;
    firmware::build()?;
    step::shown(
        title,
        tree::python_command()?.arg("ci/e2e/demo.py").args(options),
    )
}
