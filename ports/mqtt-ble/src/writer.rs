//! CBOR in its shortest form, into a slice.

/// Major types, at their place in a head.
pub(crate) const UNSIGNED: u8 = 0;
pub(crate) const BYTES: u8 = 0x40;
pub(crate) const TEXT: u8 = 0x60;
pub(crate) const ARRAY: u8 = 0x80;
pub(crate) const MAP: u8 = 0xa0;
pub(crate) const FALSE: u8 = 0xf4;

/// How far a message is written; the room comes with each call.
#[derive(Clone, Copy, Default)]
pub(crate) struct Writer {
    at: usize,
    overflowed: bool,
}

impl Writer {
    pub(crate) const fn new() -> Self {
        Self {
            at: 0,
            overflowed: false,
        }
    }

    /// Bytes written so far.
    pub(crate) const fn length(&self) -> usize {
        self.at
    }

    /// Whether something did not fit; it was left out whole.
    pub(crate) const fn overflowed(&self) -> bool {
        self.overflowed
    }

    pub(crate) fn put(&mut self, room: &mut [u8], bytes: &[u8]) {
        let end = self.at.saturating_add(bytes.len());
        match room.get_mut(self.at..end) {
            Some(place) if !self.overflowed => {
                place.copy_from_slice(bytes);
                self.at = end;
            }
            _ => self.overflowed = true,
        }
    }

    /// An item's head.
    pub(crate) fn head(&mut self, room: &mut [u8], major: u8, argument: u32) {
        let [top, upper, high, low] = argument.to_be_bytes();
        match argument {
            0..24 => self.put(room, &[major | low]),
            24..0x100 => self.put(room, &[major | 24, low]),
            0x100..0x1_0000 => self.put(room, &[major | 25, high, low]),
            0x1_0000.. => self.put(room, &[major | 26, top, upper, high, low]),
        }
    }

    /// A key and the head of its value.
    pub(crate) fn pair(&mut self, room: &mut [u8], letter: u8, major: u8, argument: u32) {
        self.put(room, &[TEXT | 1, letter]);
        self.head(room, major, argument);
    }

    /// The head of a map, and its type.
    pub(crate) fn begin(&mut self, room: &mut [u8], pairs: u8, kind: u8) {
        *self = Self::new();
        self.put(room, &[MAP | pairs]);
        self.pair(room, b'w', UNSIGNED, kind.into());
    }
}
