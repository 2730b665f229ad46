//! Writes CBOR in every way there is to say a thing: integers and lengths wider than need be,
//! containers and strings of untold length.

use ciborium::Value;
use proptest::collection::vec;
use proptest::prelude::*;

/// How many bytes an argument takes: at least what it needs.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Width {
    Least,
    One,
    Two,
    Four,
    Eight,
}

pub(crate) const UNSIGNED: u8 = 0;
pub(crate) const NEGATIVE: u8 = 1;
pub(crate) const BYTES: u8 = 2;
pub(crate) const TEXT: u8 = 3;
pub(crate) const ARRAY: u8 = 4;
pub(crate) const MAP: u8 = 5;
const TAG: u8 = 6;
const BREAK: u8 = 0xff;

/// One item, and how it is written.
#[derive(Clone, Debug)]
pub(crate) enum Item {
    Integer {
        value: i128,
        width: Width,
    },
    String {
        major: u8,
        bytes: Vec<u8>,
        width: Width,
    },
    Chunked {
        major: u8,
        chunks: Vec<Vec<u8>>,
    },
    Array {
        items: Vec<Item>,
        width: Option<Width>,
    },
    Map {
        pairs: Vec<(Item, Item)>,
        width: Option<Width>,
    },
    Tag {
        tag: u64,
        of: Box<Item>,
    },
    /// Written as they are: booleans, null, undefined, floats.
    Simple(Vec<u8>),
}

impl Item {
    pub(crate) fn integer(value: i128) -> Self {
        Self::Integer {
            value,
            width: Width::Least,
        }
    }

    pub(crate) fn text(text: &str) -> Self {
        Self::String {
            major: TEXT,
            bytes: text.into(),
            width: Width::Least,
        }
    }

    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Integer { value, width } => {
                let (major, argument) = if *value < 0 {
                    (NEGATIVE, -1 - value)
                } else {
                    (UNSIGNED, *value)
                };
                head(out, major, argument.try_into().unwrap(), *width);
            }
            Self::String {
                major,
                bytes,
                width,
            } => string(out, *major, bytes, *width),
            Self::Chunked { major, chunks } => {
                out.push(major << 5 | 31);
                chunks
                    .iter()
                    .for_each(|chunk| string(out, *major, chunk, Width::Least));
                out.push(BREAK);
            }
            Self::Array { items, width } => {
                open(out, ARRAY, items.len(), *width);
                items.iter().for_each(|item| item.write(out));
                close(out, *width);
            }
            Self::Map { pairs, width } => {
                open(out, MAP, pairs.len(), *width);
                for (key, value) in pairs {
                    key.write(out);
                    value.write(out);
                }
                close(out, *width);
            }
            Self::Tag { tag, of } => {
                head(out, TAG, *tag, Width::Least);
                of.write(out);
            }
            Self::Simple(bytes) => out.extend(bytes),
        }
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.write(&mut out);
        out
    }

    /// What another reader is to make of it; `None` where ciborium knows no such value.
    pub(crate) fn value(&self) -> Option<Value> {
        Some(match self {
            Self::Integer { value, .. } => Value::Integer((*value).try_into().unwrap()),
            Self::String { major, bytes, .. } => text_or_bytes(*major, bytes.clone())?,
            Self::Chunked { major, chunks } => text_or_bytes(*major, chunks.concat())?,
            Self::Array { items, .. } => {
                Value::Array(items.iter().map(Self::value).collect::<Option<_>>()?)
            }
            Self::Map { pairs, .. } => Value::Map(
                pairs
                    .iter()
                    .map(|(key, value)| Some((key.value()?, value.value()?)))
                    .collect::<Option<_>>()?,
            ),
            Self::Tag { tag, of } => Value::Tag(*tag, Box::new(of.value()?)),
            Self::Simple(bytes) => match bytes[..] {
                [0xf4] => Value::Bool(false),
                [0xf5] => Value::Bool(true),
                [0xf6] => Value::Null,
                _ => return None,
            },
        })
    }
}

fn text_or_bytes(major: u8, bytes: Vec<u8>) -> Option<Value> {
    if major == TEXT {
        String::from_utf8(bytes).ok().map(Value::Text)
    } else {
        Some(Value::Bytes(bytes))
    }
}

pub(crate) fn head(out: &mut Vec<u8>, major: u8, argument: u64, width: Width) {
    let major = major << 5;
    let wide = argument.to_be_bytes();
    let at_least = match width {
        Width::Least => 0,
        Width::One => 1,
        Width::Two => 2,
        Width::Four => 4,
        Width::Eight => 8,
    };
    let needed = match argument {
        0..24 => 0,
        24..0x100 => 1,
        0x100..0x1_0000 => 2,
        0x1_0000..0x1_0000_0000 => 4,
        _ => 8,
    };
    let (info, bytes) = match at_least.max(needed) {
        0 => (wide[7], 0),
        1 => (24, 1),
        2 => (25, 2),
        4 => (26, 4),
        _ => (27, 8),
    };
    out.push(major | info);
    out.extend(&wide[8 - bytes..]);
}

