//! The attribute table, in the order of the upstream firmware.

use embassy_sync::blocking_mutex::raw::NoopRawMutex;
use heapless::Vec;
use trouble_host::prelude::{
    AttPermissions, AttributeServer, AttributeTable, CharacteristicProp, PermissionLevel, Service,
    ServiceBuilder, Uuid,
};

use super::uuids;
use crate::ble::ChannelId;
use crate::config::{Config, ENDPOINTS_MAX};
use crate::endpoints::Offer;
use crate::pool::Pool;

/// Generic Access 5, Generic Attribute 1, endpoints 3 each and their service, Device Information 12, data transfer 13 each.
const ATTRIBUTES: usize = 5 + 1 + (1 + 3 * ENDPOINTS_MAX) + 12 + 2 * 13;

/// What an attribute of ours is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Attribute {
    Name,
    Appearance,
    Version,
    Broker,
    Mtu,
    MtuConfiguration,
    Platform,
    DeviceId,
    Control(ChannelId),
    Tx(ChannelId),
    TxConfiguration(ChannelId),
    Rx(ChannelId),
    TxLarge(ChannelId),
    TxLargeConfiguration(ChannelId),
    RxLarge(ChannelId),
    /// An endpoint of Espressif's, by its place in the list.
    Endpoint(usize),
    EndpointName(&'static str),
}

type Table<'d> = AttributeTable<'d, NoopRawMutex, ATTRIBUTES>;
type Server<'d> = AttributeServer<'d, NoopRawMutex, Pool, ATTRIBUTES, 1>;

/// The table, and which handle is what.
pub(crate) struct Database<'d> {
    pub(crate) server: Server<'d>,
    handles: Handles,
}

impl Database<'_> {
    /// What has this handle.
    pub(crate) fn attribute(&self, handle: u16) -> Option<Attribute> {
        let mut known = self.handles.0.iter();
        known.find(|known| known.0 == handle).map(|known| known.1)
    }

    /// Keeps the table true, for reads by type.
    pub(crate) fn store(&self, attribute: Attribute, value: &[u8]) {
        let stored = self
            .handle(attribute)
            .map(|handle| self.server.table().write(handle, 0, value));
        if !matches!(stored, Some(Ok(()))) {
            log::error!(target: "ble", "{attribute:?} has no place for {} bytes", value.len());
        }
    }

    /// The handle of an attribute.
    pub(crate) fn handle(&self, attribute: Attribute) -> Option<u16> {
        let mut known = self.handles.0.iter();
        known
            .find(|known| known.1 == attribute)
            .map(|known| known.0)
    }
}

#[derive(Default)]
struct Handles(Vec<(u16, Attribute), ATTRIBUTES>);

impl Handles {
    fn note(&mut self, handle: u16, attribute: Attribute) {
        // There is a place for every attribute of the table.
        let _ = self.0.push((handle, attribute));
    }
}

/// What a characteristic is for the phone.
enum Kind<'d> {
    /// Read, and always the same.
    Value(&'d str),
    /// Read and notified; the attribute is its configuration.
    Notified(Attribute),
    /// Written.
    Sink,
    /// Read and written.
    Control,
}

/// Builds the database. The values in it are for reads by type; reads by handle are answered in
/// `answer`.
///
/// Espressif's service comes before ours: their app for iOS takes the first that is not generic.
///
/// Never inlined: its caller lies on the stack below everything a connection does, and would keep the 9 KB for the
/// table's making there all the while.
#[inline(never)]
pub(crate) fn build<'d>(config: &'d Config, offer: Option<&Offer>) -> Database<'d> {
    let mut table = Table::new();
    let mut handles = Handles::default();
    let mut declarations = Handles::default();

    let mut access = table.add_service(Service::new(uuids::GENERIC_ACCESS));
    let name = access
        .add_characteristic_ro(uuids::DEVICE_NAME, config.name)
        .build();
    handles.note(name.handle, Attribute::Name);
    let appearance = access
        .add_characteristic_ro(uuids::APPEARANCE, &[0_u8; 2])
        .build();
    handles.note(appearance.handle, Attribute::Appearance);
    access.build();
    table
        .add_service(Service::new(uuids::GENERIC_ATTRIBUTE))
        .build();

    if let Some(offer) = offer {
        endpoints(&mut table, &mut handles, offer);
    }

    let mut information = table.add_service(Service::new(uuids::DEVICE_INFORMATION));
    for (last, attribute, kind) in [
        (0x01, Attribute::Version, Kind::Value(config.version)),
        (0x02, Attribute::Broker, Kind::Value(config.broker)),
        (
            0x03,
            Attribute::Mtu,
            Kind::Notified(Attribute::MtuConfiguration),
        ),
        (0x04, Attribute::Platform, Kind::Value(config.platform())),
        (0x05, Attribute::DeviceId, Kind::Value(config.device_id())),
    ] {
        let uuid = uuids::device_information(last);
        let known = (&mut handles, &mut declarations);
        characteristic(&mut information, uuid, attribute, kind, known);
    }
    information.build();

    for id in [ChannelId::Provisioning, ChannelId::Mqtt] {
        let service = id as u8;
        let mut transfer = table.add_service(Service::new(uuids::data_transfer(service, 0x00)));
        for (last, attribute, kind) in [
            (0x01, Attribute::Control(id), Kind::Control),
            (
                0x02,
                Attribute::Tx(id),
                Kind::Notified(Attribute::TxConfiguration(id)),
            ),
            (0x03, Attribute::Rx(id), Kind::Sink),
            (
                0x04,
                Attribute::TxLarge(id),
                Kind::Notified(Attribute::TxLargeConfiguration(id)),
            ),
            (0x05, Attribute::RxLarge(id), Kind::Sink),
        ] {
            let uuid = uuids::data_transfer(service, last);
            let known = (&mut handles, &mut declarations);
            characteristic(&mut transfer, uuid, attribute, kind, known);
        }
        transfer.build();
    }

    for (declaration, _) in &declarations.0 {
        let properties = CharacteristicProp::Read as u8 | CharacteristicProp::Notify as u8;
        if table.write(*declaration, 0, &[properties]).is_err() {
            log::error!(target: "ble", "attribute {declaration} is not the declaration it should be");
        }
    }
    Database {
        server: Server::new(table),
        handles,
    }
}

