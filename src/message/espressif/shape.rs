//! What is looked at before prost decodes: that a message is whole, and holds no more than it may.
//!
//! No group, which prost would skip by recursion as deep as the sender likes, and which proto3 does not
//! have. No field we know twice: prost would read the second over the first, two readers could see two
//! requests. No field we know of another kind, and nothing that breaks off: prost finds no fault afterwards, for which it
//! would need memory, and stop the task that finds none.

use super::Unreadable;

/// What a field we know holds.
pub(super) enum Field {
    /// An integer, or a truth value.
    Number,
    /// Octets of any length.
    Octets,
    /// A message.
    Message(Shape),
}

/// The fields of a message we know, by their numbers. The nesting is that of the protocol, whatever comes over the air.
pub(super) struct Shape(pub(super) &'static [(u32, Field)]);

/// How a field's value is written: the lowest three bits of its key.
const VARINT: u64 = 0;
const SIXTY_FOUR_BITS: u64 = 1;
const LENGTH_DELIMITED: u64 = 2;
const THIRTY_TWO_BITS: u64 = 5;

/// Refuses a message of another shape. Fields we do not know are passed over.
pub(super) fn check(mut message: &[u8], shape: &Shape) -> Result<(), Unreadable> {
    let mut seen = 0_u32;
    while !message.is_empty() {
        let key = u32::try_from(varint(&mut message)?).map_err(|_| Unreadable)?;
        let (number, kind) = (key >> 3, u64::from(key & 7));
        if number == 0 {
            return Err(Unreadable);
        }
        let length = match kind {
            VARINT => {
                varint(&mut message)?;
                0
            }
            SIXTY_FOUR_BITS => 8,
            THIRTY_TWO_BITS => 4,
            LENGTH_DELIMITED => usize::try_from(varint(&mut message)?).map_err(|_| Unreadable)?,
            _ => return Err(Unreadable),
        };
        let (value, rest) = message.split_at_checked(length).ok_or(Unreadable)?;
        message = rest;
        let known = shape
            .0
            .iter()
            .zip(0_u32..)
            .find(|((known, _), _)| *known == number);
        let Some(((_, field), place)) = known else {
            continue;
        };
        let bit = 1_u32.checked_shl(place).ok_or(Unreadable)?;
        if seen & bit != 0 {
            return Err(Unreadable);
        }
        seen |= bit;
        match (field, kind) {
            (Field::Number, VARINT) | (Field::Octets, LENGTH_DELIMITED) => {}
            (Field::Message(nested), LENGTH_DELIMITED) => check(value, nested)?,
            (Field::Number | Field::Octets | Field::Message(_), _) => return Err(Unreadable),
        }
    }
    Ok(())
}

/// Takes a number of seven bits an octet, least significant first, off the front; it has at most 64.
fn varint(message: &mut &[u8]) -> Result<u64, Unreadable> {
    let mut number = 0_u64;
    for place in 0..10_u32 {
        let (&octet, rest) = message.split_first().ok_or(Unreadable)?;
        *message = rest;
        let bits = u64::from(octet & 0x7f);
        if place == 9 && octet > 1 {
            return Err(Unreadable);
        }
        number |= bits.wrapping_shl(place.wrapping_mul(7));
        if octet & 0x80 == 0 {
            return Ok(number);
        }
    }
    Err(Unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPE: Shape = Shape(&[
        (1, Field::Number),
        (2, Field::Octets),
        (10, Field::Message(Shape(&[(1, Field::Number)]))),
    ]);

    #[test]
    fn unknown_fields_of_every_kind_are_passed_over() {
        let unknown = [
            0x18, 0x80, 0x01, 0x19, 0, 0, 0, 0, 0, 0, 0, 0, 0x22, 2, 9, 9, 0x2d, 0, 0, 0, 0,
        ];
        assert_eq!(check(&unknown, &SHAPE), Ok(()));
    }

    #[test]
    fn a_group_is_refused_at_every_depth() {
        assert_eq!(check(&[0x13, 0x14], &SHAPE), Err(Unreadable));
        assert_eq!(check(&[0x52, 2, 0x13, 0x14], &SHAPE), Err(Unreadable));
    }

    #[test]
    fn a_field_twice_is_refused_at_every_depth() {
        assert_eq!(check(&[0x08, 1, 0x08, 1], &SHAPE), Err(Unreadable));
        assert_eq!(check(&[0x52, 4, 0x08, 1, 0x08, 1], &SHAPE), Err(Unreadable));
        assert_eq!(check(&[0x52, 0, 0x52, 0], &SHAPE), Err(Unreadable));
    }

    #[test]
    fn a_length_beyond_the_message_is_refused() {
        assert_eq!(check(&[0x52, 5, 0], &SHAPE), Err(Unreadable));
        assert_eq!(
            check(
                &[
                    0x52, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01
                ],
                &SHAPE
            ),
            Err(Unreadable)
        );
    }

    #[test]
    fn a_field_of_another_kind_is_refused_at_every_depth() {
        for message in [
            &[0x0a, 0][..],
            &[0x0d, 0, 0, 0, 0],
            &[0x10, 0],
            &[0x50, 0],
            &[0x52, 2, 0x0a, 0],
        ] {
            assert_eq!(check(message, &SHAPE), Err(Unreadable), "{message:x?}");
        }
    }

    #[test]
    fn a_number_has_at_most_64_bits_and_a_field_a_number() {
        let mut longest = [0xff; 11];
        longest[0] = 0x08;
        longest[10] = 1;
        assert_eq!(check(&longest, &SHAPE), Ok(()));
        longest[10] = 2;
        assert_eq!(check(&longest, &SHAPE), Err(Unreadable));
        longest[10] = 0x81;
        assert_eq!(check(&longest, &SHAPE), Err(Unreadable));
        // Field 0, and numbers and kinds there are not.
        for message in [&[0x00, 0][..], &[0x1e, 0], &[0x1f, 0], &[0x88; 6]] {
            assert_eq!(check(message, &SHAPE), Err(Unreadable), "{message:x?}");
        }
    }
}
