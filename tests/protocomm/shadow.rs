//! A session as whoever knows its key sees it, always at the place where the device is.

use std::cell::{OnceCell, RefCell};
use std::collections::{HashMap, HashSet};

use num_bigint::BigUint;
use wifi_provision::protocomm::{SALT_BYTES, Security, User, Verifier};
use x25519_dalek::{PublicKey, StaticSecret};

use super::decoders::Step;
use super::device::{one, two};
use super::phone::{Phone1, Phone2, prime};

/// The secret of security 1 and password of security 2, and a wrong one.
const SECRET: &str = "abcd1234";
const WRONG: &str = "abcd1235";
const USER: &str = "wifiprov";

/// What a device asks for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Asked {
    Nothing,
    /// Security 1, without a secret.
    Keys,
    /// Security 1.
    Secret,
    /// Security 2.
    Password,
}

impl Asked {
    pub(crate) fn security(self) -> Security {
        match self {
            Self::Nothing => Security::Plain,
            Self::Keys => one(""),
            Self::Secret => one(SECRET),
            Self::Password => verifier(),
        }
    }

    fn secret(self) -> &'static str {
        if self == Self::Keys { "" } else { SECRET }
    }

    /// The first step of a phone's.
    pub(crate) fn hello(self, connection: u32) -> Vec<u8> {
        match self {
            Self::Nothing => vec![0x52, 3, 0xa2, 1, 0],
            Self::Keys | Self::Secret => phone1(self.secret(), connection).hello(),
            Self::Password => hello2(),
        }
    }

    /// What a first step that was welcomed comes to, if the phone behind it is one of ours.
    pub(crate) fn half(self, hello: &Step, welcome: &[u8]) -> Option<Half> {
        match hello {
            Step::Hello1(key) => {
                let connection =
                    (0..4).find(|&number| phone1("", number).public()[..] == key[..])?;
                let prove = |secret| {
                    let mut phone = phone1(secret, connection);
                    let proof = phone.proof(welcome);
                    (proof, Shadow::One(Box::new(phone)))
                };
                let (proof, shadow) = prove(self.secret());
                let wrong = prove(WRONG).0;
                Some(Half {
                    proof,
                    wrong,
                    shadow,
                })
            }
            Step::Hello2(user, _)
                if user == USER.as_bytes() && *hello == Step::seen(&hello2())? =>
            {
                let (phone, proof) = agreed(SECRET, welcome);
                let wrong = agreed(WRONG, welcome).1;
                let shadow = Shadow::Two(Box::new(phone));
                Some(Half {
                    proof,
                    wrong,
                    shadow,
                })
            }
            _ => None,
        }
    }
}

/// A handshake after its first half.
#[derive(Clone)]
pub(crate) struct Half {
    /// The one second step that opens the session.
    pub(crate) proof: Vec<u8>,
    /// What a phone with another secret takes for it.
    pub(crate) wrong: Vec<u8>,
    shadow: Shadow,
}

impl Half {
    /// The session, if the device has proved itself as well.
    pub(crate) fn opened(mut self, confirmation: &[u8]) -> Option<Shadow> {
        let believes = match &mut self.shadow {
            Shadow::Plain => true,
            Shadow::One(phone) => phone.believes(confirmation),
            Shadow::Two(phone) => phone.believes(confirmation),
        };
        believes.then_some(self.shadow)
    }
}

/// Whether a public key leads to a secret that everybody knows.
pub(crate) fn is_void(hello: &Step) -> bool {
    match hello {
        Step::Hello1(key) => {
            let key: [u8; 32] = key.as_slice().try_into().unwrap();
            let shared = StaticSecret::from([1; 32]).diffie_hellman(&PublicKey::from(key));
            !shared.was_contributory()
        }
        Step::Hello2(_, key) => BigUint::from_bytes_be(key) % prime() == BigUint::ZERO,
        _ => false,
    }
}

/// Keys and nonces that were used.
pub(crate) type Used = HashSet<(Vec<u8>, Vec<u8>)>;

/// An open session.
#[derive(Clone)]
pub(crate) enum Shadow {
    Plain,
    One(Box<Phone1>),
    Two(Box<Phone2>),
}

impl Shadow {
    /// What the phone of this session would send now.
    pub(crate) fn seal(&self, text: &[u8]) -> Vec<u8> {
        match self.clone() {
            Self::Plain => text.to_vec(),
            Self::One(mut phone) => phone.crypt(text),
            Self::Two(mut phone) => phone.seal(text),
        }
    }

    /// What the device reads in a request. Security 1 does not tell who has written it.
    pub(crate) fn open(&mut self, request: &[u8], used: &mut Used) -> Option<Vec<u8>> {
        match self {
            Self::Plain => Some(request.to_vec()),
            Self::One(phone) => Some(phone.crypt(request)),
            Self::Two(phone) => {
                let nonce = phone.nonce.clone();
                // One that is not authentic takes no nonce.
                let Some(text) = phone.open(request) else {
                    phone.nonce = nonce;
                    return None;
                };
                use_once(phone, nonce, used);
                Some(text)
            }
        }
    }

    /// What the phone reads in an answer.
    pub(crate) fn answered(&mut self, answer: &[u8], used: &mut Used) -> Vec<u8> {
        match self {
            Self::Plain => answer.to_vec(),
            Self::One(phone) => phone.crypt(answer),
            Self::Two(phone) => {
                let nonce = phone.nonce.clone();
                let text = phone.open(answer).expect("the answer is the device's");
                use_once(phone, nonce, used);
                text
            }
        }
    }
}

fn use_once(phone: &Phone2, nonce: Vec<u8>, used: &mut Used) {
    assert!(
        used.insert((phone.key.clone(), nonce)),
        "a nonce came twice"
    );
}

fn phone1(secret: &str, connection: u32) -> Phone1 {
    Phone1::new(secret, [connection as u8 + 32; 32])
}

/// What a phone with a password comes to at a welcome, and its proof.
type Agreed = HashMap<(&'static str, Vec<u8>), (Phone2, Vec<u8>)>;

// Exponentiations take long: what comes out the same is computed once.
thread_local! {
    static HELLO: OnceCell<Vec<u8>> = const { OnceCell::new() };
    static VERIFIER: OnceCell<[u8; 384]> = const { OnceCell::new() };
    static AGREED: RefCell<Agreed> = RefCell::new(HashMap::new());
}

fn phone2(password: &str) -> Phone2 {
    Phone2::new(USER, password, &[0x51; 32])
}

fn hello2() -> Vec<u8> {
    HELLO.with(|hello| hello.get_or_init(|| phone2(SECRET).hello()).clone())
}

fn agreed(password: &'static str, welcome: &[u8]) -> (Phone2, Vec<u8>) {
    AGREED.with_borrow_mut(|known| {
        known
            .entry((password, welcome.to_vec()))
            .or_insert_with(|| {
                let mut phone = phone2(password);
                let proof = phone.proof(welcome);
                (phone, proof)
            })
            .clone()
    })
}

fn verifier() -> Security {
    let verifier = VERIFIER.with(|verifier| {
        *verifier.get_or_init(|| match two(USER, SECRET) {
            Security::Two(verifier) => *verifier.verifier(),
            Security::Plain | Security::One(_) => unreachable!("it is security 2"),
        })
    });
    let salt: [u8; SALT_BYTES] = std::array::from_fn(|place| place as u8 + 1);
    let user = User::from_slice(USER.as_bytes()).expect("a name");
    Security::Two(Verifier::new(user, salt, verifier))
}
