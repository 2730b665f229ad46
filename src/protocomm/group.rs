//! Arithmetic modulo the prime of RFC 5054's group of 3072 bits, for SRP-6a.
//!
//! The exponentiations take a time that does not depend on what they compute with. A number has 384 bytes, and the crate's
//! functions give them by value: each step here is a function that is never inlined, so that its numbers are off the
//! stack when the next one runs.

use crypto_bigint::modular::constant_mod::{Residue, ResidueParams};
use crypto_bigint::subtle::{Choice, ConditionallySelectable, ConstantTimeEq};
use crypto_bigint::{Encoding, Limb, U3072, Uint, Word};
use zeroize::Zeroize;

use crate::message::espressif::session::KEY2_BYTES;

/// The prime of RFC 5054's group of 3072 bits.
pub(super) const PRIME: U3072 = U3072::from_be_hex(
    "ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e3404dd\
     ef9519b3cd3a431b302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7ed\
     ee386bfb5a899fa5ae9f24117c4b1fe649286651ece45b3dc2007cb8a163bf0598da48361c55d39a69163fa8fd24cf5f\
     83655d23dca3ad961c62f356208552bb9ed529077096966d670c354e4abc9804f1746c08ca18217c32905e462e36ce3b\
     e39e772c180e86039b2783a2ec07a28fb5c55df06f4c52c9de2bcbf6955817183995497cea956ae515d2261898fa0510\
     15728e5a8aaac42dad33170d04507a33a85521abdf1cba64ecfb850458dbef0a8aea71575d060c7db3970f85a6e1e4c7\
     abf5ae8cdb0933d71e8c94e04a25619dcee3d2261ad2ee6bf12ffa06d98a0864d87602733ec86a64521f2b18177b200c\
     bbe117577a615d6c770988c0bad946e208e24fa074e5ab3143db5bfce0fd108e4b82d120a93ad2caffffffffffffffff",
);
/// 2^6144 modulo the prime.
const R2: U3072 = U3072::from_be_hex(
    "5ac8b4fb51df35da44c4e4e431ad0295a332e8e3e0669e0f84895a7c5542f96c2ad479fe69695c75fae1cd10648bee54\
     fa022336f28de7725caa69009fbf543f9875d4c167db7edcaa05da05c27fdd33af0ec45cdc3960862276cb40571f2c1c\
     49cd9d705da184d57139d0ab24b7e495a5daf736bc8d5e9e109d099e16fd756877a5c747d85b0a838c6cbd34d5965134\
     a73d01032c4b8e907ded489e670d9c6f19c2883eefc802af0672a33d61e37f747cda502ec043f99c9a678bf4439f12eb\
     5a7795d86ecc498719cc8d59563706fbb41a05f078024208bfd961d538d6fcdd4f12768256e88b53785483c608108c0c\
     3efef29dc3c0b3f41b9d01271d18f0c81caefc188a59bc7fb186424b83df2859af80d4b5443561c6fea5187fa77dedda\
     1d93075aa993d1471ef22571e41a52b28aa61391abb0b76abc2b64cf26e335d7682aab9a15b17ffafc1187a5fa8406ab\
     ae1284023c6ed6a34335aacb64894d9695823215b15ba5774f30b920e5c1db663587f06960e7f1382697ca9138d241cd",
);
/// 2^9216 modulo the prime.
const R3: U3072 = U3072::from_be_hex(
    "ceb59525ac499e3bb9e3a92a40e6e97acf7415c62b0c68c60e0075bcfb9d6f0de29c5e70c2a1e9f86da40484410d3d19\
     fb6379eb3645f23cdff01db7a5129733593a9098bd4cc04d58548d5aa3f7d02dabe6c5c9922d6ceb45ef9402126d1997\
     3b3218ff43b2bb432741833bb8c2f57fa687ed004617fa3b8736732405a92e80699ad4e68ba18519789e190bd70da824\
     e39dad61e9bbdcd2c079ba1205a13c9bdaefabefa618cf4930c86ff4b2c276fed55675e05f4be1a938b40a454d868c4f\
     805b5621dc1e24dcb0b8acf2a8eb1a6a1ef91be74e0338b5df08f54924811cea44d078a2bec056bb39795b6efa71e686\
     acce5b4d152cde06495c6d55d22421c3cc6049eef591ce50d840bd9cc462dae0f170c3cd09d18215077ebe44a27396a3\
     3a22ea32661194853cbccd394ba172dbb51be19ccae2ec0f1baf065b2d722cfe292e305bc437be2fa96d92fb135e532c\
     4372908a2f7e7bc598aee6d0e832b02b6541c0f4bfa900821ea2888df5f29bf19ca5e45cf5923fb4b576e0df5f1c7d5b",
);

/// Arithmetic modulo the prime, in Montgomery's form.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Group;

