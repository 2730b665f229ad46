"""Messages to the device as bytes."""

from __future__ import annotations

import cbor2

from wifi_provision.behaviour import Behaviour
from wifi_provision.proxy.messages import (
    ConnAck,
    PacketType,
    PingResponse,
    PubAck,
    Publish,
    SubAck,
    ToDevice,
    UnsubAck,
)

_Fields = dict[str, int | str | bytes]


def encode(message: ToDevice, behaviour: Behaviour) -> bytes:
    """The message as this kind of phone sends it: definite lengths, minimal integers, its key order."""
    fields = _fields(message)
    return cbor2.dumps({key: fields[key] for key in behaviour.proxy.key_order if key in fields})


def _fields(message: ToDevice) -> _Fields:
    match message:
        case ConnAck():
            return {"w": int(PacketType.CONNACK), "s": int(message.state)}
        case Publish():
            fields: _Fields = {
                "w": int(PacketType.PUBLISH),
                "u": message.topic,
                "n": message.qos,
                "k": message.payload,
            }
            return fields | {"i": message.id} if message.qos else fields
        case PubAck():
            return {"w": int(PacketType.PUBACK), "i": message.id}
        case SubAck():
            return {"w": int(PacketType.SUBACK), "i": message.id, "s": message.status}
        case UnsubAck():
            return {"w": int(PacketType.UNSUBACK), "i": message.id}
        case PingResponse():
            return {"w": int(PacketType.PINGRESP)}
