"""The proxy's messages as values. One message is one CBOR map; key `w` is the MQTT packet type."""

from __future__ import annotations

import dataclasses
import enum

LARGEST_ID = 0xFFFF
LONGEST_TO_DEVICE = 4608  # bytes of one message as it is sent; a device drops what is longer
REFUSED = 0x80  # a SUBACK that grants nothing


class PacketType(enum.IntEnum):
    """Key `w`, as in the first byte of an MQTT packet."""

    CONNECT = 1
    CONNACK = 2
    PUBLISH = 3
    PUBACK = 4
    SUBSCRIBE = 8
    SUBACK = 9
    UNSUBSCRIBE = 10
    UNSUBACK = 11
    PINGREQ = 12
    PINGRESP = 13
    DISCONNECT = 14


class ProxyState(enum.IntEnum):
    """Key `s` of a CONNACK. Devices take the first two of these for success, and the rest for refusal."""

    CONNECTING = 1
    CONNECTED = 2
    DISCONNECTED = 3
    REFUSED = 4
    ERROR = 5
    PROTOCOL_ERROR = 6


# --- from the device ----------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Connect:
    """`endpoint` is where the device thinks the broker is."""

    client_id: str
    endpoint: str
    clean: bool


@dataclasses.dataclass(frozen=True)
class Subscribe:
    """Topic filters, each with the QoS asked for."""

    topics: tuple[tuple[str, int], ...]
    id: int


@dataclasses.dataclass(frozen=True)
class Unsubscribe:
    """Topic filters."""

    topics: tuple[str, ...]
    id: int


@dataclasses.dataclass(frozen=True)
class PingRequest:
    """Is anybody there?"""


@dataclasses.dataclass(frozen=True)
class Disconnect:
    """The device leaves the broker."""


# --- both ways ----------------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Publish:
    """`id` is 0 with QoS 0."""

    topic: str
    payload: bytes
    qos: int = 0
    id: int = 0


@dataclasses.dataclass(frozen=True)
class PubAck:
    """Of a PUBLISH with QoS 1."""

    id: int


FromDevice = Connect | Publish | PubAck | Subscribe | Unsubscribe | PingRequest | Disconnect


# --- to the device ------------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class ConnAck:
    """How the connection to the broker stands."""

    state: ProxyState


@dataclasses.dataclass(frozen=True)
class SubAck:
    """One status for all topics: the QoS granted, or REFUSED."""

    id: int
    status: int


@dataclasses.dataclass(frozen=True)
class UnsubAck:
    """Of an UNSUBSCRIBE."""

    id: int


@dataclasses.dataclass(frozen=True)
class PingResponse:
    """Somebody is."""


ToDevice = ConnAck | Publish | PubAck | SubAck | UnsubAck | PingResponse
