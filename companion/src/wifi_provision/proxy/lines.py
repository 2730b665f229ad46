"""Commands typed or piped to the proxy, one a line."""

from __future__ import annotations

import asyncio
import os

_PIECE = 4096  # bytes


class Lines:
    """Lines of a descriptor, read without blocking the radio."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._rest = b""
        self._over = False

    async def next(self) -> str | None:
        """The next line without its end; None when there will be none."""
        while b"\n" not in self._rest and not self._over:
            piece = await self._piece()
            self._over = not piece
            self._rest += piece
        line, _, self._rest = self._rest.partition(b"\n")
        if not line and self._over and not self._rest:
            return None
        return line.decode("utf-8", "replace").strip()

    async def _piece(self) -> bytes:
        """What can be read; nothing at the end."""
        loop = asyncio.get_running_loop()
        readable = asyncio.Event()
        try:
            loop.add_reader(self._descriptor, readable.set)
        except OSError:
            # Files and /dev/null are always readable, and cannot be waited for.
            return self._read()
        try:
            await readable.wait()
        finally:
            loop.remove_reader(self._descriptor)
        return self._read()

    def _read(self) -> bytes:
        try:
            return os.read(self._descriptor, _PIECE)
        except OSError:
            return b""  # closed: nothing comes any more
