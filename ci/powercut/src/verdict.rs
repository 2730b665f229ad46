//! What a cut left, once the device has started again.

use crate::list;
use crate::operation::Operation;

/// One cut.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Verdict {
    /// The old list or the new one.
    Whole,
    /// Every network once, in another order.
    Mixed,
    /// The new list, and what a network of it takes the place of: both are there until one of that name is set again.
    Beside,
    /// A network is missing, is there twice, or is one nobody saved; or a bond is gone.
    Lost,
    /// The operation was answered with success, and is not there.
    Forgotten,
}

pub(crate) fn judge(
    operation: Operation,
    before: &[u8],
    after: &[u8],
    acknowledged: bool,
) -> Verdict {
    let new = operation.applied(before);
    if after == new {
        return Verdict::Whole;
    }
    if operation.has_left_the_old(before, after) {
        return Verdict::Beside;
    }
    if acknowledged {
        return Verdict::Forgotten;
    }
    if after == before {
        return Verdict::Whole;
    }
    let is_prefix_of_erasure =
        operation.may_be_partly_done() && after.iter().all(|one| before.contains(one));
    if is_prefix_of_erasure {
        Verdict::Whole
    } else if list::is_same_set(after, before) || list::is_same_set(after, &new) {
        Verdict::Mixed
    } else {
        Verdict::Lost
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EDIT: Operation = Operation::Edit { from: 0, to: 1 };

    #[test]
    fn the_old_list_and_the_new_one_are_whole() {
        assert_eq!(judge(EDIT, &[0, 1, 2], &[0, 1, 2], false), Verdict::Whole);
        assert_eq!(judge(EDIT, &[0, 1, 2], &[0, 2, 1], true), Verdict::Whole);
    }

    #[test]
    fn what_was_acknowledged_has_to_be_there() {
        assert_eq!(
            judge(EDIT, &[0, 1, 2], &[0, 1, 2], true),
            Verdict::Forgotten
        );
    }

    #[test]
    fn another_order_is_told_from_a_loss_and_from_a_copy() {
        assert_eq!(judge(EDIT, &[0, 1, 2], &[2, 1, 0], false), Verdict::Mixed);
        assert_eq!(judge(EDIT, &[0, 1, 2], &[0, 1], false), Verdict::Lost);
        assert_eq!(judge(EDIT, &[0, 1, 2], &[0, 1, 2, 2], false), Verdict::Lost);
        assert_eq!(judge(EDIT, &[0, 1, 2], &[0, 1, 3], false), Verdict::Lost);
    }

    #[test]
    fn an_old_network_beside_the_new_one_is_told_from_a_loss_and_from_a_copy() {
        let replace = Operation::Replace { priority: 1 };
        let new = replace.candidate(&[0, 1, 2]);
        let judged = |after: &[u8]| judge(replace, &[0, 1, 2], after, false);
        assert_eq!(judged(&[0, 1, 2]), Verdict::Whole);
        assert_eq!(judged(&[0, 2, new]), Verdict::Whole);
        assert_eq!(judged(&[0, 1, 2, new]), Verdict::Beside);
        assert_eq!(judged(&[0, 1, new]), Verdict::Lost);
        assert_eq!(judged(&[0, 2]), Verdict::Lost);
        assert_eq!(judged(&[0, 2, new, new]), Verdict::Lost);
    }

    #[test]
    fn an_erasure_may_be_half_done_and_brings_nothing_new() {
        let all = Operation::EraseAll;
        assert_eq!(judge(all, &[0, 1, 2], &[0, 1], false), Verdict::Whole);
        assert_eq!(judge(all, &[0, 1, 2], &[0, 3], false), Verdict::Lost);
    }
}
