//! The BLE half on Linux, for tests against a virtual controller:
//!
//! ```text
//! host SOCKET RECORDS
//! ```
//!
//! SOCKET is a unix socket that speaks HCI H4, RECORDS a file the bonds are kept in. What happens is
//! printed, one line each, in the order in which it happens, log and all. Lines on standard input: `on`, `off`, `yes`, `no` (answers to `compare`),
//! `auto` (says yes by itself), `forget`, `name TEXT`, `take`/`give` (the provisioning channel),
//! `send LENGTH`, `window SECONDS`, `open`, `bonded on|off`, `offer` (endpoints that answer with the request in reverse),
//! `decide` (the answer that is pending), `leap SECONDS` (of the device's clock), `hold` (only leaps move that clock) and
//! `go` (it follows the wall's again). A message that comes is sent back. `mqtt
//! SOCKET` connects a unix socket with the byte stream of `port-mqtt-ble`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test program"
)]

use std::ffi::CStr;
use std::future::Future;
use std::io::{BufRead, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use bt_hci_serial::SerialTransport;
use embassy_futures::select::{Either, select};
use embassy_sync::blocking_mutex::raw::{CriticalSectionRawMutex, NoopRawMutex};
use embassy_sync::pipe::Pipe;
use embassy_time::MockDriver;
use embedded_io::{ErrorKind, ErrorType};
use embedded_io_async::{Read as _, Write as _};
use port_ble::{
    Answer, BLE, ChannelEvent, ChannelId, Config, Endpoints, Forget, Listener, Observer,
    PairingResult, Question, Tasks, VALUE_MAX,
};
use port_mqtt_ble::{Stream, StreamError};
use port_store::{RecordError, RecordId, Records};

const CONFIG: Config = Config {
    name: "ESP32",
    version: "4.0.0",
    broker: "broker.example",
    platform: "Linux",
    device_id: "0123456789ABCDEF0123456789ABCDEF",
    tx_power: 0,
    address: None,
};

/// The most that time moves on at once.
const LONGEST_STEP: Duration = Duration::from_millis(10);

static FROM_CONTROLLER: Pipe<CriticalSectionRawMutex, 4096> = Pipe::new();
static FROM_CLIENT: Pipe<CriticalSectionRawMutex, 4096> = Pipe::new();
static ASKED: Mutex<Option<Question>> = Mutex::new(None);
static AUTO: AtomicBool = AtomicBool::new(false);

/// The clock moves by `leap` alone. Locked while it is moved by the wall's: nothing is under way after `held`.
static HELD: Mutex<bool> = Mutex::new(false);

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

fn block_on<F: Future + ?Sized>(mut future: Pin<&mut F>) -> F::Output {
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::park(),
        }
    }
}

struct Threads;

impl Tasks for Threads {
    fn current(&self) -> usize {
        thread_local!(static NAME: u8 = const { 0 });
        NAME.with(|name| std::ptr::from_ref(name).addr())
    }

    fn block_on(&self, future: Pin<&mut dyn Future<Output = ()>>) {
        block_on(future);
    }
}

struct File(PathBuf);

impl Records for File {
    fn read(&self, _: RecordId, buffer: &mut [u8]) -> Result<Option<usize>, RecordError> {
        let Ok(bytes) = std::fs::read(&self.0) else {
            return Ok(None);
        };
        buffer
            .get_mut(..bytes.len())
            .ok_or(RecordError::TooLarge)?
            .copy_from_slice(&bytes);
        Ok(Some(bytes.len()))
    }

    fn write(&self, _: RecordId, record: &[u8]) -> Result<(), RecordError> {
        std::fs::write(&self.0, record).map_err(|_| RecordError::Flash)
    }
}

struct Writer(UnixStream);

impl ErrorType for Writer {
    type Error = ErrorKind;
}

impl embedded_io_async::Write for Writer {
    async fn write(&mut self, bytes: &[u8]) -> Result<usize, ErrorKind> {
        self.0.write(bytes).map_err(|_| ErrorKind::BrokenPipe)
    }

    async fn flush(&mut self) -> Result<(), ErrorKind> {
        Ok(())
    }
}

struct Reader;

impl ErrorType for Reader {
    type Error = ErrorKind;
}

impl embedded_io_async::Read for Reader {
    async fn read(&mut self, bytes: &mut [u8]) -> Result<usize, ErrorKind> {
        Ok(FROM_CONTROLLER.read(bytes).await)
    }
}

struct Application;

