//! Any requests in any order, with any trouble, held against the model of `tests/service`.
#![no_main]

use arbitrary::{Arbitrary, Result, Unstructured};
use device::network;
use libfuzzer_sys::fuzz_target;
use live::{Happening, Has, live};
use model::Trouble;
use wifi_provision::service::Request;
use wifi_provision::status::Status;
use world::Saved;

#[allow(dead_code, reason = "the tests of the service use the rest")]
#[path = "../../../tests/service/cut.rs"]
mod cut;
#[allow(dead_code, reason = "the tests of the service use the rest")]
#[path = "../../../tests/service/device.rs"]
mod device;
#[path = "../../../tests/service/live.rs"]
mod live;
#[path = "../../../tests/service/model.rs"]
mod model;
#[path = "../../../tests/world/mod.rs"]
mod world;

/// Longer lives show nothing new.
const MOST: usize = 32;

#[derive(Debug)]
struct Life {
    count: u8,
    has: Has,
    air: Vec<Option<Saved>>,
    happenings: Vec<Happening>,
}

impl<'a> Arbitrary<'a> for Life {
    fn arbitrary(from: &mut Unstructured<'a>) -> Result<Self> {
        let air = from.int_in_range(0..=10)?;
        let happenings = from.int_in_range(1..=MOST)?;
        Ok(Self {
            count: from.int_in_range(0..=8)?,
            has: Has {
                a_move: from.arbitrary()?,
                a_replacement: from.arbitrary()?,
            },
            air: (0..air).map(|_| in_the_air(from)).collect::<Result<_>>()?,
            happenings: (0..happenings)
                .map(|_| happening(from))
                .collect::<Result<_>>()?,
        })
    }
}

fn in_the_air(from: &mut Unstructured<'_>) -> Result<Option<Saved>> {
    let is_shown = from.ratio(4, 5)?;
    Ok(is_shown.then_some(network(from.int_in_range(50..=89)?)))
}

fn happening(from: &mut Unstructured<'_>) -> Result<Happening> {
    Ok(match from.int_in_range(0..=12)? {
        0 => Happening::LinkLost,
        1 => Happening::WentTo(from.int_in_range(0..=7)?),
        2 => Happening::WentAway,
        3 => Happening::Gone(request(from)?, from.int_in_range(0..=19)?),
        4 | 5 => Happening::Cut(request(from)?, from.int_in_range(0..=7)?),
        _ => Happening::Asked(request(from)?, trouble(from)?),
    })
}

fn priority(from: &mut Unstructured<'_>) -> Result<i16> {
    if from.ratio(1, 8)? {
        from.arbitrary()
    } else {
        from.int_in_range(-1..=8)
    }
}

fn request(from: &mut Unstructured<'_>) -> Result<Request> {
    Ok(match from.int_in_range(0..=6)? {
        0 => Request::List {
            max: from.int_in_range(1..=10)?,
        },
        1 => Request::Save {
            connect: from.arbitrary()?,
        },
        2 => Request::Join {
            priority: priority(from)?,
        },
        3 => Request::Edit {
            from: priority(from)?,
            to: priority(from)?,
        },
        4 => Request::Delete {
            priority: priority(from)?,
        },
        5 => Request::EraseAll,
        _ => Request::Replace,
    })
}

fn trouble(from: &mut Unstructured<'_>) -> Result<Trouble> {
    let status = *from.choose(&[Status::Failure, Status::Timeout, Status::NotSupported])?;
    Ok(match from.int_in_range(0..=12)? {
        0 => Trouble::Join(status),
        1 => Trouble::Joins(status),
        2 => Trouble::Leave,
        3 => Trouble::Append,
        4 => Trouble::Remove,
        5 => Trouble::Scan(status),
        6 => Trouble::Move,
        7 => Trouble::Replace,
        _ => Trouble::Nothing,
    })
}

fuzz_target!(|life: Life| live(life.count, life.has, life.air, life.happenings));