impl ResidueParams<{ U3072::LIMBS }> for Group {
    const LIMBS: usize = U3072::LIMBS;
    const MODULUS: U3072 = PRIME;
    // The prime's highest bit is set: 2^3072 less the prime is less than the prime.
    const R: U3072 = U3072::MAX.wrapping_sub(&PRIME).wrapping_add(&U3072::ONE);
    const R2: U3072 = R2;
    // The prime's lowest 64 bits are all set, so it is -1 modulo a limb.
    const MOD_NEG_INV: Limb = Limb::ONE;
    const R3: U3072 = R3;
}

/// A number modulo the prime.
pub(super) type Element = Residue<Group, { U3072::LIMBS }>;

/// g of the group.
pub(super) const GENERATOR: U3072 = U3072::from_u8(5);

/// The number that octets are, the first the highest; modulo the prime.
#[inline(never)]
pub(super) fn number(octets: &[u8; KEY2_BYTES]) -> Element {
    Element::new(&U3072::from_be_slice(octets))
}

/// The octets of a number.
#[inline(never)]
pub(super) fn octets(number: &Element) -> [u8; KEY2_BYTES] {
    number.retrieve().to_be_bytes()
}

/// Squares in place. The crate's own squaring saves a fourteenth of the time, and takes 1.5 KB more of the stack.
#[inline(never)]
fn square(number: &mut Element) {
    *number = number.mul(number);
}

/// Multiplies in place.
#[inline(never)]
pub(super) fn multiply(number: &mut Element, factor: &Element) {
    *number = number.mul(factor);
}

/// Raises to a power, two bits of the exponent at a time: every step squares twice and multiplies once, whatever the
/// bits, and looks at all of the table. The crate's own takes four bits, a fifth less time, and 20 KB of stack for it.
#[inline(never)]
pub(super) fn raise<const LIMBS: usize>(number: &mut Element, exponent: &Uint<LIMBS>) {
    let mut table = [Element::ONE; 4];
    let [_, first, second, third] = &mut table;
    *first = *number;
    *second = *number;
    square(second);
    *third = *second;
    multiply(third, first);
    let mut factor = Element::ONE;
    *number = Element::ONE;
    for word in exponent.as_words().iter().rev() {
        for place in (0..Word::BITS).step_by(2).rev() {
            let digit = word.wrapping_shr(place) & 3;
            for (power, index) in table.iter().zip(0..) {
                choose(&mut factor, power, digit.ct_eq(&index));
            }
            square(number);
            square(number);
            multiply(number, &factor);
        }
    }
    table.zeroize();
    factor.zeroize();
}

/// A power of g. Multiplying by 5 is adding: it takes no table, and one squaring for each bit of the exponent.
#[inline(never)]
pub(super) fn power_of_generator<const LIMBS: usize>(exponent: &Uint<LIMBS>) -> Element {
    let mut result = Element::ONE;
    for word in exponent.as_words().iter().rev() {
        for place in (0..Word::BITS).rev() {
            square(&mut result);
            let is_set = (word.wrapping_shr(place) & 1).ct_eq(&1);
            choose_five_times(&mut result, is_set);
        }
    }
    result
}

#[inline(never)]
fn choose(number: &mut Element, other: &Element, choice: Choice) {
    number.conditional_assign(other, choice);
}

#[inline(never)]
fn choose_five_times(number: &mut Element, choice: Choice) {
    let twice = number.add(number);
    let five = twice.add(&twice).add(number);
    number.conditional_assign(&five, choice);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crypto_bigint::modular::runtime_mod::DynResidueParams;
    use crypto_bigint::{U256, U512};

    #[test]
    fn the_constants_are_those_of_the_prime() {
        let one = Element::new(&U3072::ONE);
        let params = DynResidueParams::new(&PRIME);
        assert_eq!(params, DynResidueParams::from_residue_params::<Group>());
        assert_eq!(one.retrieve(), U3072::ONE);
    }

    #[test]
    fn a_power_is_that_of_the_crate() {
        let base = Element::new(&PRIME.wrapping_sub(&U3072::from_u32(77)));
        for exponent in [
            U256::ZERO,
            U256::ONE,
            U256::MAX,
            U256::from_be_hex("1b6fa9d3e05c72841b6fa9d3e05c72841b6fa9d3e05c72841b6fa9d3e05c7284"),
        ] {
            let mut power = base;
            raise(&mut power, &exponent);
            assert_eq!(power, base.pow(&exponent));
        }
    }

    #[test]
    fn a_power_of_the_generator_is_that_of_the_crate() {
        let generator = Element::new(&GENERATOR);
        for exponent in [
            U512::ZERO,
            U512::ONE,
            U512::MAX,
            U512::from_be_slice(&[0xb6; 64]),
        ] {
            assert_eq!(power_of_generator(&exponent), generator.pow(&exponent));
        }
    }
}
