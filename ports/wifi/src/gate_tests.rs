use core::pin::pin;
use core::sync::atomic::{AtomicUsize, Ordering};
use core::task::Waker;
use std::boxed::Box;
use std::sync::Arc;
use std::task::Wake;

use embassy_net::tcp::TcpSocket;
use embassy_net::{Config, Ipv4Address, Ipv4Cidr, StackResources, StaticConfigV4};
use embassy_net_driver::RxToken;

use super::*;
use crate::virtual_time::clock;

/// A driver that hears nothing and counts what is sent.
struct Counter<'c>(&'c AtomicUsize);

struct Sent<'c>(&'c AtomicUsize);

struct Never;

impl RxToken for Never {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(self, read: F) -> R {
        read(&mut [])
    }
}

impl TxToken for Sent<'_> {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(self, length: usize, fill: F) -> R {
        self.0.fetch_add(1, Ordering::Relaxed);
        fill(&mut [0; FRAME][..length])
    }
}

impl Driver for Counter<'_> {
    type RxToken<'a>
        = Never
    where
        Self: 'a;
    type TxToken<'a>
        = Sent<'a>
    where
        Self: 'a;

    fn receive(&mut self, _: &mut Context<'_>) -> Option<(Never, Sent<'_>)> {
        None
    }

    fn transmit(&mut self, _: &mut Context<'_>) -> Option<Sent<'_>> {
        Some(Sent(self.0))
    }

    fn link_state(&mut self, _: &mut Context<'_>) -> LinkState {
        LinkState::Up
    }

    fn capabilities(&self) -> Capabilities {
        let mut capabilities = Capabilities::default();
        capabilities.max_transmission_unit = FRAME;
        capabilities
    }

    fn hardware_address(&self) -> HardwareAddress {
        HardwareAddress::Ethernet([2, 0, 0, 0, 0, 1])
    }
}

#[derive(Default)]
struct Woken(AtomicUsize);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

#[test]
fn a_connection_in_the_making_does_not_keep_the_stack_busy_behind_a_shut_gate() {
    let _clock = clock();
    let sent: &AtomicUsize = Box::leak(Box::default());
    let gate: &Gate = Box::leak(Box::default());
    gate.set(true);
    let config = Config::ipv4_static(StaticConfigV4 {
        address: Ipv4Cidr::new(Ipv4Address::new(10, 0, 0, 2), 24),
        gateway: None,
        dns_servers: heapless::Vec::new(),
    });
    let resources = Box::leak(Box::new(StackResources::<2>::new()));
    let driver = Gated::new(Counter(sent), gate);
    let (stack, mut runner) = embassy_net::new(driver, config, resources, 1);
    let woken = Arc::new(Woken::default());
    let waker = Waker::from(Arc::clone(&woken));
    let mut context = Context::from_waker(&waker);
    let mut run = pin!(runner.run());
    let _ = run.as_mut().poll(&mut context);
    let (mut receive, mut transmit) = ([0; 64], [0; 64]);
    let mut socket = TcpSocket::new(stack, &mut receive, &mut transmit);
    gate.set(false);
    let mut connect = pin!(socket.connect((Ipv4Address::new(10, 0, 0, 3), 80)));
    let _ = connect.as_mut().poll(&mut context);
    let before = sent.load(Ordering::Relaxed);
    // As an executor does: as long as it is woken.
    for round in 0.. {
        let wakes = woken.0.swap(0, Ordering::Relaxed);
        if wakes == 0 {
            break;
        }
        assert!(round < 100, "the stack tries again and again");
        let _ = run.as_mut().poll(&mut context);
    }
    assert_eq!(sent.load(Ordering::Relaxed), before, "nothing goes out");
}
