//! What embedded-tls asks its user for.

use embedded_tls::{
    Aes128GcmSha256, Certificate, CryptoProvider, CryptoRngCore, SignatureScheme, TlsError,
    TlsVerifier,
};
use p256::ecdsa::{DerSignature, SigningKey};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;

use super::verify::ServerVerifier;
use super::{Credentials, Moment};

pub(super) struct Provider<'a> {
    random: ChaCha20Rng,
    pub(super) verifier: ServerVerifier<'a>,
    credentials: &'a Credentials<'a>,
    /// Whether the broker asked for a certificate and we had none.
    pub(super) lacked: bool,
    /// Whether the broker was shown our certificate.
    pub(super) shown: bool,
}

impl<'a> Provider<'a> {
    pub(super) fn new(name: &'a str, credentials: &'a Credentials<'a>, moment: &Moment) -> Self {
        Self {
            random: ChaCha20Rng::from_seed(moment.seed),
            verifier: ServerVerifier::new(credentials.authority, name, moment.unix_time),
            credentials,
            lacked: false,
            shown: false,
        }
    }
}

impl CryptoProvider for Provider<'_> {
    type CipherSuite = Aes128GcmSha256;
    type Signature = DerSignature;

    fn rng(&mut self) -> impl CryptoRngCore {
        &mut self.random
    }

    fn verifier(&mut self) -> Result<&mut impl TlsVerifier<Aes128GcmSha256>, TlsError> {
        Ok(&mut self.verifier)
    }

    fn signer(
        &mut self,
    ) -> Result<
        (
            impl p256::ecdsa::signature::SignerMut<DerSignature>,
            SignatureScheme,
        ),
        TlsError,
    > {
        let key: SigningKey = self
            .credentials
            .own
            .and_then(|(_, key)| key.signing())
            .ok_or(TlsError::InvalidPrivateKey)?;
        Ok((key, SignatureScheme::EcdsaSecp256r1Sha256))
    }

    /// Shown only to a broker that has proven who it is.
    fn client_cert(&mut self) -> Option<Certificate<impl AsRef<[u8]>>> {
        let own = self.credentials.own.map(|(certificate, _)| certificate);
        self.lacked = own.is_none();
        let own = own.filter(|_| self.verifier.proven().is_ok());
        self.shown = own.is_some();
        own.map(Certificate::X509)
    }
}
