//! Carries out what the service wants done. Decides nothing.

use crate::message::amazon::Kind;
use crate::message::amazon::response::{self, Message, NetworkInfo, SAVED_RSSI};
use crate::platform::{Gone, Network, Phone, Wifi};
use crate::service::{Action, Completion, Request, Service};
use crate::status::Status;

/// Carries out one request; returns the status it was answered with.
///
/// Context: task. Blocks as long as the platform does.
#[inline(never)]
pub fn run(
    service: &mut Service,
    request: Request,
    wifi: &mut impl Wifi,
    phone: &mut impl Phone,
) -> Status {
    let mut outcome = Status::Success;
    let mut group = Group {
        written: Message::new(),
        phone,
    };
    let mut action = service.begin(request);
    loop {
        let done: Completion = match action {
            Action::Finished => break,
            Action::Count => Ok(wifi.count()),
            Action::Load(index) => wifi.load(index).map(|()| 0),
            Action::IsOnline => Ok(u8::from(wifi.is_online())),
            Action::IsOnLoaded => Ok(u8::from(wifi.is_on_loaded())),
            Action::Scan(max) => wifi.scan(max),
            Action::ShowSaved {
                priority,
                connected,
            } => group.show(wifi.loaded(), Some((priority, connected))),
            Action::ShowScanned(index) => match wifi.scanned(index) {
                Some(network) => group.show(network, None),
                None => Ok(0),
            },
            Action::EndGroup => group.end(),
            Action::Answer(kind, status) => {
                outcome = status;
                group.answer(kind, status)
            }
            Action::Join(whose) => wifi.join(whose).map(|()| 0),
            Action::Leave => wifi.leave().map(|()| 0),
            Action::Append(whose) => wifi.append(whose).map(|()| 0),
            Action::Remove(index) => wifi.remove(index).map(|()| 0),
            Action::Move(from, to) => wifi.relocate(from, to).map(|()| 0),
        };
        action = service.advance(done);
    }
    wifi.wipe();
    outcome
}

/// A group of networks on its way to the phone. Each is kept until the next one comes, because the
/// message of the last one says so, and which is the last only shows then.
struct Group<'a> {
    written: Message,
    phone: &'a mut dyn Phone,
}

impl Group<'_> {
    fn show(&mut self, network: Network<'_>, saved: Option<(u8, bool)>) -> Completion {
        let done = self.flush();
        let info = NetworkInfo {
            status: Status::Success,
            ssid: network.ssid,
            bssid: network.bssid,
            security: network.security,
            hidden: false,
            rssi: match saved {
                Some(_) => SAVED_RSSI,
                // An app in the field breaks on a signal of 0 dBm or more, and takes -100 for "saved".
                None if network.rssi == SAVED_RSSI => SAVED_RSSI + 1,
                None => network.rssi.clamp(-127, -1),
            },
            connected: saved.is_some_and(|(_, connected)| connected),
            priority: saved.map(|(priority, _)| u16::from(priority)),
            last: false,
        };
        response::network(&mut self.written, &info);
        done.map(|_| 1)
    }

    fn end(&mut self) -> Completion {
        response::mark_last(&mut self.written);
        self.flush()
    }

    fn flush(&mut self) -> Completion {
        if self.written.is_empty() {
            return Ok(0);
        }
        let sent = self.phone.send(&self.written);
        self.written.clear();
        completion(sent)
    }

    fn answer(&mut self, kind: Kind, status: Status) -> Completion {
        completion(self.phone.send(&response::status(kind, status)))
    }
}

fn completion(sent: Result<(), Gone>) -> Completion {
    match sent {
        Ok(()) => Ok(0),
        Err(Gone) => Err(Status::Failure),
    }
}
