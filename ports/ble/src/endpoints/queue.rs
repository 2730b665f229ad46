//! The pieces of a long write. The host keeps their bytes; here is decided which it may keep.

use trouble_host::att::AttErrorCode;

use crate::config::VALUE_MAX;

/// What is queued for the one attribute.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Queue {
    handle: u16,
    length: usize,
    /// A piece was refused: the whole is, too.
    refused: Option<AttErrorCode>,
}

/// One piece.
#[derive(Clone, Copy, Debug)]
pub struct Piece {
    /// The attribute it is for.
    pub handle: u16,
    /// Where its bytes belong.
    pub offset: usize,
    /// How many they are.
    pub length: usize,
}

impl Queue {
    /// Nothing is queued.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            handle: 0,
            length: 0,
            refused: None,
        }
    }

    /// Whether a piece may be kept: it goes on exactly where the last ended, so none overlaps another and
    /// none is missing.
    ///
    /// # Errors
    ///
    /// What the phone is told. From then on nothing is kept before the queue is emptied.
    pub fn push(&mut self, piece: Piece) -> Result<(), AttErrorCode> {
        let judged = self.judge(piece);
        match judged {
            Ok(end) => {
                self.handle = piece.handle;
                self.length = end;
                Ok(())
            }
            Err(code) => {
                self.refused = Some(code);
                Err(code)
            }
        }
    }

    fn judge(&self, piece: Piece) -> Result<usize, AttErrorCode> {
        if let Some(code) = self.refused {
            return Err(code);
        }
        if self.handle != 0 && self.handle != piece.handle {
            return Err(AttErrorCode::PREPARE_QUEUE_FULL);
        }
        if piece.offset != self.length {
            return Err(AttErrorCode::INVALID_OFFSET);
        }
        piece
            .offset
            .checked_add(piece.length)
            .filter(|&end| end <= VALUE_MAX)
            .ok_or(AttErrorCode::INVALID_ATTRIBUTE_VALUE_LENGTH)
    }

    /// The queue is emptied.
    ///
    /// # Errors
    ///
    /// Why what was in it must not be carried out.
    pub fn finish(&mut self) -> Result<(), AttErrorCode> {
        core::mem::take(self).refused.map_or(Ok(()), Err)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn piece(offset: usize, length: usize) -> Piece {
        Piece {
            handle: 9,
            offset,
            length,
        }
    }

    #[test]
    fn pieces_in_order_make_a_whole() {
        let mut queue = Queue::new();
        for at in 0..28 {
            queue.push(piece(at * 18, 18)).unwrap();
        }
        queue.push(piece(504, 8)).unwrap();
        assert_eq!(queue.finish(), Ok(()));
        assert_eq!(queue, Queue::new());
    }

    #[test]
    fn pieces_that_overlap_or_leave_a_gap_are_refused_and_so_is_the_whole() {
        for second in [0, 17, 19, 65_535] {
            let mut queue = Queue::new();
            queue.push(piece(0, 18)).unwrap();
            let refused = AttErrorCode::INVALID_OFFSET;
            assert_eq!(queue.push(piece(second, 18)), Err(refused));
            assert_eq!(queue.push(piece(18, 18)), Err(refused));
            assert_eq!(queue.finish(), Err(refused));
            assert_eq!(queue.push(piece(0, 18)), Ok(()));
        }
    }

    #[test]
    fn whole_is_no_longer_than_a_value() {
        let mut queue = Queue::new();
        queue.push(piece(0, 500)).unwrap();
        let refused = AttErrorCode::INVALID_ATTRIBUTE_VALUE_LENGTH;
        assert_eq!(queue.push(piece(500, 13)), Err(refused));
    }

    #[test]
    fn pieces_are_for_one_attribute() {
        let mut queue = Queue::new();
        queue.push(piece(0, 18)).unwrap();
        let other = Piece {
            handle: 10,
            ..piece(18, 18)
        };
        assert_eq!(queue.push(other), Err(AttErrorCode::PREPARE_QUEUE_FULL));
    }

    proptest! {
        #[test]
        fn what_is_kept_is_a_whole_without_gaps(pieces in prop::collection::vec((0_usize..600, 0_usize..200), 0..20)) {
            let mut queue = Queue::new();
            let mut end = 0_usize;
            for (offset, length) in pieces {
                if queue.push(piece(offset, length)).is_ok() {
                    prop_assert_eq!(offset, end);
                    end = end.saturating_add(length);
                    prop_assert!(end <= VALUE_MAX);
                }
            }
        }
    }
}
