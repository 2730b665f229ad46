"""A controller that is not there, and one that dies."""

import asyncio
import contextlib
import pathlib
import tempfile
from collections.abc import AsyncIterator

from device import Device, world
from phone import phone
from wifi_sim.air import Air


class Line:
    """The serial line between host and controller, which can be cut."""

    def __init__(self) -> None:
        self.whole = asyncio.Event()
        self.whole.set()

    async def join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, controller: pathlib.Path) -> None:
        up, down = await asyncio.open_unix_connection(str(controller))
        with contextlib.suppress(ConnectionError, asyncio.CancelledError):
            await asyncio.gather(self._carry(reader, down), self._carry(up, writer))
        down.close()
        writer.close()

    async def _carry(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while data := await source.read(4096):
            if self.whole.is_set():
                sink.write(data)


@contextlib.asynccontextmanager
async def device_behind(line: Line, host: str) -> AsyncIterator[tuple[pathlib.Path, Device]]:
    with tempfile.TemporaryDirectory(prefix="port-ble-") as name:
        air, here = pathlib.Path(name) / "air", pathlib.Path(name)
        async with Air(air):
            server = await asyncio.start_unix_server(
                lambda reader, writer: line.join(reader, writer, air / "air-device.sock"),
                str(here / "air-device.sock"),
            )
            device = await Device.start(host, here)
            try:
                yield air, device
            finally:
                await device.stop()
                server.close()


def test_controller_that_is_not_there_is_told_and_found_later(host: str) -> None:
    async def run() -> None:
        line = Line()
        line.whole.clear()
        async with device_behind(line, host) as (air, device):
            await device.expect_after(
                6, "the BLE controller does not answer a reset; is it connected?; trying again in 1 s"
            )
            line.whole.set()
            await device.expect_after(40, "advertising")
            async with phone(air) as it:
                device.tell("auto")
                await it.pair()

    asyncio.run(run())


def test_controller_that_dies_is_noticed_and_set_up_again(host: str) -> None:
    async def run() -> None:
        line = Line()
        async with device_behind(line, host) as (air, device):
            await device.expect("advertising")
            async with phone(air):
                await device.expect("connected")
                line.whole.clear()
                # The application hears that the phone is gone, too.
                await device.expect_after(20, "disconnected")
                await device.expect("the BLE controller has fallen silent")
            line.whole.set()
            await device.expect_after(40, "advertising")
            async with phone(air) as it:
                device.tell("auto")
                await it.pair()

    asyncio.run(run())


def test_controller_that_restarts_by_itself_is_noticed(host: str) -> None:
    """It answers every command, and knows neither the link nor that it was to advertise."""

    async def run() -> None:
        async with world(host) as here:
            await here.device.expect("advertising")
            here.air.mend()
            await here.device.expect_after(12, "the BLE controller has restarted by itself; starting anew")
            await here.device.expect("advertising")
            async with phone(here.directory):
                await here.device.expect("ble: connected")
                here.air.mend()
                await here.device.expect_after(12, "disconnected")
            await here.device.expect("advertising")
            async with phone(here.directory) as it:
                here.device.tell("auto")
                await it.pair()

    asyncio.run(run())
