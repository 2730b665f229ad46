"""Bytes from the device to messages, strictly."""

from __future__ import annotations

from typing import Any

import cbor2

from wifi_provision.errors import BadAnswer
from wifi_provision.proxy.messages import (
    LARGEST_ID,
    Connect,
    Disconnect,
    FromDevice,
    PacketType,
    PingRequest,
    PubAck,
    Publish,
    Subscribe,
    Unsubscribe,
)

_DEEPEST = 4  # a map that holds an array
_LONGEST_TOPIC = 0xFFFF  # bytes, as in MQTT
_MOST_QOS = 2


def decode(data: bytes) -> FromDevice:
    """One message. Anything the protocol does not allow raises BadAnswer."""
    fields = _load(data)
    match _integer(fields, "w", 0xFF):
        case PacketType.CONNECT:
            return Connect(_text(fields, "d"), _text(fields, "a"), _typed(fields, "c", bool))
        case PacketType.PUBLISH:
            return _publish(fields)
        case PacketType.PUBACK:
            return PubAck(_id(fields))
        case PacketType.SUBSCRIBE:
            return _subscribe(fields)
        case PacketType.UNSUBSCRIBE:
            return Unsubscribe(_filters(fields), _id(fields))
        case PacketType.PINGREQ:
            return PingRequest()
        case PacketType.DISCONNECT:
            return Disconnect()
        case kind:
            raise BadAnswer(f"The device sent a proxy message of type {kind}, which no device sends.")


def _publish(fields: dict[str, Any]) -> Publish:
    qos = _integer(fields, "n", _MOST_QOS)
    if qos > 1:
        raise BadAnswer("The device published with QoS 2, which the proxy does not carry.")
    topic = _text(fields, "u")
    if not topic or set(topic) & set("+#\0"):
        raise BadAnswer("The device published to a topic that is empty or has a wildcard in it.")
    return Publish(topic, _typed(fields, "k", bytes), qos, _id(fields) if qos else 0)


def _subscribe(fields: dict[str, Any]) -> Subscribe:
    topics = _filters(fields)
    wishes = _typed(fields, "o", list)
    if len(wishes) != len(topics):
        raise BadAnswer("The device subscribed with a different number of topics and of QoS.")
    for wish in wishes:
        if not isinstance(wish, int) or isinstance(wish, bool) or not 0 <= wish <= _MOST_QOS:
            raise BadAnswer("The device subscribed with a QoS that is none.")
    return Subscribe(tuple(zip(topics, wishes, strict=True)), _id(fields))


def _filters(fields: dict[str, Any]) -> tuple[str, ...]:
    topics = _typed(fields, "v", list)
    if not topics:
        raise BadAnswer("The device named no topic.")
    for topic in topics:
        if not isinstance(topic, str) or not _is_filter(topic):
            raise BadAnswer("The device named a topic filter that is none.")
    return tuple(topics)


def _is_filter(topic: str) -> bool:
    """As MQTT wants it: a `+` is a whole level, a `#` the whole last one."""
    if not topic or "\0" in topic or len(topic.encode()) > _LONGEST_TOPIC:
        return False
    levels = topic.split("/")
    return all("+" not in level or level == "+" for level in levels) and all(
        "#" not in level or (level == "#" and at == len(levels) - 1) for at, level in enumerate(levels)
    )


def _load(data: bytes) -> dict[str, Any]:
    try:
        value = cbor2.loads(data, max_depth=_DEEPEST, allow_indefinite=False, allow_duplicate_keys=False)
    except (cbor2.CBORDecodeError, UnicodeDecodeError) as error:
        raise BadAnswer(f"The device sent {len(data)} bytes to the proxy that are not CBOR.") from error
    if not isinstance(value, dict):
        raise BadAnswer("The device sent CBOR to the proxy that is not a map.")
    if cbor2.dumps(value) != data:
        raise BadAnswer("The device sent CBOR to the proxy that is not in its shortest form.")
    return value


def _typed(fields: dict[str, Any], key: str, kind: type) -> Any:
    value = fields.get(key)
    if not isinstance(value, kind):
        raise BadAnswer(f"The device sent a proxy message without a valid field {key!r}.")
    return value


def _text(fields: dict[str, Any], key: str) -> str:
    text: str = _typed(fields, key, str)
    if len(text.encode()) > _LONGEST_TOPIC:
        raise BadAnswer(f"The device sent a text of more than {_LONGEST_TOPIC} bytes.")
    return text


def _integer(fields: dict[str, Any], key: str, most: int) -> int:
    value = fields.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise BadAnswer(f"The device sent a proxy message without a valid field {key!r}.")
    return value


def _id(fields: dict[str, Any]) -> int:
    number = _integer(fields, "i", LARGEST_ID)
    if number == 0:
        raise BadAnswer("The device sent a message id of 0.")
    return number
