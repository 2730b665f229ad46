//! Byte streams whose readers can be called away.

use core::future::Future;

use embassy_futures::select::{Either3, select3};
use embassy_time::{Duration, Instant, Timer};
use embedded_io_async::{Read, Write};

/// How long a peer may take for the bytes of one packet, or leave something half said.
pub const STALL: Duration = Duration::from_secs(10);

/// The stream has ended or is stuck; what was in it is lost.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Broken;

/// What waiting for bytes brought.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Received {
    /// So many bytes.
    Bytes(usize),
    /// None; the time is up, or the reader was called away. None is lost either.
    Nothing,
}

/// A byte stream of one user.
#[allow(
    async_fn_in_trait,
    reason = "one executor, one task: nothing needs Send"
)]
pub trait Stream {
    /// Waits for bytes until that time, or until `called` is ready. To be polled to its end.
    ///
    /// # Errors
    ///
    /// [`Broken`], also when the peer has closed.
    async fn receive(
        &mut self,
        place: &mut [u8],
        until: Instant,
        called: impl Future<Output = ()>,
    ) -> Result<Received, Broken>;

    /// Sends all of the bytes. When it is given up half-way, the stream is no more to be used.
    ///
    /// # Errors
    ///
    /// [`Broken`].
    async fn send(&mut self, bytes: &[u8]) -> Result<(), Broken>;

    /// How long the peer may take for one packet, from its first byte to its last; whoever sends gives up then.
    fn stall(&self) -> Duration {
        STALL
    }
}

/// A [`Stream`] of a byte stream that loses nothing when a read is dropped.
pub struct DropSafe<S> {
    /// The byte stream.
    pub stream: S,
    /// How long one packet may take.
    pub stall: Duration,
}

impl<S: Read + Write> Stream for DropSafe<S> {
    async fn receive(
        &mut self,
        place: &mut [u8],
        until: Instant,
        called: impl Future<Output = ()>,
    ) -> Result<Received, Broken> {
        match select3(self.stream.read(place), Timer::at(until), called).await {
            Either3::First(Ok(0) | Err(_)) => Err(Broken),
            Either3::First(Ok(count)) => Ok(Received::Bytes(count)),
            Either3::Second(()) | Either3::Third(()) => Ok(Received::Nothing),
        }
    }

    async fn send(&mut self, bytes: &[u8]) -> Result<(), Broken> {
        self.stream.write_all(bytes).await.map_err(|_| Broken)?;
        self.stream.flush().await.map_err(|_| Broken)
    }

    fn stall(&self) -> Duration {
        self.stall
    }
}
