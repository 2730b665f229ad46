//! `IotBleProtocomm_*`: see `iot_ble_protocomm.h`; and the task that answers the phones.

use core::cell::{Cell, RefCell};
use core::convert::Infallible;
use core::ffi::CStr;
use core::future::pending;

use cty::c_char;
use embassy_futures::select::{Either4, select4};
use embassy_sync::blocking_mutex::Mutex;
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use embassy_sync::signal::Signal;
use embassy_time::{Duration, Instant, Timer};
use heapless::Vec;
use port_store::Records;
use wifi_provision::ffi::abi as library;
use wifi_provision::ffi::protocomm::{
    WIFI_PROVISION_ProtocommDisconnected, WIFI_PROVISION_ProtocommEndpoint,
    WIFI_PROVISION_ProtocommHandle, WIFI_PROVISION_ProtocommPayload,
    WIFI_PROVISION_ProtocommPending, WIFI_PROVISION_ProtocommStart, WIFI_PROVISION_ProtocommStop,
    service_is_there,
};
use zeroize::Zeroize;

use super::setting::Setting;
use super::{abi, qr};
use crate::ble::BLE;
use crate::config::VALUE_MAX;
use crate::endpoints::pauses::Pauses;
use crate::endpoints::secret::{self, NoSecret};
use crate::endpoints::{Answer, Endpoints, Name};

/// How often it is looked whether the service is there.
const SERVICE_PAUSE: Duration = Duration::from_millis(200);

/// Before each request the tasks below this one have a turn, the idle task above all: a board's watch looks at that, and a
/// stranger who asks for one handshake after another is not to keep it from running.
const OTHERS_TURN: Duration = Duration::from_millis(10);

/// How long `IotBleProtocomm_ForgetSecret` waits: a handshake that is being computed is not cut short.
const FORGET_TIMEOUT: Duration = Duration::from_secs(10);

/// The longest text of a QR code, and its NUL.
const PAYLOAD_MAX: usize = abi::IOT_BLE_PROTOCOMM_PAYLOAD_BYTES as usize;

/// Exported functions have exactly the types the header declares.
const _: () = {
    let _ = [
        abi::IotBleProtocomm_Start as unsafe extern "C" fn(_) -> _,
        IotBleProtocomm_Start,
    ];
    let _ = [
        abi::IotBleProtocomm_Stop as unsafe extern "C" fn() -> _,
        IotBleProtocomm_Stop,
        abi::IotBleProtocomm_ForgetSecret,
        IotBleProtocomm_ForgetSecret,
    ];
    let _ = [
        abi::IotBleProtocomm_Payload as unsafe extern "C" fn(_, _) -> _,
        IotBleProtocomm_Payload,
    ];
    let _ = [
        abi::IotBleProtocomm_QrCode as unsafe extern "C" fn(_) -> _,
        IotBleProtocomm_QrCode,
    ];
    assert!(library::WIFI_PROVISION_PROTOCOMM_MAX_BYTES as usize == VALUE_MAX);
};

/// What was last asked for: a setting to start with, or none. Policy: the newest counts.
static ORDER: Signal<CriticalSectionRawMutex, Option<Setting>> = Signal::new();

/// The device's own secret is to be forgotten, and what came of that.
static FORGET: Signal<CriticalSectionRawMutex, ()> = Signal::new();
static FORGOTTEN: Mutex<CriticalSectionRawMutex, Cell<Option<abi::BTStatus_t>>> =
    Mutex::new(Cell::new(None));

/// What is running, and the name it is found by.
static RUNNING: Mutex<CriticalSectionRawMutex, RefCell<Option<(Setting, Name)>>> =
    Mutex::new(RefCell::new(None));

/// The library's endpoints.
struct Library;

impl Endpoints for Library {
    fn endpoint(&self, index: usize) -> Option<(&'static CStr, u16)> {
        let mut name: *const c_char = core::ptr::null();
        let mut number = 0;
        // SAFETY: both are writable.
        let listed =
            unsafe { WIFI_PROVISION_ProtocommEndpoint(index, &raw mut name, &raw mut number) };
        if listed == 0 || name.is_null() {
            return None;
        }
        // SAFETY: the library says that names are NUL-terminated and stay.
        Some((unsafe { CStr::from_ptr(name) }, number))
    }

    fn asks_for_secret(&self) -> bool {
        RUNNING.lock(|running| {
            let running = running.borrow();
            running
                .as_ref()
                .is_some_and(|(setting, _)| setting.asks_for_secret())
        })
    }

