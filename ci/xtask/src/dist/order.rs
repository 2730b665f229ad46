//! What `dist` is asked for.

use super::TARGETS;
use crate::failure::Failure;
use crate::tree;
use std::path::PathBuf;

/// One archive to make.
pub(super) struct Order {
    /// The Rust target.
    pub(super) target: String,
    /// Where it goes.
    pub(super) folder: PathBuf,
    /// Whether the service says what it does, to `WIFI_PROVISION_Log`.
    pub(super) log: bool,
    /// Whether an application may define `IotBleWifiProv_GetSerializer` itself.
    pub(super) serializer: bool,
    /// Whether Espressif's protocol is in it.
    pub(super) espressif: bool,
    /// Whether missing Debian packages may be installed first.
    pub(super) installs: bool,
}

impl Order {
    /// What `dist --target TARGET` makes.
    pub(super) fn plain(target: &str) -> Self {
        Self {
            target: target.to_owned(),
            folder: tree::made().join("dist").join(target),
            log: false,
            serializer: false,
            espressif: false,
            installs: true,
        }
    }

    /// What `dist --target TARGET --espressif` makes.
    pub(super) fn espressif(target: &str) -> Self {
        Self {
            folder: tree::made()
                .join("dist")
                .join(format!("{target}-espressif")),
            espressif: true,
            ..Self::plain(target)
        }
    }

    /// Reads `--target TARGET [--to FOLDER] [--log] [--custom-serializer] [--espressif] [--as-is]`.
    pub(super) fn read(arguments: &[String]) -> Result<Self, Failure> {
        let mut target = None;
        let mut folder = None;
        let mut log = false;
        let mut serializer = false;
        let mut espressif = false;
        let mut installs = true;
        let mut words = arguments.iter();
        while let Some(word) = words.next() {
            let (option, joined) = word
                .split_once('=')
                .map_or((word.as_str(), None), |(option, value)| {
                    (option, Some(value))
                });
            let value = |words: &mut std::slice::Iter<'_, String>| {
                joined
                    .map(str::to_owned)
                    .or_else(|| words.next().cloned())
                    .ok_or_else(|| Failure::new(format!("{option} needs a value")))
            };
            match option {
                "--target" => target = Some(value(&mut words)?),
                "--to" => folder = Some(PathBuf::from(value(&mut words)?)),
                "--log" => log = true,
                "--custom-serializer" => serializer = true,
                "--espressif" => espressif = true,
                "--as-is" => installs = false,
                _ => return Err(Failure::new(format!("`{word}` is not known here"))),
            }
        }
        let target = target.ok_or_else(|| {
            Failure::new(format!(
                "say for which target: dist --target {}",
                TARGETS.join(" | ")
            ))
        })?;
        if !TARGETS.contains(&target.as_str()) {
            return Err(Failure::new(format!(
                "{target} is not one of {}",
                TARGETS.join(", ")
            )));
        }
        let mut order = if espressif {
            Self::espressif(&target)
        } else {
            Self::plain(&target)
        };
        order.folder = folder.unwrap_or(order.folder);
        Ok(Self {
            log,
            serializer,
            installs,
            ..order
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Order, Failure> {
        Order::read(&line.split(' ').map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn both_spellings_and_every_option_are_read() -> Result<(), Failure> {
        let order =
            read("--target=thumbv7m-none-eabi --to here --log --custom-serializer --as-is")?;
        assert_eq!(order.folder, PathBuf::from("here"));
        assert!(order.log && order.serializer && !order.installs);
        let order = read("--target thumbv7m-none-eabi")?;
        assert!(order.folder.ends_with("dist/thumbv7m-none-eabi"));
        assert!(!order.log && !order.serializer && !order.espressif && order.installs);
        let order = read("--target thumbv7m-none-eabi --espressif")?;
        assert!(order.folder.ends_with("dist/thumbv7m-none-eabi-espressif"));
        assert!(order.espressif);
        Ok(())
    }

    #[test]
    fn what_is_missing_or_unknown_is_told() {
        for (line, told) in [
            ("--log", "say for which target"),
            ("--target", "needs a value"),
            ("--target avr", "is not one of"),
            ("--target thumbv7m-none-eabi --lgo", "`--lgo`"),
        ] {
            assert!(
                read(line).is_err_and(|failure| failure.to_string().contains(told)),
                "{line}"
            );
        }
    }
}
