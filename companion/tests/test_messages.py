"""Requests and responses, byte for byte against the protocol's worked examples."""

from __future__ import annotations

import dataclasses

import cbor2
import pytest

from wifi_provision import show
from wifi_provision.behaviour import ANDROID, BEHAVIOURS, IOS, OURS
from wifi_provision.client import ListResult
from wifi_provision.decode import decode, sdk_objection
from wifi_provision.encode import check, encode
from wifi_provision.errors import BadAnswer, WrongUse
from wifi_provision.messages import (
    ConnectSaved,
    DeleteNetwork,
    LastTry,
    ListRequest,
    MessageType,
    MoveNetwork,
    NetworkInfo,
    SaveNetwork,
    Security,
    Status,
    StatusOnly,
)

BSSID = bytes.fromhex("a0b1c2d3e4f5")
HOME = NetworkInfo("HomeNet", BSSID, Security.WPA2, False, -100, False, 2, False)

REQUESTS = [
    ("R1", IOS, ListRequest(10, 3), "a361770161680a617403"),
    ("R2", ANDROID, ListRequest(20, 5), "a3616814617405617701"),
    (
        "R3",
        IOS,
        SaveNetwork("HomeNet", "secret123", Security.WPA2),
        "a7617703616720617267486f6d654e6574616246000000000000616d697365637265743132336171036179f5",
    ),
    (
        "R4",
        ANDROID,
        SaveNetwork("HomeNet", "secret123", Security.WPA2),
        "a7616246000000000000616720616d69736563726574313233617103617267486f6d654e65746177036179f5",
    ),
    (
        "R5",
        OURS,
        SaveNetwork("Cafe", "", Security.OPEN, connect=False),
        "a761770361672061726443616665616246000000000000616d606171006179f4",
    ),
    ("R6", OURS, ConnectSaved(2), "a2617703616702"),
    (
        "R7",
        IOS,
        ConnectSaved(2, HOME),
        "a7617703616702617267486f6d654e6574616246a0b1c2d3e4f5616d606171036179f5",
    ),
    ("R8", OURS, MoveNetwork(2, 0), "a3617705616702616a00"),
    ("R9", OURS, DeleteNetwork(1), "a2617707616701"),
    (
        "R10",
        OURS,
        SaveNetwork("A" * 32, "p" * 63, Security.WPA2),
        "a7617703616720617278204141414141414141414141414141414141414141414141414141414141414141616246"
        "000000000000616d783f" + "70" * 63 + "6171036179f5",
    ),
]

RESPONSES = [
    (
        "P1",
        "aa617702617300617267486f6d654e6574616246a0b1c2d3e4f56171036166f4617038636165f5616700616cf4",
        NetworkInfo("HomeNet", BSSID, Security.WPA2, False, -100, True, 0, False),
    ),
    (
        "P2",
        "aa617702617300617264436166656162460000000000006171006166f4617038636165f4616701616cf5",
        NetworkInfo("Cafe", bytes(6), Security.OPEN, False, -100, False, 1, True),
    ),
    (
        "P3",
        "aa6177026173006172694f66666963652d35476162460011223344ff6171056166f4617038426165f4616720616cf5",
        NetworkInfo("Office-5G", bytes.fromhex("0011223344ff"), Security.WPA3, False, -67, False, -1, True),
    ),
    ("P4", "a2617702617300", StatusOnly(MessageType.LIST_RESPONSE, Status.SUCCESS)),
    ("P5", "a2617702617302", StatusOnly(MessageType.LIST_RESPONSE, Status.TIMEOUT)),
    ("P6", "a2617704617300", StatusOnly(MessageType.SAVE_RESPONSE, Status.SUCCESS)),
    ("P7", "a2617704617301", StatusOnly(MessageType.SAVE_RESPONSE, Status.FAILURE)),
    ("P8", "a2617706617300", StatusOnly(MessageType.EDIT_RESPONSE, Status.SUCCESS)),
    ("P9", "a2617708617301", StatusOnly(MessageType.DELETE_RESPONSE, Status.FAILURE)),
    (
        "P10",
        "aa617702617300617278204141414141414141414141414141414141414141414141414141414141414141616246"
        "a0b1c2d3e4f56171036166f4617038636165f5616707616cf5",
        NetworkInfo("A" * 32, BSSID, Security.WPA2, False, -100, True, 7, True),
    ),
    (
        "O4",
        "a9617702617300617267486f6d654e6574616246a0b1c2d3e4f56171036166f4617038426165f4616720",
        NetworkInfo("HomeNet", BSSID, Security.WPA2, False, -67, False, -1, None),
    ),
]


