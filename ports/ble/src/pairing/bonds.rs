//! The phones that paired, oldest first, as they are kept in flash.

use heapless::Vec;
use port_store::{RecordError, RecordId, Records};
use trouble_host::{Address, BondInformation, Identity};
use zeroize::Zeroize;

use crate::config::BONDS_MAX;

/// The version byte before the postcard bytes.
const VERSION: u8 = 1;

/// The largest record: version, count, and 46 bytes for each bond with an identity key; rounded up.
const RECORD_MAX: usize = 2 + 48 * BONDS_MAX;

/// Why bonds could not be kept or found.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Record {
    /// The store failed.
    Store(RecordError),
    /// The record is of another version, or not one of ours.
    Format,
}

/// The bonds, in the order of their pairing.
#[derive(Default)]
pub(crate) struct Bonds {
    list: Vec<BondInformation, BONDS_MAX>,
    changed: bool,
}

impl Bonds {
    /// Reads the bonds kept in `records`; none when there is no record.
    pub(crate) fn load(records: &dyn Records) -> Result<Self, Record> {
        let mut buffer = [0; RECORD_MAX];
        let loaded = Self::read(records, &mut buffer);
        buffer.zeroize();
        loaded
    }

    fn read(records: &dyn Records, buffer: &mut [u8; RECORD_MAX]) -> Result<Self, Record> {
        let length = match records.read(RecordId::Bonds, buffer) {
            Ok(Some(length)) => length,
            Ok(None) => return Ok(Self::default()),
            Err(error) => return Err(Record::Store(error)),
        };
        match buffer.get(..length) {
            Some([VERSION, bytes @ ..]) => Ok(Self {
                list: postcard::from_bytes(bytes).map_err(|_| Record::Format)?,
                changed: false,
            }),
            _ => Err(Record::Format),
        }
    }

    /// Writes what changed. A failed write is tried again at the next call.
    pub(crate) fn save(&mut self, records: &dyn Records) -> Result<(), Record> {
        if !self.changed {
            return Ok(());
        }
        let mut buffer = [0; RECORD_MAX];
        let written = self.write(records, &mut buffer);
        buffer.zeroize();
        self.changed = written.is_err();
        written
    }

    fn write(&self, records: &dyn Records, buffer: &mut [u8; RECORD_MAX]) -> Result<(), Record> {
        let [version, rest @ ..] = buffer;
        *version = VERSION;
        let used = postcard::to_slice(&self.list, rest)
            .map_err(|_| Record::Format)?
            .len();
        let record = buffer.get(..used.saturating_add(1)).ok_or(Record::Format)?;
        records
            .write(RecordId::Bonds, record)
            .map_err(Record::Store)
    }

    /// Adds a bond as the newest, in place of the same phone's older one. Gives the one that had to
    /// go for it.
    pub(crate) fn add(&mut self, bond: BondInformation) -> Option<BondInformation> {
        self.list
            .retain(|known| !known.identity.match_identity(&bond.identity));
        let evicted = self.list.is_full().then(|| self.list.remove(0));
        // There is room now.
        let _ = self.list.push(bond);
        self.changed = true;
        evicted
    }

    /// Whether a phone of this identity has a bond.
    pub(crate) fn knows(&self, identity: &Identity) -> bool {
        self.list
            .iter()
            .any(|known| known.identity.match_identity(identity))
    }

    /// Whether a phone that calls from this address can be one with a bond.
    pub(crate) fn can_be(&self, on_air: &Address) -> bool {
        self.list
            .iter()
            .any(|known| known.identity.match_address(on_air))
    }

    /// Whether the phone of this address has a bond, and calls from `on_air`.
    pub(crate) fn concerns(&self, address: [u8; 6], on_air: &Address) -> bool {
        self.list
            .iter()
            .any(|bond| is_of(bond, address) && bond.identity.match_address(on_air))
    }

    /// Forgets the phone of this address, or all of them. False when there is none such.
    pub(crate) fn remove(&mut self, address: Option<[u8; 6]>) -> bool {
        let before = self.list.len();
        match address {
            Some(address) => self.list.retain(|bond| !is_of(bond, address)),
            None => self.list.clear(),
        }
        let removed = self.list.len() != before;
        self.changed |= removed;
        removed
    }

    /// All bonds, oldest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &BondInformation> {
        self.list.iter()
    }

    /// Whether there is something to save.
    pub(crate) fn changed(&self) -> bool {
        self.changed
    }

    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }
}