fn string(out: &mut Vec<u8>, major: u8, bytes: &[u8], width: Width) {
    head(out, major, bytes.len() as u64, width);
    out.extend(bytes);
}

fn open(out: &mut Vec<u8>, major: u8, length: usize, width: Option<Width>) {
    match width {
        Some(width) => head(out, major, length as u64, width),
        None => out.push(major << 5 | 31),
    }
}

fn close(out: &mut Vec<u8>, width: Option<Width>) {
    if width.is_none() {
        out.push(BREAK);
    }
}

pub(crate) fn width() -> impl Strategy<Value = Width> + Clone {
    prop_oneof![
        4 => Just(Width::Least),
        1 => Just(Width::One),
        1 => Just(Width::Two),
        1 => Just(Width::Four),
        1 => Just(Width::Eight),
    ]
}

/// A string of a type, in one piece or in chunks; a text in chunks is cut anywhere.
pub(crate) fn string_of(major: u8, bytes: Vec<u8>) -> impl Strategy<Value = Item> {
    let length = bytes.len();
    (width(), any::<bool>(), vec(0..=length, 0..4)).prop_map(move |(width, chunked, mut cuts)| {
        if !chunked {
            return Item::String {
                major,
                bytes: bytes.clone(),
                width,
            };
        }
        cuts.sort_unstable();
        cuts.push(length);
        let mut start = 0;
        let chunks = cuts
            .into_iter()
            .map(|cut| {
                let chunk = bytes[start..cut].to_vec();
                start = cut;
                chunk
            })
            .collect();
        Item::Chunked { major, chunks }
    })
}

/// Any item. Texts are UTF-8, also chunk by chunk, as other readers want them.
pub(crate) fn item() -> BoxedStrategy<Item> {
    let leaf = prop_oneof![
        (any::<i64>().prop_map(i128::from), width())
            .prop_map(|(value, width)| Item::Integer { value, width }),
        (-30_i128..30, width()).prop_map(|(value, width)| Item::Integer { value, width }),
        ("\\PC{0,6}", width()).prop_map(|(text, width)| Item::String {
            major: TEXT,
            bytes: text.into(),
            width
        }),
        (vec(any::<u8>(), 0..30), width()).prop_map(|(bytes, width)| Item::String {
            major: BYTES,
            bytes,
            width
        }),
        vec("\\PC{0,4}", 0..4).prop_map(|chunks| Item::Chunked {
            major: TEXT,
            chunks: chunks.into_iter().map(String::into_bytes).collect()
        }),
        vec(vec(any::<u8>(), 0..5), 0..4).prop_map(|chunks| Item::Chunked {
            major: BYTES,
            chunks
        }),
        prop_oneof![
            Just(vec![0xf4]),
            Just(vec![0xf5]),
            Just(vec![0xf6]),
            Just(vec![0xf7]),
            Just(vec![0xe3]),
            Just(vec![0xf8, 0x20]),
            Just(vec![0xf9, 0x3c, 0x00]),
            Just(vec![0xfa, 1, 2, 3, 4]),
            Just(vec![0xfb, 1, 2, 3, 4, 5, 6, 7, 8]),
        ]
        .prop_map(Item::Simple),
    ];
    leaf.prop_recursive(6, 24, 4, |inner| {
        let told = proptest::option::of(width());
        prop_oneof![
            (vec(inner.clone(), 0..4), told.clone())
                .prop_map(|(items, width)| Item::Array { items, width }),
            (vec((inner.clone(), inner.clone()), 0..3), told)
                .prop_map(|(pairs, width)| Item::Map { pairs, width }),
            // Not 2 and 3: those are integers to other readers.
            (4_u64..70_000, inner).prop_map(|(tag, of)| Item::Tag {
                tag,
                of: Box::new(of)
            }),
        ]
    })
    .boxed()
}

/// Bytes that look like CBOR more often than chance would have it.
pub(crate) fn bytes_like_cbor() -> impl Strategy<Value = Vec<u8>> {
    let telling = proptest::sample::select(
        b"\x00\x01\x07\x18\x19\x1b\x1c\x20\x38\x40\x41\x43\x5f\x60\x61\x62\x7f\x80\x81\x82\x9b\x9f\xa0\xa1\xa2\xbf\xc0\xc1\xd8\xf4\xf5\xf6\xf8\xf9\xff\
          wgjhtrbqmyz"
            .as_slice(),
    );
    vec(prop_oneof![5 => telling, 1 => any::<u8>()], 0..48)
}

/// Damage to a message: a byte changed, put in, taken out, or the end cut off.
pub(crate) fn damaged(message: impl Strategy<Value = Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    let damage = (0_u8..4, any::<prop::sample::Index>(), any::<u8>());
    (message, vec(damage, 1..4)).prop_map(|(mut message, damages)| {
        for (how, place, byte) in damages {
            let place = place.index(message.len() + 1);
            match how {
                0 => message.insert(place, byte),
                1 => message.truncate(place),
                _ if place == message.len() => {}
                2 => message[place] = byte,
                _ => drop(message.remove(place)),
            }
        }
        message
    })
}
