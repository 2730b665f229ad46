//! Messages with octets in them, in place and bounded. prost's own octets lie on the heap: reading would stop a task that
//! finds it full, and leave copies of a passphrase there. These take none, and are wiped wherever reading ends.
//!
//! `ci/protobuf` puts them in the place of what prost would generate.

use prost::bytes::{Buf, BufMut};
use prost::encoding::{
    DecodeContext, WireType, check_wire_type, decode_varint, encode_key, encode_varint,
    encoded_len_varint, int32, skip_field,
};
use prost::{DecodeError, Message};
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::session::{
    KEY1_BYTES, KEY2_BYTES, MAX_USER_BYTES, NONCE2_BYTES, PROOF2_BYTES, RANDOM1_BYTES, SALT2_BYTES,
};
use crate::config::{BSSID_BYTES, MAX_PASSPHRASE_BYTES, MAX_SSID_BYTES};

/// At most `N` octets; of a longer field its length alone.
#[derive(Clone, Eq, Hash, PartialEq, Zeroize, ZeroizeOnDrop)]
pub(super) struct Octets<const N: usize> {
    octets: [u8; N],
    length: usize,
}

impl<const N: usize> Default for Octets<N> {
    fn default() -> Self {
        Self {
            octets: [0; N],
            length: 0,
        }
    }
}

impl<const N: usize> Octets<N> {
    /// A copy; one that is too long tells its length alone, as if it had been read.
    pub(super) fn of(octets: &[u8]) -> Self {
        let mut copy = Self {
            octets: [0; N],
            length: octets.len(),
        };
        if let Some(room) = copy.octets.get_mut(..octets.len()) {
            room.copy_from_slice(octets);
        }
        copy
    }

    /// The octets; `None` when there were too many.
    pub(super) fn get(&self) -> Option<&[u8]> {
        self.octets.get(..self.length)
    }

    fn merge(&mut self, kind: WireType, buf: &mut impl Buf) -> Result<(), DecodeError> {
        check_wire_type(WireType::LengthDelimited, kind)?;
        // `shape` has looked: the length is within the message.
        let length = usize::try_from(decode_varint(buf)?).unwrap_or(usize::MAX);
        let length = length.min(buf.remaining());
        self.zeroize();
        self.length = length;
        match self.octets.get_mut(..length) {
            Some(room) => buf.copy_to_slice(room),
            None => buf.advance(length),
        }
        Ok(())
    }

    fn encode(&self, tag: u32, buf: &mut impl BufMut) {
        let octets = self.get().unwrap_or_default();
        if !octets.is_empty() {
            encode_key(tag, WireType::LengthDelimited, buf);
            // A usize has at most 64 bits.
            encode_varint(octets.len() as u64, buf);
            buf.put_slice(octets);
        }
    }

    fn encoded_len(&self, tag: u32) -> usize {
        match self.get().unwrap_or_default().len() {
            0 => 0,
            length => encoded_len_varint(u64::from(tag << 3))
                .saturating_add(encoded_len_varint(length as u64))
                .saturating_add(length),
        }
    }
}

/// A message: its numbers, which are 0 when they are missing, then its octets, each with its tag.
macro_rules! message {
    ($name:ident { $($number:ident = $number_tag:literal,)* ; $($octets:ident[$limit:expr] = $tag:literal,)* }) => {
        #[derive(Clone, Default, Eq, Hash, PartialEq)]
        pub(super) struct $name {
            $(pub(super) $number: i32,)*
            $(pub(super) $octets: Octets<{ $limit }>,)*
        }

        impl Message for $name {
            fn encode_raw(&self, buf: &mut impl BufMut) {
                $(if self.$number != 0 {
                    int32::encode($number_tag, &self.$number, buf);
                })*
                $(self.$octets.encode($tag, buf);)*
            }

            fn merge_field(
                &mut self,
                tag: u32,
                kind: WireType,
                buf: &mut impl Buf,
                context: DecodeContext,
            ) -> Result<(), DecodeError> {
                match tag {
                    $($number_tag => int32::merge(kind, &mut self.$number, buf, context),)*
                    $($tag => self.$octets.merge(kind, buf),)*
                    _ => skip_field(kind, tag, buf, context),
                }
            }

            fn encoded_len(&self) -> usize {
                0_usize
                    $(.saturating_add(if self.$number != 0 {
                        int32::encoded_len($number_tag, &self.$number)
                    } else {
                        0
                    }))*
                    $(.saturating_add(self.$octets.encoded_len($tag)))*
            }

            fn clear(&mut self) {
                *self = Self::default();
            }
        }
    };
}

message!(Network {
    channel = 4,;
    ssid[MAX_SSID_BYTES] = 1,
    passphrase[MAX_PASSPHRASE_BYTES] = 2,
    bssid[BSSID_BYTES] = 3,
});
message!(Hello1 {; client_public_key[KEY1_BYTES] = 1, });
message!(Proof1 {; client_proof[KEY1_BYTES] = 2, });
message!(Hello2 {; user[MAX_USER_BYTES] = 1, client_public_key[KEY2_BYTES] = 2, });
message!(Proof2 {; client_proof[PROOF2_BYTES] = 1, });
message!(Welcome1 {
    status = 1,;
    device_public_key[KEY1_BYTES] = 2,
    device_random[RANDOM1_BYTES] = 3,
});
message!(Confirmation1 { status = 1,; device_proof[KEY1_BYTES] = 3, });
message!(Welcome2 {
    status = 1,;
    device_public_key[KEY2_BYTES] = 2,
    salt[SALT2_BYTES] = 3,
});
message!(Confirmation2 {
    status = 1,;
    device_proof[PROOF2_BYTES] = 2,
    nonce[NONCE2_BYTES] = 3,
});
