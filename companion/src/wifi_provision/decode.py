"""Bytes to responses, strictly; and whether an SDK in the field would have understood them."""

from __future__ import annotations

import contextlib
from typing import Any

import cbor2

from wifi_provision.behaviour import Behaviour, SetUp
from wifi_provision.errors import BadAnswer
from wifi_provision.messages import (
    BSSID_SIZE,
    LastTry,
    MessageType,
    NetworkInfo,
    Response,
    Security,
    Status,
    StatusOnly,
)

_RESPONSES = (
    MessageType.LIST_RESPONSE,
    MessageType.SAVE_RESPONSE,
    MessageType.EDIT_RESPONSE,
    MessageType.DELETE_RESPONSE,
)
_DEEPEST = 4  # the protocol's maps hold no containers


def decode(data: bytes) -> Response:
    """One response. Anything the protocol does not allow raises BadAnswer."""
    fields, exact = _load(data)
    kind = _integer(fields, "w")
    if kind not in _RESPONSES:
        raise BadAnswer(f"The device sent a message of type {kind}, which is no response.")
    status = _integer(fields, "s")
    if status not in tuple(Status):
        raise BadAnswer(f"The device sent status {status}, which means nothing.")
    if kind != MessageType.LIST_RESPONSE or "r" not in fields:
        last_try = _last_try(fields)
        return StatusOnly(
            MessageType(kind), Status(status), _reason(fields) if last_try is None else None, last_try
        )
    return _network(fields, exact, Status(status))


def _reason(fields: dict[str, Any]) -> int | None:
    """Why joining failed, from devices that say so; an addition the other phones pass over."""
    return _integer(fields, "c") if "c" in fields else None


def _last_try(fields: dict[str, Any]) -> LastTry | None:
    """What a list ends with, from devices that say so; an addition as well."""
    if "n" not in fields:
        return None
    name = _typed(fields, "n", bytes)
    try:
        ssid, exact = name.decode(), True
    except UnicodeDecodeError:
        ssid, exact = name.decode(errors="replace"), False
    return LastTry(ssid, _reason(fields), exact)


def _network(fields: dict[str, Any], exact: bool, status: Status) -> NetworkInfo:
    ssid = _typed(fields, "r", str)
    bssid = _typed(fields, "b", bytes)
    if len(bssid) != BSSID_SIZE:
        raise BadAnswer(f"The device sent a BSSID of {len(bssid)} bytes.")
    security = _integer(fields, "q")
    if security not in tuple(Security):
        raise BadAnswer(f"The device sent security {security}, which means nothing.")
    return NetworkInfo(
        ssid=ssid,
        bssid=bssid,
        security=Security(security),
        hidden=_typed(fields, "f", bool),
        rssi=_integer(fields, "p"),
        connected=_typed(fields, "e", bool),
        index=_integer(fields, "g"),
        last=_typed(fields, "l", bool) if "l" in fields else None,
        ssid_exact=exact,
        status=status,
        last_try=_last_try(fields),
    )


def _load(data: bytes) -> tuple[dict[str, Any], bool]:
    """The map, and whether all its text was valid UTF-8."""
    exact = True
    try:
        value = _parse(data, "strict")
    except cbor2.CBORDecodeError:
        exact = False
        try:
            value = _parse(data, "replace")
        except cbor2.CBORDecodeError as error:
            raise BadAnswer(f"The device sent {len(data)} bytes that are not CBOR.") from error
    if not isinstance(value, dict):
        raise BadAnswer("The device sent CBOR that is not a map.")
    # Definite lengths, minimal integers and no second item: exactly what encoding gives back.
    if exact and cbor2.dumps(value) != data:
        raise BadAnswer("The device sent CBOR that is not in its shortest form.")
    return value, exact


def _parse(data: bytes, text: str) -> object:
    return cbor2.loads(
        data, str_errors=text, max_depth=_DEEPEST, allow_indefinite=False, allow_duplicate_keys=False
    )


def _typed(fields: dict[str, Any], key: str, kind: type) -> Any:
    value = fields.get(key)
    if not isinstance(value, kind):
        raise BadAnswer(f"The device sent a message without a valid field {key!r}.")
    return value


def _integer(fields: dict[str, Any], key: str) -> int:
    value = fields.get(key)
    if not isinstance(value, int) or isinstance(value, bool):
        raise BadAnswer(f"The device sent a message without a valid field {key!r}.")
    return value


def sdk_objection(response: Response, behaviour: Behaviour) -> str | None:
    """Why the SDK this phone behaves as would not take the response; None when it would."""
    if behaviour.set_up is SetUp.ANDROID:
        return _android_objection(response)
    if behaviour.set_up is SetUp.IOS:
        return _ios_objection(response)
    return None


def _android_objection(response: Response) -> str | None:
    match response:
        case StatusOnly(type=MessageType.LIST_RESPONSE):
            return "the Android SDK stops working on a list response without a network"
        case NetworkInfo() if response.rssi >= 0:
            return "the Android SDK stops working on an RSSI that is not negative"
    return None


def _ios_objection(response: Response) -> str | None:
    match response:
        case StatusOnly(type=MessageType.LIST_RESPONSE):
            return "the iOS SDK drops a list response without a network"
        case NetworkInfo() if response.security == Security.UNKNOWN:
            return "the iOS SDK drops a network of unknown security"
        case NetworkInfo() if not response.ssid_exact:
            return "the iOS SDK drops a network whose name is not UTF-8"
    return None


def type_of(data: bytes) -> MessageType | None:
    """The type of any message, for diagnostics; None when it has none."""
    with contextlib.suppress(cbor2.CBORDecodeError, AttributeError, ValueError):
        return MessageType(cbor2.loads(data, str_errors="replace").get("w"))
    return None
