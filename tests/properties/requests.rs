//! Whatever the way a request is written, it is read as meant; whatever the bytes, nothing breaks.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::Union;
use wifi_provision::service::{Kind, Request, Service};
use wifi_provision::status::Status;

use crate::cases;
use crate::cbor::{BYTES, Item, TEXT, bytes_like_cbor, damaged, item, string_of, width};
use crate::world::serve::{Profile, Rejected, read, read_to_refuse, saved};
use crate::world::{Handset, Journal, Radio, receive};

/// A network as the tests mean it.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Meant {
    ssid: Vec<u8>,
    bssid: Vec<u8>,
    security: u8,
    passphrase: Vec<u8>,
}

impl Meant {
    /// What no driver could join is refused.
    fn is_possible(&self) -> Result<(), Status> {
        let lengths = match self.security {
            4 => return Err(Status::NotSupported),
            0 => 0..=63,
            1 if ![5, 10, 13, 26].contains(&self.passphrase.len()) => return Err(Status::Failure),
            1 => 0..=63,
            _ => 8..=63,
        };
        if self.ssid.is_empty() || !lengths.contains(&self.passphrase.len()) {
            return Err(Status::Failure);
        }
        Ok(())
    }
}

/// A request, what is in its profile, and a message that says so.
type Message = (Request, Option<Meant>, Vec<u8>);

/// Puts a message together: the pairs in any order, others between them, in a map of either kind.
fn message(pairs: Vec<(char, Union<BoxedStrategy<Item>>)>) -> BoxedStrategy<Vec<u8>> {
    let known: Vec<_> = pairs
        .into_iter()
        .map(|(key, value)| {
            value
                .prop_map(move |value| (Item::text(&key.to_string()), value))
                .boxed()
        })
        .collect();
    let others = vec((unknown_key(), item()), 0..4);
    (known, others, proptest::option::of(width()))
        .prop_flat_map(|(known, others, width)| {
            let pairs = [known, others].concat();
            (Just(pairs).prop_shuffle(), Just(width))
        })
        .prop_map(|(pairs, width)| Item::Map { pairs, width }.to_bytes())
        .boxed()
}

fn unknown_key() -> impl Strategy<Value = Item> {
    item().prop_filter("a key we know", |item| {
        let bytes = item.to_bytes();
        !(bytes.len() == 2 && bytes[0] == 0x61 && b"wgjhtqrbmy".contains(&bytes[1]))
    })
}

fn one(strategy: impl Strategy<Value = Item> + 'static) -> Union<BoxedStrategy<Item>> {
    Union::new([strategy.boxed()])
}

fn integer(value: i128) -> Union<BoxedStrategy<Item>> {
    one(width().prop_map(move |width| Item::Integer { value, width }))
}

fn boolean(value: bool) -> Union<BoxedStrategy<Item>> {
    one(Just(Item::Simple(vec![0xf4 | u8::from(value)])))
}

/// An index of the wire, and what it is held at within 16 bits.
fn index() -> impl Strategy<Value = (i128, i16)> {
    prop_oneof![
        (0_i128..10),
        any::<i16>().prop_map(i128::from),
        any::<i64>().prop_map(i128::from),
        any::<u64>().prop_map(i128::from),
        any::<u64>().prop_map(|argument| -1 - i128::from(argument)),
    ]
    .prop_map(|wire| {
        (
            wire,
            wire.clamp(i128::from(i16::MIN), i128::from(i16::MAX)) as i16,
        )
    })
}

fn list() -> BoxedStrategy<Message> {
    (index(), index())
        .prop_flat_map(|((max, _), (time, _))| {
            let shown = if (1..=10).contains(&max) {
                max as u8
            } else {
                10
            };
            message(vec![
                ('w', integer(1)),
                ('h', integer(max)),
                ('t', integer(time)),
            ])
            .prop_map(move |bytes| (Request::List { max: shown }, None, bytes))
        })
        .boxed()
}

fn edit() -> BoxedStrategy<Message> {
    (index(), index())
        .prop_flat_map(|((g, from), (j, to))| {
            message(vec![
                ('w', integer(5)),
                ('g', integer(g)),
                ('j', integer(j)),
            ])
            .prop_map(move |bytes| (Request::Edit { from, to }, None, bytes))
        })
        .boxed()
}

fn delete() -> BoxedStrategy<Message> {
    index()
        .prop_flat_map(|(g, priority)| {
            message(vec![('w', integer(7)), ('g', integer(g))])
                .prop_map(move |bytes| (Request::Delete { priority }, None, bytes))
        })
        .boxed()
}