@pytest.mark.parametrize(
    ("name", "behaviour", "request_", "expected"), REQUESTS, ids=[r[0] for r in REQUESTS]
)
def test_request_bytes(name, behaviour, request_, expected) -> None:
    del name
    assert encode(request_, behaviour).hex() == expected


@pytest.mark.parametrize(("name", "data", "expected"), RESPONSES, ids=[r[0] for r in RESPONSES])
def test_response_values(name, data, expected) -> None:
    del name
    assert decode(bytes.fromhex(data)) == expected


@pytest.mark.parametrize("behaviour", BEHAVIOURS.values(), ids=BEHAVIOURS)
def test_sdks_repeat_what_they_know_when_connecting(behaviour) -> None:
    fields = cbor2.loads(encode(ConnectSaved(2), behaviour))
    assert fields["g"] == 2
    assert set(fields) == (set("wgrbmqy") if behaviour.whole_save else set("wg"))


def test_a_full_list_request_of_ours() -> None:
    assert encode(ListRequest(10, 3000), OURS).hex() == "a361770161680a6174190bb8"


GOOD = {"w": 2, "s": 0, "r": "A", "b": bytes(6), "q": 3, "f": False, "p": -60, "e": False, "g": -1, "l": True}

BAD = {
    "nothing": b"",
    "not CBOR": b"\xff\xff",
    "not a map": bytes.fromhex("83010203"),
    "a second item": bytes.fromhex("a2617702617300") + b"\x00",
    "an indefinite map": bytes.fromhex("bf617702617300ff"),
    "a tag": bytes.fromhex("d9d9f7a2617702617300"),
    "an integer that is too long": bytes.fromhex("a261770261731800"),
    "a duplicate key": bytes.fromhex("a3617702617300617301"),
    "no type": cbor2.dumps({"s": 0}),
    "a request": cbor2.dumps({"w": 1, "s": 0}),
    "an unknown type": cbor2.dumps({"w": 10, "s": 0}),
    "a type that is true": cbor2.dumps({"w": True, "s": 0}),
    "no status": cbor2.dumps({"w": 4}),
    "an unknown status": cbor2.dumps({"w": 4, "s": 4}),
    "a negative status": cbor2.dumps({"w": 4, "s": -1}),
    "a network with an unknown status": cbor2.dumps(GOOD | {"s": 4}),
    "a name that is bytes": cbor2.dumps(GOOD | {"r": b"A"}),
    "a short BSSID": cbor2.dumps(GOOD | {"b": bytes(5)}),
    "a BSSID that is text": cbor2.dumps(GOOD | {"b": "abcdef"}),
    "an unknown security": cbor2.dumps(GOOD | {"q": 7}),
    "a strength that is a float": cbor2.dumps(GOOD | {"p": -60.5}),
    "a flag that is a number": cbor2.dumps(GOOD | {"e": 1}),
    "an end that is null": cbor2.dumps(GOOD | {"l": None}),
    "deep nesting": b"\x81" * 2000,
    **{f"no {key}": cbor2.dumps({k: v for k, v in GOOD.items() if k != key}) for key in "bqfpeg"},
}


@pytest.mark.parametrize("data", BAD.values(), ids=BAD)
def test_what_the_protocol_forbids_is_refused(data) -> None:
    with pytest.raises(BadAnswer):
        decode(data)


