"""A connection through a computer's own adapter."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import TypeVar

from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.exc import (
    BleakCharacteristicNotFoundError,
    BleakError,
    BleakGATTProtocolError,
    BleakGATTProtocolErrorCode,
)

from wifi_provision import uuids
from wifi_provision.errors import AttributeRefused, LinkLost, NotFound, PairingRefused, TimedOut, Unreachable
from wifi_provision.transport.base import Link, Listener, Service

_ATT_TIMEOUT = 30.0  # seconds
_PAIRING_TIMEOUT = 65.0  # seconds: a person compares digits
_CLOSE_TIMEOUT = 10.0  # seconds
_HEADER = 3  # bytes of an attribute operation beside its value
_DEFAULT_CHUNK = 20  # bytes, with the smallest MTU

_SECURITY_ERRORS = frozenset(
    {
        BleakGATTProtocolErrorCode.INSUFFICIENT_AUTHENTICATION,
        BleakGATTProtocolErrorCode.INSUFFICIENT_AUTHORIZATION,
        BleakGATTProtocolErrorCode.INSUFFICIENT_ENCRYPTION,
    }
)

Result = TypeVar("Result")


class AdapterLink(Link):
    """See `Link`."""

    def __init__(self, client: BleakClient) -> None:
        self._client = client
        self.peer = client.address
        self._services: list[Service] = []
        self._ended = asyncio.Event()
        self._paired = False

    def on_disconnected(self) -> None:
        """Told by the adapter."""
        self._ended.set()

    @property
    def mtu(self) -> int:
        # What bleak calls a write without response is one PDU: MTU less three. BlueZ reports no MTU itself.
        characteristic = self._client.services.get_characteristic(uuids.WIFI_RX)
        size = characteristic.max_write_without_response_size if characteristic else _DEFAULT_CHUNK
        return size + _HEADER

    @property
    def services(self) -> list[Service]:
        return self._services

    @property
    def lost(self) -> str | None:
        return "the device is gone" if self._ended.is_set() else None

    async def wait_lost(self) -> None:
        await self._ended.wait()

    async def discover(self) -> None:
        # bleak has read the table while connecting.
        self._services = [
            Service(
                service.uuid.lower(),
                tuple((c.uuid.lower(), "notify" in c.properties) for c in service.characteristics),
            )
            for service in sorted(self._client.services, key=lambda s: s.handle)
        ]

    async def read(self, uuid: str, *, whole: bool = False) -> bytes:
        del whole  # the system reads on by itself only where a value fills the answer; chunks never do
        return bytes(await self._asking(lambda: self._client.read_gatt_char(uuid)))

    async def write(self, uuid: str, value: bytes) -> None:
        await self._asking(lambda: self._client.write_gatt_char(uuid, value, response=True))

    async def subscribe(self, uuid: str, listener: Listener) -> None:
        def heard(_characteristic: BleakGATTCharacteristic, value: bytearray) -> None:
            listener(bytes(value))

        await self._asking(lambda: self._client.start_notify(uuid, heard))

    async def request_mtu(self, wish: int) -> int:
        del wish  # the system negotiates by itself
        return self.mtu

    async def close(self) -> None:
        if self._ended.is_set():
            return
        with contextlib.suppress(BleakError, TimeoutError, OSError):  # nothing is left to hang up
            await asyncio.wait_for(self._client.disconnect(), _CLOSE_TIMEOUT)
        self._ended.set()

    async def _asking(self, operation: Callable[[], Awaitable[Result]]) -> Result:
        """Run an operation; where the system has not paired by itself, pair and repeat."""
        try:
            return await self._guard(operation(), _ATT_TIMEOUT)
        except BleakGATTProtocolError as error:
            if error.code not in _SECURITY_ERRORS or self._paired:
                raise self._refused(error) from error
        await self._pair()
        try:
            return await self._guard(operation(), _ATT_TIMEOUT)
        except BleakGATTProtocolError as error:
            raise self._refused(error) from error

    async def _pair(self) -> None:
        try:
            await self._guard(self._client.pair(), _PAIRING_TIMEOUT)
        except (TimedOut, LinkLost, Unreachable, NotImplementedError) as error:
            raise PairingRefused(
                f"Pairing through this computer's Bluetooth did not come about: {error}",
                mend="Pair in the system's Bluetooth settings; if the device is listed there, remove it.",
            ) from error
        self._paired = True

    @staticmethod
    def _refused(error: BleakGATTProtocolError) -> AttributeRefused:
        code = int(error.code)
        if error.code in _SECURITY_ERRORS:
            return AttributeRefused(
                f"The device lets only paired phones do this (ATT error {code:#04x}).",
                code,
                "Remove the device in the system's Bluetooth settings and pair again.",
            )
        return AttributeRefused(f"The device refused (ATT error {code:#04x}).", code, "")

    async def _guard(self, work: Awaitable[Result], timeout: float) -> Result:
        task = asyncio.ensure_future(work)
        ended = asyncio.ensure_future(self._ended.wait())
        # Nobody may be left to hear of a failure that comes too late.
        task.add_done_callback(lambda done: done.cancelled() or done.exception())
        try:
            await asyncio.wait({task, ended}, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
            # An operation may have been given up because the link is gone: say that instead.
            if ended.done() or task.cancelled():
                raise LinkLost("The connection ended: the device is gone.")
            if task.done():
                return task.result()
            raise TimedOut(f"The device has not answered for {timeout:g} seconds.")
        except BleakGATTProtocolError:
            raise
        except BleakCharacteristicNotFoundError as error:
            raise NotFound(f"The device lacks an attribute: {error}.", "") from error
        except (BleakError, OSError) as error:
            raise Unreachable(f"Bluetooth on this computer reports: {error}.") from error
        finally:
            task.cancel()
            ended.cancel()
