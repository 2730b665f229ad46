//! `prov-scan`: which networks are in reach, in pages.

use super::config::Ssid;
use super::shape::{Field, Shape};
use super::wire::scan as wire;
use super::{Status, Unreadable, Unwritable, copy, read, room, write};
use crate::config::BSSID_BYTES;

/// A checked request. How to scan (passively, on how many channels at a time, for how long) is the
/// driver's matter, and passed over.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Request {
    /// Scan.
    Start {
        /// The answer is to wait for the end.
        blocking: bool,
    },
    /// Is it over, and how many were found?
    State,
    /// Show some of them.
    Page {
        /// The first.
        start: usize,
        /// How many.
        count: usize,
    },
}

const REQUEST: Shape = Shape(&[
    (1, Field::Number),
    (
        10,
        Field::Message(Shape(&[
            (1, Field::Number),
            (2, Field::Number),
            (3, Field::Number),
            (4, Field::Number),
        ])),
    ),
    (
        14,
        Field::Message(Shape(&[(1, Field::Number), (2, Field::Number)])),
    ),
]);

/// Reads a request.
///
/// # Errors
///
/// [`Unreadable`], also for the kinds of Thread.
pub fn decode(message: &[u8]) -> Result<Request, Unreadable> {
    let request: wire::Request = read(message, &REQUEST)?;
    Ok(match request.msg {
        0 => Request::Start {
            blocking: request.start.is_some_and(|start| start.blocking),
        },
        2 => Request::State,
        4 => {
            let page = request.page.unwrap_or_default();
            Request::Page {
                // More than there can ever be, should it not fit.
                start: usize::try_from(page.start_index).unwrap_or(usize::MAX),
                count: usize::try_from(page.count).unwrap_or(usize::MAX),
            }
        }
        _ => return Err(Unreadable),
    })
}

/// A network in reach.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Entry {
    /// Its name; empty when it hides it.
    pub ssid: Ssid,
    /// The access point's address.
    pub bssid: [u8; BSSID_BYTES],
    /// Its channel, 0 when the driver does not say.
    pub channel: u8,
    /// Signal strength, dBm.
    pub rssi: i8,
    /// How it is protected, as the driver numbers it.
    pub security: u8,
}

/// The protocol's number for the driver's. What the driver has no number for comes as enterprise: the
/// phone's apps know that they cannot join that, and some fail at a number they do not know.
#[must_use]
pub const fn security(driver: u8) -> u8 {
    match driver {
        0..=3 => driver,
        5 => 6,
        _ => 5,
    }
}

/// Writes the answer to [`Request::Start`]; gives its length.
///
/// # Errors
///
/// [`Unwritable`].
pub fn encode_started(status: Status, out: &mut [u8]) -> Result<usize, Unwritable> {
    let response = wire::Response {
        msg: 1,
        status: status.into(),
        started: Some(wire::Started {}),
        ..wire::Response::default()
    };
    write(&response, out)
}

/// Writes the answer to [`Request::State`]; gives its length.
///
/// # Errors
///
/// [`Unwritable`].
pub fn encode_state(finished: bool, count: usize, out: &mut [u8]) -> Result<usize, Unwritable> {
    let response = wire::Response {
        msg: 3,
        state: Some(wire::State {
            finished,
            count: u32::try_from(count).map_err(|_| Unwritable::NoRoom)?,
        }),
        ..wire::Response::default()
    };
    write(&response, out)
}

/// Writes the answer to [`Request::Page`], or the status that says why there is none; gives its length.
///
/// # Errors
///
/// [`Unwritable`].
pub fn encode_page(page: Result<&[Entry], Status>, out: &mut [u8]) -> Result<usize, Unwritable> {
    let mut entries = room(page.map_or(0, <[Entry]>::len))?;
    let status = match page {
        Ok(page) => {
            for one in page {
                entries.push(entry(one)?);
            }
            Status::Success
        }
        Err(status) => status,
    };
    let response = wire::Response {
        msg: 5,
        status: status.into(),
        entries: Some(wire::Entries { entries }),
        ..wire::Response::default()
    };
    write(&response, out)
}

fn entry(entry: &Entry) -> Result<wire::Entry, Unwritable> {
    Ok(wire::Entry {
        ssid: copy(&entry.ssid)?,
        channel: entry.channel.into(),
        rssi: entry.rssi.into(),
        bssid: copy(&entry.bssid)?,
        security: security(entry.security).into(),
    })
}
