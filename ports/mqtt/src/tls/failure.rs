//! Why there is no connection, in words for the console.

use core::fmt;

/// Why a broker is not trusted.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Distrust {
    /// It showed no certificate, or did not prove that it has the key.
    Unproven,
    /// Its certificate is older than its last day.
    Expired,
    /// Its certificate's first day has not come.
    NotYetValid,
    /// The configured authority did not vouch for it.
    UnknownIssuer,
    /// Its certificate is for another name.
    WrongName,
    /// Its certificate is not for servers.
    WrongUse,
    /// A signature is not true.
    Signature,
    /// It uses another algorithm than ECDSA on P-256 with SHA-256.
    Algorithm,
    /// Its certificate is malformed, too large, or has something critical that is not understood.
    Malformed,
    /// The board does not know the time.
    NoTime,
    /// The configured authority's certificate, or the broker's name, cannot be used.
    Configuration,
}

impl fmt::Display for Distrust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unproven => "it did not prove who it is",
            Self::Expired => "its certificate has expired",
            Self::NotYetValid => "its certificate is not valid yet",
            Self::UnknownIssuer => "its certificate is not from the configured authority",
            Self::WrongName => "its certificate is for another name",
            Self::WrongUse => "its certificate is not for a server",
            Self::Signature => "a signature of its certificates is wrong",
            Self::Algorithm => "it does not use ECDSA on P-256",
            Self::Malformed => "its certificate cannot be read",
            Self::NoTime => "the time is not known, so no certificate can be checked",
            Self::Configuration => "the configured authority or name is not usable",
        })
    }
}

/// Why a handshake failed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TlsFailure {
    /// The broker is not trusted.
    Untrusted(Distrust),
    /// The broker wants a certificate and we have none.
    CertificateWanted,
    /// The broker ended the connection when it was shown our certificate.
    CertificateRefused,
    /// The broker ended the handshake with an alert.
    Refused,
    /// The broker breaks the protocol, or uses something that is not supported.
    Protocol,
    /// The stream below ended or stalled.
    Broken,
    /// It was not done after [`HANDSHAKE_TIME`](super::HANDSHAKE_TIME).
    Slow,
}

impl fmt::Display for TlsFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Untrusted(why) => write!(f, "the broker is not trusted: {why}"),
            Self::CertificateWanted => {
                f.write_str("the broker wants a client certificate, and none is provisioned")
            }
            Self::CertificateRefused => {
                f.write_str("the broker did not accept this device's certificate")
            }
            Self::Refused => f.write_str("the broker refused the TLS handshake"),
            Self::Protocol => f.write_str("the broker does not speak TLS 1.3 as this device does"),
            Self::Broken => f.write_str("the connection broke during the TLS handshake"),
            Self::Slow => f.write_str("the TLS handshake took too long"),
        }
    }
}
