//! What is looked at before prost decodes: that a message holds no more than it may.
//!
//! No group, which prost would skip by recursion as deep as the sender likes, and which proto3 does not
//! have. No field we know twice: prost would read the second over the first, two readers could see two
//! requests, and the first of two passphrases would stay behind on the heap.

use prost::encoding::{WireType, decode_key, decode_varint};

use super::Unreadable;

/// The fields of a message we know: number, and the shape of the message it holds, if it holds one.
/// The nesting is that of the protocol, whatever comes over the air.
pub(super) struct Shape(pub(super) &'static [(u32, Option<Shape>)]);

/// Refuses a message of another shape. Fields we do not know are passed over.
pub(super) fn check(mut message: &[u8], shape: &Shape) -> Result<(), Unreadable> {
    let mut seen = 0_u32;
    while !message.is_empty() {
        let (number, kind) = decode_key(&mut message).map_err(|_| Unreadable)?;
        let length = match kind {
            WireType::Varint => {
                decode_varint(&mut message).map_err(|_| Unreadable)?;
                0
            }
            WireType::SixtyFourBit => 8,
            WireType::ThirtyTwoBit => 4,
            WireType::LengthDelimited => {
                let length = decode_varint(&mut message).map_err(|_| Unreadable)?;
                usize::try_from(length).map_err(|_| Unreadable)?
            }
            WireType::StartGroup | WireType::EndGroup => return Err(Unreadable),
        };
        let (value, rest) = message.split_at_checked(length).ok_or(Unreadable)?;
        message = rest;
        let known = shape
            .0
            .iter()
            .zip(0_u32..)
            .find(|((known, _), _)| *known == number);
        let Some(((_, nested), place)) = known else {
            continue;
        };
        let bit = 1_u32.checked_shl(place).ok_or(Unreadable)?;
        if seen & bit != 0 {
            return Err(Unreadable);
        }
        seen |= bit;
        if let Some(nested) = nested {
            check(value, nested)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPE: Shape = Shape(&[(1, None), (10, Some(Shape(&[(1, None)])))]);

    #[test]
    fn unknown_fields_of_every_kind_are_passed_over() {
        let unknown = [
            0x10, 0x80, 0x01, 0x19, 0, 0, 0, 0, 0, 0, 0, 0, 0x22, 2, 9, 9, 0x2d, 0, 0, 0, 0,
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
}
