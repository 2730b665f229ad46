"""The proxies of the SDKs in the field, against a real broker."""

from __future__ import annotations

import asyncio

from conftest import run
from fake_mqtt import CONNACK, PINGRESP, PUBLISH, SUBACK, UNSUBACK
from proxied import proxied


def test_android() -> None:
    async def test() -> None:
        async with proxied("--phone", "android") as here:
            device, loop = here.device, asyncio.get_running_loop()
            await device.say(w=1, d="thing", a="x", c=True)
            assert list((await device.take(CONNACK)).items()) == [("s", 2), ("w", 2)]
            began = loop.time()
            await device.say(w=8, v=["a", "b"], o=[1, 0], i=5)
            assert list((await device.take(SUBACK)).items()) == [("i", 5), ("s", 1), ("w", 9)]
            assert loop.time() - began >= 0.5
            await device.publish("a", b"one", 258)
            await device.publish("a", b"two", 259)
            got = [await device.take(PUBLISH) for _ in range(2)]
            assert [(one["k"], one["i"] in (258, 259)) for one in got] == [(b"one", True), (b"two", True)]
            await here.off_loop(here.observer.publish, "a", b"three")
            await here.off_loop(here.observer.publish, "a", b"four")
            got = [await device.take(PUBLISH) for _ in range(2)]
            assert [one["i"] for one in got] == [259, 259]
            await device.say(w=10, v=["a", "b"], i=6)
            await device.take(UNSUBACK)
            await here.off_loop(here.broker.stop)
            await device.say(w=12)
            await device.take(PINGRESP)

    run(test)


def test_android_says_nothing_of_a_failure() -> None:
    async def test() -> None:
        async with proxied("--phone", "android") as here:
            await here.off_loop(here.broker.stop)
            await here.device.say(w=1, d="thing", a="x", c=True)
            await here.heard.until("session-failed")
            await here.off_loop(here.broker.start)
            assert await here.device.connect() == 2
            assert here.device.heard == []

    run(test)


def test_ios() -> None:
    async def test() -> None:
        async with proxied("--phone", "ios") as here:
            device = here.device
            assert await device.connect() == 2
            await device.say(w=8, v=["a", "b", "c"], o=[1, 0, 1], i=5)
            assert [await device.take(SUBACK) for _ in range(3)] == [
                {"w": 9, "i": 5, "s": granted} for granted in (1, 0, 1)
            ]
            for payload in (b"one", bytes(4096)):
                await here.off_loop(here.observer.publish, "a", payload)
                message = await device.take(PUBLISH)
                assert list(message) == ["w", "u", "i", "n", "k"]
                assert (message["i"], message["k"]) == (5, payload)
            await device.say(w=10, v=["a", "b"], i=6)
            assert [await device.take(UNSUBACK) for _ in range(2)] == [{"w": 11, "i": 6}] * 2

    run(test)