    fn handle(
        &self,
        connection: u32,
        endpoint: &CStr,
        request: &[u8],
        answer: &mut [u8; VALUE_MAX],
    ) -> Answer {
        let mut length = 0;
        // SAFETY: name, request and room are as long as said, and stay for the call.
        let given = unsafe {
            WIFI_PROVISION_ProtocommHandle(
                connection,
                endpoint.as_ptr(),
                request.as_ptr(),
                request.len(),
                answer.as_mut_ptr(),
                answer.len(),
                &raw mut length,
            )
        };
        answered(given, length)
    }

    fn pending(&self, connection: u32, answer: &mut [u8; VALUE_MAX]) -> Answer {
        let mut length = 0;
        // SAFETY: the room is as long as said.
        let given = unsafe {
            WIFI_PROVISION_ProtocommPending(
                connection,
                answer.as_mut_ptr(),
                answer.len(),
                &raw mut length,
            )
        };
        answered(given, length)
    }

    fn disconnected(&self, connection: u32) {
        WIFI_PROVISION_ProtocommDisconnected(connection);
    }
}

fn answered(given: library::WIFI_PROVISION_Answer_t, length: usize) -> Answer {
    match given {
        library::eWiFiProvisionAnswered => Answer::Answered(length),
        library::eWiFiProvisionPending => Answer::Pending,
        _ => Answer::Refused,
    }
}

/// A start that is still to come.
struct Beginning {
    setting: Setting,
    /// The secret was made for it.
    is_new: bool,
    /// When it is tried, and the pauses behind tries that fail.
    at: Instant,
    pauses: Pauses,
}

/// Why a start failed.
enum Fault {
    Secret(NoSecret),
    /// Memory or random numbers are short, or the kept secret does not suit.
    Library,
}

impl Beginning {
    fn new(setting: Setting) -> Self {
        Self {
            setting,
            is_new: false,
            at: Instant::now(),
            pauses: Pauses::new(),
        }
    }

    /// Waits until it may be tried: the controller has told its address, and the service is there. Gives the
    /// device's name.
    async fn due(&self) -> Name {
        let name = BLE.endpoints_name().await;
        Timer::at(self.at).await;
        while !service_is_there() {
            Timer::after(SERVICE_PAUSE).await;
        }
        name
    }

    /// Starts the endpoints. Whatever fails, a secret that is kept stays: it may be printed on the device.
    fn start(&mut self, name: &Name, records: &dyn Records) -> Result<(), Fault> {
        if self.setting.wants_own() {
            self.is_new = self.setting.take_own(records).map_err(Fault::Secret)?;
        }
        let config = self.setting.config();
        // SAFETY: the configuration's strings belong to the setting, which stays.
        if unsafe { WIFI_PROVISION_ProtocommStart(&raw const config) } == 0 {
            return Err(Fault::Library);
        }
        let running = Some((self.setting.clone(), name.clone()));
        RUNNING.lock(|now| *now.borrow_mut() = running);
        BLE.offer_endpoints(&Library);
        if let Some(started) = self.setting.started {
            // SAFETY: the header says what the callback is.
            unsafe { started(self.is_new) };
        }
        Ok(())
    }

    fn put_off(&mut self, fault: &Fault) {
        let why = match fault {
            Fault::Secret(NoSecret::Store(_)) => "the device's secret cannot be read",
            Fault::Secret(NoSecret::Random) => "there are no random numbers for a secret",
            Fault::Library => "memory is short, or security 2 does not take the secret",
        };
        let pause = self.pauses.next_one();
        log::error!(target: "ble", "the endpoints do not start, {why}: Espressif's apps cannot provision the device; tried again in {} s", pause.as_secs());
        self.at = Instant::now().checked_add(pause).unwrap_or(Instant::MAX);
    }
}

async fn due(beginning: Option<&Beginning>) -> Name {
    match beginning {
        Some(beginning) => beginning.due().await,
        None => pending().await,
    }
}

/// Answers Espressif's apps for ever, and starts and stops the endpoints. The device's own secret is
/// kept in `records`. Poll it in a task of its own, below the BLE task. What it needs of a stack is said in
/// `wifi_provision_protocomm.h` (`WIFI_PROVISION_PROTOCOMM_STACK_SECURITY_2`); the application's callback runs on it, too.
pub async fn run(records: &'static dyn Records) -> Infallible {
    let mut beginning: Option<Beginning> = None;
    loop {
        let order = ORDER.wait();
        match select4(
            order,
            FORGET.wait(),
            BLE.endpoints_asked(),
            due(beginning.as_ref()),
        )
        .await
        {
            Either4::First(order) => {
                stop();
                beginning = order.map(Beginning::new);
            }
            Either4::Second(()) => forget(beginning.is_some(), records),
            Either4::Third(()) => {
                Timer::after(OTHERS_TURN).await;
                BLE.serve_endpoints(&Library).await;
            }
            Either4::Fourth(name) => {
                let started = beginning.as_mut().map(|it| it.start(&name, records));
                match (started, beginning.as_mut()) {
                    (Some(Err(fault)), Some(failed)) => failed.put_off(&fault),
                    _ => beginning = None,
                }
            }
        }
    }
}

