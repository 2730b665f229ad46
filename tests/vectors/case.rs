//! The vectors as values: what was measured, and what we are to do.

/// All vectors.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Table<'a> {
    pub(crate) encodings: &'a [Encoding<'a>],
    pub(crate) decodings: &'a [Decoding<'a>],
    pub(crate) runs: &'a [Run<'a>],
}

/// A response and its bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Encoding<'a> {
    pub(crate) id: &'a str,
    pub(crate) says: Says<'a>,
    /// `None` where C's buffer was too short: then the length alone is known.
    pub(crate) bytes: Option<&'a [u8]>,
    pub(crate) length: usize,
}

/// What a response says. Kinds are the wire's numbers of the requests.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Says<'a> {
    StatusOnly {
        kind: u8,
        status: u8,
    },
    OneNetwork {
        status: u8,
        ssid: &'a [u8],
        bssid: &'a [u8],
        security: u8,
        hidden: bool,
        rssi: i8,
        connected: bool,
        priority: Option<u16>,
        last: bool,
    },
}

/// A message and what becomes of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Decoding<'a> {
    pub(crate) id: &'a str,
    pub(crate) bytes: &'a [u8],
    pub(crate) outcome: Outcome<'a>,
}

/// What becomes of a message.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Outcome<'a> {
    ListsUpTo {
        max: u8,
    },
    Joins {
        priority: i16,
    },
    Saves {
        connect: bool,
        ssid: &'a [u8],
        bssid: &'a [u8],
        security: u8,
        passphrase: &'a [u8],
    },
    Edits {
        from: i16,
        to: i16,
    },
    Deletes {
        priority: i16,
    },
    /// Answered with a status, and nothing else happens.
    AnsweredWith {
        kind: u8,
        status: u8,
    },
    /// No answer, and nothing else happens.
    Dropped,
}

/// Requests to a device, and all that comes of them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Run<'a> {
    pub(crate) id: &'a str,
    /// Networks in the store at first.
    pub(crate) saved: u8,
    /// Access points in the air.
    pub(crate) air: u8,
    /// Priority of the network the device is on at first.
    pub(crate) connected: Option<u8>,
    /// What every join comes to.
    pub(crate) join: u8,
    /// What every scan comes to.
    pub(crate) scan: u8,
    /// The append that fails, from 1; 0: none.
    pub(crate) failing_append: u32,
    /// The removal that fails, from 1; 0: none.
    pub(crate) failing_remove: u32,
    /// The storage index that cannot be read.
    pub(crate) unreadable: Option<usize>,
    pub(crate) requests: &'a [&'a [u8]],
    /// How many of them the queue takes; the others get status 1 from the queue.
    pub(crate) queued: usize,
    /// For each request the responses, in order.
    pub(crate) responses: &'a [&'a [&'a [u8]]],
    /// Names in the store afterwards, in order of arrival.
    pub(crate) store: &'a [&'a str],
    pub(crate) calls: Expected,
}

/// How often the platform is called.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Expected {
    pub(crate) append: u32,
    pub(crate) remove: u32,
    pub(crate) join: u32,
    pub(crate) leave: u32,
    pub(crate) scan: u32,
}
