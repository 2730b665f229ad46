"""Virtual phones: a whole Bluetooth host over an HCI socket, for the simulated air.

async with VirtualPhone(socket) as phone:
    link = await phone.connect(await phone.find())
    async with Client(link) as client:
        print(await client.list())
"""

from __future__ import annotations

import asyncio
import contextlib
import pathlib

from bumble import core, hci
from bumble.core import UUID, AdvertisingData
from bumble.device import (
    Advertisement,
    ConnectionParametersPreferences,
    Device,
    DeviceConfiguration,
)
from bumble.transport.common import Transport
from bumble.transport.unix import open_unix_client_transport

from wifi_provision import uuids
from wifi_provision.errors import NotFound, Unreachable
from wifi_provision.keys import Keys
from wifi_provision.transport.base import Found
from wifi_provision.transport.pairing import Compare, Pairing, Session, accept, configuration
from wifi_provision.transport.virtual_link import VirtualLink

__all__ = ["Compare", "Found", "Keys", "Pairing", "VirtualLink", "VirtualPhone", "accept"]

_SUPERVISION = 2000  # milliseconds without a sound until a link counts as lost
_POWER_ON = 10.0  # seconds
_UUID = UUID(uuids.DEVICE_INFORMATION)


class VirtualPhone:
    """A phone on the air.

    - `keys`: bonds; None for a phone that remembers nothing afterwards.
    - `pairing`: how it pairs; `compare`: shown the six digits, says whether they match.
    - `mtu`: the most its stack can do, None for whatever the application asks.
    - `privacy`: hides behind rotating addresses that only bonded devices can resolve.
    """

    def __init__(
        self,
        socket: pathlib.Path | str,
        *,
        keys: Keys | None = None,
        pairing: Pairing = Pairing.NUMERIC,
        compare: Compare = accept,
        mtu: int | None = None,
        privacy: bool = False,
        name: str = "phone",
    ) -> None:
        self.keys = keys or Keys()
        self.pairing = pairing
        self.compare = compare
        self._socket = str(socket)
        self._mtu = mtu
        self._privacy = privacy
        self._name = name
        self._transport: Transport | None = None
        self._device: Device | None = None
        self._links: list[VirtualLink] = []

    @property
    def device(self) -> Device:
        """bumble's device, for tests that need more than this class offers."""
        if self._device is None:
            raise Unreachable("The virtual phone is switched off.", "")
        return self._device

    async def __aenter__(self) -> VirtualPhone:
        try:
            self._transport = await open_unix_client_transport(self._socket)
        except OSError as error:
            raise Unreachable(
                f"There is no virtual air at {self._socket}: {error.strerror or error}.",
                "Start it with `python3 -m wifi_sim.air --run DIR`, or `cargo xtask demo --interactive`.",
            ) from error
        # The static address is also what the phone's bonds are known by on the device.
        settings = DeviceConfiguration(
            name=self._name,
            address=self.keys.address,
            irk=self.keys.irk,
            le_privacy_enabled=self._privacy,
        )
        device = Device.from_config_with_hci(settings, self._transport.source, self._transport.sink)
        device.keystore = self.keys
        device.pairing_config_factory = lambda _connection: configuration(self.pairing, self.compare)
        device.smp_manager.session_proxy = Session
        try:
            await asyncio.wait_for(device.power_on(), _POWER_ON)
        except TimeoutError as error:
            await self._transport.close()
            raise Unreachable("The virtual air does not answer.", "Restart it.") from error
        self._device = device
        return self

    async def __aexit__(self, *_exc: object) -> None:
        for link in self._links:
            await link.close()
        self._links.clear()
        self._device = None
        if self._transport is not None:
            await self._transport.close()
            self._transport = None

    async def rotate_address(self) -> None:
        """Take a new resolvable address now; only for phones with privacy, while not connected."""
        await self.device.update_rpa()

    async def scan(self, timeout: float, *, first: bool = False) -> list[Found]:
        """The devices that offer provisioning, strongest first; with `first`, end at the first one."""
        found: dict[str, Found] = {}
        one = asyncio.Event()

        def hear(advertisement: Advertisement) -> None:
            if (device := _provisionable(advertisement)) is not None:
                known = found.get(device.address)
                # A scan response names no service and no name; it must not wipe what is known.
                found[device.address] = device if known is None or device.name else known
                one.set()

        device = self.device
        device.on(device.EVENT_ADVERTISEMENT, hear)
        try:
            await device.start_scanning(active=True, filter_duplicates=False)
            if first:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(one.wait(), timeout)
            else:
                await asyncio.sleep(timeout)
        finally:
            device.remove_listener(device.EVENT_ADVERTISEMENT, hear)
            await device.stop_scanning()
        return sorted(found.values(), key=lambda f: -f.rssi)

    async def find(self, timeout: float = 20.0) -> str:
        """The address of the first device seen. Raises NotFound."""
        devices = await self.scan(timeout, first=True)
        if not devices:
            raise NotFound(f"No device that can be provisioned was seen for {timeout:g} seconds.")
        return devices[0].address

    async def connect(self, address: str | None = None, timeout: float = 20.0) -> VirtualLink:
        """Connect, to the first device seen if `address` is None, and resume an earlier bond."""
        target = address if address is not None else await self.find(timeout)
        try:
            connection = await self.device.connect(
                _address(target),
                timeout=timeout,
                connection_parameters_preferences={
                    hci.Phy.LE_1M: ConnectionParametersPreferences(supervision_timeout=_SUPERVISION)
                },
            )
        except (core.TimeoutError, TimeoutError) as error:
            raise Unreachable(f"The device {target} did not answer for {timeout:g} seconds.") from error
        except (core.BaseBumbleError, hci.HCI_Error) as error:
            raise Unreachable(f"The device {target} could not be connected to.") from error
        link = VirtualLink(connection, self.keys, self.pairing, self._mtu)
        self._links = [known for known in self._links if known.lost is None]
        self._links.append(link)
        try:
            await link.resume()
        except BaseException:
            await link.close()
            raise
        return link


def _address(text: str) -> hci.Address:
    """Public if it looks so: a random static address has its two highest bits set."""
    plain = text.removesuffix("/P")
    address = hci.Address(plain, hci.Address.RANDOM_DEVICE_ADDRESS)
    if text.endswith("/P") or not address.is_static:
        return hci.Address(plain, hci.Address.PUBLIC_DEVICE_ADDRESS)
    return address


def _provisionable(advertisement: Advertisement) -> Found | None:
    data = advertisement.data
    # Complete and incomplete lists alike: device ports disagree on which they send.
    listed = [
        uuid
        for kind in (
            AdvertisingData.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS,
            AdvertisingData.INCOMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS,
        )
        for structure in data.get_all(kind)
        for uuid in structure
    ]
    if _UUID not in listed:
        return None
    name = data.get(AdvertisingData.COMPLETE_LOCAL_NAME) or data.get(AdvertisingData.SHORTENED_LOCAL_NAME)
    return Found(advertisement.address.to_string(False), str(name or ""), advertisement.rssi)
