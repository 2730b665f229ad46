"""Ethernet frames on a stream, as QEMU's `-netdev stream` has them: a 32-bit length, then the frame."""

import asyncio
from collections.abc import Callable

LARGEST = 65536
# More than this waiting for a peer that does not read: frames are lost, as on a full wire.
BACKLOG = 256 * 1024


class Port:
    """Where one peer, at most, is plugged in."""

    def __init__(self) -> None:
        self._writer: asyncio.StreamWriter | None = None

    @property
    def is_plugged(self) -> bool:
        return self._writer is not None

    def send(self, frame: bytes) -> None:
        writer = self._writer
        if writer and not writer.is_closing() and writer.transport.get_write_buffer_size() < BACKLOG:
            writer.write(len(frame).to_bytes(4, "big") + frame)

    async def serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, received: Callable[[bytes], None]
    ) -> None:
        """Until the peer unplugs. A new peer takes the place of the former one."""
        if self._writer:
            self._writer.close()
        self._writer = writer
        try:
            while True:
                length = int.from_bytes(await reader.readexactly(4), "big")
                if length > LARGEST:
                    break
                frame = await reader.readexactly(length)
                if self._writer is writer:
                    received(frame)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            if self._writer is writer:
                self._writer = None
            writer.close()
