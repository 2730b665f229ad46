"""What the original C service sends is understood, and what it takes is what we send."""

from __future__ import annotations

import json
import pathlib
from typing import Any

import cbor2
import pytest

from wifi_provision.behaviour import BEHAVIOURS, Behaviour
from wifi_provision.decode import decode
from wifi_provision.encode import encode
from wifi_provision.messages import (
    ConnectSaved,
    DeleteNetwork,
    ListRequest,
    MoveNetwork,
    NetworkInfo,
    Request,
    SaveNetwork,
    Security,
    StatusOnly,
)

VECTORS = json.loads((pathlib.Path(__file__).parent / "vectors.json").read_text("utf-8"))


@pytest.mark.parametrize("vector", VECTORS["responses"], ids=lambda v: v["id"])
def test_a_response(vector: dict[str, Any]) -> None:
    wanted = vector["input"]
    got = decode(bytes.fromhex(vector["bytes"]))
    if wanted["statusOnly"]:
        assert got == StatusOnly(got.type, got.status)  # type: ignore[union-attr]
        # The C service numbers its requests 1 to 4; on the wire a response is twice that.
        assert (got.type, got.status) == (2 * wanted["requestTypeValue"], wanted["status"])  # type: ignore[union-attr]
        return
    assert isinstance(got, NetworkInfo)
    name = bytes.fromhex(wanted["ssid_hex"])
    assert got.ssid == name.decode("utf-8", "replace")
    assert got.ssid_exact == (name.decode("utf-8", "replace").encode() == name)
    assert got.bssid.hex() == wanted["bssid_hex"]
    assert got.security == wanted["security"]
    assert (got.connected, got.last) == (wanted["isConnected"], wanted["isLast"])
    assert got.saved == wanted["isSavedNetwork"]
    assert got.rssi == (-100 if got.saved else wanted["rssi"])
    assert got.index == (wanted["index"] if got.saved else -1)


@pytest.mark.parametrize("vector", VECTORS["lists"], ids=lambda v: v["id"])
def test_a_list_is_told_apart_from_its_end(vector: dict[str, Any]) -> None:
    answers = [decode(bytes.fromhex(r)) for r in vector["responses"]]
    ends = [isinstance(a, StatusOnly) or bool(a.last and not a.saved) for a in answers]
    assert ends == [False] * (len(answers) - 1) + [True]


def as_request(fields: dict[str, Any]) -> Request:
    match fields["w"]:
        case 1:
            return ListRequest(fields["h"], fields["t"])
        case 5:
            return MoveNetwork(fields["g"], fields["j"])
        case 7:
            return DeleteNetwork(fields["g"])
    if fields["g"] != -1:
        known = None
        if "r" in fields:
            security = Security(fields["q"])
            known = NetworkInfo(fields["r"], fields["b"], security, False, 0, False, fields["g"], None)
        return ConnectSaved(fields["g"], known)
    return SaveNetwork(fields["r"], fields["m"], Security(fields["q"]), fields.get("y", True), fields["b"])


def in_key_order(data: bytes, behaviour: Behaviour) -> bool:
    """Whether this kind of phone could have sent the message: its keys, in its order."""
    fields = cbor2.loads(data, str_errors="replace")
    if cbor2.dumps(fields) != data:
        return False  # integers longer than need be, or text that is not UTF-8
    name = {1: "list", 3: "save", 5: "edit", 7: "delete"}[fields["w"]]
    keys = "".join(map(str, fields))
    if name == "save" and keys == "wg":
        return not behaviour.whole_save
    # A phone that repeats a saved network does not know its passphrase, and always joins.
    if name == "save" and fields["g"] != -1 and (fields.get("m") or not fields.get("y", True)):
        return False
    return keys == behaviour.key_order[name]


COMPARABLE = [
    pytest.param(bytes.fromhex(vector["bytes"]), behaviour, id=f"{vector['id']}-{behaviour.name}")
    for vector in VECTORS["requests"]
    for behaviour in BEHAVIOURS.values()
    if in_key_order(bytes.fromhex(vector["bytes"]), behaviour)
]


def test_there_is_something_to_compare() -> None:
    assert len(COMPARABLE) > 30


@pytest.mark.parametrize(("data", "behaviour"), COMPARABLE)
def test_a_request(data: bytes, behaviour: Behaviour) -> None:
    assert encode(as_request(cbor2.loads(data)), behaviour) == data
