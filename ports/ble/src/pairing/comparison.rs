//! The question whether two numbers are the same, from its asking to its answer.
//!
//! An answer names a phone, not a question, as the upstream call does. So an acceptance that may
//! have been meant for an earlier question is taken as a refusal: that costs the user another try,
//! the opposite would let a stranger in. An application that hears how pairings end knows which
//! question it answers; only what it says in the first moment is doubted.

use embassy_time::{Duration, Instant};

/// How long somebody may still be about to answer a question that was withdrawn.
const STALE_FOR: Duration = Duration::from_secs(30);

/// How long an answer may be on its way while the question is being withdrawn and the next one put:
/// a finger over the key takes a second to notice that the number has changed.
const ON_ITS_WAY: Duration = Duration::from_secs(3);

/// What the user is asked.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Question {
    /// The phone's address, least significant byte first.
    pub peer: [u8; 6],
    /// The number, below 1,000,000.
    pub passkey: u32,
}

/// What came of a question.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Answer {
    /// The user says they are the same.
    Accepted,
    /// The user says they are not.
    Refused,
}

struct Open {
    question: Question,
    asked: Instant,
    answer: Option<Answer>,
}

/// A question that was withdrawn unanswered.
struct Withdrawn {
    peer: [u8; 6],
    at: Instant,
    /// The application heard of it.
    told: bool,
}

/// At most one open question.
pub(crate) struct Comparison {
    open: Option<Open>,
    withdrawn: Option<Withdrawn>,
}

impl Comparison {
    pub(crate) const fn new() -> Self {
        Self {
            open: None,
            withdrawn: None,
        }
    }

    /// Opens a question.
    pub(crate) fn ask(&mut self, question: Question, now: Instant) {
        // A question the host drops without a word of it.
        self.withdraw(now, false);
        self.open = Some(Open {
            question,
            asked: now,
            answer: None,
        });
    }

    /// Takes the user's answer. `passkey` says which number was looked at, where the caller knows.
    /// False when no such question is open, or it is answered.
    pub(crate) fn answer(
        &mut self,
        peer: [u8; 6],
        passkey: Option<u32>,
        accepted: bool,
        now: Instant,
    ) -> bool {
        let in_doubt = passkey.is_none() && self.in_doubt(now);
        let Some(open) = self.open.as_mut() else {
            return false;
        };
        if open.question.peer != peer
            || open.answer.is_some()
            || passkey.is_some_and(|passkey| passkey != open.question.passkey)
        {
            return false;
        }
        open.answer = Some(if accepted && !in_doubt {
            Answer::Accepted
        } else {
            Answer::Refused
        });
        self.withdrawn = None;
        true
    }

    /// Takes the answer out; the question is closed then.
    pub(crate) fn take(&mut self) -> Option<Answer> {
        let answer = self.open.as_ref()?.answer?;
        self.open = None;
        Some(answer)
    }

    /// The phone of the open question.
    pub(crate) fn about(&self) -> Option<[u8; 6]> {
        self.open.as_ref().map(|open| open.question.peer)
    }

    /// Closes the question: the pairing ended, or nobody answered in time. `told` says whether the
    /// application knows.
    pub(crate) fn withdraw(&mut self, now: Instant, told: bool) {
        if let Some(open) = self.open.take()
            && open.answer.is_none()
        {
            self.withdrawn = Some(Withdrawn {
                peer: open.question.peer,
                at: now,
                told,
            });
        }
    }

    /// Whether an answer now may be meant for the question before this one.
    fn in_doubt(&self, now: Instant) -> bool {
        let (Some(withdrawn), Some(open)) = (&self.withdrawn, &self.open) else {
            return false;
        };
        withdrawn.peer == open.question.peer
            && now.saturating_duration_since(withdrawn.at) < STALE_FOR
            && (!withdrawn.told || now.saturating_duration_since(open.asked) < ON_ITS_WAY)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PHONE: [u8; 6] = [1; 6];
    const OTHER: [u8; 6] = [2; 6];

    fn at(seconds: u64) -> Instant {
        Instant::from_secs(seconds)
    }

    fn asked(comparison: &mut Comparison, passkey: u32, seconds: u64) {
        let peer = PHONE;
        comparison.ask(Question { peer, passkey }, at(seconds));
    }

    #[test]
    fn answer_reaches_its_question_once() {
        let mut comparison = Comparison::new();
        assert!(!comparison.answer(PHONE, None, true, at(0)));
        asked(&mut comparison, 123_456, 0);
        assert_eq!(comparison.take(), None);
        assert!(!comparison.answer(OTHER, None, true, at(1)));
        assert!(comparison.answer(PHONE, None, true, at(1)));
        assert!(!comparison.answer(PHONE, None, false, at(1)));
        assert_eq!(comparison.take(), Some(Answer::Accepted));
        assert_eq!(comparison.take(), None);
    }

    #[test]
    fn late_acceptance_does_not_confirm_the_next_pairing() {
        let mut comparison = Comparison::new();
        asked(&mut comparison, 111_111, 0);
        comparison.withdraw(at(5), false);
        assert!(!comparison.answer(PHONE, None, true, at(6)));
        asked(&mut comparison, 222_222, 7);
        assert!(comparison.answer(PHONE, None, true, at(8)));
        assert_eq!(comparison.take(), Some(Answer::Refused));
        asked(&mut comparison, 333_333, 9);
        assert!(comparison.answer(PHONE, None, true, at(10)));
        assert_eq!(comparison.take(), Some(Answer::Accepted));
    }

    #[test]
    fn answer_with_the_number_is_tied_to_it() {
        let mut comparison = Comparison::new();
        asked(&mut comparison, 111_111, 0);
        comparison.withdraw(at(1), false);
        asked(&mut comparison, 222_222, 2);
        assert!(!comparison.answer(PHONE, Some(111_111), true, at(3)));
        assert!(comparison.answer(PHONE, Some(222_222), true, at(3)));
        assert_eq!(comparison.take(), Some(Answer::Accepted));
    }

    #[test]
    fn doubt_ends_when_nobody_can_still_be_answering() {
        let mut comparison = Comparison::new();
        asked(&mut comparison, 111_111, 0);
        comparison.withdraw(at(29), false);
        asked(&mut comparison, 222_222, 60);
        assert!(comparison.answer(PHONE, None, true, at(61)));
        assert_eq!(comparison.take(), Some(Answer::Accepted));
    }

    #[test]
    fn application_that_heard_of_the_withdrawal_is_doubted_for_a_moment_only() {
        for (late, expected) in [(2_900, Answer::Refused), (3_100, Answer::Accepted)] {
            let mut comparison = Comparison::new();
            asked(&mut comparison, 111_111, 0);
            comparison.withdraw(at(5), true);
            asked(&mut comparison, 222_222, 6);
            let now = at(6) + Duration::from_millis(late);
            assert!(comparison.answer(PHONE, None, true, now));
            assert_eq!(comparison.take(), Some(expected));
        }
    }

    #[test]
    fn refusal_is_never_in_doubt() {
        let mut comparison = Comparison::new();
        asked(&mut comparison, 111_111, 0);
        asked(&mut comparison, 222_222, 1);
        assert!(comparison.answer(PHONE, None, false, at(2)));
        assert_eq!(comparison.take(), Some(Answer::Refused));
    }
}
