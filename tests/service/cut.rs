//! Power goes in the middle of a request, and the device starts again.

use wifi_provision::config::MAX_SAVED_NETWORKS;
use wifi_provision::service::Request;

use crate::device::Device;
use crate::model::{Model, Trouble, replaces};
use crate::world::Saved;

/// After so many changes of the store power goes. The next start finds the old list or the new one, or what
/// `docs/SECURITY.md` says of a store that has no more than the platform contract.
pub(crate) fn cut(
    device: &mut Device<'_>,
    model: &mut Model,
    request: Request,
    candidate: &Saved,
    changes: u8,
) {
    let before = model.clone();
    model.serve(request, candidate, Trouble::Nothing);
    device.radio.settle();
    device.radio.candidate = candidate.clone();
    device.radio.power = Some(changes.into());
    // Nobody hears the answer.
    let _ = device.ask(request);
    let is_cut = device.radio.power == Some(0);
    device.restart();
    let left = device.saved();
    let is_old = left == before.saved;
    assert!(
        left == model.saved
            || (is_cut && (is_old || is_allowed(request, &before, candidate, &left))),
        "{request:?} cut after {changes} on {before:?}: {left:?}"
    );
    model.on = None;
    if replaces(request) && has_left_the_old(&before, candidate, &left) {
        // The next time the network is set the old entry goes.
        device.radio.candidate = candidate.clone();
        let _ = device.ask(request);
        assert_eq!(device.saved(), model.saved);
        model.on = Some(candidate.clone());
        return;
    }
    model.saved = left;
}

/// What a store without the call that does it in one write is left with.
fn is_allowed(request: Request, before: &Model, candidate: &Saved, left: &[Saved]) -> bool {
    let old = &before.saved;
    let is_full = old.len() == MAX_SAVED_NETWORKS;
    let missing = old.iter().filter(|saved| !left.contains(saved)).count();
    // Each that is there was there, and is there once.
    let is_subset =
        left.iter().all(|saved| old.contains(saved)) && left.len() + missing == old.len();
    match request {
        // Any order; where there is no free place, the one that was moved is in none.
        Request::Edit { .. } => !before.has_move && is_subset && missing <= usize::from(is_full),
        // One after the other, from priority 0 on.
        Request::EraseAll => old.ends_with(left),
        _ if !replaces(request) || before.has_replace => false,
        // The old one is deleted first where there is no free place, and afterwards where there is one.
        _ if is_full => {
            let is_gone = |saved: &&Saved| !left.contains(saved);
            is_subset
                && missing == 1
                && old
                    .iter()
                    .find(is_gone)
                    .is_some_and(|gone| gone.ssid == candidate.ssid)
        }
        _ => has_left_the_old(before, candidate, left),
    }
}

/// The new one is saved, and the old one of its name is still behind it.
fn has_left_the_old(before: &Model, candidate: &Saved, left: &[Saved]) -> bool {
    let is_twin = |saved: &Saved| saved.ssid == candidate.ssid;
    before.saved.iter().any(is_twin)
        && left
            .split_first()
            .is_some_and(|(new, old)| new == candidate && *old == before.saved)
}
