//! Saved networks, told apart by one number each.

/// A list in storage order: each network's number.
pub(crate) type List = Vec<u8>;

/// The network an addition brings.
pub(crate) const NEW: u8 = 100;

/// The network that comes in the place of another: of its name, with another passphrase.
pub(crate) const fn renewed(network: u8) -> u8 {
    network | RENEWED
}

/// What it has in common with the one it comes in the place of.
pub(crate) const fn name(network: u8) -> u8 {
    network & !RENEWED
}

/// Larger than the number of any other.
const RENEWED: u8 = 0x80;

/// `count` networks.
pub(crate) fn of(count: u8) -> List {
    (0..count).collect()
}

/// Whether every one of `wanted` is in `list` exactly once, and nothing else.
pub(crate) fn is_same_set(list: &[u8], wanted: &[u8]) -> bool {
    let mut list = list.to_vec();
    let mut wanted = wanted.to_vec();
    list.sort_unstable();
    wanted.sort_unstable();
    list == wanted
}
