#![allow(clippy::arithmetic_side_effects, reason = "tests")]

use core::pin::pin;
use core::sync::atomic::{AtomicUsize, Ordering};
use core::task::{Context, Poll, Waker};
use std::sync::Arc;
use std::task::Wake;

use super::*;

#[derive(Default)]
struct Count(AtomicUsize);

impl Count {
    fn get(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

impl Wake for Count {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

fn is_ready(links: &Links<'_>) -> bool {
    pin!(links.changed())
        .poll(&mut Context::from_waker(Waker::noop()))
        .is_ready()
}

#[test]
fn a_new_view_knows_what_was_before() {
    let choice = Choice::new();
    choice.set(Some(Network::Wifi));
    let links = choice.links();
    assert_eq!(links.best(), Some(Network::Wifi));
    assert!(!is_ready(&links));
}

#[test]
fn each_change_wakes_once() {
    let choice = Choice::new();
    let links = choice.links();
    let count = Arc::new(Count::default());
    let waker = Waker::from(Arc::clone(&count));
    let mut context = Context::from_waker(&waker);
    let mut changed = pin!(links.changed());
    assert_eq!(changed.as_mut().poll(&mut context), Poll::Pending);
    choice.set(None);
    assert_eq!(count.get(), 0, "nothing changed");
    choice.set(Some(Network::Ble));
    assert_eq!(count.get(), 1);
    assert_eq!(changed.as_mut().poll(&mut context), Poll::Ready(()));
    assert!(!is_ready(&links));
}

#[test]
fn there_and_back_is_a_change() {
    let choice = Choice::new();
    choice.set(Some(Network::Wifi));
    let links = choice.links();
    choice.set(None);
    choice.set(Some(Network::Wifi));
    assert!(is_ready(&links));
    assert!(!is_ready(&links));
}

#[test]
fn a_dropped_wait_loses_nothing() {
    let choice = Choice::new();
    let links = choice.links();
    assert!(!is_ready(&links));
    choice.set(Some(Network::Ble));
    assert!(is_ready(&links));
}

#[test]
fn more_waiters_than_places_all_wake() {
    let choice = Choice::new();
    let views: std::vec::Vec<_> = (0..WAITERS * 2 + 1).map(|_| choice.links()).collect();
    let counts: std::vec::Vec<_> = views.iter().map(|_| Arc::new(Count::default())).collect();
    let mut waits: std::vec::Vec<_> = views
        .iter()
        .map(|view| std::boxed::Box::pin(view.changed()))
        .collect();
    // As an executor does: whoever was woken is polled again, and only those.
    let mut seen = std::vec![usize::MAX; views.len()];
    let mut poll_woken = |done: bool| {
        for _ in 0..2 {
            for ((wait, count), seen) in waits.iter_mut().zip(&counts).zip(&mut seen) {
                if *seen != count.get() {
                    *seen = count.get();
                    let waker = Waker::from(Arc::clone(count));
                    let ready = wait
                        .as_mut()
                        .poll(&mut Context::from_waker(&waker))
                        .is_ready();
                    assert_eq!(ready, done);
                }
            }
            if done {
                break;
            }
        }
        seen.clone()
    };
    poll_woken(false);
    choice.set(Some(Network::Wifi));
    let before = poll_woken(true);
    assert!(counts.iter().all(|count| count.get() > 0), "{before:?}");
}
