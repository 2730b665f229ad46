"""A computer's own Bluetooth adapter, through bleak. The operating system pairs and keeps the bonds."""

from __future__ import annotations

from bleak import BleakClient, BleakScanner
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from bleak.exc import BleakBluetoothNotAvailableError, BleakDeviceNotFoundError, BleakError

from wifi_provision import uuids
from wifi_provision.errors import Unreachable
from wifi_provision.transport.adapter_link import AdapterLink
from wifi_provision.transport.base import Found

_NO_ADAPTER = "Switch Bluetooth on, or use the virtual link with --via virtual:SOCKET."


class Adapter:
    """The phone a computer is. Same use as `virtual.VirtualPhone`."""

    def __init__(self) -> None:
        self._seen: dict[str, BLEDevice] = {}
        self._links: list[AdapterLink] = []

    async def __aenter__(self) -> Adapter:
        return self

    async def __aexit__(self, *_exc: object) -> None:
        for link in self._links:
            await link.close()
        self._links.clear()

    async def scan(self, timeout: float, *, first: bool = False) -> list[Found]:
        """The devices that offer provisioning, strongest first; with `first`, end at the first one."""

        def offers(_device: BLEDevice, data: AdvertisementData) -> bool:
            return uuids.DEVICE_INFORMATION in data.service_uuids

        wanted = [uuids.DEVICE_INFORMATION]
        try:
            if first:
                one = await BleakScanner.find_device_by_filter(offers, timeout=timeout, service_uuids=wanted)
                self._seen = {one.address: one} if one is not None else {}
                return [Found(d.address, d.name or "", 0) for d in self._seen.values()]
            seen = await BleakScanner.discover(timeout=timeout, return_adv=True, service_uuids=wanted)
        except BleakBluetoothNotAvailableError as error:
            raise Unreachable("This computer has no usable Bluetooth adapter.", _NO_ADAPTER) from error
        except (BleakError, OSError) as error:
            # Without a Bluetooth service at all, the system's own bus answers with an OSError.
            raise Unreachable(f"Bluetooth on this computer does not work: {error}.", _NO_ADAPTER) from error
        here = {address: pair for address, pair in seen.items() if offers(*pair)}
        self._seen = {address: device for address, (device, _) in here.items()}
        found = [Found(address, device.name or "", data.rssi) for address, (device, data) in here.items()]
        return sorted(found, key=lambda f: -f.rssi)

    async def connect(self, address: str, timeout: float = 20.0) -> AdapterLink:
        """Connect to a device; the system encrypts if it has a bond."""
        link: AdapterLink | None = None

        def on_disconnected(_client: BleakClient) -> None:
            if link is not None:
                link.on_disconnected()

        client = BleakClient(self._seen.get(address, address), on_disconnected, timeout=timeout)
        try:
            await client.connect()
        except BleakBluetoothNotAvailableError as error:
            raise Unreachable("This computer has no usable Bluetooth adapter.", _NO_ADAPTER) from error
        except BleakDeviceNotFoundError as error:
            raise Unreachable(f"The device {address} was not seen.") from error
        except (BleakError, TimeoutError, OSError) as error:
            raise Unreachable(f"The device {address} could not be connected to: {error}.") from error
        link = AdapterLink(client)
        self._links.append(link)
        return link
