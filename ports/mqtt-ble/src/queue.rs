//! Packets on their way to the client, in a ring of bytes.

/// Where in the ring bytes wait. The room comes with each call and is always the same one.
#[derive(Clone, Copy, Debug, Default)]
pub struct Queue {
    start: usize,
    length: usize,
}

impl Queue {
    /// An empty one.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            start: 0,
            length: 0,
        }
    }

    /// Bytes that wait.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.length
    }

    /// Whether nothing waits.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// How many bytes fit.
    #[must_use]
    pub const fn free(&self, room: &[u8]) -> usize {
        room.len().saturating_sub(self.length)
    }

    /// Appends bytes, as many as fit: who writes looks at [`Self::free`] before the first of a packet.
    pub fn push(&mut self, room: &mut [u8], bytes: &[u8]) {
        let mut rest = bytes;
        while !rest.is_empty() {
            let end = self.start.saturating_add(self.length);
            // Up to the end of the room, then from its front.
            let (from, to) = match end.checked_sub(room.len()) {
                None => (end, room.len()),
                Some(from) => (from, self.start),
            };
            let count = to.saturating_sub(from).min(rest.len());
            let Some((now, later)) = rest.split_at_checked(count) else {
                return;
            };
            match room.get_mut(from..from.saturating_add(count)) {
                Some(place) if count > 0 => place.copy_from_slice(now),
                _ => return,
            }
            self.length = self.length.saturating_add(count);
            rest = later;
        }
    }

    /// Takes the oldest bytes out, as many as there are and fit; gives how many.
    pub fn pop(&mut self, room: &[u8], buffer: &mut [u8]) -> usize {
        let mut taken = 0_usize;
        while self.length > 0 {
            let until_wrap = room.len().saturating_sub(self.start);
            let free = buffer.len().saturating_sub(taken);
            let count = self.length.min(until_wrap).min(free);
            let from = room.get(self.start..self.start.saturating_add(count));
            let to = buffer.get_mut(taken..taken.saturating_add(count));
            let (Some(from), Some(to)) = (from, to) else {
                break;
            };
            if count == 0 {
                break;
            }
            to.copy_from_slice(from);
            taken = taken.saturating_add(count);
            self.length = self.length.saturating_sub(count);
            self.start = self.start.saturating_add(count);
            if self.start == room.len() {
                self.start = 0;
            }
        }
        taken
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        *self = Self::new();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::arithmetic_side_effects, reason = "sums of a test")]

    extern crate std;

    use std::collections::VecDeque;
    use std::vec::Vec;

    use proptest::prelude::*;

    use super::Queue;

    proptest! {
        #[test]
        fn a_queue_is_a_queue(
            size in 0_usize..9,
            doings in prop::collection::vec((any::<bool>(), 0_usize..12), 0..40),
        ) {
            let mut room = std::vec![0; size];
            let mut queue = Queue::new();
            let mut model = VecDeque::new();
            let mut next = 0_u8;
            for (pushes, count) in doings {
                if pushes {
                    let bytes: Vec<u8> = (0..count).map(|_| { next = next.wrapping_add(1); next }).collect();
                    let fit = count.min(size - model.len());
                    prop_assert_eq!(queue.free(&room), size - model.len());
                    queue.push(&mut room, &bytes);
                    model.extend(&bytes[..fit]);
                } else {
                    let mut buffer = std::vec![0; count];
                    let taken = queue.pop(&room, &mut buffer);
                    let expected: Vec<u8> = model.drain(..count.min(model.len())).collect();
                    prop_assert_eq!(&buffer[..taken], &expected[..]);
                }
                prop_assert_eq!(queue.len(), model.len());
            }
        }
    }
}
