//! Any requests in any order, with any trouble, on any device: it goes as the model says.

use proptest::collection::vec;
use proptest::prelude::*;
use wifi_provision::config::MAX_SAVED_NETWORKS;
use wifi_provision::service::Request;
use wifi_provision::status::Status;

use crate::device::{Device, Entry, Listed, network};
use crate::model::{Model, Trouble};
use crate::world::{Event, Journal, Saved};

/// What happens to the device.
#[derive(Clone, Copy, Debug)]
enum Happening {
    Asked(Request, Trouble),
    /// The access point is gone.
    LinkLost,
    /// The application, or the driver by itself, joined the saved network of a priority.
    WentTo(u8),
    /// The application joined a network that is not saved.
    WentAway,
}

fn index() -> impl Strategy<Value = i16> {
    prop_oneof![20 => 0_i16..9, 1 => any::<i16>(), 1 => Just(-1)]
}

fn status() -> impl Strategy<Value = Status> {
    proptest::sample::select(vec![Status::Failure, Status::Timeout, Status::NotSupported])
}

fn request() -> impl Strategy<Value = Request> {
    prop_oneof![
        4 => (1_u8..=10).prop_map(|max| Request::List { max }),
        4 => any::<bool>().prop_map(|connect| Request::Save { connect }),
        4 => index().prop_map(|priority| Request::Join { priority }),
        4 => (index(), index()).prop_map(|(from, to)| Request::Edit { from, to }),
        3 => index().prop_map(|priority| Request::Delete { priority }),
        1 => Just(Request::EraseAll),
    ]
}

fn trouble() -> impl Strategy<Value = Trouble> {
    prop_oneof![
        5 => Just(Trouble::Nothing),
        2 => status().prop_map(Trouble::Join),
        1 => status().prop_map(Trouble::Joins),
        1 => Just(Trouble::Leave),
        1 => Just(Trouble::Append),
        1 => Just(Trouble::Remove),
        1 => status().prop_map(Trouble::Scan),
        1 => Just(Trouble::Move),
    ]
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        10 => (request(), trouble()).prop_map(|(request, trouble)| Happening::Asked(request, trouble)),
        1 => Just(Happening::LinkLost),
        1 => (0_u8..8).prop_map(Happening::WentTo),
        1 => Just(Happening::WentAway),
    ]
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

fn live(count: u8, has_move: bool, air: Vec<Option<Saved>>, happenings: Vec<Happening>) {
    let journal = Journal::default();
    let mut device = Device::new(&journal, count);
    device.radio.has_move = has_move;
    device.radio.air = air.iter().cloned().collect();
    let mut model = Model {
        saved: device.saved(),
        on: None,
        has_move,
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
                let candidate = network(next);
                next += 1;
                ask(&mut device, &mut model, request, &candidate, trouble, &air);
            }
        }
        device.radio.on = model.on.clone();
    }
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
    if let Request::Save { .. } = request {
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

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_device_does_as_the_model_says(
        count in 0_u8..=8,
        has_move in any::<bool>(),
        air in vec(proptest::option::weighted(0.8, (50_u8..90).prop_map(network)), 0..=10),
        happenings in vec(happening(), 1..24),
    ) {
        live(count, has_move, air, happenings);
    }
}