/// Whether an address is that of a bond's identity, or a private one its phone has made: an application knows a phone
/// that pairs from such a one by nothing else.
fn is_of(bond: &BondInformation, address: [u8; 6]) -> bool {
    bond.identity.addr.addr.into_inner() == address
        || bond.identity.match_address(&Address::random(address))
}

#[cfg(test)]
mod tests {
    extern crate std;

    use std::sync::Mutex;

    use trouble_host::prelude::SecurityLevel;
    use trouble_host::{IdentityResolvingKey, LongTermKey};

    use super::*;

    #[derive(Default)]
    struct Flash(Mutex<Option<std::vec::Vec<u8>>>);

    impl Records for Flash {
        fn read(&self, _: RecordId, buffer: &mut [u8]) -> Result<Option<usize>, RecordError> {
            Ok(self.0.lock().unwrap().as_ref().map(|bytes| {
                buffer[..bytes.len()].copy_from_slice(bytes);
                bytes.len()
            }))
        }

        fn write(&self, _: RecordId, record: &[u8]) -> Result<(), RecordError> {
            *self.0.lock().unwrap() = Some(record.to_vec());
            Ok(())
        }
    }

    fn bond(number: u8) -> BondInformation {
        let identity = Identity {
            addr: Address::random([number, 2, 3, 4, 5, 0xC0]),
            irk: IdentityResolvingKey::new(u128::MAX ^ u128::from(number)),
        };
        let ltk = LongTermKey::new(u128::MAX);
        BondInformation::new(identity, ltk, SecurityLevel::EncryptedAuthenticated, true)
    }

    fn addresses(bonds: &Bonds) -> std::vec::Vec<u8> {
        bonds
            .iter()
            .map(|bond| bond.identity.addr.addr.into_inner()[0])
            .collect()
    }

    #[test]
    fn full_list_survives_a_restart() {
        let flash = Flash::default();
        let mut bonds = Bonds::load(&flash).unwrap();
        assert_eq!(bonds.len(), 0);
        for number in 1..=5 {
            assert!(bonds.add(bond(number)).is_none());
        }
        bonds.save(&flash).unwrap();
        let again = Bonds::load(&flash).unwrap();
        assert!(again.iter().eq(bonds.iter()));
        assert!(!again.changed());
    }

    #[test]
    fn phone_that_paired_longest_ago_goes_first() {
        let mut bonds = Bonds::default();
        for number in 1..=5 {
            bonds.add(bond(number));
        }
        bonds.add(bond(1));
        let evicted = bonds.add(bond(6)).unwrap();
        assert_eq!(evicted, bond(2));
        assert_eq!(addresses(&bonds), [3, 4, 5, 1, 6]);
    }

    #[test]
    fn one_phone_or_all_are_forgotten() {
        let mut bonds = Bonds::default();
        bonds.add(bond(1));
        bonds.add(bond(2));
        assert!(bonds.remove(Some([1, 2, 3, 4, 5, 0xC0])));
        assert!(!bonds.remove(Some([1, 2, 3, 4, 5, 0xC0])));
        assert_eq!(addresses(&bonds), [2]);
        assert!(bonds.remove(None));
        assert!(!bonds.remove(None));
    }

    #[test]
    fn phone_is_forgotten_by_a_private_address_it_has_made() {
        // The Bluetooth Core's sample of a resolvable private address (Vol 3, Part H, D.7).
        const PRIVATE: [u8; 6] = [0xaa, 0xfb, 0x0d, 0x94, 0x81, 0x70];
        let mut private = bond(1);
        private.identity.irk = IdentityResolvingKey::new(0xec02_34a3_57c8_ad05_3410_10a6_0a39_7d9b);
        let on_air = Address::random(PRIVATE);
        let identity = private.identity.addr.addr.into_inner();
        let mut bonds = Bonds::default();
        bonds.add(private);
        bonds.add(bond(2));
        for address in [PRIVATE, identity] {
            assert!(bonds.concerns(address, &on_air));
        }
        assert!(!bonds.concerns([2, 2, 3, 4, 5, 0xC0], &on_air));
        assert!(bonds.remove(Some(PRIVATE)));
        assert!(!bonds.concerns(identity, &on_air));
        assert_eq!(addresses(&bonds), [2]);
    }

    #[test]
    fn record_of_another_format_is_refused() {
        let flash = Flash::default();
        for record in [&[][..], &[2, 0], &[1, 1, 7]] {
            flash.write(RecordId::Bonds, record).unwrap();
            assert_eq!(Bonds::load(&flash).err(), Some(Record::Format));
        }
    }
}
