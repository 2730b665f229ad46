//! A store that has no more than the platform contract: append, read, remove. Each call is done
//! whole or not at all; power goes after any of them.

use crate::driver::{Driver, Store};
use crate::list::{self, List};
use crate::operation::Operation;
use crate::table::{Cut, Table};
use crate::verdict::judge;
use wifi_provision::config::MAX_SAVED_NETWORKS;
use wifi_provision::platform::Application;
use wifi_provision::service::Service;
use wifi_provision::status::{Cause, Status};

struct Contract {
    list: List,
    /// Changes left before power goes.
    left: usize,
    changes: usize,
}

impl Contract {
    fn new(list: List, left: usize) -> Self {
        Self {
            list,
            left,
            changes: 0,
        }
    }

    /// `None` without power.
    fn change(&mut self) -> Option<()> {
        self.left = self.left.checked_sub(1)?;
        self.changes = self.changes.saturating_add(1);
        Some(())
    }
}

impl Store for Contract {
    fn count(&mut self) -> Option<usize> {
        (self.left > 0).then_some(self.list.len())
    }

    fn get(&mut self, index: usize) -> Option<u8> {
        (self.left > 0).then(|| self.list.get(index).copied())?
    }

    fn add(&mut self, network: u8) -> Option<usize> {
        if self.list.len() >= MAX_SAVED_NETWORKS {
            return None;
        }
        self.change()?;
        self.list.push(network);
        self.list.len().checked_sub(1)
    }

    fn delete(&mut self, index: usize) -> Option<()> {
        if index >= self.list.len() {
            return None;
        }
        self.change()?;
        self.list.remove(index);
        Some(())
    }

    fn shift(&mut self, _from: usize, _to: usize) -> Result<(), Cause> {
        Err(Cause::NotSupported)
    }

    fn replace(&mut self, _index: usize, _network: u8) -> Result<(), Cause> {
        Err(Cause::NotSupported)
    }
}

/// Cuts an operation after each of its changes but the last, where it is done.
pub(crate) fn cut_everywhere(count: u8, operation: Operation, table: &mut Table) {
    let before = list::of(count);
    let changes = run(Contract::new(before.clone(), usize::MAX), operation)
        .0
        .store
        .changes;
    for cut in 1..changes {
        let (driver, status) = run(Contract::new(before.clone(), cut), operation);
        let mut restarted = Driver::new(Contract::new(driver.store.list, usize::MAX), list::NEW);
        Service::new().repair(&mut restarted);
        let after = restarted.list();
        let verdict = judge(operation, &before, &after, status == Status::Success);
        table.add(Cut {
            count,
            operation,
            cut,
            verdict,
        });
    }
}

/// How many calls that change the store an operation takes.
pub(crate) fn changes(count: u8, operation: Operation) -> usize {
    let store = Contract::new(list::of(count), usize::MAX);
    run(store, operation).0.store.changes
}

fn run(store: Contract, operation: Operation) -> (Driver<Contract>, Status) {
    let candidate = operation.candidate(&store.list);
    let mut driver = Driver::new(store, candidate);
    let status = Service::new().carry_out(&operation.request(), &mut driver, &mut Application);
    (driver, status)
}