def test_the_good_message_is_good() -> None:
    assert isinstance(decode(cbor2.dumps(GOOD)), NetworkInfo)


def test_a_name_that_is_not_utf8_is_shown_as_well_as_can_be() -> None:
    data = cbor2.dumps(GOOD | {"r": "AB"}).replace(b"\x62AB", b"\x62A\xff")
    network = decode(data)
    assert isinstance(network, NetworkInfo)
    assert (network.ssid, network.ssid_exact) == ("A\ufffd", False)
    assert sdk_objection(network, IOS) is not None


def test_what_the_sdks_object_to() -> None:
    empty = StatusOnly(MessageType.LIST_RESPONSE, Status.SUCCESS)
    network = decode(cbor2.dumps(GOOD))
    assert isinstance(network, NetworkInfo)
    loud = dataclasses.replace(network, rssi=0)
    unknown = dataclasses.replace(network, security=Security.UNKNOWN)
    for behaviour, objects_to in ((OURS, ()), (ANDROID, (empty, loud)), (IOS, (empty, unknown))):
        for response in (empty, network, loud, unknown):
            assert (sdk_objection(response, behaviour) is not None) == (response in objects_to)


@pytest.mark.parametrize(
    ("ssid", "passphrase", "security"),
    [
        ("", "secret123", Security.WPA2),
        ("A" * 33, "secret123", Security.WPA2),
        ("ü" * 17, "secret123", Security.WPA2),
        ("A", "secret1", Security.WPA2),
        ("A", "p" * 64, Security.WPA3),
        ("A", "secret123", Security.OPEN),
        ("A", "1234", Security.WEP),
        ("A", "secret123", Security.WPA2_ENTERPRISE),
        ("A", "secret123", Security.UNKNOWN),
    ],
)
def test_networks_no_device_could_join_are_not_sent(ssid, passphrase, security) -> None:
    with pytest.raises(WrongUse) as raised:
        check(SaveNetwork(ssid, passphrase, security))
    assert not passphrase or passphrase not in str(raised.value)


@pytest.mark.parametrize("ssid", ["A", "A" * 32, "ü" * 16, "日本語ネット"])
def test_good_networks_pass(ssid) -> None:
    check(SaveNetwork(ssid, "p" * 63, Security.WPA2))
    check(SaveNetwork(ssid, "12345", Security.WEP))
    check(SaveNetwork(ssid, "", Security.OPEN))


def test_a_passphrase_is_not_shown() -> None:
    assert "secret123" not in repr(SaveNetwork("A", "secret123", Security.WPA2))


def test_the_end_of_a_list_may_tell_of_the_last_try() -> None:
    """Of a device with our library's additions: a name of bytes, and a reason if it failed."""
    ended = {"w": 2, "s": 0, "n": b"HomeNet", "c": 1}
    answer = decode(cbor2.dumps(ended))
    assert answer == StatusOnly(
        MessageType.LIST_RESPONSE, Status.SUCCESS, last_try=LastTry("HomeNet", reason=1)
    )
    network = cbor2.loads(bytes.fromhex(dict((name, data) for name, data, _ in RESPONSES)["P3"]))
    answer = decode(cbor2.dumps(network | {"n": b"Caf\xe9"}))
    assert isinstance(answer, NetworkInfo) and answer.last
    assert answer.last_try == LastTry("Caf\ufffd", None, ssid_exact=False)
    with pytest.raises(BadAnswer):
        decode(cbor2.dumps({"w": 2, "s": 0, "n": "text"}))


def test_the_last_try_is_shown_in_words() -> None:
    result = ListResult(last_try=LastTry("Home\nNet", 1), complete=True)
    assert (
        "The last network a phone had saved or joined: Home\\nNet: the passphrase is wrong."
        in show.list_lines(result)
    )
    assert show.list_as_dict(result)["last_try"]["reason"] == 1
