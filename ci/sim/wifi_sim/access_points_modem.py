"""The modem protocol, version 1, from the modem's side.

Its description is `ports/wifi/src/modem/protocol.rs` (messages) and `frame.rs` (framing); this is
written from that text and shares no code with it.
"""

import binascii
from dataclasses import dataclass, field

VERSION = 1
# A device's longest frame is far below this; more without a zero byte is garbage.
ENCODED_MAX = 1024


class Malformed(ValueError):
    """Bytes that are no message."""


# Framing: zero, COBS over payload and CRC-16/IBM-3740, zero.


def cobs_encode(data: bytes) -> bytes:
    out = bytearray()
    for block in data.split(b"\0"):
        while len(block) >= 254:
            out += b"\xff" + block[:254]
            block = block[254:]
        out += bytes([len(block) + 1]) + block
    return bytes(out)


def cobs_decode(data: bytes) -> bytes:
    out = bytearray()
    at = 0
    while at < len(data):
        code = data[at]
        if code == 0 or at + code > len(data):
            raise Malformed("not COBS")
        out += data[at + 1 : at + code]
        at += code
        if code < 255 and at < len(data):
            out.append(0)
    return bytes(out)


def frame(payload: bytes) -> bytes:
    check = binascii.crc_hqx(payload, 0xFFFF).to_bytes(2, "big")
    return b"\0" + cobs_encode(payload + check) + b"\0"


class Deframer:
    """Bytes of the line to payloads; garbage is counted and skipped."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self.garbage = 0

    def feed(self, data: bytes) -> list[bytes]:
        payloads = []
        for byte in data:
            if byte:
                if len(self._buffer) <= ENCODED_MAX:
                    self._buffer.append(byte)
                continue
            encoded = bytes(self._buffer)
            self._buffer.clear()
            if not encoded:
                continue
            try:
                plain = cobs_decode(encoded)
                if len(encoded) > ENCODED_MAX or len(plain) < 2:
                    raise Malformed("no frame")
                if binascii.crc_hqx(plain[:-2], 0xFFFF) != int.from_bytes(plain[-2:], "big"):
                    raise Malformed("wrong check")
                payloads.append(plain[:-2])
            except Malformed:
                self.garbage += 1
        return payloads


# Messages: a sequence number, the variant, its fields.


@dataclass(frozen=True)
class Hello:
    version: int
    mac: bytes


@dataclass(frozen=True)
class Scan:
    pass


@dataclass(frozen=True)
class Join:
    ssid: bytes
    security: int
    channel: int
    credential: bytes = field(repr=False)


@dataclass(frozen=True)
class Leave:
    pass


@dataclass(frozen=True)
class Signal:
    pass


Command = Hello | Scan | Join | Leave | Signal


class _Fields:
    def __init__(self, data: bytes):
        self._data = data
        self._at = 0

    def take(self, count: int) -> bytes:
        taken = self._data[self._at : self._at + count]
        if len(taken) < count:
            raise Malformed("cut short")
        self._at += count
        return taken

    def number(self) -> int:
        return self.take(1)[0]

    def string(self, most: int) -> bytes:
        length = self.number()
        if length > most:
            raise Malformed("a string too long")
        return self.take(length)

    def end(self) -> None:
        if self._at != len(self._data):
            raise Malformed("bytes left over")


def parse_command(payload: bytes) -> tuple[int, Command]:
    """The sequence number and the command. Raises `Malformed`."""
    fields = _Fields(payload)
    sequence = fields.number()
    kind = fields.number()
    command: Command
    match kind:
        case 0:
            command = Hello(fields.number(), fields.take(6))
        case 1:
            command = Scan()
        case 2:
            command = Join(fields.string(32), fields.number(), fields.number(), fields.string(63))
        case 3:
            command = Leave()
        case 4:
            command = Signal()
        case _:
            raise Malformed("no such command")
    fields.end()
    return sequence, command


def _i8(number: int) -> bytes:
    return number.to_bytes(1, "big", signed=True)


def report_hello() -> bytes:
    return bytes([0, VERSION])


def report_found(ssid: bytes, bssid: bytes, security: int, rssi: int, channel: int) -> bytes:
    return bytes([1, len(ssid)]) + ssid + bssid + bytes([security]) + _i8(rssi) + bytes([channel])


def report_scan_done() -> bytes:
    return bytes([2])


def report_joined(bssid: bytes, channel: int, rssi: int) -> bytes:
    return bytes([3]) + bssid + bytes([channel]) + _i8(rssi)


def report_join_failed(reason: int) -> bytes:
    return bytes([4, reason])


def report_left() -> bytes:
    return bytes([5])


def report_signal(rssi: int) -> bytes:
    return bytes([6]) + _i8(rssi)


def report_lost(reason: int) -> bytes:
    return bytes([7, reason])


def report_ready() -> bytes:
    return bytes([8, VERSION])


def report_refused() -> bytes:
    return bytes([9])


# Reasons of `report_join_failed`.
NOT_FOUND, AUTH_FAILED, REFUSED, SECURITY_MISMATCH, NOT_SUPPORTED, NO_ANSWER = range(1, 7)
# Reasons of `report_lost`.
BEACONS_LOST, DEAUTHENTICATED = 1, 2
