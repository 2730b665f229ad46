//! What is below TLS: a stream in which records are told apart, so that a reader can be called away
//! between two of them.

use core::fmt;
use core::future::{Future, pending};

use embassy_sync::blocking_mutex::raw::NoopRawMutex;
use embassy_sync::mutex::Mutex;
use embassy_time::{Duration, Instant};
use embedded_io_async::{ErrorKind, ErrorType, Read, Write};

use crate::stream::{Broken, Received, STALL, Stream};

/// Bytes read ahead.
const AHEAD: usize = 512;
/// Length of a record's header.
const HEADER: usize = 5;
/// Content type of an encrypted record.
const APPLICATION_DATA: u8 = 23;
/// An encrypted record has its true content type and the cipher's tag at least.
const LEAST: usize = 17;

/// How long a record may take. The library below gives a reader back only between two of them: whoever sends one drop by
/// drop would hold the client, who hears and says nothing meanwhile.
const RECORD_TIME: Duration = Duration::from_secs(60);

/// Why TLS gets no bytes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum WireError {
    /// No record has begun.
    Quiet,
    /// The stream has ended, stalls, or holds a record that cannot be one.
    Broken,
}

impl fmt::Display for WireError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Quiet => "no record has begun",
            Self::Broken => "the stream is broken",
        })
    }
}

impl core::error::Error for WireError {}

impl embedded_io_async::Error for WireError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::Quiet => ErrorKind::TimedOut,
            Self::Broken => ErrorKind::BrokenPipe,
        }
    }
}

/// Where in a record the reader is.
#[derive(Clone, Copy)]
enum Place {
    /// So many bytes of the header are known.
    Header { known: usize, bytes: [u8; HEADER] },
    /// So many bytes are left of the body.
    Body { left: usize },
}

const BETWEEN: Place = Place::Header {
    known: 0,
    bytes: [0; HEADER],
};

struct Inner<S> {
    stream: S,
    ahead: heapless::Vec<u8, AHEAD>,
    place: Place,
    /// When the record that is read began.
    began: Instant,
    /// Whether a reader between two records waits for the next one, as in the handshake.
    waits: bool,
}

/// The stream below TLS.
pub struct Wire<S>(Mutex<NoopRawMutex, Inner<S>>);

impl<S: Stream> Wire<S> {
    /// A wire on which nothing was said yet.
    pub fn new(stream: S) -> Self {
        Self(Mutex::new(Inner {
            stream,
            ahead: heapless::Vec::new(),
            place: BETWEEN,
            began: Instant::MIN,
            waits: true,
        }))
    }

    /// The handshake is done: from now on a reader does not wait between records.
    pub(super) async fn opened(&self) {
        self.0.lock().await.waits = false;
    }

    /// Waits for the first byte of a record.
    pub(super) async fn ready(
        &self,
        until: Instant,
        called: impl Future<Output = ()>,
    ) -> Result<bool, Broken> {
        let mut inner = self.0.lock().await;
        if inner.ahead.is_empty() {
            return Ok(inner.fill(until, called).await? == Filled::Some);
        }
        Ok(true)
    }
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Filled {
    Some,
    None,
}

impl<S: Stream> Inner<S> {
    async fn fill(
        &mut self,
        until: Instant,
        called: impl Future<Output = ()>,
    ) -> Result<Filled, Broken> {
        let mut bytes = [0; AHEAD];
        match self.stream.receive(&mut bytes, until, called).await? {
            Received::Nothing => Ok(Filled::None),
            Received::Bytes(count) => {
                let bytes = bytes.get(..count).ok_or(Broken)?;
                self.ahead.extend_from_slice(bytes).map_err(|_| Broken)?;
                Ok(Filled::Some)
            }
        }
    }

    /// Follows the records in what is handed on.
    fn follow(&mut self, mut bytes: &[u8]) -> Result<(), Broken> {
        while let [first, rest @ ..] = bytes {
            self.place = match self.place {
                Place::Header {
                    known,
                    bytes: mut header,
                } => {
                    *header.get_mut(known).ok_or(Broken)? = *first;
                    bytes = rest;
                    match known.wrapping_add(1) {
                        HEADER => begin(header, self.waits)?,
                        known => Place::Header {
                            known,
                            bytes: header,
                        },
                    }
                }
                Place::Body { left } => {
                    let passed = left.min(bytes.len());
                    bytes = bytes.get(passed..).unwrap_or_default();
                    match left.saturating_sub(passed) {
                        0 => BETWEEN,
                        left => Place::Body { left },
                    }
                }
            };
        }
        Ok(())
    }