fn stop() {
    BLE.retract_endpoints();
    RUNNING.lock(|running| *running.borrow_mut() = None);
    // It is not running at the first start, which is as well.
    let _ = WIFI_PROVISION_ProtocommStop();
}

fn are_running() -> bool {
    RUNNING.lock(|running| running.borrow().is_some())
}

/// Forgets the secret, unless it is in use or soon will be.
fn forget(begins: bool, records: &dyn Records) {
    let status = if begins || are_running() {
        abi::eBTStatusFail
    } else {
        match secret::forget(records) {
            Ok(()) => abi::eBTStatusSuccess,
            Err(error) => {
                log::error!(target: "ble", "the device's secret is not forgotten: {error:?}");
                abi::eBTStatusFail
            }
        }
    };
    FORGOTTEN.lock(|forgotten| forgotten.set(Some(status)));
    BLE.changed();
}

/// Starts the endpoints, soon.
///
/// Context: any task; does not block.
///
/// # Safety
///
/// `config` is null or points to an initialised value, whose strings are null or NUL-terminated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn IotBleProtocomm_Start(
    config: *const abi::IotBleProtocommConfig_t,
) -> abi::BTStatus_t {
    // SAFETY: the caller's promise; the reference ends with this call.
    let Some(config) = (unsafe { config.as_ref() }) else {
        return abi::eBTStatusParamInvalid;
    };
    // SAFETY: the caller's promise about the strings.
    let Some(setting) = (unsafe { Setting::read(config) }) else {
        return abi::eBTStatusParamInvalid;
    };
    ORDER.signal(Some(setting));
    abi::eBTStatusSuccess
}

/// Stops them, soon.
///
/// Context: any task; does not block.
#[unsafe(no_mangle)]
pub extern "C" fn IotBleProtocomm_Stop() -> abi::BTStatus_t {
    ORDER.signal(None);
    abi::eBTStatusSuccess
}

/// Forgets the device's own secret.
///
/// Context: any task; waits until the flash has it, 10 s at most.
#[unsafe(no_mangle)]
pub extern "C" fn IotBleProtocomm_ForgetSecret() -> abi::BTStatus_t {
    FORGOTTEN.lock(|forgotten| forgotten.set(None));
    FORGET.signal(());
    let forgotten = BLE.wait_for(FORGET_TIMEOUT, |_| FORGOTTEN.lock(Cell::take));
    forgotten.unwrap_or(abi::eBTStatusBusy)
}

/// Writes the QR code's text.
///
/// Context: any task; does not block.
///
/// # Safety
///
/// `out` is writable for `capacity` bytes, or null.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn IotBleProtocomm_Payload(out: *mut c_char, capacity: usize) -> usize {
    let running = RUNNING.lock(|running| running.borrow().clone());
    let Some((setting, name)) = running else {
        return 0;
    };
    let mut text = Vec::<u8, 12>::new();
    // A name has eleven bytes.
    let _ = text.extend_from_slice(name.as_bytes());
    let _ = text.push(0);
    let config = setting.config();
    // SAFETY: the configuration's strings belong to the setting, the others end with NULs; the caller's promise.
    unsafe {
        WIFI_PROVISION_ProtocommPayload(
            &raw const config,
            text.as_ptr().cast(),
            c"ble".as_ptr(),
            out,
            capacity,
        )
    }
}

/// Draws the QR code.
///
/// Context: any task; computes for some milliseconds, and as long as `line` takes.
///
/// # Safety
///
/// `line` may be called with NUL-terminated text, or is null.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn IotBleProtocomm_QrCode(
    line: Option<unsafe extern "C" fn(*const c_char)>,
) -> bool {
    let Some(line) = line else {
        return false;
    };
    let mut text = [0; PAYLOAD_MAX];
    // SAFETY: the room is as long as said.
    let length = unsafe { IotBleProtocomm_Payload(text.as_mut_ptr().cast(), text.len()) };
    let drawn = length > 0
        && qr::draw(text.get(..length).unwrap_or_default(), |drawn| {
            // SAFETY: the caller's promise.
            unsafe { line(drawn) }
        });
    text.zeroize();
    drawn
}
