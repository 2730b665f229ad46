//! Reads CBOR (RFC 8949) front to back: constant stack, no recursion, no panic.
//!
//! A reader that meets bytes that are not well-formed, or too few, is spoilt: it has nothing left
//! and gives nothing more. So its calls need no checking one by one; [`Reader::is_complete`] tells
//! at the end.

/// How many containers of unknown length may lie in each other inside a value nobody wants.
/// Containers that tell their length may nest as deep as the message is long.
const MAX_OPEN: usize = 4;

/// More items than any message has room for.
const MAX_ITEMS: u32 = 0x0fff_ffff;

/// Instead of a number of items: a break ends them.
const UNTIL_BREAK: u32 = u32::MAX;

/// Additional information: the length is not told, a break ends the item.
const INDEFINITE: u8 = 31;

/// Major types.
const NEGATIVE: u8 = 1;
/// Byte string.
pub const BYTES: u8 = 2;
/// Text string.
pub const TEXT: u8 = 3;
const ARRAY: u8 = 4;
const MAP: u8 = 5;
const TAG: u8 = 6;
const SIMPLE: u8 = 7;

/// A place in a message, and the head of the item read last.
pub struct Reader<'a> {
    rest: &'a [u8],
    is_spoilt: bool,
    major: u8,
    info: u8,
    /// What does not fit is [`u32::MAX`], which is longer than any message.
    argument: u32,
}

impl<'a> Reader<'a> {
    /// Starts at the first byte.
    #[must_use]
    pub const fn new(message: &'a [u8]) -> Self {
        Self {
            rest: message,
            is_spoilt: false,
            major: 0,
            info: 0,
            argument: 0,
        }
    }

    /// Whether everything was read, and was well-formed.
    #[must_use]
    pub const fn is_complete(&self) -> bool {
        self.rest.is_empty() && !self.is_spoilt
    }

    fn spoil(&mut self) {
        self.is_spoilt = true;
        self.rest = &[];
    }

