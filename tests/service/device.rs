//! The device under test: the service on a platform in memory.

use ciborium::Value;
use heapless::Vec as Bounded;
use wifi_provision::message::amazon::response;
use wifi_provision::service::{Kind, Request, Service};
use wifi_provision::status::Status;

use crate::world::{Event, Handset, Journal, Message, Radio, Saved, run};

/// A network of its own for each number.
pub(crate) fn network(number: u8) -> Saved {
    Saved {
        ssid: Bounded::from_slice(format!("Network {number}").as_bytes()).unwrap(),
        bssid: [number; 6],
        security: [0, 2, 3, 5][usize::from(number) % 4],
        passphrase: Bounded::from_slice(format!("password {number}").as_bytes()).unwrap(),
        rssi: -40 - (number % 50) as i8,
    }
}

/// The service and the platform it stands on.
pub(crate) struct Device<'a> {
    pub(crate) journal: &'a Journal,
    pub(crate) radio: Radio<'a>,
    pub(crate) service: Service,
}

/// What a request came to.
pub(crate) struct Outcome {
    pub(crate) status: Status,
    pub(crate) messages: Vec<Message>,
    pub(crate) events: Vec<Event>,
}

impl<'a> Device<'a> {
    /// A device that has networks 0 to `count` - 1 saved, in order of priority.
    pub(crate) fn new(journal: &'a Journal, count: u8) -> Self {
        let mut radio = Radio::new(journal);
        radio.store = (0..count).rev().map(network).collect();
        Self {
            journal,
            radio,
            service: Service::new(),
        }
    }

    /// Power is back.
    pub(crate) fn restart(&mut self) {
        self.radio.settle();
        self.radio.power = None;
        self.radio.on = None;
        self.service = Service::new();
        self.service.repair(&mut self.radio);
        let _ = self.journal.take();
    }

    /// The saved networks, in order of priority.
    pub(crate) fn saved(&self) -> Vec<Saved> {
        self.radio.store.iter().rev().cloned().collect()
    }

    /// A phone that reads everything makes a request.
    pub(crate) fn ask(&mut self, request: Request) -> Outcome {
        self.ask_until(request, usize::MAX)
    }

    /// A phone that is gone after some messages makes a request.
    pub(crate) fn ask_until(&mut self, request: Request, messages: usize) -> Outcome {
        let mut phone = Handset::new(self.journal);
        phone.patience = messages;
        let status = run(&mut self.service, request, &mut self.radio, &mut phone);
        Outcome {
            status,
            messages: phone.received.to_vec(),
            events: self.journal.take().to_vec(),
        }
    }

    /// A phone saves a network.
    pub(crate) fn save(&mut self, saved: Saved, connect: bool) -> Outcome {
        self.radio.candidate = saved;
        self.ask(Request::Save { connect })
    }

    /// A phone reads the list.
    pub(crate) fn list(&mut self) -> Listed {
        Listed::read(&self.ask(Request::List { max: 10 }).messages)
    }
}

impl Outcome {
    /// The phone got a status and nothing else.
    pub(crate) fn is_answered(&self, kind: Kind, status: Status) {
        assert_eq!(self.status, status);
        // That the store was what failed has a key of its own then.
        #[cfg(feature = "espressif")]
        if kind == Kind::Save && status != Status::Success {
            use wifi_provision::status::Reason;
            let told = response::status_and_reason(kind, status, Reason::NotSaved);
            if self.messages == [told] {
                return;
            }
        }
        assert_eq!(
            self.messages,
            [response::status(kind, status)],
            "one answer, {kind:?} {status:?}"
        );
    }
}

/// One network as a phone is shown it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Entry {
    pub(crate) ssid: Vec<u8>,
    pub(crate) bssid: Vec<u8>,
    pub(crate) security: i64,
    pub(crate) rssi: i64,
    pub(crate) connected: bool,
    pub(crate) priority: i64,
    pub(crate) last: bool,
}

/// A list as a phone is shown it.
#[derive(Debug, Default)]
pub(crate) struct Listed {
    pub(crate) saved: Vec<Entry>,
    pub(crate) scanned: Vec<Entry>,
    /// The status, if the list ends with one.
    pub(crate) status: Option<i64>,
}

impl Listed {
    pub(crate) fn read(messages: &[Message]) -> Self {
        let mut listed = Self::default();
        for message in messages {
            assert_eq!(listed.status, None, "something came after the end");
            let value: Value = ciborium::from_reader(message.as_slice()).unwrap();
            let pairs = value.into_map().unwrap();
            let field = |key: &str| {
                pairs
                    .iter()
                    .find(|(known, _)| known.as_text() == Some(key))
                    .map(|(_, value)| value)
            };
            let number =
                |key: &str| i64::try_from(field(key).unwrap().as_integer().unwrap()).unwrap();
            let flag = |key: &str| field(key).unwrap().as_bool().unwrap();
            if field("r").is_none() {
                listed.status = Some(number("s"));
                continue;
            }
            let entry = Entry {
                ssid: field("r").unwrap().as_text().unwrap().into(),
                bssid: field("b").unwrap().as_bytes().unwrap().clone(),
                security: number("q"),
                rssi: number("p"),
                connected: flag("e"),
                priority: number("g"),
                last: flag("l"),
            };
            if entry.priority >= 0 {
                assert!(
                    listed.scanned.is_empty(),
                    "a saved network among scanned ones"
                );
                listed.saved.push(entry);
            } else {
                listed.scanned.push(entry);
            }
        }
        for group in [&listed.saved, &listed.scanned] {
            let marks: Vec<bool> = group.iter().map(|entry| entry.last).collect();
            let mut only_the_last = vec![false; marks.len()];
            only_the_last
                .last_mut()
                .into_iter()
                .for_each(|last| *last = true);
            assert_eq!(marks, only_the_last, "the mark is on the last of its group");
        }
        assert!(listed.scanned.iter().all(|entry| !entry.connected));
        assert_ne!(
            listed.status.is_some(),
            !listed.scanned.is_empty(),
            "how a list ends"
        );
        listed
    }

    /// The priorities that are shown as connected.
    pub(crate) fn connected(&self) -> Vec<i64> {
        self.saved
            .iter()
            .filter(|entry| entry.connected)
            .map(|entry| entry.priority)
            .collect()
    }
}

impl Entry {
    /// How a saved network is shown.
    pub(crate) fn of_saved(saved: &Saved, priority: usize, of: usize, connected: bool) -> Self {
        Self {
            ssid: saved.ssid.to_vec(),
            bssid: saved.bssid.to_vec(),
            security: saved.security.into(),
            rssi: -100,
            connected,
            priority: priority as i64,
            last: priority + 1 == of,
        }
    }
}