impl Listener for Application {
    fn event(&self, channel: ChannelId, event: ChannelEvent<'_>) {
        match event {
            ChannelEvent::Opened => say(&format!("opened {channel:?}")),
            ChannelEvent::Received(message) => {
                say(&format!("received {} bytes", message.len()));
                let message = message.to_vec();
                // As the service does: the answer comes from another task.
                thread::spawn(move || {
                    say(&format!("answered {} bytes", BLE.send(channel, &message)));
                });
            }
            ChannelEvent::TooLong(_) => say("too long"),
            ChannelEvent::Sent => say("sent"),
            ChannelEvent::Closed => say(&format!("closed {channel:?}")),
        }
    }
}

impl Observer for Application {
    fn connection(&self, _: [u8; 6], connected: bool) {
        say(if connected {
            "connected"
        } else {
            "disconnected"
        });
    }

    fn mtu(&self, mtu: u16) {
        say(&format!("mtu {mtu}"));
    }

    fn compare(&self, question: Question) -> bool {
        *ASKED.lock().unwrap() = Some(question);
        say(&format!("compare {:06}", question.passkey));
        if AUTO.load(Ordering::SeqCst) {
            answer(true);
        }
        true
    }

    fn pairing(&self, _: [u8; 6], result: PairingResult) -> bool {
        say(&format!("pairing {result:?}"));
        true
    }
}

/// Answers with the request in reverse; `pending` waits for the command `decide`.
struct Mirror;

static DECIDED: AtomicBool = AtomicBool::new(false);

/// A session proves something.
static SECRET: AtomicBool = AtomicBool::new(true);

fn mirror(request: &[u8], answer: &mut [u8; VALUE_MAX]) -> Answer {
    for (to, from) in answer.iter_mut().zip(request.iter().rev()) {
        *to = *from;
    }
    Answer::Answered(request.len())
}

impl Endpoints for Mirror {
    fn endpoint(&self, index: usize) -> Option<(&'static CStr, u16)> {
        let known = [
            (c"prov-ctrl", 0xFF4F),
            (c"prov-session", 0xFF51),
            (c"proto-ver", 0xFF53),
        ];
        known.get(index).copied()
    }

    fn asks_for_secret(&self) -> bool {
        SECRET.load(Ordering::SeqCst)
    }

    fn handle(&self, _: u32, _: &CStr, request: &[u8], answer: &mut [u8; VALUE_MAX]) -> Answer {
        match request {
            b"refuse" => Answer::Refused,
            b"pending" => {
                say("pending");
                Answer::Pending
            }
            request => mirror(request, answer),
        }
    }

    fn pending(&self, _: u32, answer: &mut [u8; VALUE_MAX]) -> Answer {
        if DECIDED.swap(false, Ordering::SeqCst) {
            mirror(b"pending", answer)
        } else {
            Answer::Pending
        }
    }

    fn disconnected(&self, _: u32) {
        say("left");
    }
}

struct Log;

impl log::Log for Log {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        // Where everything else is told: two streams have no order between them.
        say(&format!(
            "{} {}: {}",
            record.level(),
            record.target(),
            record.args()
        ));
    }

    fn flush(&self) {}
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").unwrap();
    out.flush().unwrap();
}

fn answer(accepted: bool) {
    if let Some(question) = ASKED.lock().unwrap().take() {
        let taken = BLE.answer(question.peer, Some(question.passkey), accepted);
        say(&format!("answer {}", if taken { "taken" } else { "late" }));
    }
}