    fn between(&self) -> bool {
        matches!(self.place, Place::Header { known: 0, .. })
    }
}

/// A record begins. Once the handshake is done every record is encrypted, so has the kind of application data (RFC 8446,
/// section 5.2): one of another kind comes from somebody in between, and the library below would panic at it.
fn begin([kind, _, _, high, low]: [u8; HEADER], in_handshake: bool) -> Result<Place, Broken> {
    let left = usize::from(u16::from_be_bytes([high, low]));
    if (kind == APPLICATION_DATA && left < LEAST) || (kind != APPLICATION_DATA && !in_handshake) {
        return Err(Broken);
    }
    Ok(if left == 0 {
        BETWEEN
    } else {
        Place::Body { left }
    })
}

impl<S> ErrorType for &Wire<S> {
    type Error = WireError;
}

impl<S: Stream> Read for &Wire<S> {
    async fn read(&mut self, place: &mut [u8]) -> Result<usize, WireError> {
        let mut inner = self.0.lock().await;
        if inner.between() {
            inner.began = Instant::now();
        }
        if inner.ahead.is_empty() {
            if inner.between() && !inner.waits {
                return Err(WireError::Quiet);
            }
            let until = Instant::now().saturating_add(STALL);
            let until = until.min(inner.began.saturating_add(RECORD_TIME));
            while inner.ahead.is_empty() {
                // Called away by nobody: nothing means that the time is up.
                let filled = inner.fill(until, pending()).await;
                if filled != Ok(Filled::Some) && Instant::now() >= until || filled.is_err() {
                    return Err(WireError::Broken);
                }
            }
        }
        let count = place.len().min(inner.ahead.len());
        let (front, _) = inner.ahead.split_at(count);
        for (to, from) in place.iter_mut().zip(front) {
            *to = *from;
        }
        let handed = place.get(..count).unwrap_or_default();
        inner.follow(handed).map_err(|Broken| WireError::Broken)?;
        let left = inner.ahead.len().saturating_sub(count);
        inner.ahead.copy_within(count.., 0);
        inner.ahead.truncate(left);
        Ok(count)
    }
}

impl<S: Stream> Write for &Wire<S> {
    async fn write(&mut self, bytes: &[u8]) -> Result<usize, WireError> {
        let mut inner = self.0.lock().await;
        let sent = inner.stream.send(bytes).await;
        sent.map_err(|Broken| WireError::Broken)?;
        Ok(bytes.len())
    }

    async fn flush(&mut self) -> Result<(), WireError> {
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, clippy::unwrap_used, reason = "tests")]
mod tests {
    use embassy_time::Timer;

    use super::*;
    use crate::client::tests::within;

    const HANDSHAKE: u8 = 22;

    #[test]
    fn after_the_handshake_every_record_is_encrypted() {
        let finished = [HANDSHAKE, 3, 3, 0, 36];
        assert!(begin(finished, true).is_ok());
        assert!(begin(finished, false).is_err());
        assert!(begin([APPLICATION_DATA, 3, 3, 0, 36], false).is_ok());
        assert!(begin([APPLICATION_DATA, 3, 3, 0, 3], false).is_err());
    }

    /// The header of a long record, and then a byte every so many seconds.
    struct Drips {
        pause: Duration,
        given: usize,
    }

    impl Stream for Drips {
        async fn receive(
            &mut self,
            place: &mut [u8],
            until: Instant,
            _: impl Future<Output = ()>,
        ) -> Result<Received, Broken> {
            if self.given >= HEADER {
                let next = Instant::now().saturating_add(self.pause);
                Timer::at(next.min(until)).await;
                if next > until {
                    return Ok(Received::Nothing);
                }
            }
            let header = [APPLICATION_DATA, 3, 3, 0x40, 0x11];
            *place.first_mut().ok_or(Broken)? = header.get(self.given).copied().unwrap_or(7);
            self.given = self.given.saturating_add(1);
            Ok(Received::Bytes(1))
        }

        async fn send(&mut self, _: &[u8]) -> Result<(), Broken> {
            Err(Broken)
        }
    }

    #[test]
    fn a_record_that_drips_has_a_minute() {
        let wire = Wire::new(Drips {
            pause: Duration::from_secs(9),
            given: 0,
        });
        let read = async {
            let mut byte = [0];
            while (&wire).read(&mut byte).await.is_ok() {}
        };
        let (_, after) = within(1000, read).unwrap();
        assert!(after <= RECORD_TIME + Duration::from_secs(1), "{after}");
        assert!(after >= Duration::from_secs(54), "{after}");
    }
}
