"""The data-transfer channel on the phone's side, without any I/O.

A chunk is `T` bytes, the MTU less three. A chunk shorter than `T` ends a large message.
"""

from __future__ import annotations

from wifi_provision.errors import BadAnswer

LONGEST_MESSAGE = 4096  # bytes; provisioning's own are far shorter


def chunk_size(mtu: int) -> int:
    """`T`: how many bytes of a message fit beside the header of an attribute operation."""
    return mtu - 3


def is_small(message: bytes, size: int, full_chunk_is_small: bool) -> bool:
    """Whether a message goes out in one write to RX rather than in chunks to RX-large."""
    return len(message) <= size if full_chunk_is_small else len(message) < size


def chunks(message: bytes, size: int) -> list[bytes]:
    """The writes to RX-large; the last is shorter than `size`, so it may be empty."""
    if size < 1:
        raise ValueError("a chunk has at least one byte")
    return [message[start : start + size] for start in range(0, len(message) + 1, size)]


class Reassembly:
    """Collects a large message of at most `longest` bytes from the device."""

    def __init__(self, longest: int = LONGEST_MESSAGE) -> None:
        self._longest = longest
        self._parts = bytearray()

    def add(self, chunk: bytes, size: int) -> bytes | None:
        """Take a notification or read; the whole message once it is complete, else None: read on."""
        self._parts += chunk
        if len(self._parts) > self._longest:
            self.clear()
            raise BadAnswer(f"The device sent a message of more than {self._longest} bytes.")
        if len(chunk) >= size:
            return None
        message = bytes(self._parts)
        self.clear()
        return message

    def clear(self) -> None:
        """Forget a message that will not be completed."""
        self._parts.clear()
