"""No message is lost, whatever comes and goes."""

from __future__ import annotations

import asyncio
import contextlib

import pytest

from conftest import run
from fake_mqtt import CONNACK, PUBACK, PUBLISH, SUBACK
from proxied import Proxied, proxied

COUNT = 60
WINDOW = 4


class Client:
    """A device's MQTT client: sends again what was not acknowledged, and keeps what it has got."""

    def __init__(self, here: Proxied) -> None:
        self.here = here
        self.next = 0
        self.unacknowledged: dict[int, int] = {}  # by message id
        self.got: list[int] = []

    async def run(self, until) -> None:
        """Connect and talk, again and again, until a condition holds."""
        while not until():
            with contextlib.suppress(TimeoutError, ConnectionError):
                await self.here.device.proxy()
                await self._talk(until)

    async def _talk(self, until) -> None:
        device = self.here.device
        device.heard.clear()
        connection = device.connection
        await device.say(w=1, d="thing", a="", c=False)
        async with asyncio.timeout(2):
            if (await device.take(CONNACK, 2))["s"] != 2:
                return
        await device.say(w=8, v=["down"], o=[1], i=0xFFFF)
        await device.take(SUBACK, 2)
        for number, value in self.unacknowledged.items():
            await self._publish(number, value)
        while not until() and device.connection is connection and device.proxied:
            while self.next < COUNT and len(self.unacknowledged) < WINDOW:
                self.next += 1
                self.unacknowledged[self.next] = self.next
                await self._publish(self.next, self.next)
            for _at, fields in list(device.heard):
                if fields["w"] == PUBACK:
                    self.unacknowledged.pop(fields["i"], None)
                elif fields["w"] == PUBLISH:
                    self.got.append(int(fields["k"]))
                elif fields["w"] == CONNACK and fields["s"] != 2:
                    return
            device.heard.clear()
            await asyncio.sleep(0.01)

    async def _publish(self, number: int, value: int) -> None:
        await self.here.device.say(w=3, u="up", n=1, k=str(value).encode(), i=number)


def once_and_in_order(values: list[int]) -> list[int]:
    """Without what was seen before."""
    return list(dict.fromkeys(values))


@pytest.mark.timeout(220)
@pytest.mark.parametrize("version", ["5", "3.1.1"])
def test_links_and_broker_come_and_go_under_load(version: str) -> None:
    async def test() -> None:
        async with proxied("--mqtt", version) as here:
            client = Client(here)

            def up() -> list[int]:
                return [int(one.payload) for one in here.observer.on("up")]

            def over() -> bool:
                return set(up()) >= everything and set(client.got) >= everything and not client.unacknowledged

            everything = set(range(1, COUNT + 1))
            talking = asyncio.create_task(client.run(over))
            await here.heard.until("subscribed")
            for number in range(1, COUNT + 1):
                await here.off_loop(here.observer.publish, "down", str(number).encode())
                if number % 20 == 0:
                    await here.device.proxy()
                    await here.cut()
                if number % 25 == 0:
                    await here.off_loop(here.broker.stop)
                    await asyncio.sleep(0)
                    await here.off_loop(here.broker.start)
            async with asyncio.timeout(150):
                await talking
            happened = here.heard.names()
            assert happened.count("device-lost") >= 3
            assert happened.count("session-opened") >= 3
            assert once_and_in_order(up()) == sorted(everything)
            assert once_and_in_order(client.got) == sorted(everything)

    run(test, 200)
