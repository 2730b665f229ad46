"""The proxy between a stand-in device and a real broker."""

from __future__ import annotations

import asyncio

import pytest

from conftest import run
from fake_mqtt import CONNACK, PINGRESP, PUBACK, PUBLISH, UNSUBACK
from proxied import Proxied, proxied
from wifi_provision.data_channel import DataChannel
from wifi_provision.proxy.session import MOST_ANSWERS

CONNECTED, ELSEWHERE, ERROR = 2, 3, 5


@pytest.mark.parametrize("plain", [True, False], ids=["plain", "tls"])
@pytest.mark.parametrize("version", ["5", "3.1.1"])
def test_hello(plain: bool, version: str) -> None:
    async def test() -> None:
        async with proxied("--mqtt", version, plain=plain) as here:
            device = here.device
            assert await device.connect() == CONNECTED
            assert await device.subscribe("hello", "other/+", qos=1, number=7) == 1
            await device.publish("hello", b"world", 258)
            back = await device.take(PUBLISH)
            assert list(back) == ["w", "u", "n", "k", "i"]
            assert (back["u"], back["n"], back["k"]) == ("hello", 1, b"world")
            await device.say(w=3, u="other/one", n=0, k=b"quietly")
            assert await device.take(PUBLISH) == {"w": 3, "u": "other/one", "n": 0, "k": b"quietly"}
            assert await here.seen("hello", 1) == [b"world"]
            await device.say(w=12)
            assert await device.take(PINGRESP) == {"w": 13}
            await device.say(w=10, v=["hello"], i=8)
            assert await device.take(UNSUBACK) == {"w": 11, "i": 8}
            await device.say(w=14)
            await here.heard.until("session-closed")

    run(test)


@pytest.mark.parametrize("length", [0, 1, 19, 20, 21, 4096])
def test_payloads_at_the_smallest_mtu(length: int) -> None:
    payload = bytes(at % 251 for at in range(length))

    async def test() -> None:
        async with proxied("--mtu", "23") as here:
            assert await here.device.connect() == CONNECTED
            assert await here.device.subscribe("large") == 1
            await here.device.publish("large", payload, 1)
            assert (await here.device.take(PUBLISH, 30))["k"] == payload
            assert await here.seen("large", 1) == [payload]

    run(test)


def test_nothing_is_acknowledged_to_the_device_that_the_broker_does_not_have() -> None:
    async def test() -> None:
        async with proxied() as here:
            device = here.device
            assert await device.connect(clean=False) == CONNECTED
            await here.off_loop(here.broker.kill)
            await here.heard.until("broker-lost")
            for number in (1, 2):
                await device.say(w=3, u="t", n=1, k=bytes([number]), i=number)
            await device.say(w=3, u="t", n=0, k=b"lost")
            await device.say(w=12)
            await here.heard.until("dropped")  # the one with QoS 0, which was the third
            await here.heard.until("to-broker", 2)
            assert device.heard == []  # nor is the ping answered
            await here.off_loop(here.broker.start)
            assert [(await device.take(PUBACK))["i"] for _ in range(2)] == [1, 2]
            assert await here.seen("t", 2) == [b"\1", b"\2"]

    run(test)


def test_a_message_the_broker_forbids_does_not_hold_up_the_next() -> None:
    async def test() -> None:
        async with proxied(access="topic readwrite #\ntopic deny secret/#\n") as here:
            device = here.device
            assert await device.connect() == CONNECTED
            await device.publish("secret/one", b"1", 1)
            told = await here.heard.until("dropped")
            assert "Not authorized" in told["sentence"]
            await device.publish("open", b"2", 2)
            assert await here.seen("open", 1) == [b"2"]
            assert here.observer.on("secret/one") == []

    run(test)


def test_nothing_is_acknowledged_to_the_broker_that_the_device_does_not_have() -> None:
    async def test() -> None:
        async with proxied() as here:
            device = here.device
            assert await device.connect(clean=False) == CONNECTED
            assert await device.subscribe("t") == 1
            device.acknowledges = False
            await here.off_loop(here.observer.publish, "t", b"keep me")
            assert (await device.take(PUBLISH))["k"] == b"keep me"
            await here.cut()
            device.acknowledges = True
            assert await device.connect(clean=False) == CONNECTED
            assert (await device.take(PUBLISH))["k"] == b"keep me"
            await here.cut()
            assert await device.connect(clean=False) == CONNECTED
            await here.off_loop(here.observer.publish, "t", b"the next")
            assert (await device.take(PUBLISH))["k"] == b"the next"

    run(test)


@pytest.mark.parametrize("clean", [True, False], ids=["clean", "kept"])
@pytest.mark.parametrize("version", ["5", "3.1.1"])
def test_subscriptions_outlive_the_broker(clean: bool, version: str) -> None:
    async def test() -> None:
        async with proxied("--mqtt", version) as here:
            assert await here.device.connect(clean=clean) == CONNECTED
            assert await here.device.subscribe("t") == 1
            await here.off_loop(here.broker.stop)
            await here.heard.until("broker-lost")
            await here.device.say(w=8, v=["while/away"], o=[1], i=9)
            await here.off_loop(here.broker.start)
            assert (await here.device.take(9))["i"] == 9
            for topic in ("t", "while/away"):
                await here.off_loop(here.observer.publish, topic, b"again")
                assert (await here.device.take(PUBLISH))["u"] == topic
            assert "broker-back" in here.heard.names()

    run(test)