fn commands() {
    for line in std::io::stdin().lock().lines() {
        let line = line.unwrap();
        let (word, rest) = line.split_once(' ').unwrap_or((&line, ""));
        match word {
            "on" => BLE.on(),
            "off" => say(&format!("off {}", BLE.off())),
            "yes" => answer(true),
            "no" => answer(false),
            "auto" => {
                AUTO.store(true, Ordering::SeqCst);
                // What was asked before this was read.
                answer(true);
            }
            "ask" => AUTO.store(false, Ordering::SeqCst),
            "forget" => say(&format!("forget {}", BLE.forget_now(Forget::All))),
            "window" => {
                let seconds: u64 = rest.parse().unwrap();
                let length = embassy_time::Duration::from_secs(seconds);
                BLE.set_pairing_window((seconds > 0).then_some(length));
                say("window set");
            }
            "open" => say(&format!("window open {}", BLE.open_pairing_window())),
            "bonded" => {
                BLE.set_bonded_only(rest == "on");
                say(&format!("bonded only {rest}"));
            }
            "name" => say(&format!("name {}", BLE.set_name(rest))),
            "take" => {
                let taken = BLE.open(ChannelId::Provisioning)
                    && BLE.listen(ChannelId::Provisioning, &Application);
                say(&format!("take {taken}"));
            }
            "give" => {
                BLE.close(ChannelId::Provisioning);
                BLE.release(ChannelId::Provisioning);
                say("give");
            }
            "leap" => {
                MockDriver::get().advance(embassy_time::Duration::from_secs(rest.parse().unwrap()));
                say("leapt");
            }
            "hold" => {
                *HELD.lock().unwrap() = true;
                say("held");
            }
            "go" => {
                *HELD.lock().unwrap() = false;
                say("goes");
            }
            "send" => {
                let message = vec![0x5A; rest.parse().unwrap()];
                say(&format!(
                    "send {}",
                    BLE.send(ChannelId::Provisioning, &message)
                ));
            }
            "offer" => {
                BLE.offer_endpoints(&Mirror);
                thread::spawn(|| {
                    block_on(pin!(async {
                        loop {
                            BLE.endpoints_asked().await;
                            BLE.serve_endpoints(&Mirror).await;
                        }
                    }));
                });
                say("offered");
            }
            "no-secret" => {
                SECRET.store(false, Ordering::SeqCst);
                say("no secret");
            }
            "decide" => DECIDED.store(true, Ordering::SeqCst),
            "mqtt" => {
                let socket = UnixStream::connect(rest).unwrap();
                thread::spawn(|| client(socket));
            }
            _ => say("what?"),
        }
    }
    std::process::exit(0);
}

/// Bytes of a socket into a pipe, until it ends.
fn pour(mut socket: UnixStream, pipe: &Pipe<CriticalSectionRawMutex, 4096>) {
    let mut bytes = [0; 1024];
    loop {
        let count = socket.read(&mut bytes).unwrap();
        if count == 0 {
            return;
        }
        block_on(pin!(async {
            let mut rest = &bytes[..count];
            while !rest.is_empty() {
                let written = pipe.write(rest).await;
                rest = &rest[written..];
            }
        }));
    }
}

/// A client of MQTT over BLE, whose mind is at the other end of the socket.
fn client(mut socket: UnixStream) {
    let incoming = socket.try_clone().unwrap();
    thread::spawn(move || pour(incoming, &FROM_CLIENT));
    let mut stream = Stream::take(CONFIG.broker).unwrap();
    let mut from_client = [0; 300];
    let mut from_phone = [0; 300];
    block_on(pin!(async {
        loop {
            stream.opened().await;
            say("stream opened");
            loop {
                let first = FROM_CLIENT.read(&mut from_client);
                let error = match select(first, stream.read(&mut from_phone)).await {
                    Either::First(count) => stream.write_all(&from_client[..count]).await.err(),
                    Either::Second(Ok(0)) => break,
                    Either::Second(Ok(count)) => {
                        socket.write_all(&from_phone[..count]).unwrap();
                        None
                    }
                    Either::Second(Err(error)) => Some(error),
                };
                match error {
                    None => {}
                    Some(StreamError::Closed) => break,
                    Some(StreamError::Packet(error)) => say(&format!("stream refused {error:?}")),
                }
            }
            say("stream ended");
        }
    }));
}

fn main() {
    log::set_logger(&Log).unwrap();
    log::set_max_level(log::LevelFilter::Info);
    let mut arguments = std::env::args().skip(1);
    let (Some(socket), Some(records)) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: host SOCKET RECORDS");
        std::process::exit(2);
    };
    let stream = UnixStream::connect(&socket).expect("is the virtual controller running?");
    let incoming = stream.try_clone().unwrap();
    thread::spawn(move || {
        pour(incoming, &FROM_CONTROLLER);
        eprintln!("the virtual controller is gone");
        std::process::exit(1);
    });
    thread::spawn(|| {
        // Time follows the wall clock in steps, and stands still while the machine gives this program no turn: the
        // phone, which is on the same machine, had none either.
        let mut before = Instant::now();
        loop {
            thread::sleep(Duration::from_millis(1));
            let now = Instant::now();
            let step = now.duration_since(before).min(LONGEST_STEP);
            let held = HELD.lock().unwrap();
            if !*held {
                MockDriver::get().advance(embassy_time::Duration::from_micros(
                    u64::try_from(step.as_micros()).unwrap(),
                ));
            }
            drop(held);
            before = now;
        }
    });
    BLE.observe(&Application);
    thread::spawn(commands);
    let records: &'static File = Box::leak(Box::new(File(records.into())));
    let transport = SerialTransport::<NoopRawMutex, _, _>::new(Reader, Writer(stream));
    block_on(pin!(port_ble::run(&transport, CONFIG, records, &Threads)));
}
