//! The tests, in the order they run; the load last.

mod critical;
mod load;
mod mutexes;
mod queues;
mod semaphores;
mod tasks;
mod timers;

use crate::harness::Test;

/// All of them.
pub(crate) fn tests() -> impl Iterator<Item = Test> {
    [
        semaphores::TESTS,
        mutexes::TESTS,
        queues::TESTS,
        timers::TESTS,
        tasks::TESTS,
        critical::TESTS,
        load::TESTS,
    ]
    .into_iter()
    .flatten()
    .copied()
}
