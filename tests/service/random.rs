//! Any requests in any order, with any trouble, on any device: it goes as the model says.

use proptest::collection::vec;
use proptest::prelude::*;
use wifi_provision::service::Request;
use wifi_provision::status::Status;

use crate::device::network;
use crate::live::{Happening, Has, live};
use crate::model::Trouble;

fn index() -> impl Strategy<Value = i16> {
    prop_oneof![20 => 0_i16..9, 1 => any::<i16>(), 1 => Just(-1)]
}

fn status() -> impl Strategy<Value = Status> {
    proptest::sample::select(vec![Status::Failure, Status::Timeout, Status::NotSupported])
}

fn request() -> impl Strategy<Value = Request> {
    #[cfg(feature = "espressif")]
    return prop_oneof![8 => amazon(), 1 => Just(Request::Replace)];
    #[cfg(not(feature = "espressif"))]
    amazon()
}

fn amazon() -> impl Strategy<Value = Request> {
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
        1 => Just(Trouble::Replace),
    ]
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        10 => (request(), trouble()).prop_map(|(request, trouble)| Happening::Asked(request, trouble)),
        1 => (request(), 0_u8..20).prop_map(|(request, messages)| Happening::Gone(request, messages)),
        2 => (request(), 0_u8..8).prop_map(|(request, changes)| Happening::Cut(request, changes)),
        1 => Just(Happening::LinkLost),
        1 => (0_u8..8).prop_map(Happening::WentTo),
        1 => Just(Happening::WentAway),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_device_does_as_the_model_says(
        count in 0_u8..=8,
        a_move in any::<bool>(),
        a_replacement in any::<bool>(),
        air in vec(proptest::option::weighted(0.8, (50_u8..90).prop_map(network)), 0..=10),
        happenings in vec(happening(), 1..24),
    ) {
        live(count, Has { a_move, a_replacement }, air, happenings);
    }
}
