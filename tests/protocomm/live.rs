//! A device whose endpoints live through anything, held against a plain model at every step: nobody is
//! answered but the one phone that has proved the secret, and nothing is saved but what it has applied.

use wifi_provision::message::espressif::MAX_MESSAGE_BYTES;
use wifi_provision::protocomm::{Answer, Connection, Job, Outcome, Protocomm, Refused, serve};
use wifi_provision::status::Reason;

use super::board::{AccessPoint, Profile, access_point};
use super::decoders::{Network, Step};
use super::device::Device;
use super::happening::{Happening, endpoint_of};
use super::model::{FOUND, Join, Model, Scan, Session, Told};
use super::shadow::{Asked, Shadow, Used, is_void};

/// More handshakes of security 2 than this take too long.
const EXPENSIVE: u32 = 2;

struct Life {
    device: Device,
    model: Model,
    job: Option<Job>,
    /// What of it may be saved.
    joined: Option<Network>,
    /// The endpoints were restarted since the job was taken.
    is_stale: bool,
    recorded: Vec<(&'static str, Vec<u8>)>,
    used: Used,
    expensive: u32,
    saved: Vec<Profile>,
}

/// What is in the air.
fn air() -> [AccessPoint; FOUND] {
    let mut no_address = access_point("No address", "secret123", -60);
    no_address.gives_address = false;
    let mut wpa3 = access_point("WPA3", "secret123", -70);
    wpa3.security = 5;
    let mut cafe = access_point("Cafe", "", -40);
    cafe.security = 0;
    [
        access_point("Home", "secret123", -50),
        no_address,
        wpa3,
        cafe,
    ]
}

/// A device lives through what happens.
pub(crate) fn live(asked: Asked, attempts: u8, happenings: impl IntoIterator<Item = Happening>) {
    let attempts = attempts.max(1);
    let mut life = Life {
        device: Device::with_attempts(asked.security(), air().to_vec(), attempts),
        model: Model::new(asked, attempts),
        job: None,
        joined: None,
        is_stale: false,
        recorded: Vec::new(),
        used: Used::new(),
        expensive: 0,
        saved: Vec::new(),
    };
    for happening in happenings {
        life.happens(happening);
        assert_eq!(life.device.board.saved, life.saved, "the list is as it was");
        assert_eq!(
            life.device.protocomm.failed_handshakes(),
            life.model.refused_steps
        );
    }
}

impl Life {
    fn happens(&mut self, happening: Happening) {
        match happening {
            Happening::Hello(on) => self.send(on, "prov-session", self.model.asked.hello(on)),
            Happening::Proof(on, is_right, change) => {
                let Session::Half(_, Some(half)) = &self.model.session else {
                    return;
                };
                let proof = if is_right { &half.proof } else { &half.wrong };
                self.send(on, "prov-session", change.applied_to(proof.clone()));
            }
            Happening::Asked(on, wanted, change) => {
                let (endpoint, text) = wanted.written();
                let request = match &self.model.session {
                    Session::Open(_, shadow) => shadow.seal(&text),
                    Session::Absent | Session::Half(..) => text,
                };
                self.send(on, endpoint, change.applied_to(request));
            }
            Happening::Again(on, which) => {
                if !self.recorded.is_empty() {
                    let which = usize::from(which) % self.recorded.len();
                    let (endpoint, message) = self.recorded[which].clone();
                    self.send(on, endpoint, message);
                }
            }
            Happening::Octets(on, endpoint, octets) => self.send(on, endpoint_of(endpoint), octets),
            Happening::Pending(on) => self.collect(on),
            Happening::Gone(on) => {
                self.device.protocomm.disconnected(Connection(on));
                if self.model.owner() == Some(on) {
                    self.model.replace(Session::Absent);
                }
            }
            Happening::Begun => self.begin(),
            Happening::Done => self.end(),
            Happening::Restarted => {
                let model = Model::new(self.model.asked, self.model.attempts);
                self.device.protocomm = Protocomm::new(model.asked.security(), model.attempts);
                self.model = model;
                self.is_stale = self.job.is_some();
            }
        }
    }

    fn send(&mut self, on: u32, endpoint: &'static str, message: Vec<u8>) {
        let is_expensive = self.model.asked == Asked::Password
            && endpoint == "prov-session"
            && matches!(Step::seen(&message), Some(Step::Hello2(..)));
        if is_expensive {
            self.expensive += 1;
            if self.expensive > EXPENSIVE {
                return;
            }
        }
        let answer = match endpoint {
            "prov-session" => self.step(on, &message),
            "proto-ver" => self.version(on, &message),
            _ => self.ask(on, endpoint, &message),
        };
        self.recorded.push((endpoint, message));
        self.recorded
            .extend(answer.map(|answer| (endpoint, answer)));
    }

