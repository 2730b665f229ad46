"""The few protobuf fields the protocol needs: numbers and bytes, by field number."""

from __future__ import annotations

from collections.abc import Iterator

from wifi_provision.errors import BadAnswer

Value = int | bytes
_VARINT, _BYTES = 0, 2


def message(*fields: tuple[int, Value]) -> bytes:
    """The fields in order. A number that is 0 is left out, as proto3 has it; empty bytes are not."""
    out = bytearray()
    for number, value in fields:
        if isinstance(value, bytes):
            out += _varint(number << 3 | _BYTES) + _varint(len(value)) + value
        elif value:
            out += _varint(number << 3 | _VARINT) + _varint(value)
    return bytes(out)


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


class Fields:
    """A message that was read. Raises BadAnswer for what is none."""

    def __init__(self, data: bytes) -> None:
        self._fields = list(_read(data))

    def number(self, field: int) -> int:
        """A number; 0 when it is not there."""
        return next((v for n, v in reversed(self._fields) if n == field and isinstance(v, int)), 0)

    def has(self, field: int) -> bool:
        """Whether the field is there."""
        return any(n == field for n, _ in self._fields)

    def data(self, field: int) -> bytes:
        """Bytes; none when they are not there."""
        return next((v for n, v in reversed(self._fields) if n == field and isinstance(v, bytes)), b"")

    def part(self, field: int) -> Fields:
        """A message inside; an empty one when it is not there."""
        return Fields(self.data(field))

    def parts(self, field: int) -> list[Fields]:
        """All messages under a number."""
        return [Fields(v) for n, v in self._fields if n == field and isinstance(v, bytes)]


def _read(data: bytes) -> Iterator[tuple[int, Value]]:
    at = 0

    def varint() -> int:
        nonlocal at
        value = shift = 0
        while True:
            if at >= len(data) or shift > 63:
                raise BadAnswer("The device sent a message that breaks off.")
            byte = data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while at < len(data):
        key = varint()
        if key & 7 == _VARINT:
            yield key >> 3, varint()
        elif key & 7 == _BYTES:
            length = varint()
            if at + length > len(data):
                raise BadAnswer("The device sent a message that breaks off.")
            yield key >> 3, data[at : at + length]
            at += length
        else:
            raise BadAnswer("The device sent a field of a kind the protocol does not have.")
