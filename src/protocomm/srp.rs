//! SRP-6a (RFC 5054) with 3072 bits and SHA-512, as security 2 uses it: the device's side.
//!
//! The exponentiations take a time that does not depend on what they compute with. What can be computed
//! at the phone's first message is: the second is then but a comparison.

use crypto_bigint::modular::constant_mod::{Residue, ResidueParams};
use crypto_bigint::subtle::{ConditionallySelectable, ConstantTimeEq};
use crypto_bigint::{Encoding, Limb, U256, U512, U3072, Uint, Word};
use rand_core::CryptoRngCore;
use sha2::{Digest, Sha512};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::Refused;
use crate::message::espressif::session::{KEY2_BYTES, PROOF2_BYTES, SALT2_BYTES, User};

/// Length of the salt, bytes.
pub const SALT_BYTES: usize = SALT2_BYTES;

/// Length of the session key, bytes: that of AES-256.
pub(super) const SESSION_KEY_BYTES: usize = 32;

/// The prime of RFC 5054's group of 3072 bits.
const PRIME: U3072 = U3072::from_be_hex(
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
struct Group;

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

type Element = Residue<Group, { U3072::LIMBS }>;

/// An exponentiation, two bits of the exponent at a time: every step squares twice and multiplies once, whatever the
/// bits, and looks at all of the table. The crate's own takes four bits, a fifth less time, and 20 KB of stack for it.
#[inline(never)]
fn power<const LIMBS: usize>(base: &Element, exponent: &Uint<LIMBS>) -> Element {
    let square = base.square();
    let table = Zeroizing::new([Element::ONE, *base, square, square.mul(base)]);
    let mut result = Element::ONE;
    for word in exponent.as_words().iter().rev() {
        for place in (0..Word::BITS).step_by(2).rev() {
            let digit = word.wrapping_shr(place) & 3;
            let mut factor = U3072::ZERO;
            for (power, index) in table.iter().zip(0..) {
                factor.conditional_assign(power.as_montgomery(), digit.ct_eq(&index));
            }
            result = result
                .square()
                .square()
                .mul(&Element::from_montgomery(factor));
        }
    }
    result
}

/// g of the group.
const GENERATOR: U3072 = U3072::from_u8(5);

/// What the device keeps of a user: enough to check a password, and not the password.
#[derive(ZeroizeOnDrop)]
pub struct Verifier {
    #[zeroize(skip)]
    user: User,
    salt: [u8; SALT_BYTES],
    verifier: [u8; KEY2_BYTES],
}

impl Verifier {
    /// One that was made before, by whatever speaks the protocol.
    #[must_use]
    pub const fn new(user: User, salt: [u8; SALT_BYTES], verifier: [u8; KEY2_BYTES]) -> Self {
        Self {
            user,
            salt,
            verifier,
        }
    }

    /// Makes one of a password. `None` for 1 in 256 pairs of name and password: Espressif's Python client
    /// drops a zero in front of their hash and would not agree with its phone apps; take another password.
    /// An exponentiation: as long as a third of a handshake.
    #[must_use]
    pub fn of_password(user: User, password: &[u8], mut salt: [u8; SALT_BYTES]) -> Option<Self> {
        // The same client drops a zero in front of the salt.
        if let [first @ 0, ..] = &mut salt {
            *first = 1;
        }
        let inner = Zeroizing::new(<[u8; 64]>::from(
            Sha512::new()
                .chain_update(&user)
                .chain_update(b":")
                .chain_update(password)
                .finalize(),
        ));
        if inner.starts_with(&[0]) {
            return None;
        }
        let x = Zeroizing::new(U512::from_be_bytes(
            Sha512::new()
                .chain_update(salt)
                .chain_update(inner.as_slice())
                .finalize()
                .into(),
        ));
        let verifier = power(&Element::new(&GENERATOR), &*x)
            .retrieve()
            .to_be_bytes();
        Some(Self {
            user,
            salt,
            verifier,
        })
    }

    /// What the password was salted with.
    #[must_use]
    pub const fn salt(&self) -> &[u8; SALT_BYTES] {
        &self.salt
    }

    /// Whose it is.
    #[must_use]
    pub const fn user(&self) -> &User {
        &self.user
    }

    /// v of SRP-6a.
    #[must_use]
    pub const fn verifier(&self) -> &[u8; KEY2_BYTES] {
        &self.verifier
    }
}

/// What a handshake comes to if the phone knows the password.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(super) struct Agreement {
    /// The session's key.
    pub(super) key: [u8; SESSION_KEY_BYTES],
    /// What the phone has to prove it by.
    pub(super) phone_proof: [u8; PROOF2_BYTES],
    /// What the device proves it by.
    pub(super) device_proof: [u8; PROOF2_BYTES],
}

