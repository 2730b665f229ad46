//! A device that lives through anything, held against the model at every step.

use wifi_provision::config::MAX_SAVED_NETWORKS;
use wifi_provision::service::Request;
use wifi_provision::status::Status;

use crate::cut::cut;
use crate::device::{Device, Entry, Listed, network};
use crate::model::{Model, Trouble, replaces};
use crate::world::{Event, Journal, Saved};

/// What its platform can do in one write.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Has {
    pub(crate) a_move: bool,
    pub(crate) a_replacement: bool,
}

/// What happens to the device.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Happening {
    Asked(Request, Trouble),
    /// Asked by a phone that is gone after so many messages.
    Gone(Request, u8),
    /// Asked, and power goes after so many changes of the store; then the device starts again.
    Cut(Request, u8),
    /// The access point is gone.
    LinkLost,
    /// The application, or the driver by itself, joined the saved network of a priority.
    WentTo(u8),
    /// The application joined a network that is not saved.
    WentAway,
}

/// The list shows what the model says, and nothing of what a scan hides.
fn shows(listed: &Listed, model: &Model, air: &[Option<Saved>], max: u8, status: Status) {
    let saved: Vec<Entry> = model
        .saved
        .iter()
        .enumerate()
        .map(|(priority, saved)| {
            Entry::of_saved(
                saved,
                priority,
                model.saved.len(),
                model.active() == Some(priority),
            )
        })
        .collect();
    assert_eq!(listed.saved, saved);
    let found: Vec<&Saved> = air.iter().take(max.into()).flatten().collect();
    if status != Status::Success || found.is_empty() {
        assert_eq!(listed.status, Some(status as i64));
        assert!(listed.scanned.is_empty());
        return;
    }
    let names = |entry: &Entry| (entry.ssid.clone(), entry.rssi, entry.priority);
    let expected: Vec<_> = found
        .iter()
        .map(|found| (found.ssid.to_vec(), i64::from(found.rssi), -1))
        .collect();
    assert_eq!(
        listed.scanned.iter().map(names).collect::<Vec<_>>(),
        expected
    );
}

fn sorted(networks: &[Saved]) -> Vec<&Saved> {
    let mut sorted: Vec<&Saved> = networks.iter().collect();
    sorted.sort_by(|a, b| a.ssid.cmp(&b.ssid));
    sorted
}

/// A device with `count` networks and what is in the air lives through what happens.
pub(crate) fn live(count: u8, has: Has, air: Vec<Option<Saved>>, happenings: Vec<Happening>) {
    let journal = Journal::default();
    let mut device = Device::new(&journal, count);
    device.radio.has_move = has.a_move;
    device.radio.has_replace = has.a_replacement;
    device.radio.air = air.iter().cloned().collect();
    let mut model = Model {
        saved: device.saved(),
        on: None,
        has_move: has.a_move,
        has_replace: has.a_replacement,
    };
    let mut next = 100;
    for happening in happenings {
        match happening {
            Happening::LinkLost => model.on = None,
            Happening::WentAway => model.on = Some(network(99)),
            Happening::WentTo(priority) => {
                if let Some(saved) = model.saved.get(usize::from(priority)) {
                    model.on = Some(saved.clone());
                }
            }
            Happening::Asked(request, trouble) => {
                next += 1;
                let candidate = candidate(&model, request, next);
                // What cannot be removed stays, and the driver cannot tell it from the new one: `behaviour.rs`.
                let trouble = if trouble == Trouble::Remove && replaces(request) {
                    Trouble::Nothing
                } else {
                    trouble
                };
                ask(&mut device, &mut model, request, &candidate, trouble, &air);
            }
            Happening::Gone(request, messages) => {
                next += 1;
                let candidate = candidate(&model, request, next);
                leave(&mut device, &mut model, request, &candidate, messages, &air);
            }
            Happening::Cut(request, changes) => {
                next += 1;
                let candidate = candidate(&model, request, next);
                cut(&mut device, &mut model, request, &candidate, changes);
            }
        }
        device.radio.on = model.on.clone();
    }
}

