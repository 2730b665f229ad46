//! Queues.
#![allow(unsafe_code, reason = "items travel as pointers")]

use esp_radio_rtos_driver::queue::QueueHandle;
use esp_radio_rtos_driver::{self as rtos};
use portable_atomic::{AtomicPtr, AtomicU32, Ordering};

use crate::harness::{Outcome, PRIORITY, Test, check, leak, spawn, until};
use crate::world::{LATE_US, in_interrupt, interrupts_are_off};

pub(super) const TESTS: &[Test] = &[
    ("queue::keeps_its_order", order),
    ("queue::full_and_empty_time_out", time_out),
    ("queue::a_blocked_sender_goes_on", blocked_sender),
    ("queue::filled_and_emptied_in_an_interrupt", interrupts),
    (
        "queue::a_receiver_is_woken_by_an_interrupt",
        woken_by_interrupt,
    ),
    ("queue::used_with_interrupts_off", masked),
    ("queue::removes_an_item_out_of_turn", remove),
];

const NOW: Option<u32> = Some(0);

/// A queue of words.
pub(super) struct Words(QueueHandle);

impl Words {
    pub(super) fn new(capacity: usize) -> &'static Self {
        leak(Self(QueueHandle::new(capacity, size_of::<u32>())))
    }

    pub(super) fn send(&self, word: u32, timeout: Option<u32>) -> bool {
        // SAFETY: an item of the queue's size.
        unsafe { self.0.send_to_back((&raw const word).cast(), timeout) }
    }

    fn send_front(&self, word: u32) -> bool {
        // SAFETY: an item of the queue's size.
        unsafe { self.0.send_to_front((&raw const word).cast(), NOW) }
    }

    fn send_from_interrupt(&self, word: u32) -> bool {
        // SAFETY: an item of the queue's size.
        unsafe {
            self.0
                .try_send_to_back_from_isr((&raw const word).cast(), None)
        }
    }

    pub(super) fn receive(&self, timeout: Option<u32>) -> Option<u32> {
        let mut word = 0_u32;
        // SAFETY: room for an item.
        unsafe { self.0.receive((&raw mut word).cast(), timeout) }.then_some(word)
    }

    fn receive_until(&self, deadline: u64) -> Option<u32> {
        let mut word = 0_u32;
        // SAFETY: room for an item.
        unsafe {
            self.0
                .receive_with_deadline((&raw mut word).cast(), Some(deadline))
        }
        .then_some(word)
    }

    fn receive_from_interrupt(&self) -> Option<u32> {
        let mut word = 0_u32;
        // SAFETY: room for an item.
        unsafe { self.0.try_receive_from_isr((&raw mut word).cast(), None) }.then_some(word)
    }

    fn remove(&self, word: u32) {
        // SAFETY: an item of the queue's size.
        unsafe { self.0.remove((&raw const word).cast()) }
    }

    fn len(&self) -> usize {
        self.0.messages_waiting()
    }
}

static SHARED: AtomicPtr<Words> = AtomicPtr::new(core::ptr::null_mut());

fn share(words: &'static Words) {
    SHARED.store(core::ptr::from_ref(words).cast_mut(), Ordering::SeqCst);
}

fn shared() -> &'static Words {
    // SAFETY: `share` put a reference there that lives for ever.
    unsafe { &*SHARED.load(Ordering::SeqCst) }
}

fn order() -> Outcome {
    let words = Words::new(4);
    check!(words.send(1, None) && words.send(2, NOW) && words.send_front(0));
    check!(words.len() == 3);
    check!(words.receive(None) == Some(0));
    check!(words.receive(NOW) == Some(1));
    check!(words.receive(NOW) == Some(2));
    check!(words.len() == 0);
    Ok(())
}

