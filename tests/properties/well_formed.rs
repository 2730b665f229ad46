//! What well-formed CBOR is, written down from RFC 8949, section 3, without a thought of speed or
//! stack: the measure for the reader under test.

/// What was found out about one item.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Measured {
    /// Its length, bytes.
    pub(crate) length: usize,
    /// How many containers must be remembered at once to find its end: those of untold length,
    /// and what is not empty directly inside them.
    pub(crate) open: usize,
    /// Whether a key has no value in it.
    pub(crate) is_odd: bool,
}

/// Measures the item in front; `None` when it is not well-formed.
pub(crate) fn measure(bytes: &[u8]) -> Option<Measured> {
    let mut scan = Scan {
        bytes,
        at: 0,
        open: 0,
        is_odd: false,
    };
    scan.item(0, false)?;
    Some(Measured {
        length: scan.at,
        open: scan.open,
        is_odd: scan.is_odd,
    })
}

struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
    open: usize,
    is_odd: bool,
}

impl Scan<'_> {
    fn take(&mut self, length: u64) -> Option<&[u8]> {
        let end = self.at.checked_add(usize::try_from(length).ok()?)?;
        let taken = self.bytes.get(self.at..end)?;
        self.at = end;
        Some(taken)
    }

    /// Initial byte and argument; `None` as argument for additional information 31.
    fn head(&mut self) -> Option<(u8, u8, Option<u64>)> {
        let first = self.take(1)?[0];
        let info = first & 0x1f;
        let width = match info {
            0..24 => return Some((first >> 5, info, Some(u64::from(info)))),
            24..28 => 1 << (info - 24),
            31 => return Some((first >> 5, info, None)),
            _ => return None,
        };
        let argument = self
            .take(width)?
            .iter()
            .fold(0, |sum, &byte| sum << 8 | u64::from(byte));
        Some((first >> 5, info, Some(argument)))
    }

    fn break_follows(&mut self) -> bool {
        let follows = self.bytes.get(self.at) == Some(&0xff);
        self.at += usize::from(follows);
        follows
    }

    /// `depth` containers are remembered around it; `in_untold`: it lies directly in one of untold length.
    fn item(&mut self, depth: usize, in_untold: bool) -> Option<()> {
        let (major, info, argument) = self.head()?;
        match (major, argument) {
            (0 | 1, Some(_)) => Some(()),
            (2 | 3, Some(length)) => self.take(length).map(|_| ()),
            (2 | 3, None) => {
                while !self.break_follows() {
                    let (chunk, _, length) = self.head()?;
                    if chunk != major {
                        return None;
                    }
                    self.take(length?)?;
                }
                Some(())
            }
            (4..=6, Some(count)) => {
                let items = match major {
                    4 => count,
                    5 => count.checked_mul(2)?,
                    _ => 1,
                };
                let depth = depth + usize::from(in_untold && items != 0);
                self.open = self.open.max(depth);
                (0..items).try_for_each(|_| self.item(depth, false))
            }
            (4 | 5, None) => {
                let depth = depth + 1;
                self.open = self.open.max(depth);
                let mut items = 0_usize;
                while !self.break_follows() {
                    self.item(depth, true)?;
                    items += 1;
                }
                self.is_odd |= major == 5 && items % 2 == 1;
                Some(())
            }
            (7, Some(value)) => (info != 24 || value >= 32).then_some(()),
            // A break that ends nothing, and what cannot be of untold length.
            _ => None,
        }
    }
}
