//! The text of the QR code, which the phone's apps scan: where the device is, and its secret.

use core::fmt::{self, Write};

/// What the text tells.
pub struct Payload<'a> {
    /// The name the device advertises.
    pub name: &'a str,
    /// 0, 1 or 2.
    pub security: u8,
    /// Security 2's user.
    pub user: Option<&'a str>,
    /// Security 1's secret or security 2's password.
    pub secret: Option<&'a str>,
    /// `ble`, `softap`, or another the apps know.
    pub transport: &'a str,
}

/// The text does not fit into the room there is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct NoRoom;

impl Payload<'_> {
    /// Writes the text; gives its length. It holds the secret.
    ///
    /// # Errors
    ///
    /// [`NoRoom`].
    pub fn write(&self, out: &mut [u8]) -> Result<usize, NoRoom> {
        let mut text = Text::new(out);
        self.write_to(&mut text).map_err(|fmt::Error| NoRoom)?;
        Ok(text.length())
    }

    fn write_to(&self, text: &mut Text<'_>) -> fmt::Result {
        text.write_str("{\"ver\":\"v1\"")?;
        text.pair("name", self.name)?;
        if let Some(user) = self.user {
            text.pair("username", user)?;
        }
        if let Some(secret) = self.secret {
            text.pair("pop", secret)?;
        }
        text.pair("transport", self.transport)?;
        // The apps take it for 2 when nothing is said.
        if self.security != 2 {
            write!(text, ",\"security\":{}", self.security)?;
        }
        text.write_str("}")
    }
}

/// Text in a fixed room.
pub(super) struct Text<'a> {
    room: &'a mut [u8],
    length: usize,
}

impl<'a> Text<'a> {
    pub(super) const fn new(room: &'a mut [u8]) -> Self {
        Self { room, length: 0 }
    }

    pub(super) const fn length(&self) -> usize {
        self.length
    }

    /// One more pair of a JSON object.
    fn pair(&mut self, key: &str, value: &str) -> fmt::Result {
        write!(self, ",\"{key}\":\"")?;
        for letter in value.chars() {
            match letter {
                '"' | '\\' => write!(self, "\\{letter}")?,
                '\0'..='\u{1f}' => write!(self, "\\u{:04x}", u32::from(letter))?,
                letter => self.write_char(letter)?,
            }
        }
        self.write_str("\"")
    }
}

impl Write for Text<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.length.checked_add(text.len()).ok_or(fmt::Error)?;
        self.room
            .get_mut(self.length..end)
            .ok_or(fmt::Error)?
            .copy_from_slice(text.as_bytes());
        self.length = end;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(payload: &Payload<'_>) -> String {
        let mut out = [0; 256];
        let length = payload.write(&mut out).expect("it fits");
        String::from_utf8(out[..length].to_vec()).expect("it is text")
    }

    #[test]
    fn security_2_is_what_the_apps_take_it_for() {
        let payload = Payload {
            name: "PROV_0A0B0C",
            security: 2,
            user: Some("wifiprov"),
            secret: Some("abcd1234"),
            transport: "ble",
        };
        assert_eq!(
            text(&payload),
            r#"{"ver":"v1","name":"PROV_0A0B0C","username":"wifiprov","pop":"abcd1234","transport":"ble"}"#
        );
    }

    #[test]
    fn another_security_is_said_and_text_is_escaped() {
        let payload = Payload {
            name: "A\"\\\n",
            security: 1,
            user: None,
            secret: None,
            transport: "ble",
        };
        assert_eq!(
            text(&payload),
            r#"{"ver":"v1","name":"A\"\\\u000a","transport":"ble","security":1}"#
        );
    }

    /// What `IOT_BLE_PROTOCOMM_PAYLOAD_BYTES` promises, its NUL apart.
    #[test]
    fn a_secret_of_64_quotes_takes_210_bytes() {
        let quotes = "\"".repeat(64);
        let length = |security, user| {
            let payload = Payload {
                name: "PROV_0A0B0C",
                security,
                user,
                secret: Some(&quotes),
                transport: "ble",
            };
            payload.write(&mut [0; 223])
        };
        assert_eq!(length(1, None), Ok(201));
        assert_eq!(length(2, Some("wifiprov")), Ok(210));
    }

    #[test]
    fn what_does_not_fit_is_not_cut() {
        let payload = Payload {
            name: "PROV",
            security: 0,
            user: None,
            secret: None,
            transport: "ble",
        };
        assert_eq!(payload.write(&mut [0; 20]), Err(NoRoom));
    }
}
