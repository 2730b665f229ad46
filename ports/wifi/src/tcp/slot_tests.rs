#![allow(clippy::unwrap_used, reason = "tests")]

use core::future::pending;
use std::vec::Vec;

use embassy_time::Timer;

use super::*;
use crate::virtual_time::{clock, run};

fn slots() -> [Slot; 2] {
    [const { Slot::new() }; 2]
}

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn there_are_as_many_connections_as_slots_and_each_has_its_own_handle() {
    let slots = slots();
    let mut seen: Vec<Handle> = Vec::new();
    for _ in 0..100 {
        let (first, one) = take(&slots).unwrap();
        let (second, two) = take(&slots).unwrap();
        assert_eq!(take(&slots).err(), Some(TcpError::NoSocket));
        for handle in [one, two] {
            assert!(!seen.contains(&handle), "{handle:?} comes again");
            assert_eq!(Handle::from_number(handle.to_number()), Some(handle));
            seen.push(handle);
        }
        drop((first, second));
    }
}

#[test]
fn a_handle_is_for_one_call_at_a_time_and_for_its_own_connection() {
    let slots = slots();
    let (call, handle) = take(&slots).unwrap();
    assert_eq!(InCall::enter(&slots, handle).err(), Some(TcpError::Busy));
    call.keep();
    let call = InCall::enter(&slots, handle).unwrap();
    assert_eq!(InCall::enter(&slots, handle).err(), Some(TcpError::Busy));
    drop(call);
    assert_eq!(InCall::enter(&slots, handle).err(), Some(TcpError::Invalid));
    take(&slots).unwrap().0.keep();
    assert_eq!(InCall::enter(&slots, handle).err(), Some(TcpError::Invalid));
    let elsewhere = Handle::from_number(0x1ff).unwrap();
    assert_eq!(
        InCall::enter(&slots, elsewhere).err(),
        Some(TcpError::Invalid)
    );
    assert_eq!(Handle::from_number(-1), None);
    assert_eq!(Handle::from_number(i32::MAX), None);
}

#[test]
fn a_result_of_an_operation_given_up_is_not_the_next_ones() {
    let _clock = clock();
    let slots = slots();
    let (call, _) = take(&slots).unwrap();
    let given_up = call.perform(Operation::Close, SECOND);
    let (result, took) = run(given_up, pending::<()>());
    assert_eq!(result, Err(TcpError::Timeout));
    assert!(took >= SECOND + MARGIN);
    let slow = async {
        // The net task was busy: it comes to the first one only now.
        let (late, _) = call.slot.next().await;
        let (number, operation) = call.slot.next().await;
        assert_eq!(
            operation,
            Operation::Receive {
                most: 9,
                limit: SECOND
            }
        );
        call.slot.done(late, Ok(1));
        Timer::after_millis(20).await;
        call.slot.done(number, Ok(2));
        pending::<()>().await;
    };
    let next = call.perform(
        Operation::Receive {
            most: 9,
            limit: SECOND,
        },
        SECOND,
    );
    assert_eq!(run(next, slow).0, Ok(2));
}

#[test]
fn bytes_go_through_the_buffer_and_never_past_an_end() {
    let slots = slots();
    let (call, _) = take(&slots).unwrap();
    call.fill(&[7; CHUNK + 9]);
    let mut small = [0; 4];
    assert_eq!(call.copy_to(&mut small, CHUNK), 4);
    assert_eq!(small, [7; 4]);
    let mut large = [0; CHUNK + 9];
    assert_eq!(call.copy_to(&mut large, usize::MAX), CHUNK);
    assert_eq!(call.copy_to(&mut large, 3), 3);
}

#[test]
fn a_connection_is_abandoned_by_its_own_handle_alone_and_its_slot_is_free() {
    let slots = slots();
    let (call, first) = take(&slots).unwrap();
    call.keep();
    abandon(&slots, first);
    assert!(slots[0].abandoned.signaled());
    assert_eq!(InCall::enter(&slots, first).err(), Some(TcpError::Invalid));
    let (call, _) = take(&slots).unwrap();
    call.keep();
    slots[0].begin();
    abandon(&slots, first);
    interrupt(&slots, first);
    assert!(!slots[0].abandoned.signaled() && !slots[0].interrupted.signaled());
}
