//! Whether a broker is who it should be.

use core::time::Duration;

use embedded_tls::{
    Aes128GcmSha256, CertificateEntryRef, CertificateRef, CertificateVerifyRef, Sha256,
    SignatureScheme, TlsError, TlsVerifier,
};
use heapless::Vec;
use p256::ecdsa::signature::digest::Digest as _;
use pki_types::{CertificateDer, ServerName, UnixTime};
use webpki::{EndEntityCert, Error, KeyUsage, anchor_from_trusted_cert};

use super::signature::EcdsaP256Sha256;
use super::{CERTIFICATE_MAX, Distrust};

/// Most certificates between the broker's and the authority's.
const INTERMEDIATES: usize = 4;
/// What comes before the transcript's hash in what the broker signs (RFC 8446, 4.4.3).
const PADDING: [u8; 64] = [0x20; 64];
const CONTEXT: &[u8] = b"TLS 1.3, server CertificateVerify\0";
const HASH: usize = 32;
const SIGNED: usize = PADDING.len() + CONTEXT.len() + HASH;

/// How far the broker has come.
enum Standing {
    /// It has shown nothing.
    Unknown,
    /// Its certificate is good; that it has the key is to be proven over this transcript.
    Vouched {
        transcript: Sha256,
    },
    /// It is who it should be.
    Proven,
    Distrusted(Distrust),
}

pub(super) struct ServerVerifier<'a> {
    authority: &'a [u8],
    name: &'a str,
    unix_time: Option<u64>,
    standing: Standing,
    /// The broker's certificate, once it is vouched for.
    certificate: Vec<u8, CERTIFICATE_MAX>,
}

impl<'a> ServerVerifier<'a> {
    pub(super) fn new(authority: &'a [u8], name: &'a str, unix_time: Option<u64>) -> Self {
        Self {
            authority,
            name,
            unix_time,
            standing: Standing::Unknown,
            certificate: Vec::new(),
        }
    }

    /// Whether it has proven who it is.
    ///
    /// # Errors
    ///
    /// Why it has not.
    pub(super) fn proven(&self) -> Result<(), Distrust> {
        match self.standing {
            Standing::Proven => Ok(()),
            Standing::Distrusted(why) => Err(why),
            Standing::Unknown | Standing::Vouched { .. } => Err(Distrust::Unproven),
        }
    }

    fn judge(&self, shown: &CertificateRef<'_>) -> Result<Vec<u8, CERTIFICATE_MAX>, Distrust> {
        let mut chain = shown.entries.iter().map(|entry| match entry {
            CertificateEntryRef::X509(certificate) => Ok(*certificate),
            CertificateEntryRef::RawPublicKey(_) => Err(Distrust::Malformed),
        });
        let leaf = chain.next().ok_or(Distrust::Unproven)??;
        let mut intermediates = Vec::<CertificateDer<'_>, INTERMEDIATES>::new();
        for certificate in chain {
            intermediates
                .push(CertificateDer::from(certificate?))
                .map_err(|_| Distrust::Malformed)?;
        }
        let authority = CertificateDer::from(self.authority);
        let anchor = anchor_from_trusted_cert(&authority).map_err(|_| Distrust::Configuration)?;
        let name = ServerName::try_from(self.name).map_err(|_| Distrust::Configuration)?;
        let now = self.unix_time.ok_or(Distrust::NoTime)?;

        let der = CertificateDer::from(leaf);
        let certificate = EndEntityCert::try_from(&der).map_err(reason)?;
        certificate
            .verify_for_usage(
                &[&EcdsaP256Sha256],
                &[anchor],
                &intermediates,
                UnixTime::since_unix_epoch(Duration::from_secs(now)),
                KeyUsage::server_auth(),
                None,
                None,
            )
            .map_err(reason)?;
        certificate
            .verify_is_valid_for_subject_name(&name)
            .map_err(reason)?;
        Vec::from_slice(leaf).map_err(|_| Distrust::Malformed)
    }

    fn prove(&mut self, shown: &CertificateVerifyRef<'_>) -> Result<(), Distrust> {
        let Standing::Vouched { transcript } = &self.standing else {
            return Err(Distrust::Unproven);
        };
        if !matches!(
            shown.signature_scheme,
            SignatureScheme::EcdsaSecp256r1Sha256
        ) {
            return Err(Distrust::Algorithm);
        }
        let mut signed = Vec::<u8, SIGNED>::new();
        for part in [
            &PADDING[..],
            CONTEXT,
            transcript.clone().finalize().as_slice(),
        ] {
            signed
                .extend_from_slice(part)
                .map_err(|_| Distrust::Malformed)?;
        }
        let der = CertificateDer::from(self.certificate.as_slice());
        EndEntityCert::try_from(&der)
            .and_then(|certificate| {
                certificate.verify_signature(&EcdsaP256Sha256, &signed, shown.signature)
            })
            .map_err(reason)
    }

    fn settle<T>(&mut self, judged: Result<T, Distrust>) -> Result<T, TlsError> {
        judged.map_err(|why| {
            self.standing = Standing::Distrusted(why);
            TlsError::InvalidCertificate
        })
    }
}

/// The library's reason as ours.
fn reason(error: Error) -> Distrust {
    match error {
        Error::CertExpired { .. } => Distrust::Expired,
        Error::CertNotValidYet { .. } => Distrust::NotYetValid,
        Error::UnknownIssuer | Error::CaUsedAsEndEntity | Error::EndEntityUsedAsCa => {
            Distrust::UnknownIssuer
        }
        Error::CertNotValidForName(_) | Error::NameConstraintViolation => Distrust::WrongName,
        Error::RequiredEkuNotFoundContext(_) => Distrust::WrongUse,
        Error::InvalidSignatureForPublicKey => Distrust::Signature,
        Error::UnsupportedSignatureAlgorithmContext(_)
        | Error::UnsupportedSignatureAlgorithmForPublicKeyContext(_) => Distrust::Algorithm,
        _ => Distrust::Malformed,
    }
}

impl TlsVerifier<Aes128GcmSha256> for ServerVerifier<'_> {
    /// The name was given to us directly, as this is not called for an IP address.
    fn set_hostname_verification(&mut self, _: &str) -> Result<(), TlsError> {
        Ok(())
    }

    fn verify_certificate(
        &mut self,
        transcript: &Sha256,
        shown: CertificateRef<'_>,
    ) -> Result<(), TlsError> {
        if !matches!(self.standing, Standing::Unknown) {
            return self.settle(Err(Distrust::Unproven));
        }
        let judged = self.judge(&shown);
        self.certificate = self.settle(judged)?;
        self.standing = Standing::Vouched {
            transcript: transcript.clone(),
        };
        Ok(())
    }

    fn verify_signature(&mut self, shown: CertificateVerifyRef<'_>) -> Result<(), TlsError> {
        let proof = self.prove(&shown);
        self.settle(proof)?;
        self.standing = Standing::Proven;
        Ok(())
    }
}
