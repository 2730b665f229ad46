//! What this machine provides: TCP, the time, and random numbers.

use std::fs::File;
use std::future::Future;
use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::pin::pin;
use std::sync::{Arc, Once};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;
use std::time::{SystemTime, UNIX_EPOCH};

use embassy_futures::select::{Either, select};
use embassy_time::{Duration, Instant, MockDriver, Timer};
use port_mqtt::client::{DialError, Outside};
use port_mqtt::stream::{Broken, Received, Stream};

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// The most that time moves on at once.
const LONGEST_STEP: Duration = Duration::from_millis(10);

/// Lets the clock, which tests of other crates set by hand, go with this machine's; not while the machine gives this
/// program no turn.
fn clock_goes() {
    static GOES: Once = Once::new();
    GOES.call_once(|| {
        std::thread::spawn(|| {
            let mut before = std::time::Instant::now();
            loop {
                std::thread::sleep(std::time::Duration::from_millis(1));
                let now = std::time::Instant::now();
                let step = u64::try_from(now.duration_since(before).as_micros()).unwrap();
                MockDriver::get().advance(Duration::from_micros(step).min(LONGEST_STEP));
                before = now;
            }
        });
    });
}

/// Runs a future in this thread, which sleeps meanwhile.
pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    clock_goes();
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    let mut context = Context::from_waker(&waker);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
        std::thread::park_timeout(std::time::Duration::from_millis(50));
    }
}

/// A TCP connection; looked at every other millisecond.
pub(crate) struct Tcp(TcpStream);

impl Tcp {
    pub(crate) fn connect(port: u16) -> Result<Self, DialError> {
        let stream = TcpStream::connect(("127.0.0.1", port)).map_err(|_| DialError::Refused)?;
        stream.set_nonblocking(true).unwrap();
        stream.set_nodelay(true).unwrap();
        Ok(Self(stream))
    }
}

impl Drop for Tcp {
    fn drop(&mut self) {
        let _ = self.0.shutdown(Shutdown::Both);
    }
}

const LOOK: Duration = Duration::from_millis(2);

impl Stream for Tcp {
    async fn receive(
        &mut self,
        place: &mut [u8],
        until: Instant,
        called: impl Future<Output = ()>,
    ) -> Result<Received, Broken> {
        let mut called = pin!(called);
        loop {
            match self.0.read(place) {
                Ok(0) => return Err(Broken),
                Ok(count) => return Ok(Received::Bytes(count)),
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(_) => return Err(Broken),
            }
            if Instant::now() >= until {
                return Ok(Received::Nothing);
            }
            if let Either::Second(()) = select(Timer::after(LOOK), called.as_mut()).await {
                return Ok(Received::Nothing);
            }
        }
    }

    async fn send(&mut self, mut bytes: &[u8]) -> Result<(), Broken> {
        while !bytes.is_empty() {
            match self.0.write(bytes) {
                Ok(count) => bytes = &bytes[count..],
                Err(error) if error.kind() == ErrorKind::WouldBlock => Timer::after(LOOK).await,
                Err(_) => return Err(Broken),
            }
        }
        Ok(())
    }
}

pub(crate) fn unix_time() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs()
}

pub(crate) fn seed() -> [u8; 32] {
    let mut seed = [0; 32];
    File::open("/dev/urandom")
        .unwrap()
        .read_exact(&mut seed)
        .unwrap();
    seed
}

/// Over "WiFi" with TLS to the broker; over "BLE" to its plain listener, as through a phone.
pub(crate) struct Machine {
    pub(crate) ble: u16,
}

impl Outside for Machine {
    type Wifi = Tcp;
    type Ble<'s> = Tcp;

    async fn wifi(&mut self, _: &str, port: u16) -> Result<Tcp, DialError> {
        Tcp::connect(port)
    }

    async fn ble(&mut self) -> Result<Tcp, DialError> {
        Tcp::connect(self.ble)
    }

    fn unix_time(&mut self) -> Option<u64> {
        Some(unix_time())
    }

    fn seed(&mut self) -> [u8; 32] {
        seed()
    }
}
