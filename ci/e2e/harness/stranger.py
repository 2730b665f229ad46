"""Phones that are not ours: a plain Bluetooth stack that tries every attribute, in whatever
security it can get. Written on bumble directly, so that nothing of the companion's manners helps."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from bumble import att, hci
from bumble.core import UUID, AdvertisingData, ProtocolError
from bumble.device import Advertisement, Connection, Device, Peer
from bumble.gatt import Characteristic
from bumble.pairing import PairingConfig, PairingDelegate
from bumble.transport import open_transport

DEVICE_INFORMATION = UUID("8a7f1168-48af-4efb-83b5-e679f932ff00")
SERVICES = frozenset(
    {
        DEVICE_INFORMATION,
        UUID("a9d7166a-d72e-40a9-a002-48044cc30000"),
        UUID("a9d7166a-d72e-40a9-a002-48044cc30100"),
    }
)
# What a link without security is told …
REFUSALS = frozenset({att.ErrorCode.INSUFFICIENT_AUTHENTICATION, att.ErrorCode.INSUFFICIENT_ENCRYPTION})
# … or may be, where not even a trusted phone could read or write.
NEVER = frozenset({att.ErrorCode.READ_NOT_PERMITTED, att.ErrorCode.WRITE_NOT_PERMITTED})

Properties = Characteristic.Properties

BLIND = PairingDelegate.IoCapability.NO_OUTPUT_NO_INPUT
SEEING = PairingDelegate.IoCapability.DISPLAY_OUTPUT_AND_YES_NO_INPUT
TYPING = PairingDelegate.IoCapability.DISPLAY_OUTPUT_AND_KEYBOARD_INPUT

# Ways of pairing that are too weak.
JUST_WORKS = PairingConfig(sc=True, mitm=False, bonding=True, delegate=PairingDelegate(BLIND))
LEGACY = PairingConfig(sc=False, mitm=True, bonding=True, delegate=PairingDelegate(TYPING))
LEGACY_JUST_WORKS = PairingConfig(sc=False, mitm=False, bonding=True, delegate=PairingDelegate(BLIND))
SHORT_KEY = PairingConfig(
    sc=True, mitm=True, bonding=True, delegate=PairingDelegate(SEEING, maximum_encryption_key_size=7)
)


@dataclasses.dataclass(frozen=True)
class Attempt:
    """What became of one access to one attribute."""

    uuid: str
    handle: int
    access: str
    offered: bool  # whether the attribute's properties offer this access to anyone
    error: int | None

    @property
    def was_refused(self) -> bool:
        return self.error in (REFUSALS if self.offered else REFUSALS | NEVER)


class Stranger:
    """One Bluetooth host on the air."""

    def __init__(self, device: Device):
        self._device = device
        self.connection: Connection | None = None

    async def find(self, within: float = 10) -> hci.Address:
        """The address of the first device that advertises the Device Information service."""
        found: asyncio.Future[hci.Address] = asyncio.get_running_loop().create_future()

        def on_advertisement(advertisement: Advertisement) -> None:
            for kind in (
                AdvertisingData.Type.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS,
                AdvertisingData.Type.INCOMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS,
            ):
                # Advertisement and scan response have a list each.
                lists = advertisement.data.get_all(kind)
                if any(DEVICE_INFORMATION in services for services in lists) and not found.done():
                    found.set_result(advertisement.address)

        self._device.on("advertisement", on_advertisement)
        # Actively: with Espressif's endpoints offered the service stands in the scan response.
        await self._device.start_scanning(active=True, filter_duplicates=False)
        try:
            return await asyncio.wait_for(found, within)
        finally:
            await self._device.stop_scanning()

    async def connect(self) -> Peer:
        connection = await self._device.connect(await self.find(), timeout=10)
        connection.on(connection.EVENT_DISCONNECTION, self._on_disconnection)
        self.connection = connection
        peer = Peer(self.connection)
        await peer.discover_services()
        return peer

    def _on_disconnection(self, _reason: int) -> None:
        self.connection = None

    async def pair(self, config: PairingConfig) -> str:
        """Tries to pair; how it went, in its first word: paired, refused or hung."""
        assert self.connection is not None
        self._device.pairing_config_factory = lambda _connection: config
        try:
            await asyncio.wait_for(self.connection.pair(), 40)
        except (ProtocolError, asyncio.CancelledError) as refusal:
            return f"refused: {refusal!r}"
        except TimeoutError as silence:
            return f"hung: {silence!r}"
        return "paired"

    async def try_everything(self, peer: Peer) -> list[Attempt]:
        """Reads and writes every value and descriptor of the product's services. (Declarations tell
        what there is, not what it holds; the standard lets everyone read them.)"""
        attempts: list[Attempt] = []
        for service in peer.services:
            if service.uuid not in SERVICES:
                continue
            await service.discover_characteristics()
            for characteristic in service.characteristics:
                await characteristic.discover_descriptors()
                for access, offer in (("read", Properties.READ), ("write", Properties.WRITE)):
                    offered = bool(characteristic.properties & offer)
                    attempts.append(await self._attempt(peer, str(characteristic.uuid), characteristic.handle, access, offered))
                    for descriptor in characteristic.descriptors:
                        attempts.append(await self._attempt(peer, str(descriptor.type), descriptor.handle, access, True))
        return attempts

    async def _attempt(self, peer: Peer, uuid: str, handle: int, access: str, offered: bool) -> Attempt:
        try:
            if access == "read":
                await peer.gatt_client.read_value(handle, no_long_read=True)
            else:
                await peer.gatt_client.write_value(handle, b"\x01\x00", with_response=True)
        except att.ATT_Error as error:
            return Attempt(uuid, handle, access, offered, int(error.error_code))
        return Attempt(uuid, handle, access, offered, None)

    async def leave(self) -> None:
        if self.connection is not None:
            connection, self.connection = self.connection, None
            # The device may hang up first.
            with suppress(hci.HCI_Error, TimeoutError):
                await asyncio.wait_for(connection.disconnect(), 5)


@asynccontextmanager
async def stranger(socket: Path, address: str = "F0:57:50:00:00:99") -> AsyncIterator[Stranger]:
    """A stranger with a random static address on the air."""
    async with await open_transport(f"unix:{socket}") as transport:
        device = Device.with_hci("stranger", hci.Address(address), transport.source, transport.sink)
        await device.power_on()
        guest = Stranger(device)
        try:
            yield guest
        finally:
            await guest.leave()
            await device.power_off()
