//! A reader of protobuf messages that shares nothing with the library's: what the endpoints' rules let
//! through, and what stands in it.

/// What a field holds.
pub(crate) enum Kind {
    Number,
    Octets,
    Message(Fields),
}

/// The fields a message of that kind knows.
pub(crate) type Fields = &'static [(u32, Kind)];

/// A message that was read: its fields that are known, in the order they came.
#[derive(Debug)]
pub(crate) struct Seen(Vec<(u32, Held)>);

#[derive(Debug)]
enum Held {
    Number(u64),
    Octets(Vec<u8>),
    Message(Seen),
}

impl Seen {
    fn held(&self, number: u32) -> Option<&Held> {
        self.0
            .iter()
            .find(|(known, _)| *known == number)
            .map(|(_, held)| held)
    }

    /// A number; 0 when it is left out.
    pub(crate) fn number(&self, field: u32) -> u64 {
        match self.held(field) {
            None => 0,
            Some(Held::Number(number)) => *number,
            Some(other) => panic!("{other:?} is no number"),
        }
    }

    /// Whether it is there at all.
    pub(crate) fn has(&self, field: u32) -> bool {
        self.held(field).is_some()
    }

    /// Octets; none when they are left out.
    pub(crate) fn octets(&self, field: u32) -> &[u8] {
        match self.held(field) {
            None => &[],
            Some(Held::Octets(octets)) => octets,
            Some(other) => panic!("{other:?} is not octets"),
        }
    }

    pub(crate) fn message(&self, field: u32) -> Option<&Self> {
        match self.held(field)? {
            Held::Message(message) => Some(message),
            other => panic!("{other:?} is no message"),
        }
    }

    /// Every message of a repeated field.
    pub(crate) fn messages(&self, field: u32) -> impl Iterator<Item = &Self> {
        self.0.iter().filter_map(move |(number, held)| match held {
            Held::Message(message) if *number == field => Some(message),
            _ => None,
        })
    }
}

/// A varint of at most 64 bits.
fn varint(message: &mut &[u8]) -> Option<u64> {
    let mut value = 0_u64;
    for place in 0..10 {
        let (&first, rest) = message.split_first()?;
        *message = rest;
        let digit = u64::from(first & 0x7f);
        if place == 9 && digit > 1 {
            return None;
        }
        value |= digit << (7 * place);
        if first & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

fn take<'a>(message: &mut &'a [u8], length: u64) -> Option<&'a [u8]> {
    let (value, rest) = message.split_at_checked(usize::try_from(length).ok()?)?;
    *message = rest;
    Some(value)
}

/// Reads a whole message. `None` for one that is damaged, holds a group, or a field we know twice, or
/// with another kind of value. Fields we do not know may be anything.
pub(crate) fn read(message: &[u8], fields: Fields) -> Option<Seen> {
    let seen = read_repeated(message, fields)?;
    let is_twice = |(place, (number, _)): (usize, &(u32, Held))| {
        seen.0[..place].iter().any(|(other, _)| other == number)
    };
    (!seen.0.iter().enumerate().any(is_twice)).then_some(seen)
}

/// As [`read`], but a field of the outermost message may come again.
pub(crate) fn read_repeated(mut message: &[u8], fields: Fields) -> Option<Seen> {
    let mut seen = Seen(Vec::new());
    while !message.is_empty() {
        let key = u32::try_from(varint(&mut message)?).ok()?;
        let number = key >> 3;
        let known = fields.iter().find(|(known, _)| *known == number);
        if number == 0 {
            return None;
        }
        let held = match key & 7 {
            0 => Held::Number(varint(&mut message)?),
            1 => Held::Octets(take(&mut message, 8)?.to_vec()),
            2 => {
                let length = varint(&mut message)?;
                Held::Octets(take(&mut message, length)?.to_vec())
            }
            5 => Held::Octets(take(&mut message, 4)?.to_vec()),
            _ => return None,
        };
        let Some((_, kind)) = known else { continue };
        let held = match (kind, held, key & 7) {
            (Kind::Number, held @ Held::Number(_), _) => held,
            (Kind::Octets, held @ Held::Octets(_), 2) => held,
            (Kind::Message(fields), Held::Octets(octets), 2) => {
                Held::Message(read(&octets, fields)?)
            }
            _ => return None,
        };
        seen.0.push((number, held));
    }
    Some(seen)
}
