//! Reads CBOR (RFC 8949) front to back: constant stack, no recursion, no panic.

use core::mem;

use heapless::Vec;

/// The bytes are not well-formed CBOR, or end too early.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Malformed;

/// How many containers of unknown length may lie in each other inside a value nobody wants.
/// Containers that tell their length may nest as deep as the message is long.
const MAX_OPEN: usize = 8;

/// Additional information: the length is not told, a break ends the item.
const INDEFINITE: u8 = 31;

/// Major types.
const NEGATIVE: u8 = 1;
const BYTES: u8 = 2;
const TEXT: u8 = 3;
const ARRAY: u8 = 4;
const MAP: u8 = 5;
const TAG: u8 = 6;
const SIMPLE: u8 = 7;

/// The first bytes of an item.
#[derive(Clone, Copy)]
struct Head {
    major: u8,
    info: u8,
    /// The argument; what does not fit is [`u32::MAX`], which is longer than any message.
    argument: u32,
}

impl Head {
    const fn is_break(self) -> bool {
        self.major == SIMPLE && self.info == INDEFINITE
    }

    const fn is_indefinite(self) -> bool {
        self.info == INDEFINITE
    }
}

/// A place in a message.
#[derive(Clone, Copy)]
pub struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// Starts at the first byte.
    #[must_use]
    pub const fn new(message: &'a [u8]) -> Self {
        Self(message)
    }

    /// Whether everything was read.
    #[must_use]
    pub const fn is_at_end(&self) -> bool {
        self.0.is_empty()
    }

    fn head(&mut self) -> Result<Head, Malformed> {
        let (&first, rest) = self.0.split_first().ok_or(Malformed)?;
        let info = first & 0x1f;
        let mut argument = u32::from(info);
        let width = match info {
            0..=23 | INDEFINITE => 0,
            24 => 1,
            25 => 2,
            26 => 4,
            27 => 8,
            _ => return Err(Malformed),
        };
        let (follow, rest) = rest.split_at_checked(width).ok_or(Malformed)?;
        if width != 0 {
            argument = 0;
            let mut overflow = false;
            for &byte in follow {
                overflow |= argument >> 24 != 0;
                argument = argument << 8 | u32::from(byte);
            }
            if overflow {
                argument = u32::MAX;
            }
        }
        self.0 = rest;
        Ok(Head {
            major: first >> 5,
            info,
            argument,
        })
    }

    /// Takes the bytes a string's head promised.
    fn take(&mut self, length: u32) -> Result<&'a [u8], Malformed> {
        let length = usize::try_from(length).map_err(|_| Malformed)?;
        let (taken, rest) = self.0.split_at_checked(length).ok_or(Malformed)?;
        self.0 = rest;
        Ok(taken)
    }

    /// Enters a map; gives the number of pairs, or `None` when a break ends it.
    ///
    /// # Errors
    ///
    /// [`Malformed`] when this is no map, or it claims more pairs than bytes are left.
    pub fn map(&mut self) -> Result<Option<u32>, Malformed> {
        let head = self.head()?;
        if head.major != MAP {
            return Err(Malformed);
        }
        Ok(if head.is_indefinite() {
            None
        } else {
            Some(head.argument)
        })
    }

    /// Takes a break, if one is next.
    pub fn take_break(&mut self) -> bool {
        match self.0 {
            [0xff, rest @ ..] => {
                self.0 = rest;
                true
            }
            _ => false,
        }
    }

    /// Reads a key. A text of one letter gives that letter, any other key gives 0.
    ///
    /// # Errors
    ///
    /// [`Malformed`].
    pub fn key(&mut self) -> Result<u8, Malformed> {
        if let &[0x61, letter, ref rest @ ..] = self.0 {
            self.0 = rest;
            return Ok(letter);
        }
        self.skip()?;
        Ok(0)
    }

    /// Reads an integer, held within 16 bits: what lies outside gives the nearest value. An item
    /// of another type is skipped and gives `None`.
    ///
    /// # Errors
    ///
    /// [`Malformed`].
    pub fn integer(&mut self) -> Result<Option<i16>, Malformed> {
        let mut ahead = *self;
        let head = ahead.head()?;
        if head.major > NEGATIVE || head.is_indefinite() {
            self.skip()?;
            return Ok(None);
        }
        *self = ahead;
        let magnitude = i16::try_from(head.argument).unwrap_or(i16::MAX);
        // For a negative integer the argument is -1 - n, which is the complement.
        Ok(Some(if head.major == NEGATIVE {
            !magnitude
        } else {
            magnitude
        }))
    }

    /// Reads a boolean. An item of another type is skipped and gives `None`.
    ///
    /// # Errors
    ///
    /// [`Malformed`].
    pub fn boolean(&mut self) -> Result<Option<bool>, Malformed> {
        if let &[first @ (0xf4 | 0xf5), ref rest @ ..] = self.0 {
            self.0 = rest;
            return Ok(Some(first == 0xf5));
        }
        self.skip()?;
        Ok(None)
    }

    /// Reads a text string into `field`, joining its chunks. An item of another type is skipped and
    /// gives `false`, as does a text that is too long for the field.
    ///
    /// # Errors
    ///
    /// [`Malformed`].
    pub fn text<const N: usize>(&mut self, field: &mut Vec<u8, N, u8>) -> Result<bool, Malformed> {
        self.string(TEXT, &mut |chunk| field.extend_from_slice(chunk).is_ok())
    }

    /// Reads a byte string of exactly the field's length, joining its chunks. Anything else is
    /// skipped and gives `false`.
    ///
    /// # Errors
    ///
    /// [`Malformed`].
    pub fn bytes(&mut self, field: &mut [u8]) -> Result<bool, Malformed> {
        let mut empty = &mut *field;
        let fits = self.string(BYTES, &mut |chunk| match mem::take(&mut empty)
            .split_at_mut_checked(chunk.len())
        {
            Some((filled, rest)) => {
                filled.copy_from_slice(chunk);
                empty = rest;
                true
            }
            None => false,
        })?;
        Ok(fits && empty.is_empty())
    }

    /// Reads a string of type `major`, giving its chunks to `keep` until that refuses one.
    fn string(
        &mut self,
        major: u8,
        keep: &mut dyn FnMut(&[u8]) -> bool,
    ) -> Result<bool, Malformed> {
        let mut ahead = *self;
        let head = ahead.head()?;
        if head.major != major {
            self.skip()?;
            return Ok(false);
        }
        *self = ahead;
        if !head.is_indefinite() {
            return Ok(keep(self.take(head.argument)?));
        }
        let mut fits = true;
        while !self.take_break() {
            fits &= keep(self.chunk(major)?);
        }
        Ok(fits)
    }

    /// Reads one chunk of a chunked string.
    fn chunk(&mut self, major: u8) -> Result<&'a [u8], Malformed> {
        let head = self.head()?;
        if head.major != major || head.is_indefinite() {
            return Err(Malformed);
        }
        self.take(head.argument)
    }

    /// Skips one item, whatever it is and however deep.
    ///
    /// # Errors
    ///
    /// [`Malformed`], also for more than [`MAX_OPEN`] containers of unknown length in each other.
    pub fn skip(&mut self) -> Result<(), Malformed> {
        // How many items the containers around still want; `None` inside one that ends by a break.
        let mut open: Vec<Option<u32>, MAX_OPEN, u8> = Vec::new();
        let mut wanted = Some(1_u32);
        loop {
            while wanted == Some(0) {
                match open.pop() {
                    Some(outer) => wanted = outer,
                    None => return Ok(()),
                }
            }
            let head = self.head()?;
            if head.is_break() {
                if wanted.is_some() {
                    return Err(Malformed);
                }
                wanted = Some(0);
                continue;
            }
            let inside = self.content(head)?;
            match (&mut wanted, inside) {
                // Of known length inside known length: one sum does, at any depth.
                (Some(count), Some(items)) => {
                    *count = count.wrapping_sub(1).checked_add(items).ok_or(Malformed)?
                }
                (None, Some(0)) => {}
                (outer, inside) => {
                    if let Some(count) = outer {
                        *count = count.wrapping_sub(1);
                    }
                    open.push(*outer).map_err(|_| Malformed)?;
                    wanted = inside;
                }
            }
        }
    }

    /// Skips an item's own bytes; gives how many items lie in it, `None` when a break ends them.
    fn content(&mut self, head: Head) -> Result<Option<u32>, Malformed> {
        let limit = |items: u32| {
            if items > 0x0fff_ffff {
                Err(Malformed)
            } else {
                Ok(Some(items))
            }
        };
        match head.major {
            BYTES | TEXT => {
                if head.is_indefinite() {
                    while !self.take_break() {
                        self.chunk(head.major)?;
                    }
                } else {
                    self.take(head.argument)?;
                }
                Ok(Some(0))
            }
            ARRAY | MAP if head.is_indefinite() => Ok(None),
            ARRAY => limit(head.argument),
            MAP => limit(head.argument.checked_mul(2).ok_or(Malformed)?),
            _ if head.is_indefinite() => Err(Malformed),
            TAG => Ok(Some(1)),
            // A simple value below 32 must not be written in two bytes.
            SIMPLE if head.info == 24 && head.argument < 32 => Err(Malformed),
            _ => Ok(Some(0)),
        }
    }
}
