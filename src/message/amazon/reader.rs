//! Reads CBOR (RFC 8949) front to back: constant stack, no recursion, no panic.
//!
//! A reader that meets bytes that are not well-formed, or too few, is spoilt: it has nothing left
//! and gives nothing more. So its calls need no checking one by one; [`Reader::is_complete`] tells
//! at the end.

/// How many containers of unknown length may lie in each other inside a value nobody wants.
/// Containers that tell their length may nest as deep as the message is long.
const MAX_OPEN: usize = 4;

/// The largest argument there is: more items or bytes than any message has. So small that sums of
/// a few do not overflow.
const MAX_ARGUMENT: u32 = 0x0fff_ffff;

/// The number of items where a break ends them: so many that it stays above [`COUNTED`] when each
/// item of a message is taken off.
const UNTIL_BREAK: u32 = 1 << 30;

/// Numbers of items that were told are below this, also those of a map, two for each pair.
const COUNTED: u32 = 1 << 29;

/// Additional information: the length is not told, a break ends the item.
const INDEFINITE: u8 = 31;

/// The item that ends another of untold length.
const BREAK: u8 = 0xff;

/// The head of a text of one letter.
const LETTER: u8 = 0x61;

/// Where a spoilt reader stands: beyond every message, and far from overflow.
const NOWHERE: usize = isize::MAX as usize + 1;

/// Major types.
const UNSIGNED: u8 = 0;
const NEGATIVE: u8 = 1;
/// Byte string.
pub const BYTES: u8 = 2;
/// Text string.
pub const TEXT: u8 = 3;
const ARRAY: u8 = 4;
const MAP: u8 = 5;
const TAG: u8 = 6;

/// A place in a message, and the head of the item read last.
#[derive(Clone)]
// What is used most lies first, where short instructions reach it.
#[repr(C)]
pub struct Reader<'a> {
    message: &'a [u8],
    /// Beyond the end once the reader is spoilt.
    at: usize,
    /// How many pairs of the map are to come.
    pairs: u32,
    /// At most [`MAX_ARGUMENT`].
    argument: u32,
    first: u8,
    /// How many items the containers around still want, while an item is skipped. Here and not on
    /// the stack of who skips, so that no input takes more of it.
    open: [u32; MAX_OPEN],
}

impl<'a> Reader<'a> {
    /// Starts at the first byte.
    #[must_use]
    pub const fn new(message: &'a [u8]) -> Self {
        Self {
            message,
            at: 0,
            pairs: 0,
            open: [0; MAX_OPEN],
            first: 0,
            argument: 0,
        }
    }

    /// Whether everything was read, and was well-formed.
    #[must_use]
    pub const fn is_complete(&self) -> bool {
        self.at == self.message.len()
    }

    /// The major type of the item whose head was read.
    #[must_use]
    pub const fn major(&self) -> u8 {
        self.first >> 5
    }

    const fn is_indefinite(&self) -> bool {
        self.first & 0x1f == INDEFINITE
    }

    #[inline(never)]
    fn spoil(&mut self) {
        self.at = NOWHERE;
        self.first = BREAK;
    }

