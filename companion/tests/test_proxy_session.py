"""What the proxy makes of each side's messages, with a broker that does as it is told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from scripted import Table, received, scenario
from wifi_provision.behaviour import ANDROID, BEHAVIOURS, IOS, OURS, Behaviour
from wifi_provision.proxy import session as session_module
from wifi_provision.proxy.listener import Failure
from wifi_provision.proxy.messages import (
    REFUSED,
    ConnAck,
    Connect,
    Disconnect,
    PingRequest,
    PingResponse,
    ProxyState,
    PubAck,
    Publish,
    SubAck,
    Subscribe,
    UnsubAck,
    Unsubscribe,
)

SUBSCRIBE = Subscribe((("a/+", 0), ("b", 1)), 5)


def test_ours_says_what_the_broker_said() -> None:
    async def test(table: Table) -> None:
        table.connect()
        table.session.hear(SUBSCRIBE)
        assert table.broker.asked == [[("a/+", 0), ("b", 1)]]
        assert table.sent() == []
        table.session.on_subscribed(1, [0, 1])
        assert table.sent() == [SubAck(5, 0)]
        table.session.hear(Publish("t", b"x", 1, 77))
        assert table.sent() == []
        table.session.on_published(2, None)
        assert table.sent() == [PubAck(77)]
        table.session.hear(Unsubscribe(("b", "a/+"), 6))
        table.session.on_unsubscribed(3)
        assert table.sent() == [UnsubAck(6)]

    scenario(OURS, test)


@pytest.mark.parametrize(
    ("codes", "status"),
    [([0, 1], 0), ([1, 1], 1), ([1, 0x80], REFUSED), ([0x87, 1], REFUSED), ([], REFUSED)],
)
def test_one_status_for_several_topics(codes: list[int], status: int) -> None:
    async def test(table: Table) -> None:
        table.connect()
        table.session.hear(SUBSCRIBE)
        table.session.on_subscribed(1, codes)
        assert table.sent() == [SubAck(5, status)]

    scenario(OURS, test)


def test_qos_2_is_asked_for_as_1() -> None:
    async def test(table: Table) -> None:
        table.connect()
        table.session.hear(Subscribe((("a", 2),), 5))
        assert table.broker.asked == [[("a", 1)]]

    scenario(OURS, test)


def test_what_the_broker_will_never_take_is_told_and_not_sent_again() -> None:
    """MQTT 3.1.1, which the device speaks, has no other answer: without one it would wait for ever."""

    async def test(table: Table) -> None:
        table.connect()
        table.session.hear(Publish("t", b"x", 1, 1))
        table.session.on_published(1, Failure("Not authorized", lasting=True))
        assert table.sent() == [PubAck(1)]
        assert table.events[-1] == "dropped"
        table.session.hear(Publish("t", b"y", 1, 2))
        table.session.on_published(2, None)
        assert table.sent() == [PubAck(2)]

    scenario(OURS, test)


def refused(table: Table) -> None:
    table.session.hear(Publish("t", b"x", 1, 1))
    table.session.on_published(1, Failure("Quota exceeded", lasting=False))


def too_many(table: Table) -> None:
    table.broker.full = True
    table.session.hear(Publish("t", b"x", 1, 1))


@pytest.mark.parametrize("not_taken", [refused, too_many])
def test_what_the_broker_does_not_take_now_ends_the_connection(not_taken: Callable[[Table], None]) -> None:
    """So that the device pauses, connects again and sends it again."""

    async def test(table: Table) -> None:
        table.connect()
        not_taken(table)
        assert table.sent() == [ConnAck(ProxyState.DISCONNECTED)]
        assert table.events[-1] == "session-failed"
        await asyncio.sleep(0)
        assert table.broker.closed
        table.connect()
        table.session.hear(Publish("t", b"x", 1, 1))
        table.session.on_published(1, None)
        assert table.sent() == [PubAck(1)]

    scenario(OURS, test)


def test_a_message_sent_again_goes_to_the_broker_once() -> None:
    async def test(table: Table) -> None:
        table.connect()
        table.session.hear(Publish("t", b"x", 1, 1))
        table.session.hear(Publish("t", b"x", 1, 1))
        assert len(table.broker.asked) == 1
        table.session.on_published(1, None)
        assert table.sent() == [PubAck(1)]
        table.session.hear(Publish("t", b"y", 1, 1))
        assert len(table.broker.asked) == 2

    scenario(OURS, test)


def test_the_broker_hears_of_what_the_device_has() -> None:
    async def test(table: Table) -> None:
        table.connect()
        one, two = received(mid=3), received(mid=4)
        table.session.on_message(one)
        table.session.on_message(two)
        ids = [message.id for message in table.sent()]
        assert len(set(ids)) == 2 and 0 not in ids
        assert table.broker.acknowledged == []
        table.session.hear(PubAck(ids[1]))
        table.session.hear(PubAck(ids[1]))
        table.session.hear(PubAck(999))
        assert table.broker.acknowledged == [two]
        table.session.on_message(received(qos=0))
        assert table.sent() == [Publish("t", b"x", 0, 0)]

    scenario(OURS, test)


def test_ids_go_round_and_avoid_what_is_not_acknowledged() -> None:
    async def test(table: Table) -> None:
        table.connect()
        table.session.on_message(received(mid=1))
        [first] = table.sent()
        table.session._last_delivered = 0xFFFF - 10
        for _ in range(20):
            table.session.on_message(received(mid=2))
            [message] = table.sent()
            assert message.id != first.id and 1 <= message.id <= 0xFFFF
            table.session.hear(PubAck(message.id))

    scenario(OURS, test)


def test_a_broker_that_has_forgotten_is_asked_again() -> None:
    async def test(table: Table) -> None:
        table.connect()
        table.session.hear(SUBSCRIBE)
        table.session.on_subscribed(1, [0, 0x80])
        table.session.on_lost("gone")
        table.session.on_connected(False)
        assert table.broker.asked[1:] == [[("a/+", 0)]]
        table.session.on_lost("gone")
        table.session.on_connected(True)
        assert len(table.broker.asked) == 2

    scenario(OURS, test)


@pytest.mark.parametrize("behaviour", BEHAVIOURS.values(), ids=list(BEHAVIOURS))
@pytest.mark.parametrize(
    ("failure", "state"), [("on_refused", ProxyState.REFUSED), ("on_unreachable", ProxyState.ERROR)]
)
def test_failure_is_told_but_by_the_sdks(behaviour: Behaviour, failure: str, state: ProxyState) -> None:
    async def test(table: Table) -> None:
        table.session.hear(Connect("thing", "endpoint", True))
        getattr(table.session, failure)("because")
        assert table.sent() == ([ConnAck(state)] if behaviour is OURS else [])
        await asyncio.sleep(0)
        assert table.broker.closed

    scenario(behaviour, test)


def test_a_kept_session_needs_a_name() -> None:
    async def test(table: Table) -> None:
        table.session.hear(Connect("", "endpoint", False))
        assert (table.brokers, table.sent()) == ([], [ConnAck(ProxyState.REFUSED)])

    scenario(OURS, test)


def test_a_ping_is_answered_when_the_broker_is_there() -> None:
    async def test(table: Table, always: bool) -> None:
        table.connect()
        table.session.hear(PingRequest())
        assert table.sent() == [PingResponse()]
        table.broker.up = False
        table.session.hear(PingRequest())
        assert table.sent() == ([PingResponse()] if always else [])

    for behaviour in (OURS, IOS, ANDROID):
        scenario(behaviour, lambda table, behaviour=behaviour: test(table, behaviour is ANDROID))


def test_the_android_sdk_answers_a_subscription_late_whatever_the_broker_says() -> None:
    async def test(table: Table) -> None:
        table.connect()
        began = asyncio.get_running_loop().time()
        table.session.hear(SUBSCRIBE)
        table.session.on_subscribed(1, [0x80, 0x80])
        assert table.sent() == []
        assert await table.session.waiting.get() == SubAck(5, 0)
        assert asyncio.get_running_loop().time() - began >= session_module._LATE
        table.session.hear(Unsubscribe(("b",), 6))
        assert table.sent() == [UnsubAck(6)]
        table.session.on_unsubscribed(2)
        assert table.sent() == []

    scenario(ANDROID, test)


def test_the_android_sdk_repeats_ids() -> None:
    async def test(table: Table) -> None:
        table.connect()
        table.session.hear(Subscribe((("t", 1),), 5))
        table.session.on_message(received(mid=1))
        table.session.hear(Publish("u", b"", 1, 300))
        for _ in range(2):
            table.session.on_message(received(mid=2))
        table.session.on_message(received(mid=0, qos=0))  # the QoS is the subscription's
        assert table.sent() == [Publish("t", b"x", 1, 0), *[Publish("t", b"x", 1, 300)] * 3]
        assert len(table.broker.acknowledged) == 3  # before the device has said anything

    scenario(ANDROID, test)


def test_the_ios_sdk_answers_for_each_topic() -> None:
    async def test(table: Table) -> None:
        table.connect()
        table.session.hear(SUBSCRIBE)
        table.session.on_message(received("a/x"))
        table.session.on_subscribed(1, [0, 0x87])
        assert table.sent() == [Publish("a/x", b"x", 1, 5), SubAck(5, 0), SubAck(5, REFUSED)]
        table.session.hear(Unsubscribe(("a/+", "b"), 6))
        table.session.on_unsubscribed(2)
        assert table.sent() == [UnsubAck(6), UnsubAck(6)]

    scenario(IOS, test)


@pytest.mark.parametrize("behaviour", [IOS, ANDROID], ids=["ios", "android"])
def test_the_sdks_keep_the_connection_they_have(behaviour: Behaviour) -> None:
    async def test(table: Table) -> None:
        table.connect()
        table.session.hear(Connect("thing", "endpoint", False))
        assert (table.sent(), len(table.brokers)) == ([ConnAck(ProxyState.CONNECTED)], 1)

    scenario(behaviour, test)


def test_a_device_that_connects_anew_begins_anew() -> None:
    async def test(table: Table) -> None:
        table.connect()
        table.session.hear(Publish("t", b"x", 1, 1))
        table.session.on_message(received())
        table.connect()
        await asyncio.sleep(0)
        assert [broker.closed for broker in table.brokers] == [True, False]
        table.session.hear(Publish("t", b"x", 1, 1))
        assert table.broker.asked == [("t", b"x", 1)]

    scenario(OURS, test)


def test_after_disconnect_there_is_nobody() -> None:
    async def test(table: Table) -> None:
        table.connect()
        table.session.hear(Disconnect())
        await asyncio.sleep(0)
        assert table.broker.closed
        table.session.hear(PingRequest())
        assert table.sent() == []
        assert table.events[-1] == "ignored"

    scenario(OURS, test)


def test_a_session_taken_over_is_told() -> None:
    async def test(table: Table) -> None:
        table.connect()
        table.session.on_taken_over()
        await asyncio.sleep(0)
        assert (table.broker.closed, table.sent()) == (True, [ConnAck(ProxyState.DISCONNECTED)])

    scenario(OURS, test)