/// The device's public key, with leading zeros.
pub(super) type PublicKey = [u8; KEY2_BYTES];

/// Computes the device's part. The user's name is the one the phone gave: a wrong one leads to proofs
/// that do not agree, as a wrong password does.
#[inline(never)]
pub(super) fn agree(
    verifier: &Verifier,
    user: &User,
    phone_key: &PublicKey,
    rng: &mut impl CryptoRngCore,
) -> Result<(PublicKey, Agreement), Refused> {
    let mut private = Zeroizing::new([0; 32]);
    rng.try_fill_bytes(&mut *private).map_err(|_| Refused)?;
    let b = Zeroizing::new(U256::from_be_bytes(*private));
    let public = public_key(verifier, &b);
    let u = U512::from_be_bytes(
        Sha512::new()
            .chain_update(phone_key)
            .chain_update(public)
            .finalize()
            .into(),
    );
    if u == U512::ZERO || public == [0; KEY2_BYTES] {
        return Err(Refused);
    }
    let secret = shared_secret(verifier, phone_key, &u, &b)?;
    let key = Zeroizing::new(<[u8; 64]>::from(Sha512::digest(shortest(&*secret))));
    let mut agreement = Agreement {
        key: [0; SESSION_KEY_BYTES],
        phone_proof: phone_proof(user, &verifier.salt, phone_key, &public, &key),
        device_proof: [0; PROOF2_BYTES],
    };
    for (to, from) in agreement.key.iter_mut().zip(&*key) {
        *to = *from;
    }
    agreement.device_proof = Sha512::new()
        .chain_update(phone_key)
        .chain_update(agreement.phone_proof)
        .chain_update(key.as_slice())
        .finalize()
        .into();
    Ok((public, agreement))
}

/// B of SRP-6a. On its own for the stack's sake, as is the secret.
#[inline(never)]
fn public_key(verifier: &Verifier, b: &U256) -> PublicKey {
    let v = Zeroizing::new(Element::new(&U3072::from_be_bytes(verifier.verifier)));
    let k = reduced(
        Sha512::new()
            .chain_update(PRIME.to_be_bytes())
            .chain_update(GENERATOR.to_be_bytes()),
    );
    let masked = Zeroizing::new(k.mul(&v));
    masked
        .add(&power(&Element::new(&GENERATOR), b))
        .retrieve()
        .to_be_bytes()
}

/// S of SRP-6a, with leading zeros.
#[inline(never)]
fn shared_secret(
    verifier: &Verifier,
    phone_key: &PublicKey,
    u: &U512,
    b: &U256,
) -> Result<Zeroizing<PublicKey>, Refused> {
    let a = Element::new(&U3072::from_be_bytes(*phone_key));
    // A multiple of the prime would make the secret 0, whatever the password.
    if a.retrieve() == U3072::ZERO {
        return Err(Refused);
    }
    let v = Zeroizing::new(Element::new(&U3072::from_be_bytes(verifier.verifier)));
    let base = Zeroizing::new(a.mul(&power(&v, u)));
    let secret = Zeroizing::new(power(&base, b));
    Ok(Zeroizing::new(secret.retrieve().to_be_bytes()))
}

/// M1 of SRP-6a.
#[inline(never)]
fn phone_proof(
    user: &User,
    salt: &[u8],
    phone_key: &PublicKey,
    public: &PublicKey,
    key: &[u8; 64],
) -> [u8; PROOF2_BYTES] {
    let mut group: [u8; 64] = Sha512::digest(PRIME.to_be_bytes()).into();
    let generator = Sha512::digest(GENERATOR.to_be_bytes());
    for (octet, other) in group.iter_mut().zip(generator) {
        *octet ^= other;
    }
    Sha512::new()
        .chain_update(group)
        .chain_update(Sha512::digest(user))
        .chain_update(salt)
        .chain_update(phone_key)
        .chain_update(shortest(public))
        .chain_update(key)
        .finalize()
        .into()
}

/// A hash as an element of the group.
fn reduced(hash: Sha512) -> Element {
    let number = U512::from_be_bytes(hash.finalize().into());
    Element::new(&number.resize())
}

/// A number without the zeros in front, as the wire and the hashes have it.
pub(super) fn shortest(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|&&octet| octet == 0).count();
    number.get(zeros..).unwrap_or(&[])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crypto_bigint::modular::runtime_mod::DynResidueParams;

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
            assert_eq!(power(&base, &exponent), base.pow(&exponent));
        }
    }

    #[test]
    fn zeros_in_front_are_left_out() {
        assert_eq!(shortest(&[0, 0, 1, 0]), [1, 0]);
        assert_eq!(shortest(&[0, 0]), []);
    }
}
