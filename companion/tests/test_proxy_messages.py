"""The proxy's messages: the published examples both ways, and what is refused."""

from __future__ import annotations

import contextlib
from random import Random

import cbor2
import pytest

from wifi_provision.behaviour import ANDROID, BEHAVIOURS, IOS, OURS
from wifi_provision.errors import BadAnswer
from wifi_provision.proxy.decode import decode
from wifi_provision.proxy.encode import encode
from wifi_provision.proxy.messages import (
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

FROM_DEVICE = {
    "a46177016164667468696e67316161781e65782e696f742e75732d656173742d312e616d617a6f6e6177732e636f6d6163f5": (
        Connect("thing1", "ex.iot.us-east-1.amazonaws.com", True),
        {"w": 1, "d": "thing1", "a": "ex.iot.us-east-1.amazonaws.com", "c": True},
    ),
    "a461770861768263612f626163616f820001616905": (
        Subscribe((("a/b", 0), ("c", 1)), 5),
        {"w": 8, "v": ["a/b", "c"], "o": [0, 1], "i": 5},
    ),
    "a4617703617563612f62616e00616b426869": (
        Publish("a/b", b"hi"),
        {"w": 3, "u": "a/b", "n": 0, "k": b"hi"},
    ),
    "a5617703617563612f62616e01616b4268696169190102": (
        Publish("a/b", b"hi", 1, 258),
        {"w": 3, "u": "a/b", "n": 1, "k": b"hi", "i": 258},
    ),
    "a26177046169190102": (PubAck(258), {"w": 4, "i": 258}),
    "a361770a61768163612f62616906": (Unsubscribe(("a/b",), 6), {"w": 10, "v": ["a/b"], "i": 6}),
    "a161770c": (PingRequest(), {"w": 12}),
    "a161770e": (Disconnect(), {"w": 14}),
}


@pytest.mark.parametrize("data", FROM_DEVICE)
def test_the_devices_examples_are_understood(data: str) -> None:
    assert decode(bytes.fromhex(data)) == FROM_DEVICE[data][0]


@pytest.mark.parametrize("data", FROM_DEVICE)
def test_the_stand_in_for_the_device_sends_the_examples(data: str) -> None:
    assert cbor2.dumps(FROM_DEVICE[data][1]).hex() == data


TO_DEVICE = [
    ("a2617302617702", ConnAck(ProxyState.CONNECTED)),
    ("a3616905617300617709", SubAck(5, 0)),
    ("a56169190102616b426869616e01617563612f62617703", Publish("a/b", b"hi", 1, 258)),
    ("a26169190102617704", PubAck(258)),
    ("a261690661770b", UnsubAck(6)),
    ("a161770d", PingResponse()),
]


@pytest.mark.parametrize(("data", "message"), TO_DEVICE)
def test_the_android_sdks_examples_are_sent(data: str, message) -> None:
    assert encode(message, ANDROID).hex() == data


@pytest.mark.parametrize(("data", "message"), TO_DEVICE)
@pytest.mark.parametrize("behaviour", BEHAVIOURS.values(), ids=list(BEHAVIOURS))
def test_every_phone_says_the_same(behaviour, data: str, message) -> None:
    assert cbor2.loads(encode(message, behaviour)) == cbor2.loads(bytes.fromhex(data))


def keys(data: bytes) -> str:
    return "".join(cbor2.loads(data))


def test_the_order_of_keys() -> None:
    publish = Publish("a", b"", 1, 1)
    assert [keys(encode(publish, b)) for b in (OURS, ANDROID, IOS)] == ["wunki", "iknuw", "wuink"]
    assert keys(encode(Publish("a", b""), OURS)) == "wunk"
    assert keys(encode(SubAck(1, 0), OURS)) == "wis"


def test_both_ways_of_what_both_send() -> None:
    for message in (Publish("a/b", b"hi"), Publish("ä", bytes(300), 1, 0xFFFF), PubAck(1)):
        for behaviour in BEHAVIOURS.values():
            assert decode(encode(message, behaviour)) == message


GOOD = {
    1: {"w": 1, "d": "x", "a": "", "c": True},
    3: {"w": 3, "u": "a", "n": 1, "k": b"", "i": 1},
    4: {"w": 4, "i": 1},
    8: {"w": 8, "v": ["a"], "o": [1], "i": 1},
    10: {"w": 10, "v": ["a"], "i": 1},
}


@pytest.mark.parametrize("kind", GOOD)
def test_no_field_may_be_missing_or_of_another_type(kind: int) -> None:
    decode(cbor2.dumps(GOOD[kind]))
    for key in GOOD[kind]:
        for wrong in (None, {}, -1, 1.5):
            with pytest.raises(BadAnswer):
                decode(cbor2.dumps(GOOD[kind] | {key: wrong}))
        with pytest.raises(BadAnswer):
            decode(cbor2.dumps({k: v for k, v in GOOD[kind].items() if k != key}))


@pytest.mark.parametrize(
    "fields",
    [
        {"w": 2, "s": 2}, {"w": 5, "i": 1}, {"w": 13}, {"w": 255},
        GOOD[3] | {"n": 2}, GOOD[3] | {"n": 3}, GOOD[3] | {"n": True}, GOOD[3] | {"i": 0},
        GOOD[3] | {"i": 65536}, GOOD[3] | {"u": ""}, GOOD[3] | {"u": "a/#"}, GOOD[3] | {"u": "+"},
        GOOD[3] | {"u": "a" * 65536}, GOOD[3] | {"k": "text"},
        GOOD[8] | {"o": [1, 1]}, GOOD[8] | {"o": [3]}, GOOD[8] | {"o": ["1"]}, GOOD[8] | {"v": [], "o": []},
        GOOD[8] | {"v": ["a+"]}, GOOD[8] | {"v": ["#/a"]}, GOOD[8] | {"v": [b"a"]}, GOOD[8] | {"v": [""]},
    ],
)  # fmt: skip
def test_what_makes_no_sense(fields) -> None:
    with pytest.raises(BadAnswer):
        decode(cbor2.dumps(fields))


@pytest.mark.parametrize("topic", ["a", "/", "+/a/#", "#", "a/+", "$SYS/x"])
def test_what_is_a_filter(topic: str) -> None:
    assert decode(cbor2.dumps(GOOD[8] | {"v": [topic]})).topics == ((topic, 1),)


@pytest.mark.parametrize(
    "data",
    [
        "",
        "80",
        "01",
        "a16177",
        "bf61770cff",  # of indefinite length
        "a261770c61770c",  # twice the same key
        "a161770c00",  # something behind it
        "a16177180c",  # not the shortest form
        "a4617703617561ff616e00616b40",  # not UTF-8
        "a1617781818181810c",  # deeper than any message
    ],
)
def test_what_is_not_a_message(data: str) -> None:
    with pytest.raises(BadAnswer):
        decode(bytes.fromhex(data))


def test_whatever_comes_is_a_message_or_refused() -> None:
    random = Random(4)
    good = [bytes.fromhex(data) for data in FROM_DEVICE]
    for _ in range(20_000):
        data = bytearray(random.choice(good))
        for _ in range(random.randint(1, 3)):
            match random.randrange(3):
                case 0:
                    data[random.randrange(len(data))] = random.randrange(256)
                case 1:
                    data.insert(random.randrange(len(data)), random.randrange(256))
                case _:
                    del data[random.randrange(len(data))]
        with contextlib.suppress(BadAnswer):
            decode(bytes(data))
