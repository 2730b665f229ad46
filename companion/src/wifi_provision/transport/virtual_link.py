"""A connection of a virtual phone, over bumble's host stack."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine
from typing import Any, TypeVar

from bumble import att, core, hci
from bumble.device import Connection, Peer
from bumble.gatt import Characteristic
from bumble.gatt_client import CharacteristicProxy

from wifi_provision.errors import (
    AttributeRefused,
    BondLost,
    LinkLost,
    NotFound,
    PairingRefused,
    TimedOut,
)
from wifi_provision.keys import Keys
from wifi_provision.transport.base import Link, Listener, Service
from wifi_provision.transport.pairing import Pairing, reason_in_words

_ATT_TIMEOUT = 30.0  # seconds: the standard's limit for an attribute operation
_PAIRING_TIMEOUT = 65.0  # seconds: the device gives its user 30, the standard each step 30
_CLOSE_TIMEOUT = 5.0  # seconds

_SECURITY_ERRORS = frozenset(
    {
        att.ErrorCode.INSUFFICIENT_AUTHENTICATION,
        att.ErrorCode.INSUFFICIENT_AUTHORIZATION,
        att.ErrorCode.INSUFFICIENT_ENCRYPTION,
        att.ErrorCode.INSUFFICIENT_ENCRYPTION_KEY_SIZE,
    }
)

_LOSSES = {
    hci.HCI_ErrorCode.CONNECTION_TIMEOUT_ERROR: "the device went silent",
    hci.HCI_ErrorCode.REMOTE_USER_TERMINATED_CONNECTION_ERROR: "the device hung up",
    hci.HCI_ErrorCode.REMOTE_DEVICE_TERMINATED_CONNECTION_DUE_TO_POWER_OFF_ERROR: "the device switched off",
    hci.HCI_ErrorCode.REMOTE_DEVICE_TERMINATED_CONNECTION_DUE_TO_LOW_RESOURCES_ERROR: "the device is busy",
    hci.HCI_ErrorCode.CONNECTION_TERMINATED_BY_LOCAL_HOST_ERROR: "this phone hung up",
    hci.HCI_ErrorCode.AUTHENTICATION_FAILURE_ERROR: "the device does not trust this phone",
    hci.HCI_ErrorCode.CONNECTION_TERMINATED_DUE_TO_MIC_FAILURE_ERROR: "the two sides have different keys",
}

Result = TypeVar("Result")


class VirtualLink(Link):
    """See `Link`. Attribute operations run one at a time."""

    def __init__(self, connection: Connection, keys: Keys, pairing: Pairing, most_mtu: int | None) -> None:
        self.connection = connection
        self.peer = connection.peer_address.to_string(False)
        self._pairing_tried = False
        self._keys = keys
        self._pairing = pairing
        self._most_mtu = most_mtu
        self._gatt = Peer(connection)
        self._services: list[Service] = []
        self._characteristics: dict[str, CharacteristicProxy[bytes]] = {}
        self._lost: str | None = None
        self._ended = asyncio.Event()
        self._securing = asyncio.Lock()
        connection.on(connection.EVENT_DISCONNECTION, self._on_disconnection)

    def _on_disconnection(self, reason: int) -> None:
        try:
            self._lost = _LOSSES[hci.HCI_ErrorCode(reason)]
        except (KeyError, ValueError):
            self._lost = f"reason {reason:#04x}"
        self._ended.set()

    # --- state ------------------------------------------------------------------------------------

    @property
    def mtu(self) -> int:
        return int(self._gatt.gatt_client.mtu)

    @property
    def services(self) -> list[Service]:
        return self._services

    @property
    def lost(self) -> str | None:
        return self._lost

    async def wait_lost(self) -> None:
        await self._ended.wait()

    @property
    def encrypted(self) -> bool:
        """Whether the link is encrypted."""
        return bool(self.connection.is_encrypted)

    # --- security -----------------------------------------------------------------------------------

    async def _bonded(self) -> bool:
        return await self._keys.get(str(self.connection.peer_address)) is not None

    async def resume(self) -> None:
        """Encrypt with the key of an earlier pairing, if there is one, as phones do on connecting."""
        if self._pairing is not Pairing.NONE and not self.encrypted and await self._bonded():
            await self._encrypt()

    async def _encrypt(self) -> None:
        try:
            await self._guard(self.connection.encrypt(), _ATT_TIMEOUT)
        except hci.HCI_Error as error:
            raise BondLost(
                f"The device {self.peer} no longer knows this phone: it was reset or has forgotten it."
            ) from error
        except LinkLost as error:
            if self._lost in (
                _LOSSES[hci.HCI_ErrorCode.CONNECTION_TERMINATED_DUE_TO_MIC_FAILURE_ERROR],
                _LOSSES[hci.HCI_ErrorCode.AUTHENTICATION_FAILURE_ERROR],
            ):
                raise BondLost(f"The device {self.peer} has another key for this phone.") from error
            raise

    async def pair(self) -> None:
        """Pair now. Raises PairingRefused."""
        self._pairing_tried = True
        try:
            await self._guard(self.connection.pair(), _PAIRING_TIMEOUT)
        except core.ProtocolError as error:
            code = int(error.error_code or 0)
            raise PairingRefused(f"Pairing was refused: {reason_in_words(code)}.", code) from error
        except TimedOut as error:
            raise PairingRefused("Pairing was not finished in time.") from error
        except LinkLost as error:
            raise PairingRefused(f"The connection ended while pairing: {self._lost}.") from error

    async def _secure(self) -> None:
        async with self._securing:
            if await self._bonded() and not self.encrypted:
                await self._encrypt()
            else:
                await self.pair()

    async def _asking(self, operation: Any) -> Any:
        """Run an attribute operation; when the device asks for security, secure the link and repeat."""
        try:
            return await self._guard(operation(), _ATT_TIMEOUT)
        except att.ATT_Error as error:
            if (
                error.error_code not in _SECURITY_ERRORS
                or self._pairing is Pairing.NONE
                or self._pairing_tried
            ):
                raise self._refused(error) from error
        await self._secure()
        try:
            return await self._guard(operation(), _ATT_TIMEOUT)
        except att.ATT_Error as error:
            raise self._refused(error) from error

    @staticmethod
    def _refused(error: att.ATT_Error) -> AttributeRefused:
        code = int(error.error_code)
        if code in _SECURITY_ERRORS:
            return AttributeRefused(
                f"The device lets only paired phones do this (ATT error {code:#04x}).", code
            )
        return AttributeRefused(f"The device refused (ATT error {code:#04x}).", code, "")

    # --- attributes -----------------------------------------------------------------------------------

    async def discover(self) -> None:
        await self._guard(self._discover(), _ATT_TIMEOUT)

    async def _discover(self) -> None:
        self._services = []
        for service in await self._gatt.discover_services():
            found = []
            for characteristic in await service.discover_characteristics():
                uuid = characteristic.uuid.to_hex_str("-").lower()
                self._characteristics[uuid] = characteristic
                found.append((uuid, bool(characteristic.properties & Characteristic.Properties.NOTIFY)))
            self._services.append(Service(service.uuid.to_hex_str("-").lower(), tuple(found)))

    def _proxy(self, uuid: str) -> CharacteristicProxy[bytes]:
        try:
            return self._characteristics[uuid]
        except KeyError:
            raise NotFound(f"The device has no characteristic {uuid}.", "") from None

    async def read(self, uuid: str, *, whole: bool = False) -> bytes:
        proxy = self._proxy(uuid)
        return bytes(await self._asking(lambda: proxy.read_value(no_long_read=not whole)))

    async def write(self, uuid: str, value: bytes) -> None:
        proxy = self._proxy(uuid)
        await self._asking(lambda: proxy.write_value(value, with_response=True))

    async def subscribe(self, uuid: str, listener: Listener) -> None:
        proxy = self._proxy(uuid)
        await self._asking(lambda: proxy.subscribe(lambda value: listener(bytes(value))))

    async def request_mtu(self, wish: int) -> int:
        wish = wish if self._most_mtu is None else min(wish, self._most_mtu)
        await self._guard(self._gatt.request_mtu(wish), _ATT_TIMEOUT)
        return self.mtu

    async def close(self) -> None:
        if self._ended.is_set():
            return
        gone = (LinkLost, TimedOut, core.BaseBumbleError, hci.HCI_Error)
        with contextlib.suppress(*gone):  # nothing is left to hang up
            await self._guard(self.connection.disconnect(), _CLOSE_TIMEOUT)

    async def _guard(self, work: Coroutine[Any, Any, Result], timeout: float) -> Result:
        """Run until done, the link is lost or time is up: bumble itself waits for ever, or cancels."""
        task = asyncio.ensure_future(work)
        ended = asyncio.ensure_future(self._ended.wait())
        # Nobody may be left to hear of a failure that comes too late.
        task.add_done_callback(lambda done: done.cancelled() or done.exception())
        try:
            await asyncio.wait({task, ended}, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
            if task.done() and not task.cancelled():
                return task.result()
            if ended.done() or task.cancelled():
                raise LinkLost(f"The connection ended: {self._lost or 'it was cut'}.")
            raise TimedOut(f"The device has not answered for {timeout:g} seconds.")
        except core.TimeoutError as error:
            raise TimedOut("The device has not answered an attribute operation.") from error
        finally:
            task.cancel()
            ended.cancel()
