"""A data-transfer service of the stand-in device: control, messages in, messages out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

from bumble.att import Attribute
from bumble.device import Connection, Device
from bumble.gatt import Characteristic, CharacteristicValue, Service

from wifi_provision.uuids import ChannelUuids

_Perm = Attribute.Permissions
_Prop = Characteristic.Properties
READ = _Perm.READABLE | _Perm.READ_REQUIRES_AUTHENTICATION
WRITE = _Perm.WRITEABLE | _Perm.WRITE_REQUIRES_AUTHENTICATION


class Owner(Protocol):
    """The device a channel belongs to."""

    device: Device
    connection: Connection | None
    log: list[str]

    @property
    def chunk(self) -> int: ...


class FakeChannel:
    """Whole messages go to `on_message`; `label` stands before what is logged."""

    def __init__(
        self, owner: Owner, uuids: ChannelUuids, on_message: Callable[[bytes], None], label: str = ""
    ) -> None:
        self.ready = False
        self._owner = owner
        self._uuids = uuids
        self._on_message = on_message
        self._label = label
        self._rx = bytearray()
        self._tx = bytearray()
        self._fetched = asyncio.Event()
        self._one_at_a_time = asyncio.Lock()
        self._small = Characteristic(
            uuids.tx, _Prop.READ | _Prop.NOTIFY, READ, CharacteristicValue(read=lambda _c: b"")
        )
        self._large = Characteristic(
            uuids.tx_large, _Prop.READ | _Prop.NOTIFY, READ, CharacteristicValue(read=self._read_large)
        )

    def service(self, uuid: str) -> Service:
        """For the device's table."""
        control = CharacteristicValue(read=lambda _c: bytes([self.ready]), write=self._control)
        return Service(
            uuid,
            [
                Characteristic(self._uuids.control, _Prop.READ | _Prop.WRITE, READ | WRITE, control),
                self._small,
                Characteristic(self._uuids.rx, _Prop.WRITE, WRITE, CharacteristicValue(write=self._rx_small)),
                self._large,
                Characteristic(
                    self._uuids.rx_large, _Prop.WRITE, WRITE, CharacteristicValue(write=self._rx_large)
                ),
            ],
        )

    def reset(self) -> None:
        """A new connection."""
        self.ready = False
        self._rx.clear()
        self._tx.clear()

    def _control(self, _connection: object, value: bytes) -> None:
        self.ready = value[:1] == b"\x01"
        self._owner.log.append(f"{self._label}control {value.hex()}")

    def _rx_small(self, _connection: object, value: bytes) -> None:
        self._owner.log.append(f"{self._label}rx {len(value)}")
        if self.ready:
            self._on_message(bytes(value))

    def _rx_large(self, _connection: object, value: bytes) -> None:
        self._owner.log.append(f"{self._label}rx-large {len(value)}")
        if not self.ready:
            return
        self._rx += value
        if len(value) < self._owner.chunk:
            self._on_message(bytes(self._rx))
            self._rx.clear()

    def _read_large(self, _connection: object) -> bytes:
        size = self._owner.chunk
        piece = bytes(self._tx[:size])
        del self._tx[:size]
        if len(piece) < size:
            self._fetched.set()
        return piece

    async def send(self, message: bytes) -> None:
        """One message; a large one is gone when the phone has fetched it."""
        async with self._one_at_a_time:
            size = self._owner.chunk
            device, connection = self._owner.device, self._owner.connection
            if len(message) < size:
                await device.notify_subscriber(connection, self._small, message)
                return
            self._fetched.clear()
            self._tx[:] = message[size:]
            await device.notify_subscriber(connection, self._large, message[:size])
            await asyncio.wait_for(self._fetched.wait(), 20)