/// What comes with a request: a network of its own, or what takes the place of another, mostly.
fn candidate(model: &Model, request: Request, number: u8) -> Saved {
    let twin = twin_of(model, number).filter(|_| replaces(request) && !number.is_multiple_of(3));
    twin.unwrap_or_else(|| network(number))
}

/// A saved network with another passphrase.
fn twin_of(model: &Model, number: u8) -> Option<Saved> {
    let count = model.saved.len();
    let saved = model.saved.get(usize::from(number).checked_rem(count)?)?;
    Some(Saved {
        passphrase: network(number).passphrase,
        ..saved.clone()
    })
}

/// The phone is gone in the middle of the answer. What it asked for is done all the same, and the next one gets the list as
/// it is.
fn leave(
    device: &mut Device<'_>,
    model: &mut Model,
    request: Request,
    candidate: &Saved,
    messages: u8,
    air: &[Option<Saved>],
) {
    let patience = usize::from(messages);
    let shown = match request {
        Request::List { max } => model.saved.len() + air.iter().take(max.into()).flatten().count(),
        _ => 0,
    };
    let served = model.serve(request, candidate, Trouble::Nothing);
    device.radio.settle();
    device.radio.candidate = candidate.clone();
    let outcome = device.ask_until(request, patience);
    assert!(outcome.messages.len() <= patience);
    let expected = if shown > patience {
        Some(Status::Failure)
    } else {
        served
    };
    assert_eq!(Some(outcome.status), expected, "{request:?} {messages}");
    assert_eq!(device.saved(), model.saved, "{request:?} {messages}");
    assert_eq!(device.radio.on, model.on, "{request:?} {messages}");
    let list = Request::List { max: 10 };
    ask(device, model, list, candidate, Trouble::Nothing, air);
}

fn ask(
    device: &mut Device<'_>,
    model: &mut Model,
    request: Request,
    candidate: &Saved,
    trouble: Trouble,
    air: &[Option<Saved>],
) {
    let before = model.clone();
    trouble.befall(&mut device.radio);
    // A full store has to take a network out before it can put it back.
    if model.has_move || model.saved.len() < MAX_SAVED_NETWORKS {
        device.radio.guarded = before.saved.iter().cloned().collect();
    }
    let has_candidate = matches!(request, Request::Save { .. });
    #[cfg(feature = "espressif")]
    let has_candidate = has_candidate || request == Request::Replace;
    if has_candidate {
        device.radio.candidate = candidate.clone();
    }
    let outcome = device.ask(request);
    match model.serve(request, candidate, trouble) {
        Some(status) => assert_eq!(outcome.status, status, "{request:?} {trouble:?}"),
        None => {
            assert_eq!(outcome.status, Status::Failure, "{request:?} {trouble:?}");
            model.saved = device.saved();
            assert_eq!(
                sorted(&model.saved),
                sorted(&before.saved),
                "{request:?} {trouble:?}"
            );
        }
    }
    assert_eq!(
        device.saved(),
        model.saved,
        "{request:?} {trouble:?} on {before:?}"
    );
    assert_eq!(
        device.radio.on, model.on,
        "{request:?} {trouble:?} on {before:?}"
    );
    if let Request::Edit { .. } = request {
        assert!(
            !device.radio.lost,
            "{request:?} {trouble:?}: a network was not in the store"
        );
    }
    if let Request::List { max } = request {
        shows(
            &Listed::read(&outcome.messages),
            model,
            air,
            max,
            outcome.status,
        );
    } else {
        outcome.is_answered(request.kind(), outcome.status);
        // Nothing that may end the link comes before the answer but what the answer is about.
        let sent = outcome
            .events
            .iter()
            .position(|&event| event == Event::Sent)
            .unwrap();
        let joins = |events: &[Event]| {
            events
                .iter()
                .filter(|event| matches!(event, Event::Joined(_)))
                .count()
        };
        assert!(joins(&outcome.events[..sent]) <= 1, "{:?}", outcome.events);
        let is_taken_back = outcome.events[..sent].contains(&Event::Joined(true))
            && outcome.status != Status::Success;
        assert!(
            is_taken_back || !outcome.events[..sent].contains(&Event::Left),
            "{:?}",
            outcome.events
        );
    }
}
