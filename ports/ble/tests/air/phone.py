"""A phone, as a Bluetooth stack sees one."""

from __future__ import annotations

import asyncio
import contextlib
import pathlib
from collections.abc import AsyncIterator, Awaitable

from bumble import att, core, gatt
from bumble.device import AdvertisingData, Device, DeviceConfiguration, Peer
from bumble.gatt_client import CharacteristicProxy, DescriptorProxy
from bumble.hci import Address
from bumble.keys import KeyStore, MemoryKeyStore
from bumble.pairing import PairingConfig, PairingDelegate
from bumble.transport import open_transport

from device import PATIENCE

INFORMATION = "8a7f1168-48af-4efb-83b5-e679f932ff"
TRANSFER = "a9d7166a-d72e-40a9-a002-48044cc3"
YES_NO = PairingDelegate.IoCapability.DISPLAY_OUTPUT_AND_YES_NO_INPUT


class User(PairingDelegate):
    """Who holds the phone: says what `same` says to a number."""

    def __init__(self, io: PairingDelegate.IoCapability = YES_NO, *, same: bool = True) -> None:
        super().__init__(io)
        self.same = same
        self.seen: asyncio.Queue[int] = asyncio.Queue()

    async def compare_numbers(self, number: int, digits: int) -> bool:
        del digits
        self.seen.put_nowait(number)
        return self.same

    async def confirm(self, auto: bool = False) -> bool:
        del auto
        return True


class Phone:
    """Made by `phone()`; connected."""

    def __init__(self, device: Device, user: User) -> None:
        self.device = device
        self.user = user

    async def find(self, timeout: float = PATIENCE, *, active: bool = False):
        """The first advertisement of a device of ours; `active` looks at scan responses as well."""
        found = asyncio.get_running_loop().create_future()

        def look(advertisement) -> None:
            lists = advertisement.data.get_all(AdvertisingData.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS)
            uuids = [str(uuid).lower() for listed in lists for uuid in listed]
            if INFORMATION + "00" in uuids and not found.done():
                found.set_result(advertisement)

        self.device.on("advertisement", look)
        await self.device.start_scanning(legacy=True, active=active)
        try:
            return await asyncio.wait_for(found, timeout)
        finally:
            await self.device.stop_scanning()
            self.device.remove_listener("advertisement", look)

    async def connect(self, *, active: bool = False) -> None:
        self.connection = await self.device.connect((await self.find(active=active)).address, timeout=PATIENCE)
        self.peer = Peer(self.connection)

    async def discover(self) -> None:
        await self.peer.discover_services()
        for service in self.peer.services:
            await service.discover_characteristics()
            for characteristic in service.characteristics:
                await characteristic.discover_descriptors()

    def __getitem__(self, name: str) -> CharacteristicProxy:
        """A characteristic by the end of its UUID: `ff01`, or `0103`."""
        uuid = (INFORMATION[:-2] if name.startswith("ff") else TRANSFER) + name
        return next(
            characteristic
            for service in self.peer.services
            for characteristic in service.characteristics
            if str(characteristic.uuid).lower() == uuid
        )

    async def read(self, name: str) -> bytes:
        return bytes(await self[name].read_value(no_long_read=True))

    async def write(self, name: str, value: bytes) -> None:
        await self[name].write_value(value, with_response=True)

    async def begin(self, mtu: int | None = None, channel: str = "01") -> None:
        """What an app does first: discovers, subscribes, says that it is ready."""
        self.channel = channel
        await self.discover()
        self.small: asyncio.Queue[bytes] = asyncio.Queue()
        self.large: asyncio.Queue[bytes] = asyncio.Queue()
        await self[self.channel + "02"].subscribe(lambda value: self.small.put_nowait(bytes(value)))
        await self[self.channel + "04"].subscribe(lambda value: self.large.put_nowait(bytes(value)))
        self.chunk = 20
        if mtu is not None:
            self.chunk = await self.peer.request_mtu(mtu) - 3
        await self.write(self.channel + "01", b"\x01")

    async def send(self, message: bytes) -> None:
        if len(message) < self.chunk:
            await self.write(self.channel + "03", message)
            return
        for start in range(0, len(message) + 1, self.chunk):
            await self.write(self.channel + "05", message[start : start + self.chunk])

    async def receive(self) -> bytes:
        waiting = [asyncio.create_task(queue.get()) for queue in (self.small, self.large)]
        done, rest = await asyncio.wait(waiting, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
        for task in rest:
            task.cancel()
        assert done, "no message came"
        message = done.pop().result()
        if waiting[0].done() and not waiting[0].cancelled():
            return message
        while True:
            chunk = await self.read(self.channel + "04")
            message += chunk
            if len(chunk) < self.chunk:
                return message

    async def pair(self) -> None:
        await asyncio.wait_for(self.connection.pair(), 2 * PATIENCE)

    async def leave(self) -> None:
        await self.connection.disconnect()


@contextlib.asynccontextmanager
async def phone(
    directory: pathlib.Path,
    *,
    address: str = "C0:11:22:33:44:55",
    irk: int = 1,
    private: bool = False,
    keys: KeyStore | None = None,
    user: User | None = None,
    secure: bool = True,
    connect: bool = True,
    active: bool = False,
) -> AsyncIterator[Phone]:
    """A phone on the air. `private` ones have another address each time; `keys` are kept bonds."""
    user = user or User()
    async with await open_transport(f"unix:{directory}/air-phone.sock") as transport:
        configuration = DeviceConfiguration()
        configuration.address = Address(address, Address.RANDOM_DEVICE_ADDRESS)
        configuration.irk = bytes([irk]) * 16
        configuration.le_privacy_enabled = private
        device = Device.from_config_with_hci(configuration, transport.source, transport.sink)
        device.keystore = keys or MemoryKeyStore()
        device.pairing_config_factory = lambda _: PairingConfig(
            sc=secure, delegate=user, identity_address_type=PairingConfig.AddressType.RANDOM
        )
        await device.power_on()
        it = Phone(device, user)
        if connect:
            await it.connect(active=active)
        try:
            yield it
        finally:
            with contextlib.suppress(Exception):
                await asyncio.wait_for(it.connection.disconnect(), 2)


async def refused(what: Awaitable[None]) -> int:
    """The error code something is refused with."""
    try:
        await what
    except (core.ProtocolError, att.ATT_Error) as error:
        return int(error.error_code)
    raise AssertionError("it was allowed")


def configuration(characteristic: CharacteristicProxy) -> DescriptorProxy | None:
    """The descriptor that subscribes."""
    return next(
        (
            descriptor
            for descriptor in characteristic.descriptors
            if descriptor.type == gatt.GATT_CLIENT_CHARACTERISTIC_CONFIGURATION_DESCRIPTOR
        ),
        None,
    )


