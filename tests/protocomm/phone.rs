//! The phone's side of both securities, computed with other libraries where there are any.

use aes_gcm::aead::Aead;
use aes_gcm::{Aes256Gcm, KeyInit};
use ctr::cipher::{KeyIvInit, StreamCipher};
use num_bigint::BigUint;
use sha2::{Digest, Sha256, Sha512};
use x25519_dalek::{PublicKey, StaticSecret};

use super::protobuf::{at, number, octets};

/// The prime of RFC 5054's group of 3072 bits.
pub(crate) fn prime() -> BigUint {
    BigUint::parse_bytes(include_str!("prime.hex").trim().as_bytes(), 16).expect("it is a number")
}

/// Security 1.
#[derive(Clone)]
pub(crate) struct Phone1 {
    private: StaticSecret,
    secret: Vec<u8>,
    device_key: [u8; 32],
    stream: Option<ctr::Ctr128BE<aes::Aes256>>,
}

impl Phone1 {
    pub(crate) fn new(secret: &str, private: [u8; 32]) -> Self {
        Self {
            private: private.into(),
            secret: secret.into(),
            device_key: [0; 32],
            stream: None,
        }
    }

    pub(crate) fn public(&self) -> [u8; 32] {
        PublicKey::from(&self.private).to_bytes()
    }

    pub(crate) fn hello(&self) -> Vec<u8> {
        hello1(&self.public())
    }

    /// Reads the welcome; gives the proof.
    pub(crate) fn proof(&mut self, welcome: &[u8]) -> Vec<u8> {
        self.device_key = at(welcome, &[11, 21, 2]).unwrap().try_into().unwrap();
        let random: [u8; 16] = at(welcome, &[11, 21, 3]).unwrap().try_into().unwrap();
        let mut key = self
            .private
            .diffie_hellman(&self.device_key.into())
            .to_bytes();
        if !self.secret.is_empty() {
            for (octet, other) in key.iter_mut().zip(Sha256::digest(&self.secret)) {
                *octet ^= other;
            }
        }
        self.stream = Some(ctr::Ctr128BE::<aes::Aes256>::new(
            &key.into(),
            &random.into(),
        ));
        let proof = self.crypt(&self.device_key.clone());
        proof1(&proof)
    }

    /// Whether the device has proved itself.
    pub(crate) fn believes(&mut self, confirmation: &[u8]) -> bool {
        let proof = at(confirmation, &[11, 23, 3]).unwrap();
        self.crypt(&proof) == self.public()
    }

    pub(crate) fn crypt(&mut self, message: &[u8]) -> Vec<u8> {
        let mut message = message.to_vec();
        self.stream.as_mut().unwrap().apply_keystream(&mut message);
        message
    }
}

pub(crate) fn hello1(key: &[u8]) -> Vec<u8> {
    let hello = octets(20, &octets(1, key));
    [number(2, 1), octets(11, &hello)].concat()
}

pub(crate) fn proof1(proof: &[u8]) -> Vec<u8> {
    let proof = [number(1, 2), octets(22, &octets(2, proof))].concat();
    [number(2, 1), octets(11, &proof)].concat()
}

pub(crate) fn hello2(user: &[u8], key: &[u8]) -> Vec<u8> {
    let hello = octets(20, &[octets(1, user), octets(2, key)].concat());
    [number(2, 2), octets(12, &hello)].concat()
}

pub(crate) fn proof2(proof: &[u8]) -> Vec<u8> {
    let proof = [number(1, 2), octets(22, &octets(1, proof))].concat();
    [number(2, 2), octets(12, &proof)].concat()
}

/// A number of the group in its full length.
pub(crate) fn padded(number: &BigUint) -> Vec<u8> {
    let short = number.to_bytes_be();
    [vec![0; 384 - short.len()], short].concat()
}

fn hash(parts: &[&[u8]]) -> Vec<u8> {
    let mut hash = Sha512::new();
    for part in parts {
        hash.update(part);
    }
    hash.finalize().to_vec()
}

/// Security 2.
#[derive(Clone)]
pub(crate) struct Phone2 {
    user: Vec<u8>,
    password: Vec<u8>,
    private: BigUint,
    pub(crate) key: Vec<u8>,
    proof: Vec<u8>,
    /// The next message's.
    pub(crate) nonce: Vec<u8>,
}

impl Phone2 {
    pub(crate) fn new(user: &str, password: &str, private: &[u8]) -> Self {
        Self {
            user: user.into(),
            password: password.into(),
            private: BigUint::from_bytes_be(private),
            key: Vec::new(),
            proof: Vec::new(),
            nonce: Vec::new(),
        }
    }

    pub(crate) fn public(&self) -> BigUint {
        BigUint::from(5_u8).modpow(&self.private, &prime())
    }

    pub(crate) fn hello(&self) -> Vec<u8> {
        hello2(&self.user, &padded(&self.public()))
    }

    /// Reads the welcome; gives the proof.
    pub(crate) fn proof(&mut self, welcome: &[u8]) -> Vec<u8> {
        let (n, g) = (prime(), BigUint::from(5_u8));
        let b_octets = at(welcome, &[12, 21, 2]).unwrap();
        let salt = at(welcome, &[12, 21, 3]).unwrap();
        let b = BigUint::from_bytes_be(&b_octets);
        let a_octets = padded(&self.public());
        let inner = hash(&[&self.user, b":", &self.password]);
        let x = BigUint::from_bytes_be(&hash(&[&salt, &inner]));
        let k = BigUint::from_bytes_be(&hash(&[&padded(&n), &padded(&g)]));
        let u = BigUint::from_bytes_be(&hash(&[&a_octets, &padded(&b)]));
        // B - k g^x, kept positive.
        let base = (b + &n * &n - k * g.modpow(&x, &n) % &n) % &n;
        let s = base.modpow(&(&self.private + u * x), &n);
        self.key = hash(&[&s.to_bytes_be()]);
        let group: Vec<u8> = hash(&[&padded(&n)])
            .iter()
            .zip(hash(&[&padded(&g)]))
            .map(|(one, other)| one ^ other)
            .collect();
        let user = hash(&[&self.user]);
        self.proof = hash(&[&group, &user, &salt, &a_octets, &b_octets, &self.key]);
        proof2(&self.proof)
    }

    /// Whether the device has proved itself; its nonce is taken.
    pub(crate) fn believes(&mut self, confirmation: &[u8]) -> bool {
        self.nonce = at(confirmation, &[12, 23, 3]).unwrap();
        let own = hash(&[&padded(&self.public()), &self.proof, &self.key]);
        at(confirmation, &[12, 23, 2]).unwrap() == own
    }

    fn cipher(&self) -> Aes256Gcm {
        Aes256Gcm::new_from_slice(&self.key[..32]).unwrap()
    }

    fn next_nonce(&mut self) -> [u8; 12] {
        let nonce: [u8; 12] = self.nonce.clone().try_into().unwrap();
        let counter = u32::from_be_bytes(nonce[8..].try_into().unwrap()) + 1;
        self.nonce[8..].copy_from_slice(&counter.to_be_bytes());
        nonce
    }

    pub(crate) fn seal(&mut self, message: &[u8]) -> Vec<u8> {
        let nonce = self.next_nonce();
        self.cipher().encrypt(&nonce.into(), message).unwrap()
    }

    pub(crate) fn open(&mut self, message: &[u8]) -> Option<Vec<u8>> {
        let nonce = self.next_nonce();
        self.cipher().decrypt(&nonce.into(), message).ok()
    }
}