    fn version(&mut self, on: u32, message: &[u8]) -> Option<Vec<u8>> {
        let answer = self.device.handle(Connection(on), "proto-ver", message);
        if message.len() > MAX_MESSAGE_BYTES {
            assert_eq!(answer, Err(Refused));
            return None;
        }
        let text = answer
            .expect("everybody may know the version")
            .expect("at once");
        assert!(text.starts_with(b"{\"prov\":{\"ver\":\"netprov-v1.2\""));
        None
    }

    /// A step of a handshake, right or wrong.
    fn step(&mut self, on: u32, message: &[u8]) -> Option<Vec<u8>> {
        let step = Step::seen(message);
        let answer = self.device.handle(Connection(on), "prov-session", message);
        if message.len() > MAX_MESSAGE_BYTES {
            assert_eq!(answer, Err(Refused));
            return None;
        }
        let is_first = matches!(step, Some(Step::Plain | Step::Hello1(_) | Step::Hello2(..)));
        let is_due = match (&step, self.model.asked) {
            (Some(Step::Plain), Asked::Nothing) => true,
            (Some(hello @ Step::Hello1(_)), Asked::Keys | Asked::Secret)
            | (Some(hello @ Step::Hello2(..)), Asked::Password) => !is_void(hello),
            (Some(proof @ (Step::Proof1(_) | Step::Proof2(_))), _) => match &self.model.session {
                Session::Half(owner, Some(half)) => {
                    *owner == on && Step::seen(&half.proof).as_ref() == Some(proof)
                }
                _ => false,
            },
            _ => false,
        };
        if !is_due {
            assert_eq!(answer, Err(Refused));
            self.model.refused_steps += 1;
            // What is nobody's first step ends nobody else's session.
            if is_first || self.model.owner() == Some(on) {
                self.model.replace(Session::Absent);
            }
            return None;
        }
        let answer = answer.expect("the step was due").expect("at once");
        let before = std::mem::replace(&mut self.model.session, Session::Absent);
        let session = match (step, before) {
            (Some(Step::Plain), _) => Session::Open(on, Shadow::Plain),
            (Some(Step::Proof1(_) | Step::Proof2(_)), Session::Half(_, Some(half))) => {
                let shadow = half.opened(&answer).expect("the device proves itself");
                Session::Open(on, shadow)
            }
            (Some(hello), _) => Session::Half(on, self.model.asked.half(&hello, &answer)),
            (None, _) => unreachable!("no step was due"),
        };
        self.model.replace(session);
        Some(answer)
    }

    /// Any other request.
    fn ask(&mut self, on: u32, endpoint: &str, message: &[u8]) -> Option<Vec<u8>> {
        let text = match &mut self.model.session {
            Session::Open(owner, shadow)
                if *owner == on
                    && self.model.waiting.is_none()
                    && message.len() <= MAX_MESSAGE_BYTES
                    && endpoint != "prov-sessio" =>
            {
                shadow.open(message, &mut self.used)
            }
            _ => None,
        };
        let answer = self.device.handle(Connection(on), endpoint, message);
        let Some(text) = text else {
            assert_eq!(answer, Err(Refused), "nobody may ask");
            return None;
        };
        let expected = match endpoint {
            "prov-config" => self.model.config(&text),
            "prov-scan" => self.model.scan(on, &text),
            "prov-ctrl" => self.model.control(&text),
            _ => {
                // An answer may be too long once it is sealed.
                let room = MAX_MESSAGE_BYTES
                    - if self.model.asked == Asked::Password {
                        16
                    } else {
                        0
                    };
                (text.len() <= room).then(|| Told::Octets(text.iter().rev().copied().collect()))
            }
        };
        match (expected, answer) {
            (None, answer) => {
                assert_eq!(answer, Err(Refused), "it cannot be read");
                None
            }
            (Some(Told::Later), answer) => {
                assert_eq!(answer, Ok(None));
                None
            }
            (Some(told), answer) => {
                let sealed = answer.expect("the owner is answered").expect("at once");
                let Session::Open(_, shadow) = &mut self.model.session else {
                    unreachable!("the session is open");
                };
                told.holds(&shadow.answered(&sealed, &mut self.used));
                Some(sealed)
            }
        }
    }

    /// The answer to a scan that a phone waits for.
    fn collect(&mut self, on: u32) {
        let mut out = [0; MAX_MESSAGE_BYTES];
        let answer = self.device.protocomm.pending(Connection(on), &mut out);
        if self.model.waiting != Some(on) {
            assert_eq!(answer, Err(Refused));
            return;
        }
        if matches!(self.model.scan, Scan::Wanted | Scan::Running) {
            assert_eq!(answer, Ok(Answer::Pending));
            return;
        }
        let (Ok(Answer::Ready(length)), Session::Open(_, shadow)) =
            (answer, &mut self.model.session)
        else {
            panic!("the scan is over: {answer:?}");
        };
        self.model.waiting = None;
        let text = shadow.answered(&out[..length], &mut self.used);
        Told::At(&[2], 0).holds(&text);
    }