    /// Takes bytes; none when there are too few.
    #[inline(never)]
    fn take(&mut self, length: u32) -> &'a [u8] {
        match self.rest.split_at_checked(length as usize) {
            Some((taken, rest)) => {
                self.rest = rest;
                taken
            }
            None => {
                self.spoil();
                &[]
            }
        }
    }

    /// Reads the head of an item. A spoilt reader gives a break, which no length is to be had of.
    #[inline(never)]
    fn head(&mut self) {
        let Some((&first, rest)) = self.rest.split_first() else {
            self.spoil();
            self.major = SIMPLE;
            self.info = INDEFINITE;
            return;
        };
        self.rest = rest;
        self.major = first >> 5;
        self.info = first & 0x1f;
        self.argument = u32::from(self.info);
        if matches!(self.info, 24..INDEFINITE) {
            if self.info > 27 {
                return self.spoil();
            }
            self.argument = 0;
            for &byte in self.take(1 << (self.info & 3)) {
                let shifted = self.argument << 8 | u32::from(byte);
                self.argument = if self.argument >> 24 == 0 {
                    shifted
                } else {
                    u32::MAX
                };
            }
        }
    }

    /// Enters a map; gives the number of its pairs, for [`Self::has_pair`].
    pub fn map(&mut self) -> u32 {
        self.head();
        match (self.major, self.info) {
            (MAP, INDEFINITE) => UNTIL_BREAK,
            // More than there can be are missed where they are looked for.
            (MAP, _) => self.argument.min(MAX_ITEMS),
            _ => {
                self.spoil();
                0
            }
        }
    }

    /// Whether a map has another pair.
    pub fn has_pair(&mut self, left: &mut u32) -> bool {
        if *left == UNTIL_BREAK {
            return !self.take_break();
        }
        let had = *left;
        *left = had.saturating_sub(1);
        had != 0 && !self.is_spoilt
    }

    /// Takes a break, if one is next or the reader is spoilt.
    #[inline(never)]
    fn take_break(&mut self) -> bool {
        if let [0xff, rest @ ..] = self.rest {
            self.rest = rest;
            return true;
        }
        self.is_spoilt
    }

    /// Reads a key. A text of one letter gives that letter, any other key gives 0.
    pub fn key(&mut self) -> u8 {
        if let &[0x61, letter, ref rest @ ..] = self.rest {
            self.rest = rest;
            return letter;
        }
        self.skip();
        0
    }

    /// Reads an integer, held within 16 bits: what lies outside gives the nearest value. An item
    /// of another type is skipped and gives `None`.
    pub fn integer(&mut self) -> Option<i16> {
        let start = self.rest;
        self.head();
        if self.major > NEGATIVE || self.info == INDEFINITE {
            self.rest = start;
            self.skip();
            return None;
        }
        let magnitude = i16::try_from(self.argument).unwrap_or(i16::MAX);
        // For a negative integer the argument is -1 - n, which is the complement.
        Some(if self.major == NEGATIVE {
            !magnitude
        } else {
            magnitude
        })
    }

    /// Reads a boolean. An item of another type is skipped and gives `None`.
    pub fn boolean(&mut self) -> Option<bool> {
        if let &[first @ (0xf4 | 0xf5), ref rest @ ..] = self.rest {
            self.rest = rest;
            return Some(first == 0xf5);
        }
        self.skip();
        None
    }

    /// Reads a string of type `major` into `field`, joining its chunks; gives its length. An item of
    /// another type is skipped and gives `None`, as does a string that is too long, of which the
    /// first chunks may be in the field.
    #[inline(never)]
    pub fn string(&mut self, major: u8, field: &mut [u8]) -> Option<u8> {
        let start = self.rest;
        self.head();
        if self.major != major {
            self.rest = start;
            self.skip();
            return None;
        }
        let is_chunked = self.info == INDEFINITE;
        let room = field.len();
        let mut place = Some(field);
        while !(is_chunked && self.take_break()) {
            if is_chunked {
                self.chunk_head(major);
            }
            let chunk = self.take(self.argument);
            // A slice that is cut off at the front as it is filled, and gone once one did not fit.
            place = place
                .and_then(|place| place.split_at_mut_checked(chunk.len()))
                .map(|(filled, rest)| {
                    // Not copy_from_slice, whose panic for unequal lengths the compiler would keep.
                    filled
                        .iter_mut()
                        .zip(chunk)
                        .for_each(|(to, from)| *to = *from);
                    rest
                });
            if !is_chunked {
                break;
            }
        }
        place.map(|rest| room.wrapping_sub(rest.len()) as u8)
    }

    /// Reads the head of a chunk: a string of the same type that tells its length.
    fn chunk_head(&mut self, major: u8) {
        self.head();
        if self.major != major || self.info == INDEFINITE {
            self.spoil();
        }
    }

    /// Skips one item, whatever it is and however deep. More than `MAX_OPEN` containers of unknown
    /// length in each other spoil the reader.
    #[inline(never)]
    pub fn skip(&mut self) {
        // How many items the containers around still want.
        let mut open = [0_u32; MAX_OPEN];
        let mut depth = 0_usize;
        let mut wanted = 1;
        while !self.is_spoilt {
            while wanted == 0 {
                let Some(outer) = depth.checked_sub(1) else {
                    return;
                };
                depth = outer;
                wanted = open.get(outer).copied().unwrap_or(0);
            }
            if wanted == UNTIL_BREAK && self.take_break() {
                wanted = 0;
                continue;
            }
            let inside = self.content();
            if wanted != UNTIL_BREAK {
                wanted = wanted.wrapping_sub(1);
                if inside != UNTIL_BREAK {
                    // Of known length inside known length: one sum does, at any depth. Should it
                    // be more than there can be, what it lacks is missed where it is looked for.
                    wanted = wanted.saturating_add(inside).min(MAX_ITEMS);
                    continue;
                }
            }
            if inside != 0 {
                match open.get_mut(depth) {
                    Some(outer) => *outer = wanted,
                    None => return self.spoil(),
                }
                depth = depth.wrapping_add(1);
                wanted = inside;
            }
        }
    }

    /// Skips an item's own bytes; gives how many items lie in it, or [`UNTIL_BREAK`].
    fn content(&mut self) -> u32 {
        self.head();
        let is_indefinite = self.info == INDEFINITE;
        match self.major {
            BYTES | TEXT => {
                if is_indefinite {
                    while !self.take_break() {
                        self.chunk_head(self.major);
                        let _ = self.take(self.argument);
                    }
                } else {
                    let _ = self.take(self.argument);
                }
                0
            }
            ARRAY | MAP if is_indefinite => UNTIL_BREAK,
            ARRAY => self.argument.min(MAX_ITEMS),
            MAP => self.argument.min(MAX_ITEMS) << 1,
            _ if is_indefinite
                || (self.major == SIMPLE && self.info == 24 && self.argument < 32) =>
            {
                // A break where none belongs, or a simple value that must not take two bytes.
                self.spoil();
                0
            }
            TAG => 1,
            _ => 0,
        }
    }
}
