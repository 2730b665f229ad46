//! Opening a connection, and the stream it then is.

use core::future::Future;

use embassy_time::{Instant, with_timeout};
use embedded_io_async::ErrorKind;
use embedded_tls::{Aes128GcmSha256, TlsConfig, TlsConnection, TlsContext, TlsError};
use pki_types::ServerName;

use super::provider::Provider;
use super::wire::Wire;
use super::{Credentials, HANDSHAKE_TIME, Moment, TlsFailure};
use crate::stream::{Broken, Received, Stream};

/// The largest record there may be (RFC 8446, 5.2), and its header.
const READ: usize = 16_640 + 5;
/// Holds our certificate, or a part of a packet.
const WRITE: usize = 4096;

/// Memory of a connection, about 21 KB: a record has to be whole to be checked, and a broker may send
/// records of 16 KB.
pub struct Buffers {
    read: [u8; READ],
    write: [u8; WRITE],
}

impl Buffers {
    /// Empty memory.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            read: [0; READ],
            write: [0; WRITE],
        }
    }
}

impl Default for Buffers {
    fn default() -> Self {
        Self::new()
    }
}

/// A connection whose both ends are proven.
pub struct TlsStream<'b, S: Stream> {
    tls: TlsConnection<'b, &'b Wire<S>, Aes128GcmSha256>,
    wire: &'b Wire<S>,
}

/// Opens a connection to the broker of that name: a host name, or an IP address in words, as its
/// certificate has it.
///
/// # Errors
///
/// See [`TlsFailure`]; nothing was sent inside the connection then.
pub async fn open<'b, S: Stream>(
    wire: &'b Wire<S>,
    buffers: &'b mut Buffers,
    name: &str,
    credentials: &Credentials<'_>,
    moment: &Moment,
) -> Result<TlsStream<'b, S>, TlsFailure> {
    let mut tls = TlsConnection::new(wire, &mut buffers.read, &mut buffers.write);
    let config = match ServerName::try_from(name) {
        // The extension server_name has no IP addresses (RFC 6066, 3).
        Ok(ServerName::IpAddress(_)) => TlsConfig::new(),
        _ => TlsConfig::new().with_server_name(name),
    };
    let mut provider = Provider::new(name, credentials, moment);
    let opening = tls.open(TlsContext::new(&config, &mut provider));
    let opened = with_timeout(HANDSHAKE_TIME, opening)
        .await
        .map_err(|_| TlsFailure::Slow)?;
    let proven = provider.verifier.proven();
    match opened {
        Ok(()) => {}
        Err(TlsError::InvalidCertificate) => {
            return Err(match proven {
                Err(why) => TlsFailure::Untrusted(why),
                Ok(()) => TlsFailure::Protocol,
            });
        }
        Err(TlsError::HandshakeAborted(..)) => return Err(TlsFailure::Refused),
        Err(TlsError::Io(_) | TlsError::IoError) => {
            return Err(if provider.shown {
                TlsFailure::CertificateRefused
            } else {
                TlsFailure::Broken
            });
        }
        Err(_) => return Err(TlsFailure::Protocol),
    }
    proven.map_err(TlsFailure::Untrusted)?;
    if provider.lacked {
        return Err(TlsFailure::CertificateWanted);
    }
    wire.opened().await;
    Ok(TlsStream { tls, wire })
}

impl<S: Stream> Stream for TlsStream<'_, S> {
    async fn receive(
        &mut self,
        place: &mut [u8],
        until: Instant,
        called: impl Future<Output = ()>,
    ) -> Result<Received, Broken> {
        // What is left of the last record first.
        match self.tls.read(place).await {
            Ok(count) => return Ok(Received::Bytes(count)),
            Err(TlsError::Io(ErrorKind::TimedOut)) => {}
            Err(_) => return Err(Broken),
        }
        if !self.wire.ready(until, called).await? {
            return Ok(Received::Nothing);
        }
        match self.tls.read(place).await {
            Ok(count) => Ok(Received::Bytes(count)),
            // A record without content for us, such as a session ticket.
            Err(TlsError::Io(ErrorKind::TimedOut)) => Ok(Received::Nothing),
            Err(_) => Err(Broken),
        }
    }

    async fn send(&mut self, mut bytes: &[u8]) -> Result<(), Broken> {
        while !bytes.is_empty() {
            let sent = self.tls.write(bytes).await.map_err(|_| Broken)?;
            bytes = bytes.get(sent..).unwrap_or_default();
        }
        self.tls.flush().await.map_err(|_| Broken)
    }
}