    /// The service's task takes what there is to do.
    fn begin(&mut self) {
        if self.job.is_some() {
            return;
        }
        self.job = self.device.protocomm.next_job();
        self.is_stale = false;
        match &self.job {
            None => assert!(self.model.scan != Scan::Wanted && self.model.join != Join::Wanted),
            Some(Job::Scan) => {
                assert_eq!(self.model.scan, Scan::Wanted);
                self.model.scan = Scan::Running;
            }
            Some(Job::Join(_)) => {
                assert_eq!(self.model.join, Join::Wanted, "nobody has applied anything");
                self.model.join = Join::Running;
                self.joined.clone_from(&self.model.applied);
            }
        }
    }

    fn end(&mut self) {
        let Some(job) = self.job.take() else { return };
        let device = &mut self.device;
        let outcome = serve::carry_out(job, &mut device.service, &mut device.board);
        let mut join = None;
        match &outcome {
            Outcome::Scanned(found) => {
                assert!(found.is_some());
                if !self.is_stale {
                    self.model.scan = Scan::Done;
                }
            }
            Outcome::Joined(connected) => {
                let network = self.joined.take().expect("somebody has applied it");
                assert_eq!(connected.ssid.as_slice(), network.ssid);
                let (new, before) = device.board.saved.split_last().expect("it is saved");
                // Those of its name and security have made room for it.
                self.saved
                    .retain(|saved| saved.ssid() != new.ssid() || saved.security != new.security);
                assert_eq!(before, self.saved, "the others stay, in order");
                assert_eq!(new.ssid(), network.ssid);
                assert_eq!(new.passphrase(), network.passphrase);
                assert_eq!(device.board.on.as_deref(), Some(&network.ssid[..]));
                self.saved.clone_from(&device.board.saved);
                join = Some(Join::Rest(0));
            }
            Outcome::Failed(_, reason) => {
                self.model.failed += u8::from(!self.is_stale);
                let is_worth_another = !matches!(reason, Reason::Security | Reason::NotSaved);
                let is_over = self.model.failed >= self.model.attempts || !is_worth_another;
                join = Some(if is_over { Join::Rest(3) } else { Join::Wanted });
            }
        }
        device.protocomm.done(outcome);
        if let (Some(join), false) = (join, self.is_stale) {
            self.model.join = join;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::decoders::Config;
    use super::super::happening::{Change, Octets, Wanted};
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;
    use std::path::Path;

    fn live_through(octets: &[u8]) {
        let (asked, attempts, happenings) = Octets::life(octets);
        live(asked, attempts, happenings);
    }

    proptest! {
        // The fuzzer goes on from here.
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn any_life_is_the_model_s(octets in vec(any::<u8>(), 0..300), asked in 0..7_u8) {
            // Security 2 takes long; the corpus has it.
            live_through(&[&[asked], &octets[..]].concat());
        }
    }

    /// What the fuzzer begins with, and what it has found; of security 2, whose handshakes take long, a few.
    #[test]
    fn the_corpus_is_the_model_s() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("ci/fuzz/corpus/protocomm_session");
        let mut passwords = 0;
        for file in std::fs::read_dir(folder).unwrap() {
            let octets = std::fs::read(file.unwrap().path()).unwrap();
            passwords += u32::from(Octets::life(&octets).0 == Asked::Password);
            if passwords <= 2 || Octets::life(&octets).0 != Asked::Password {
                live_through(&octets);
            }
        }
    }

    fn asked(request: Config) -> Happening {
        Happening::Asked(1, Wanted::Config(request), Change::Nothing)
    }

    fn home() -> Config {
        Config::Set(Some(Network {
            ssid: b"Home".into(),
            passphrase: b"secret123".into(),
            bssid: [0; 6],
        }))
    }

    fn open() -> [Happening; 2] {
        [
            Happening::Hello(1),
            Happening::Proof(1, true, Change::Nothing),
        ]
    }

    #[test]
    fn a_stranger_s_nonsense_does_not_cost_the_owner_what_it_has_set() {
        let nonsense = Happening::Octets(2, 0, vec![0xff]);
        let life = [asked(home()), nonsense, asked(Config::Apply)];
        live(Asked::Secret, 1, open().into_iter().chain(life));
    }

    #[test]
    fn what_was_begun_before_a_restart_is_not_gone_on_with_after_it() {
        let wrong = Config::Set(Some(Network {
            ssid: b"Home".into(),
            passphrase: b"secret124".into(),
            bssid: [0; 6],
        }));
        let before = [asked(wrong), asked(Config::Apply), Happening::Begun];
        let after = [Happening::Restarted, Happening::Done, Happening::Begun];
        let life = open().into_iter().chain(before).chain(after);
        live(Asked::Secret, 3, life);
    }
}
