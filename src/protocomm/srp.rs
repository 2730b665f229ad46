//! SRP-6a (RFC 5054) with 3072 bits and SHA-512, as security 2 uses it: the device's side.
//!
//! What can be computed at the phone's first message is: the second is then but a comparison.

use crypto_bigint::{Encoding, U256, U512};
use rand_core::CryptoRngCore;
use sha2::{Digest, Sha512};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::Refused;
use super::group::{
    Element, GENERATOR, PRIME, multiply, number, octets, power_of_generator, raise,
};
use crate::message::espressif::session::{KEY2_BYTES, PROOF2_BYTES, SALT2_BYTES, User};

/// Length of the salt, bytes.
pub const SALT_BYTES: usize = SALT2_BYTES;

/// Length of the session key, bytes: that of AES-256.
pub(super) const SESSION_KEY_BYTES: usize = 32;

/// The hash of a user's name and password.
fn inner(user: &[u8], password: &[u8]) -> Zeroizing<[u8; 64]> {
    Zeroizing::new(
        Sha512::new()
            .chain_update(user)
            .chain_update(b":")
            .chain_update(password)
            .finalize()
            .into(),
    )
}

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

    /// Whether all clients agree on this user and password: false for the 1 in 256 pairs that
    /// [`of_password`](Self::of_password) refuses. A hash, and so quick.
    #[must_use]
    pub fn suits(user: &[u8], password: &[u8]) -> bool {
        !inner(user, password).starts_with(&[0])
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
        let inner = inner(&user, password);
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
        let verifier = octets(&power_of_generator(&*x));
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

/// Computes the device's part, its public key into `public`. The user's name is the one the phone gave: a wrong one leads to proofs
/// that do not agree, as a wrong password does.
#[inline(never)]
pub(super) fn agree(
    verifier: &Verifier,
    user: &User,
    phone_key: &PublicKey,
    public: &mut PublicKey,
    rng: &mut impl CryptoRngCore,
) -> Result<Agreement, Refused> {
    let mut private = Zeroizing::new([0; 32]);
    rng.try_fill_bytes(&mut *private).map_err(|_| Refused)?;
    let b = Zeroizing::new(U256::from_be_bytes(*private));
    public_key(verifier, &b, public);
    let u = scrambler(phone_key, public);
    if u == U512::ZERO || *public == [0; KEY2_BYTES] {
        return Err(Refused);
    }
    let key = session_key(verifier, phone_key, &u, &b)?;
    let mut agreement = Agreement {
        key: [0; SESSION_KEY_BYTES],
        phone_proof: phone_proof(user, &verifier.salt, phone_key, public, &key),
        device_proof: [0; PROOF2_BYTES],
    };
    for (to, from) in agreement.key.iter_mut().zip(&*key) {
        *to = *from;
    }
    agreement.device_proof = device_proof(phone_key, &agreement.phone_proof, &key);
    Ok(agreement)
}

/// u of SRP-6a. On its own for the stack's sake, as is all that follows.
#[inline(never)]
fn scrambler(phone_key: &PublicKey, public: &PublicKey) -> U512 {
    U512::from_be_bytes(
        Sha512::new()
            .chain_update(phone_key)
            .chain_update(public)
            .finalize()
            .into(),
    )
}

/// B of SRP-6a.
#[inline(never)]
fn public_key(verifier: &Verifier, b: &U256, public: &mut PublicKey) {
    let power = power_of_generator(b);
    mask(verifier, &power, public);
}

#[inline(never)]
fn mask(verifier: &Verifier, power: &Element, public: &mut PublicKey) {
    let mut masked = Zeroizing::new(number(&verifier.verifier));
    let k = reduced(
        Sha512::new()
            .chain_update(PRIME.to_be_bytes())
            .chain_update(GENERATOR.to_be_bytes()),
    );
    multiply(&mut masked, &k);
    *public = octets(&masked.add(power));
}

/// S of SRP-6a, with leading zeros, into `secret`.
#[inline(never)]
fn shared_secret(
    verifier: &Verifier,
    phone_key: &PublicKey,
    u: &U512,
    b: &U256,
    secret: &mut PublicKey,
) -> Result<(), Refused> {
    let a = number(phone_key);
    // A multiple of the prime would make the secret 0, whatever the password.
    if octets(&a) == [0; KEY2_BYTES] {
        return Err(Refused);
    }
    let mut power = Zeroizing::new(number(&verifier.verifier));
    raise(&mut power, u);
    multiply(&mut power, &a);
    raise(&mut power, b);
    *secret = octets(&power);
    Ok(())
}

/// K of SRP-6a.
#[inline(never)]
fn session_key(
    verifier: &Verifier,
    phone_key: &PublicKey,
    u: &U512,
    b: &U256,
) -> Result<Zeroizing<[u8; 64]>, Refused> {
    let mut secret = Zeroizing::new([0; KEY2_BYTES]);
    shared_secret(verifier, phone_key, u, b, &mut secret)?;
    Ok(Zeroizing::new(Sha512::digest(shortest(&*secret)).into()))
}

/// M2 of SRP-6a.
#[inline(never)]
fn device_proof(
    phone_key: &PublicKey,
    phone_proof: &[u8; PROOF2_BYTES],
    key: &[u8; 64],
) -> [u8; PROOF2_BYTES] {
    Sha512::new()
        .chain_update(phone_key)
        .chain_update(phone_proof)
        .chain_update(key)
        .finalize()
        .into()
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

/// A hash as a number of the group.
#[inline(never)]
fn reduced(hash: Sha512) -> Element {
    let hash = U512::from_be_bytes(hash.finalize().into());
    Element::new(&hash.resize())
}

/// A number without the zeros in front, as the wire and the hashes have it.
pub(super) fn shortest(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|&&octet| octet == 0).count();
    number.get(zeros..).unwrap_or(&[])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_in_front_are_left_out() {
        assert_eq!(shortest(&[0, 0, 1, 0]), [1, 0]);
        assert_eq!(shortest(&[0, 0]), []);
    }
}