    /// Takes bytes; none when there are too few.
    fn take(&mut self, length: u32) -> &'a [u8] {
        let start = self.at;
        // Cannot overflow: see `NOWHERE` and `MAX_ARGUMENT`.
        self.at = start.wrapping_add(length as usize);
        self.message.get(start..self.at).unwrap_or_default()
    }

    /// Reads the head of an item. A spoilt reader gives breaks, so that whatever waits for one ends.
    #[inline(never)]
    pub fn head(&mut self) {
        let Some(&first) = self.message.get(self.at) else {
            return self.spoil();
        };
        self.at = self.at.wrapping_add(1);
        self.first = first;
        let info = first & 0x1f;
        self.argument = u32::from(info);
        if info >= 24 {
            self.argument();
        }
    }

    /// Reads the argument that lies behind the first byte of a head, and refuses what nothing
    /// begins with.
    #[inline(never)]
    fn argument(&mut self) {
        let info = self.first & 0x1f;
        if info < 28 {
            self.argument = 0;
            for &byte in self.take(1 << (info & 3)) {
                self.argument = if self.argument >> 20 == 0 {
                    self.argument << 8 | u32::from(byte)
                } else {
                    MAX_ARGUMENT
                };
            }
        }
        if matches!(self.first, 0x1f | 0x3f | 0xdf)
            || matches!(info, 28..INDEFINITE)
            // A simple value that must not take two bytes.
            || (self.first == 0xf8 && self.argument < 32)
        {
            self.spoil();
        }
    }

    /// Enters the map a message is; [`Self::key`] gives its keys.
    pub fn map(&mut self) {
        self.head();
        if self.major() == MAP {
            self.pairs = self.items();
        } else {
            self.spoil();
        }
    }

    /// How many items an array has, or pairs a map, whose head was read.
    const fn items(&self) -> u32 {
        if self.is_indefinite() {
            UNTIL_BREAK
        } else {
            self.argument
        }
    }

    /// Reads the next key of the map; `None` after the last. A text of one letter gives that letter,
    /// any other key gives 0.
    pub fn key(&mut self) -> Option<u8> {
        self.pairs = self.pairs.checked_sub(1)?;
        self.head();
        if self.first == BREAK {
            if self.pairs < COUNTED {
                self.spoil();
            }
            return None;
        }
        if self.first == LETTER {
            return self.take(1).first().copied();
        }
        self.rest();
        Some(0)
    }

    /// The integer whose head was read, held within 16 bits: what lies outside gives the nearest
    /// value. `None` for an item of another type.
    #[must_use]
    pub fn integer(&self) -> Option<i16> {
        let major = self.major();
        if major > NEGATIVE {
            return None;
        }
        let magnitude = i16::try_from(self.argument).unwrap_or(i16::MAX);
        // The argument of a negative one is -1 - n, which is the complement.
        Some(magnitude ^ 0_i16.wrapping_sub(major.into()))
    }

    /// The unsigned integer whose head was read; one above 28 bits gives the nearest value. `None` for
    /// an item of another type.
    #[must_use]
    pub const fn unsigned(&self) -> Option<u32> {
        match self.major() {
            UNSIGNED => Some(self.argument),
            _ => None,
        }
    }

    /// The boolean whose head was read. `None` for an item of another type.
    #[must_use]
    pub const fn boolean(&self) -> Option<bool> {
        match self.first {
            0xf4 => Some(false),
            0xf5 => Some(true),
            _ => None,
        }
    }

    /// Skips one item, whatever it is and however deep. More than `MAX_OPEN` containers of unknown
    /// length in each other spoil the reader.
    pub fn skip(&mut self) {
        self.head();
        self.rest();
    }

    /// Skips what is left of an item whose head was read.
    #[inline(never)]
    pub fn rest(&mut self) {
        // Of an integer nothing is left.
        if self.major() > NEGATIVE {
            self.contents();
        }
    }

    /// Skips a string, or what a container holds.
    #[inline(never)]
    fn contents(&mut self) {
        let mut depth = 0_usize;
        // And the innermost one, this item included.
        let mut wanted = 1_u32;
        loop {
            let mut inside = 0;
            match self.major() {
                BYTES | TEXT if self.is_indefinite() => {
                    let _ = self.string(&mut []);
                }
                BYTES | TEXT => {
                    // Cannot overflow: see `NOWHERE` and `MAX_ARGUMENT`.
                    self.at = self.at.wrapping_add(self.argument as usize);
                }
                ARRAY => inside = self.items(),
                // Two for each pair; what a break ends is more than any number either way.
                MAP => inside = self.items() << 1,
                TAG => inside = 1,
                _ if self.first == BREAK => {
                    if wanted <= COUNTED {
                        // A break where none belongs, or a spoilt reader.
                        return self.spoil();
                    }
                    wanted = 1;
                }
                _ => {}
            }
            wanted = wanted.wrapping_sub(1);
            if inside != 0 {
                if (wanted | inside) < COUNTED {
                    // Of known length inside known length: one sum does, at any depth. Should it be
                    // more than there can be, what it lacks is missed where it is looked for.
                    wanted = wanted.wrapping_add(inside).min(MAX_ARGUMENT);
                } else {
                    let Some(outer) = self.open.get_mut(depth) else {
                        return self.spoil();
                    };
                    *outer = wanted;
                    depth = depth.wrapping_add(1);
                    wanted = inside;
                }
            }
            while wanted == 0 {
                let Some(outer) = depth.checked_sub(1) else {
                    return;
                };
                depth = outer;
                wanted = self.open.get(outer).copied().unwrap_or(0);
            }
            self.head();
        }
    }

    /// Reads what is left of a string whose head was read into `field`, its chunks joined, as much
    /// of it as fits. Gives its length.
    #[inline(never)]
    pub fn string(&mut self, field: &mut [u8]) -> usize {
        let mut length = 0_usize;
        let major = self.major();
        let is_chunked = self.is_indefinite();
        while !is_chunked || self.chunk(major) {
            let piece = self.take(self.argument);
            let place = field.get_mut(length..).unwrap_or_default();
            for (to, from) in place.iter_mut().zip(piece) {
                *to = *from;
            }
            length = length.wrapping_add(piece.len());
            if !is_chunked {
                break;
            }
        }
        length
    }

    /// Reads what is left of a string whose head was read, and hands out its chunks as they lie in
    /// the message; one of told length is a single chunk.
    pub fn pieces(&mut self, mut piece: impl FnMut(&'a [u8])) {
        let major = self.major();
        let is_chunked = self.is_indefinite();
        while !is_chunked || self.chunk(major) {
            piece(self.take(self.argument));
            if !is_chunked {
                break;
            }
        }
    }

    /// Reads the head of the next chunk, a string of the same type that tells its length; false at
    /// the break that ends them.
    fn chunk(&mut self, major: u8) -> bool {
        self.head();
        if self.first == BREAK {
            return false;
        }
        if self.major() != major || self.is_indefinite() {
            self.spoil();
        }
        true
    }
}
