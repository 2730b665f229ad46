"""A bad line between the device and its controller: it loses, keeps, repeats or cuts what is on it."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import enum
import pathlib
from collections.abc import AsyncIterator

SOCKET = "faulty-device.sock"
DATA = 2
# By the packet's type: bytes of the header, where in it the length begins, and how long that is.
HEADERS = {1: (3, 2, 1), DATA: (4, 2, 2), 4: (2, 1, 1)}


class Kind(enum.Enum):
    LOST = "lost"
    LATE = "late"
    TWICE = "twice"
    CUT = "cut"


@dataclasses.dataclass
class Fault:
    """What happens to the `nth` data packet from now, counted from 0 over both directions."""

    kind: Kind
    nth: int


class Line:
    """Between `faulty-device.sock` and the air's socket. `count` is of data packets since `arm`."""

    def __init__(self, directory: pathlib.Path) -> None:
        self._directory = directory
        self._fault: Fault | None = None
        self._ends: list[asyncio.StreamWriter] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self.count = 0

    def arm(self, fault: Fault | None) -> None:
        self._fault = fault
        self.count = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        air_reader, air_writer = await asyncio.open_unix_connection(str(self._directory / "air-device.sock"))
        self._ends = [writer, air_writer]
        for source, sink in ((reader, air_writer), (air_reader, writer)):
            task = asyncio.create_task(self._carry(source, sink))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _carry(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                packet = await read(source)
                kind = self._happens(packet)
                if kind is Kind.LOST:
                    continue
                if kind is Kind.LATE:
                    await asyncio.sleep(0.3)
                if kind is Kind.CUT:
                    # In the middle of it.
                    sink.write(packet[: len(packet) // 2])
                    break
                sink.write(packet * (2 if kind is Kind.TWICE else 1))
                await sink.drain()
        self.hang_up()

    def _happens(self, packet: bytes) -> Kind | None:
        if packet[0] != DATA:
            return None
        nth, self.count = self.count, self.count + 1
        return self._fault.kind if self._fault and self._fault.nth == nth else None

    def hang_up(self) -> None:
        for end in self._ends:
            end.close()


async def read(source: asyncio.StreamReader) -> bytes:
    """One packet of HCI H4."""
    kind = await source.readexactly(1)
    header, at, size = HEADERS[kind[0]]
    head = await source.readexactly(header)
    return kind + head + await source.readexactly(int.from_bytes(head[at : at + size], "little"))


@contextlib.asynccontextmanager
async def line(directory: pathlib.Path) -> AsyncIterator[Line]:
    it = Line(directory)
    server = await asyncio.start_unix_server(it.serve, str(directory / SOCKET))
    try:
        yield it
    finally:
        it.hang_up()
        server.close()