/// Joining a saved network; what else is said of it may be of any type.
fn join() -> BoxedStrategy<Message> {
    let not_new = index().prop_filter("a new network", |&(_, priority)| priority != -1);
    (
        not_new,
        proptest::option::of(any::<bool>()),
        vec(proptest::sample::select(vec!['r', 'b', 'm', 'q']), 0..4),
    )
        .prop_flat_map(|((g, priority), connect, mut others)| {
            let mut pairs = vec![('w', integer(3)), ('g', integer(g))];
            pairs.extend(connect.map(|connect| ('y', boolean(connect))));
            others.sort_unstable();
            others.dedup();
            pairs.extend(others.into_iter().map(|key| (key, one(item()))));
            message(pairs).prop_map(move |bytes| (Request::Join { priority }, None, bytes))
        })
        .boxed()
}

/// Saving a network, also one that no driver could join.
fn save() -> BoxedStrategy<Message> {
    let meant = (
        vec(any::<u8>(), 0..=32),
        vec(any::<u8>(), 6),
        0_u8..=5,
        vec(any::<u8>(), 0..=63),
    );
    (meant, proptest::option::of(any::<bool>()))
        .prop_flat_map(|((ssid, bssid, security, passphrase), connect)| {
            let mut pairs = vec![
                ('w', integer(3)),
                ('g', integer(-1)),
                ('r', one(string_of(TEXT, ssid.clone()))),
                ('b', one(string_of(BYTES, bssid.clone()))),
                ('q', integer(security.into())),
                ('m', one(string_of(TEXT, passphrase.clone()))),
            ];
            pairs.extend(connect.map(|connect| ('y', boolean(connect))));
            let meant = Meant {
                ssid,
                bssid,
                security,
                passphrase,
            };
            message(pairs).prop_map(move |bytes| {
                let request = Request::Save {
                    connect: connect.unwrap_or(true),
                };
                (request, Some(meant.clone()), bytes)
            })
        })
        .boxed()
}

fn any_request() -> BoxedStrategy<Message> {
    prop_oneof![list(), edit(), delete(), join(), save()].boxed()
}

proptest! {
    #![proptest_config(cases(1_000))]

    #[test]
    fn a_request_is_read_as_meant((request, meant, bytes) in any_request()) {
        let mut profile = Profile::new();
        let possible = meant.as_ref().map_or(Ok(()), Meant::is_possible);
        prop_assert_eq!(
            read(&bytes, &mut profile),
            possible.map(|()| request).map_err(|status| Rejected::Refused(request.kind(), status))
        );
        if let Some(meant) = meant {
            let read = saved(&profile);
            prop_assert_eq!(
                Meant {
                    ssid: read.ssid.to_vec(),
                    bssid: read.bssid.to_vec(),
                    security: read.security,
                    passphrase: read.passphrase.to_vec(),
                },
                meant
            );
        }
        prop_assert_eq!(read_to_refuse(&bytes), Some(request.kind()));
    }

    /// A full queue and an empty one see the same kind in a message.
    #[test]
    fn nothing_breaks_the_decoder_and_both_ways_of_reading_agree(bytes in prop_oneof![
        vec(any::<u8>(), 0..600),
        bytes_like_cbor(),
        damaged(any_request().prop_map(|(_, _, bytes)| bytes)),
    ]) {
        let kind = match read(&bytes, &mut Profile::new()) {
            Ok(request) => Some(request.kind()),
            Err(Rejected::Refused(kind, status)) => {
                prop_assert!(status == Status::Failure || kind == Kind::Save);
                Some(kind)
            }
            Err(Rejected::Unrecognised) => None,
        };
        prop_assert_eq!(read_to_refuse(&bytes), kind);
    }

    /// Whatever the bytes, the phone gets at most the answer to one request.
    #[test]
    fn nothing_breaks_the_service(bytes in damaged(any_request().prop_map(|(_, _, bytes)| bytes))) {
        let journal = Journal::default();
        let mut radio = Radio::new(&journal);
        let mut phone = Handset::new(&journal);
        receive(&mut Service::new(), &bytes, &mut radio, &mut phone);
        prop_assert!(phone.received.len() <= 1, "an empty device has one thing to say");
    }

    /// Trailing bytes, and a map of told length that ends early, are damage: status 1.
    #[test]
    fn a_message_is_whole_or_refused((request, _, bytes) in any_request(), more in vec(any::<u8>(), 1..4)) {
        let longer = [bytes, more].concat();
        prop_assert_eq!(
            read(&longer, &mut Profile::new()),
            Err(Rejected::Refused(request.kind(), Status::Failure))
        );
    }
}

