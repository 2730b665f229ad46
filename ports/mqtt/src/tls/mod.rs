//! TLS 1.3 over a byte stream, both sides known by certificates.
//!
//! The handshake and the records are embedded-tls's. What it was found to leave open is closed here:
//!
//! | what embedded-tls 0.19 does | here |
//! |---|---|
//! | takes a server that sends no certificate at all, as its handshake ends with Finished alone | [`open`] refuses what was not proven |
//! | takes any certificate as an issuer; knows no use, no IP address | [`verify`] judges chain, use, name, dates by rustls-webpki |
//! | goes on without a clock | no time, no trust |
//! | answers a broker that wants a certificate with none, and learns of the refusal after it has sent data | refused before anything is sent |
//! | panics at an encrypted record without content | [`wire`] ends the stream there |
//! | loses bytes when a read is given up in the middle | [`wire`] waits before a record, never in one |

mod failure;
mod key;
mod provider;
mod signature;
mod stream;
mod verify;
mod wire;

use embassy_time::Duration;

pub use failure::{Distrust, TlsFailure};
pub use key::PrivateKey;
pub use stream::{Buffers, TlsStream, open};
pub use wire::Wire;

/// How long a handshake may take as a whole: a peer that sends a byte now and then would not stall, and hold the only
/// connection for ever.
pub const HANDSHAKE_TIME: Duration = Duration::from_secs(60);

/// Longest certificate of a broker, in bytes of DER.
pub const CERTIFICATE_MAX: usize = 2048;

/// What the connection is to be proven with. Certificates are DER.
pub struct Credentials<'a> {
    /// The certificate of the authority that vouches for the broker.
    pub authority: &'a [u8],
    /// Our own certificate and its key.
    pub own: Option<(&'a [u8], &'a PrivateKey)>,
}

/// What the board knows that a handshake needs.
pub struct Moment {
    /// Seconds since 1970 in UTC; `None` when the board does not know, and then no broker is trusted.
    pub unix_time: Option<u64>,
    /// Random numbers, new ones for each connection.
    pub seed: [u8; 32],
}
