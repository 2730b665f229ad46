"""One connection of the device's modem line: commands in, reports out."""

import asyncio

from . import access_points_modem as modem
from .access_points_world import SECURITY, World

# A real radio takes its time; short enough for tests, long enough to be seen.
SCAN_SECONDS = 0.2
JOIN_SECONDS = 0.1


class Radio:
    """The modem on one connection. The world is shared by all of them."""

    def __init__(self, world: World, writer: asyncio.StreamWriter):
        self._world = world
        self._writer = writer
        self._deframer = modem.Deframer()

    def report(self, report: bytes, sequence: int = 0) -> None:
        """Sends a report; the number is 0 for what was not asked."""
        self._writer.write(modem.frame(bytes([sequence]) + report))

    async def serve(self, reader: asyncio.StreamReader) -> None:
        """Until the device hangs up."""
        self.report(modem.report_ready())
        while data := await reader.read(4096):
            for payload in self._deframer.feed(data):
                await self._payload(payload)
            await self._writer.drain()

    async def _payload(self, payload: bytes) -> None:
        try:
            sequence, command = modem.parse_command(payload)
        except modem.Malformed:
            if payload:
                self.report(modem.report_refused(), payload[0])
            return
        match command:
            case modem.Hello(_, mac):
                self._world.hello(mac)
                self.report(modem.report_hello(), sequence)
            case modem.Scan():
                await self._scan(sequence)
            case modem.Join():
                await self._join(sequence, command)
            case modem.Leave():
                self._world.leave()
                self.report(modem.report_left(), sequence)
            case modem.Signal():
                joined = self._world.joined
                self.report(modem.report_signal(joined.rssi) if joined else modem.report_refused(), sequence)

    async def _scan(self, sequence: int) -> None:
        await asyncio.sleep(SCAN_SECONDS)
        for point in self._world.audible():
            name = b"" if point.hidden else point.ssid
            number = SECURITY[point.security][0]
            self.report(modem.report_found(name, point.bssid, number, point.rssi, point.channel), sequence)
        self.report(modem.report_scan_done(), sequence)

    async def _join(self, sequence: int, command: modem.Join) -> None:
        await asyncio.sleep(JOIN_SECONDS)
        result = self._world.join(command)
        if isinstance(result, int):
            self.report(modem.report_join_failed(result), sequence)
        elif result is not None:
            self.report(modem.report_joined(result.bssid, result.channel, result.rssi), sequence)