proptest! {
    #![proptest_config(cases(1_000))]

    /// What is wanted and of the wrong type is answered, wherever it stands.
    #[test]
    fn a_wrong_type_is_answered_in_any_order(
        (kind, keys) in proptest::sample::select(vec![
            (Kind::List, "wht"),
            (Kind::Save, "wgrbqmy"),
            (Kind::Edit, "wgj"),
            (Kind::Delete, "wg"),
        ]),
        wrong in any::<prop::sample::Index>(),
        order in Just((0..7_usize).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let wrong = keys.as_bytes()[1..][wrong.index(keys.len() - 1)];
        let mut pairs: Vec<(usize, u8, Item)> = keys.bytes().zip(order).map(|(key, place)| {
            let value = match key {
                _ if key == wrong => Item::Simple(vec![0xf6]),
                b'w' => Item::integer(kind as i128),
                b'g' if kind == Kind::Save => Item::integer(-1),
                b'r' => Item::text("Home"),
                b'b' => Item::String { major: BYTES, bytes: vec![0; 6], width: crate::cbor::Width::Least },
                b'm' => Item::text("password"),
                b'y' => Item::Simple(vec![0xf5]),
                _ => Item::integer(2),
            };
            (place, key, value)
        }).collect();
        pairs.sort_by_key(|(place, ..)| *place);
        // A connect flag that is no boolean may end the reading, so also before the type comes.
        let is_before_type = pairs.iter().position(|(_, key, _)| *key == wrong) < pairs.iter().position(|(_, key, _)| *key == b'w');
        let pairs = pairs.into_iter().map(|(_, key, value)| (Item::text(&char::from(key).to_string()), value)).collect();
        let bytes = Item::Map { pairs, width: None }.to_bytes();
        let came = read(&bytes, &mut Profile::new());
        if !(wrong == b'y' && is_before_type && came == Err(Rejected::Unrecognised)) {
            prop_assert_eq!(came, Err(Rejected::Refused(kind, Status::Failure)));
        }
    }
}

fn map(pairs: &[(&str, Item)]) -> Vec<u8> {
    let pairs = pairs
        .iter()
        .map(|(key, value)| (Item::text(key), value.clone()))
        .collect();
    Item::Map { pairs, width: None }.to_bytes()
}

fn network(pairs: &[(&str, Item)]) -> Vec<u8> {
    let mut all = vec![
        ("w", Item::integer(3)),
        ("g", Item::integer(-1)),
        ("r", Item::text("Home")),
        (
            "b",
            Item::String {
                major: BYTES,
                bytes: vec![0; 6],
                width: crate::cbor::Width::Least,
            },
        ),
        ("q", Item::integer(3)),
        ("m", Item::text("password")),
    ];
    for (key, value) in pairs {
        match all.iter_mut().find(|(known, _)| known == key) {
            Some((_, place)) => *place = value.clone(),
            None => all.push((key, value.clone())),
        }
    }
    map(&all)
}

fn answer(bytes: &[u8]) -> Result<Request, Status> {
    match read(bytes, &mut Profile::new()) {
        Ok(request) => Ok(request),
        Err(Rejected::Refused(kind, status)) => {
            assert_eq!(kind, Kind::Save);
            Err(status)
        }
        Err(Rejected::Unrecognised) => panic!("not recognised"),
    }
}

#[test]
fn enterprise_and_unknown_securities_are_refused_and_never_downgraded() {
    assert_eq!(answer(&network(&[])), Ok(Request::Save { connect: true }));
    assert_eq!(
        answer(&network(&[("q", Item::integer(5))])),
        Ok(Request::Save { connect: true })
    );
    assert_eq!(
        answer(&network(&[("q", Item::integer(4))])),
        Err(Status::NotSupported)
    );
    for security in [-1, 6, 7, 256, 259, 65_536 + 3, i128::from(u64::MAX)] {
        assert_eq!(
            answer(&network(&[("q", Item::integer(security))])),
            Err(Status::Failure),
            "{security}"
        );
    }
}

#[test]
fn a_wep_key_has_one_of_four_lengths() {
    for length in 0..=63 {
        let key = Item::text(&"k".repeat(length));
        let expected = if [5, 10, 13, 26].contains(&length) {
            Ok(Request::Save { connect: true })
        } else {
            Err(Status::Failure)
        };
        assert_eq!(
            answer(&network(&[("q", Item::integer(1)), ("m", key)])),
            expected,
            "{length}"
        );
    }
}

#[test]
fn a_wanted_value_with_a_tag_is_of_the_wrong_type() {
    for key in ["g", "r", "b", "q", "m", "y"] {
        let tagged = Item::Tag {
            tag: 24,
            of: Box::new(Item::text("Home")),
        };
        assert_eq!(
            answer(&network(&[(key, tagged)])),
            Err(Status::Failure),
            "{key}"
        );
    }
}

#[test]
fn fields_that_are_too_long_are_refused() {
    assert_eq!(
        answer(&network(&[("r", Item::text(&"n".repeat(33)))])),
        Err(Status::Failure)
    );
    assert_eq!(
        answer(&network(&[("m", Item::text(&"p".repeat(64)))])),
        Err(Status::Failure)
    );
    for length in [0, 5, 7, 12] {
        let bssid = Item::String {
            major: BYTES,
            bytes: vec![0; length],
            width: crate::cbor::Width::Least,
        };
        assert_eq!(
            answer(&network(&[("b", bssid)])),
            Err(Status::Failure),
            "{length}"
        );
    }
}
