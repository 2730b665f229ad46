"""What is bounded in the proxy, and what happens at the bound."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from scripted import Table, received, scenario
from wifi_provision.behaviour import ANDROID, IOS, OURS
from wifi_provision.proxy.encode import encode
from wifi_provision.proxy.messages import (
    REFUSED,
    ConnAck,
    Connect,
    PingRequest,
    PingResponse,
    ProxyState,
    Publish,
    SubAck,
    Subscribe,
    Unsubscribe,
)
from wifi_provision.proxy.session import (
    MOST_ANSWERS,
    MOST_LEAVING,
    MOST_REQUESTS,
    MOST_SUBSCRIPTIONS,
    MOST_WAITING,
)


@pytest.mark.parametrize("qos", [0, 1])
def test_what_waits_for_the_device_is_bounded(qos: int) -> None:
    async def test(table: Table) -> None:
        table.connect()
        for number in range(MOST_WAITING + 3):
            table.session.on_message(received(payload=bytes([number]), qos=qos))
        assert table.events.count("dropped") == 3
        table.session.hear(PingRequest())  # answers still fit
        sent = table.sent()
        assert sent[-1] == PingResponse()
        assert [message.payload for message in sent[:-1]] == [bytes([n]) for n in range(MOST_WAITING)]
        assert table.broker.acknowledged == []

    scenario(OURS, test)


def longest(qos: int) -> Publish:
    """The largest message a device takes."""
    empty = Publish("t", bytes(256), qos, qos)  # its length takes three bytes already
    return replace(empty, payload=bytes(4608 - len(encode(empty, OURS)) + 256))


@pytest.mark.parametrize("qos", [0, 1])
def test_what_is_too_large_for_the_device_is_told_and_does_not_stay_at_the_broker(qos: int) -> None:
    async def test(table: Table) -> None:
        table.connect()
        fits = longest(qos)
        assert len(encode(fits, OURS)) == 4608
        large = received(payload=fits.payload + b"x", qos=qos)
        table.session.on_message(large)
        assert (table.sent(), table.events[-1]) == ([], "dropped")
        assert table.broker.acknowledged == [large] * qos
        table.session.on_message(received(payload=fits.payload, qos=qos))
        assert [len(message.payload) for message in table.sent()] == [len(fits.payload)]
        assert table.events[-1] == "to-device"

    scenario(OURS, test)


def test_the_sdks_pass_on_what_is_too_large() -> None:
    async def test(table: Table) -> None:
        table.connect()
        table.session.on_message(received(payload=bytes(5000)))
        assert len(table.sent()) == 1

    for behaviour in (ANDROID, IOS):
        scenario(behaviour, test)


def test_requests_that_wait_for_the_broker_are_bounded() -> None:
    async def test(table: Table) -> None:
        table.connect()
        table.broker.up = False
        for number in range(1, MOST_REQUESTS + 2):
            table.session.hear(Subscribe((("a", 1),), number))
        assert table.sent() == [SubAck(MOST_REQUESTS + 1, REFUSED)]
        table.broker.up = True
        table.session.on_connected(True)
        assert len(table.broker.asked) == MOST_REQUESTS

    scenario(OURS, test)


def test_the_android_sdks_late_answers_are_bounded() -> None:
    async def test(table: Table) -> None:
        table.connect()
        for number in range(1, MOST_REQUESTS + 2):
            table.session.hear(Subscribe((("a", 1),), number))
            table.session.on_subscribed(number, [1])
        assert table.sent() == [SubAck(MOST_REQUESTS + 1, REFUSED)]
        assert len(table.session._timers) == MOST_REQUESTS

    scenario(ANDROID, test)


def test_subscriptions_are_bounded() -> None:
    async def test(table: Table) -> None:
        table.connect()
        for number in range(1, MOST_SUBSCRIPTIONS + 1):
            table.session.hear(Subscribe(((f"t/{number}", 1),), number))
            table.session.on_subscribed(number, [1])
        assert table.sent() == [SubAck(number, 1) for number in range(1, MOST_SUBSCRIPTIONS + 1)]
        table.session.hear(Subscribe((("t/1", 1), ("one more", 1)), 100))
        assert table.sent() == [SubAck(100, REFUSED)]
        assert len(table.broker.asked) == MOST_SUBSCRIPTIONS
        table.session.hear(Subscribe((("t/1", 0),), 101))  # one it has
        table.session.hear(Unsubscribe(("t/2",), 102))
        table.session.hear(Subscribe((("one more", 1),), 103))
        assert len(table.broker.asked) == MOST_SUBSCRIPTIONS + 3

    scenario(OURS, test)


def test_sessions_that_are_being_ended_are_bounded() -> None:
    async def test(table: Table) -> None:
        gone = asyncio.Event()
        for _ in range(MOST_LEAVING):
            table.connect()
            table.broker.gone = gone
        for _ in range(3):
            table.session.hear(Connect("thing", "endpoint", False))
            assert table.sent() == [ConnAck(ProxyState.ERROR)]
        assert len(table.brokers) == MOST_LEAVING
        gone.set()
        while table.session._leaving:
            await asyncio.sleep(0)
        table.connect()

    scenario(OURS, test)


def test_answers_to_a_device_that_takes_none_are_bounded() -> None:
    async def test(table: Table) -> None:
        table.connect()
        table.session.on_message(received())
        overfull = asyncio.create_task(table.session.waiting.overfull())
        for _ in range(MOST_ANSWERS):
            table.session.hear(PingRequest())
        await asyncio.sleep(0)
        assert not overfull.done()
        table.session.hear(PingRequest())
        await overfull
        assert len(table.sent()) == 1 + MOST_ANSWERS

    scenario(OURS, test)
