//! Octets nobody but their owner may see.

use zeroize::{Zeroize, ZeroizeOnDrop};

/// At most `N` secret octets: not shown by any formatting, compared by whoever knows how, wiped when
/// dropped. `N` is at most 255.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Secret<const N: usize> {
    octets: [u8; N],
    length: u8,
}

impl<const N: usize> Secret<N> {
    /// No octets.
    pub const EMPTY: Self = Self {
        octets: [0; N],
        length: 0,
    };

    /// A copy; `None` when there are too many.
    #[must_use]
    pub fn copy_of(octets: &[u8]) -> Option<Self> {
        let mut secret = Self::EMPTY;
        secret
            .octets
            .get_mut(..octets.len())?
            .copy_from_slice(octets);
        secret.length = u8::try_from(octets.len()).ok()?;
        Some(secret)
    }

    /// The octets themselves.
    #[must_use]
    pub fn reveal(&self) -> &[u8] {
        self.octets.get(..usize::from(self.length)).unwrap_or(&[])
    }
}
