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

    /// Moves the octets away. A plain move would leave them where they were.
    #[must_use]
    pub fn taken(&mut self) -> Self {
        let taken = Self {
            octets: self.octets,
            length: self.length,
        };
        self.zeroize();
        taken
    }

    /// The octets themselves.
    #[must_use]
    pub fn reveal(&self) -> &[u8] {
        self.octets.get(..usize::from(self.length)).unwrap_or(&[])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_is_not_there_any_more() {
        let mut secret = Secret::<8>::copy_of(b"octets").unwrap();
        assert_eq!(secret.taken().reveal(), b"octets");
        assert_eq!((secret.octets, secret.length), ([0; 8], 0));
    }
}