fn time_out() -> Outcome {
    let words = Words::new(1);
    let begun = rtos::now();
    check!(words.receive(Some(4000)).is_none());
    check!(words.receive_until(begun.saturating_add(9000)).is_none());
    check!(words.send(1, NOW) && !words.send(2, NOW) && !words.send_front(2));
    check!(!words.send(2, Some(4000)));
    let took = rtos::now().saturating_sub(begun);
    check!(took >= 13_000 && took <= LATE_US.saturating_mul(3).saturating_add(13_000));
    check!(words.receive_until(0) == Some(1));
    Ok(())
}

fn blocked_sender() -> Outcome {
    static SENT: AtomicU32 = AtomicU32::new(0);
    let words = Words::new(2);
    spawn("sender", PRIORITY.saturating_add(1), || {
        for word in 0..10 {
            if words.send(word, None) {
                SENT.fetch_add(1, Ordering::SeqCst);
            }
        }
    });
    check!(SENT.load(Ordering::SeqCst) == 2);
    for word in 0..10 {
        check!(words.receive(Some(1_000_000)) == Some(word));
    }
    check!(until(|| SENT.load(Ordering::SeqCst) == 10));
    Ok(())
}

fn interrupts() -> Outcome {
    static SEEN: AtomicU32 = AtomicU32::new(0);
    let words = Words::new(3);
    share(words);
    in_interrupt(|| {
        let words = shared();
        let sent = words.send_from_interrupt(2) && words.send(3, None) && words.send_front(1);
        let full = !words.send_from_interrupt(4) && !words.send(4, None) && !words.send_front(4);
        SEEN.store(u32::from(sent && full), Ordering::SeqCst);
    });
    check!(SEEN.load(Ordering::SeqCst) == 1);
    check!(words.receive(NOW) == Some(1));
    in_interrupt(|| {
        let words = shared();
        let received = words.receive_from_interrupt() == Some(2) && words.receive(None) == Some(3);
        let empty = words.receive(None).is_none() && words.receive_from_interrupt().is_none();
        SEEN.store(if received && empty { 2 } else { 0 }, Ordering::SeqCst);
    });
    check!(SEEN.load(Ordering::SeqCst) == 2);
    Ok(())
}

fn woken_by_interrupt() -> Outcome {
    static SUM: AtomicU32 = AtomicU32::new(0);
    static NEXT: AtomicU32 = AtomicU32::new(1);
    let words = Words::new(4);
    share(words);
    spawn("receiver", PRIORITY.saturating_add(1), || {
        for _ in 0..10 {
            if let Some(word) = words.receive(None) {
                SUM.fetch_add(word, Ordering::SeqCst);
            }
        }
    });
    for _ in 0..10 {
        in_interrupt(|| {
            shared().send_from_interrupt(NEXT.fetch_add(1, Ordering::SeqCst));
        });
    }
    check!(until(|| SUM.load(Ordering::SeqCst) == 55));
    Ok(())
}

fn masked() -> Outcome {
    static SUM: AtomicU32 = AtomicU32::new(0);
    let words = Words::new(8);
    spawn("receiver", PRIORITY.saturating_add(1), || {
        for _ in 0..1000 {
            if let Some(word) = words.receive(None) {
                SUM.fetch_add(word, Ordering::SeqCst);
            }
        }
    });
    let mut switched_on: u32 = 0;
    for _ in 0..1000 {
        critical_section::with(|_| {
            if !words.send(1, None) || !interrupts_are_off() {
                switched_on = switched_on.wrapping_add(1);
            }
        });
    }
    check!(switched_on == 0);
    check!(until(|| SUM.load(Ordering::SeqCst) == 1000));
    let (word, off) = critical_section::with(|_| {
        let nothing = words.receive(None);
        (nothing, interrupts_are_off())
    });
    check!(word.is_none() && off);
    Ok(())
}

fn remove() -> Outcome {
    let words = Words::new(5);
    for word in [1, 2, 3, 2, 4] {
        check!(words.send(word, NOW));
    }
    words.remove(2);
    words.remove(9);
    check!(words.len() == 4);
    for word in [1, 3, 2, 4] {
        check!(words.receive(NOW) == Some(word));
    }
    words.remove(1);
    check!(words.len() == 0);
    Ok(())
}
