"""The adapter's link against a stand-in for bleak's client: there is no radio in a test."""

from __future__ import annotations

import asyncio
import types

import pytest
from bleak.exc import BleakError, BleakGATTProtocolError, BleakGATTProtocolErrorCode

from conftest import networks, run
from fake_store import Store
from wifi_provision import uuids
from wifi_provision.behaviour import BEHAVIOURS, IOS
from wifi_provision.client import Client
from wifi_provision.errors import AttributeRefused, LinkLost, PairingRefused, Unreachable
from wifi_provision.transport.adapter_link import AdapterLink

NOTIFYING = (uuids.MTU, uuids.WIFI_TX, uuids.WIFI_TX_LARGE)
TABLE = {
    uuids.DEVICE_INFORMATION: [
        uuids.VERSION, uuids.BROKER_ENDPOINT, uuids.MTU, uuids.PLATFORM, uuids.DEVICE_ID,
    ],
    uuids.WIFI: [
        uuids.WIFI_CONTROL, uuids.WIFI_TX, uuids.WIFI_RX, uuids.WIFI_TX_LARGE, uuids.WIFI_RX_LARGE,
    ],
}  # fmt: skip


class Services(list):
    def get_characteristic(self, uuid: str):
        return next((c for s in self for c in s.characteristics if c.uuid == uuid), None)


class FakeClient:
    """As much of BleakClient as the link uses, over a device in memory."""

    def __init__(self, store: Store, mtu: int) -> None:
        self.address = "AA:BB:CC:DD:EE:FF"
        self.paired = False
        self.can_pair = True
        self.pairings = 0
        self._store = store
        self._chunk = mtu - 3
        self._tx = b""
        self._rx = b""
        self._listeners: dict = {}
        self.services = Services(
            types.SimpleNamespace(
                uuid=service.upper(),
                handle=handle,
                characteristics=[
                    types.SimpleNamespace(
                        uuid=uuid,
                        properties=["notify"] if uuid in NOTIFYING else [],
                        max_write_without_response_size=self._chunk,
                    )
                    for uuid in found
                ],
            )
            for handle, (service, found) in enumerate(TABLE.items(), 1)
        )

    def _check(self) -> None:
        if not self.paired:
            raise BleakGATTProtocolError(BleakGATTProtocolErrorCode.INSUFFICIENT_AUTHENTICATION)

    async def pair(self) -> None:
        self.pairings += 1
        if not self.can_pair:
            raise BleakError("the agent said no")
        self.paired = True

    async def disconnect(self) -> None:
        self.paired = False

    async def start_notify(self, uuid: str, listener) -> None:
        self._check()
        self._listeners[uuid] = listener

    async def read_gatt_char(self, uuid: str) -> bytearray:
        self._check()
        if uuid == uuids.WIFI_TX_LARGE:
            piece, self._tx = self._tx[: self._chunk], self._tx[self._chunk :]
            self._more()
            return bytearray(piece)
        return bytearray(str(self._chunk + 3).encode() if uuid == uuids.MTU else b"text")

    async def write_gatt_char(self, uuid: str, data: bytes, response: bool) -> None:
        self._check()
        assert response
        assert len(data) <= self._chunk
        if uuid == uuids.WIFI_RX:
            self._answer(bytes(data))
        elif uuid == uuids.WIFI_RX_LARGE:
            self._rx += data
            if len(data) < self._chunk:
                whole, self._rx = self._rx, b""
                self._answer(whole)

    def _answer(self, request: bytes) -> None:
        self._queue = self._store.answers(request)
        self._more()

    def _more(self) -> None:
        while self._queue and not self._tx:
            message = self._queue.pop(0)
            large = len(message) >= self._chunk
            self._tx = message[self._chunk :] if large else b""
            uuid = uuids.WIFI_TX_LARGE if large else uuids.WIFI_TX
            asyncio.get_running_loop().call_soon(
                self._listeners[uuid], None, bytearray(message[: self._chunk] if large else message)
            )


@pytest.mark.parametrize("mtu", [24, 247])
@pytest.mark.parametrize("behaviour", BEHAVIOURS.values(), ids=BEHAVIOURS)
def test_the_operations(behaviour, mtu) -> None:
    async def test() -> None:
        fake = FakeClient(Store(saved=networks(3, "S"), scanned=networks(2, "X")), mtu)
        link = AdapterLink(fake)  # type: ignore[arg-type]
        async with Client(link, behaviour) as client:
            assert (fake.pairings, client.chunk) == (1, mtu - 3)
            assert len((await client.list()).networks) == 5
            await client.move(0, 2)
            await client.delete(1)
            assert len((await client.list()).saved) == 2

    run(test)


def test_pairing_that_does_not_come_about() -> None:
    async def test() -> None:
        fake = FakeClient(Store(), 247)
        fake.can_pair = False
        with pytest.raises(PairingRefused, match="the agent said no"):
            async with Client(AdapterLink(fake)):  # type: ignore[arg-type]
                pass

    run(test)


def test_a_bond_the_device_does_not_honour() -> None:
    async def test() -> None:
        fake = FakeClient(Store(), 247)

        async def useless() -> None:
            fake.pairings += 1

        fake.pair = useless  # type: ignore[method-assign]
        link = AdapterLink(fake)  # type: ignore[arg-type]
        await link.discover()
        with pytest.raises(AttributeRefused) as raised:
            await link.read(uuids.VERSION)
        assert "Remove the device" in raised.value.mend
        assert fake.pairings == 1

    run(test)


def test_a_link_that_is_lost() -> None:
    async def test() -> None:
        link = AdapterLink(FakeClient(Store(), 247))  # type: ignore[arg-type]
        async with Client(link, IOS) as client:
            link.on_disconnected()
            with pytest.raises(LinkLost):
                await client.list()

    run(test)


def test_a_computer_without_bluetooth(monkeypatch) -> None:
    from bleak import BleakScanner

    from wifi_provision.adapter import Adapter

    async def no_bus(*_args: object, **_kwargs: object) -> None:
        raise FileNotFoundError(2, "No such file or directory")

    monkeypatch.setattr(BleakScanner, "discover", no_bus)
    monkeypatch.setattr(BleakScanner, "find_device_by_filter", no_bus)

    async def test() -> None:
        async with Adapter() as phone:
            for first in (True, False):
                with pytest.raises(Unreachable):
                    await phone.scan(0.1, first=first)

    run(test)
