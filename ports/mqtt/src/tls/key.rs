//! The private key.

use p256::ecdsa::SigningKey;
use zeroize::Zeroizing;

/// Length of a key on the curve P-256.
const LENGTH: usize = 32;

/// A private key on the curve P-256. Wiped when dropped, and never shown.
pub struct PrivateKey(Zeroizing<[u8; LENGTH]>);

impl PrivateKey {
    /// From its 32 bytes, most significant first; `None` when they are no key.
    #[must_use]
    pub fn new(bytes: &[u8]) -> Option<Self> {
        let bytes = Zeroizing::new(<[u8; LENGTH]>::try_from(bytes).ok()?);
        SigningKey::from_slice(bytes.as_slice()).ok()?;
        Some(Self(bytes))
    }

    /// For signing; wiped when dropped, too. `None` cannot come of a key that was checked.
    pub(super) fn signing(&self) -> Option<SigningKey> {
        SigningKey::from_slice(self.0.as_slice()).ok()
    }
}
