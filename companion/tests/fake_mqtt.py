"""A stand-in device that speaks MQTT through the phone: plain maps, no code shared with the phone."""

from __future__ import annotations

import asyncio
import pathlib
from typing import Any

import cbor2
from bumble.device import Connection
from bumble.gatt import Service

from fake_channel import FakeChannel
from fake_device import FakeDevice
from fake_store import Store
from wifi_provision import uuids

Map = dict[str, Any]

CONNACK, PUBLISH, PUBACK, SUBACK, UNSUBACK, PINGRESP = 2, 3, 4, 9, 11, 13


class FakeMqttDevice(FakeDevice):
    """`heard` is what the phone has sent, and when; what tests wait for is taken out of it."""

    def __init__(self, socket: pathlib.Path, store: Store, *, mtu: int = 512) -> None:
        super().__init__(socket, store, mtu=mtu)
        self.heard: list[tuple[float, Map]] = []
        self.sent = 0
        self.acknowledges = True  # a QoS 1 message of the phone's
        self._changed = asyncio.Event()
        self._mqtt = FakeChannel(self, uuids.MQTT_CHANNEL, self._on_message, "mqtt ")

    def _channels(self) -> list[Service]:
        return [*super()._channels(), self._mqtt.service(uuids.MQTT)]

    def _on_connection(self, connection: Connection) -> None:
        self._mqtt.reset()
        super()._on_connection(connection)

    def _on_disconnection(self, reason: int) -> None:
        self._mqtt.reset()
        super()._on_disconnection(reason)

    @property
    def proxied(self) -> bool:
        """Whether a phone offers its services as a proxy."""
        return self.connection is not None and self._mqtt.ready

    def _on_message(self, message: bytes) -> None:
        fields = cbor2.loads(message)
        self.heard.append((asyncio.get_running_loop().time(), fields))
        if self.acknowledges and fields["w"] == PUBLISH and fields["n"]:
            self._later(self.say(w=4, i=fields["i"]))
        self._changed.set()

    async def proxy(self, within: float = 20) -> None:
        """Wait for a phone that is ready."""
        async with asyncio.timeout(within):
            while not self.proxied:
                await asyncio.sleep(0.01)

    async def say(self, **fields: Any) -> None:
        """Send a map, its keys in the order given."""
        await self._mqtt.send(cbor2.dumps(fields))

    async def take(self, kind: int, within: float = 10) -> Map:
        """The next message of a kind; the others stay."""
        async with asyncio.timeout(within):
            while True:
                for at, (_when, fields) in enumerate(self.heard):
                    if fields["w"] == kind:
                        del self.heard[at]
                        return fields
                self._changed.clear()
                await self._changed.wait()

    async def connect(self, name: str = "thing", clean: bool = True) -> int:
        """Connect to the broker; the state the phone tells."""
        await self.say(w=1, d=name, a="broker.example", c=clean)
        return (await self.take(CONNACK))["s"]

    async def subscribe(self, *topics: str, qos: int = 1, number: int = 1) -> int:
        """Subscribe; the status the phone tells."""
        await self.say(w=8, v=list(topics), o=[qos] * len(topics), i=number)
        answer = await self.take(SUBACK)
        assert answer["i"] == number
        return answer["s"]

    async def publish(self, topic: str, payload: bytes, number: int) -> None:
        """Publish with QoS 1, and wait until it is acknowledged."""
        await self.say(w=3, u=topic, n=1, k=payload, i=number)
        answer = await self.take(PUBACK)
        assert answer["i"] == number, answer