def test_the_device_goes_and_comes_back() -> None:
    async def test() -> None:
        async with proxied() as here:
            for turn in range(3):
                assert await here.device.connect() == CONNECTED
                await here.device.publish("t", bytes([turn]), 1)
                await here.cut()
            await here.heard.until("device-connected", 4)
            assert await here.seen("t", 3) == [b"\0", b"\1", b"\2"]
            # What is not connected to the broker is not served.
            await here.device.say(w=3, u="t", n=1, k=b"", i=1)
            await here.heard.until("ignored")

    run(test)


def test_a_device_that_connects_anew_gets_what_it_has_not_acknowledged() -> None:
    async def test() -> None:
        async with proxied() as here:
            device = here.device
            assert await device.connect(clean=False) == CONNECTED
            assert await device.subscribe("t") == 1
            device.acknowledges = False
            await here.off_loop(here.observer.publish, "t", b"keep me")
            await device.take(PUBLISH)
            assert await device.connect(clean=False) == CONNECTED
            assert (await device.take(PUBLISH))["k"] == b"keep me"

    run(test)


async def another_connects(here: Proxied, name: str) -> None:
    """As the device does that is back on WiFi."""
    from paho.mqtt.client import Client
    from paho.mqtt.enums import CallbackAPIVersion

    other = Client(CallbackAPIVersion.VERSION2, client_id=name, clean_session=False)
    up = asyncio.Event()
    loop = asyncio.get_running_loop()
    other.on_connect = lambda *_: loop.call_soon_threadsafe(up.set)
    other.on_disconnect = lambda *_: loop.call_soon_threadsafe(up.clear)
    await asyncio.to_thread(other.connect, "127.0.0.1", here.broker.plain_port)
    other.loop_start()
    await asyncio.wait_for(up.wait(), 10)
    try:
        await here.heard.until("session-taken-over")
        await asyncio.wait_for(up.wait(), 10)
        assert here.heard.names().count("broker-back") <= 1  # no quarrel
    finally:
        other.disconnect()
        await asyncio.to_thread(other.loop_stop)


@pytest.mark.parametrize("version", ["5", "3.1.1"])
def test_a_session_that_goes_on_elsewhere_is_let_go(version: str) -> None:
    async def test() -> None:
        async with proxied("--mqtt", version) as here:
            assert await here.device.connect("thing", clean=False) == CONNECTED
            await another_connects(here, "thing")
            assert (await here.device.take(CONNACK))["s"] == ELSEWHERE
            assert await here.device.connect("thing", clean=False) == CONNECTED

    run(test)


def test_a_broker_that_is_not_there() -> None:
    async def test() -> None:
        async with proxied() as here:
            await here.off_loop(here.broker.stop)
            assert await here.device.connect() == ERROR
            assert "Nothing answers" in (await here.heard.until("session-failed"))["sentence"]
            await here.off_loop(here.broker.start)
            assert await here.device.connect() == CONNECTED

    run(test)


WRONG = {
    "server_of_stranger": "not trusted",
    "server_expired": "expired",
    "server_not_yet_valid": "not yet valid",
    "server_elsewhere": "not valid for",
    "server_that_is_a_client": "certificate purpose",
}


@pytest.mark.parametrize("which", WRONG)
def test_a_broker_with_a_wrong_certificate_gets_nothing(which: str) -> None:
    async def test() -> None:
        async with proxied(plain=False) as here:
            await here.off_loop(here.broker.restart, getattr(here.broker.certificates, which))
            assert await here.device.connect() == ERROR
            assert WRONG[which] in (await here.heard.until("session-failed"))["sentence"]
            assert "as thing" not in here.broker.log

    run(test)


@pytest.mark.parametrize("which", ["device_of_stranger", "device_expired"])
def test_a_broker_that_does_not_take_the_phones_certificate(which: str) -> None:
    async def test() -> None:
        async with proxied(plain=False, phone=which) as here:
            assert await here.device.connect() == ERROR
            assert "hung up before it answered" in (await here.heard.until("session-failed"))["sentence"]
            assert "as thing" not in here.broker.log

    run(test)


def test_what_makes_no_sense_is_ignored() -> None:
    async def test() -> None:
        async with proxied() as here:
            assert await here.device.connect() == CONNECTED
            await here.device.say(w=5, i=1)
            await here.device.say(w=3, u="a/#", n=1, k=b"", i=2)
            await here.heard.until("ignored", 2)
            await here.device.publish("a", b"", 3)
            assert not any(fields["w"] == CONNACK for _, fields in here.device.heard)

    run(test)


def test_a_device_that_asks_and_takes_no_answer_is_hung_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(_channel: DataChannel, _message: bytes) -> None:
        await asyncio.Event().wait()

    async def test() -> None:
        async with proxied() as here:
            assert await here.device.connect() == CONNECTED
            with monkeypatch.context() as patch:
                patch.setattr(DataChannel, "send", never)
                for _ in range(MOST_ANSWERS + 2):
                    await here.device.say(w=12)
                assert "takes answers" in (await here.heard.until("device-lost"))["sentence"]
            await here.device.proxy()
            assert await here.device.connect() == CONNECTED

    run(test)