/// Adds a characteristic for each endpoint, open to everybody: sessions are secured above GATT, and
/// Espressif's apps do not pair. Their names are how they are found.
fn endpoints(table: &mut Table<'_>, handles: &mut Handles, offer: &Offer) {
    const OPEN: PermissionLevel = PermissionLevel::Allowed;
    let mut service = table.add_service(Service::new(Uuid::new_long(uuids::PROVISIONING)));
    for (index, &(name, number)) in offer.endpoints.iter().enumerate() {
        let name = name.to_str().unwrap_or_default();
        let properties = [CharacteristicProp::Read, CharacteristicProp::Write];
        let uuid = Uuid::new_long(uuids::endpoint(number));
        let mut builder = service
            .add_characteristic_small(uuid, properties, Vec::<u8, 1>::new())
            .read_permission(OPEN)
            .write_permission(OPEN);
        let described = builder
            .add_descriptor_ro(uuids::DESCRIPTION, OPEN, name)
            .handle();
        let value = builder.build();
        handles.note(value.handle, Attribute::Endpoint(index));
        handles.note(described, Attribute::EndpointName(name));
    }
    service.build();
}

/// Adds a characteristic whose value, and whose configuration, need an authenticated link.
///
/// The host would add a configuration of its own, readable by anybody, where a declaration says
/// "notify"; so the declaration learns of it last, in [`build`].
fn characteristic<'d>(
    service: &mut ServiceBuilder<'_, 'd, NoopRawMutex, ATTRIBUTES>,
    uuid: [u8; 16],
    attribute: Attribute,
    kind: Kind<'d>,
    (handles, declarations): (&mut Handles, &mut Handles),
) {
    const MITM: PermissionLevel = PermissionLevel::AuthenticationRequired;
    const NEVER: PermissionLevel = PermissionLevel::NotAllowed;
    let uuid = Uuid::new_long(uuid);
    let (properties, read, write): (&[CharacteristicProp], _, _) = match kind {
        Kind::Value(text) => {
            let value = service
                .add_characteristic_ro(uuid, text)
                .read_permission(MITM)
                .build();
            return handles.note(value.handle, attribute);
        }
        Kind::Notified(_) => (&[CharacteristicProp::Read], MITM, NEVER),
        Kind::Sink => (&[CharacteristicProp::Write], NEVER, MITM),
        Kind::Control => (
            &[CharacteristicProp::Read, CharacteristicProp::Write],
            MITM,
            MITM,
        ),
    };
    let mut builder = service
        .add_characteristic_small(uuid, properties, Vec::<u8, 20>::new())
        .read_permission(read)
        .write_permission(write);
    let configuration = if let Kind::Notified(configuration) = kind {
        let permissions = AttPermissions {
            read: MITM,
            write: MITM,
        };
        let descriptor = builder.add_descriptor_small(uuids::CONFIGURATION, permissions, [0_u8; 2]);
        Some((descriptor.handle(), configuration))
    } else {
        None
    };
    let value = builder.build();
    handles.note(value.handle, attribute);
    if let Some((handle, configuration)) = configuration {
        handles.note(handle, configuration);
        declarations.note(value.handle.saturating_sub(1), attribute);
    }
}
