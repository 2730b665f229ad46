"""A controller that is not there, one that dies, and one that is slow."""

import asyncio
import contextlib
import pathlib
import tempfile
from collections.abc import AsyncIterator

from bumble.device import Peer
from bumble.hci import HCI_ErrorCode
from bumble.keys import MemoryKeyStore
from device import PATIENCE, Device, world
from phone import Phone, phone
from wifi_sim.air import Air

# LE Set Advertising Enable, off, as a packet of the line.
ADVERTISING_OFF = bytes.fromhex("01 0a20 01 00")


class Line:
    """The serial line between host and controller, which can be cut, and slow in what it brings to the controller."""

    def __init__(self) -> None:
        self.whole = asyncio.Event()
        self.whole.set()
        # What the line stops before, once.
        self.stop: bytes | None = None
        self.stopped = asyncio.Event()
        self.goes_on = asyncio.Event()

    async def join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, controller: pathlib.Path) -> None:
        up, down = await asyncio.open_unix_connection(str(controller))
        with contextlib.suppress(ConnectionError, asyncio.CancelledError):
            await asyncio.gather(self._carry(reader, down, may_stop=True), self._carry(up, writer))
        down.close()
        writer.close()

    async def _carry(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, *, may_stop: bool = False) -> None:
        while data := await source.read(4096):
            if may_stop and self.stop is not None and self.stop in data:
                before, data = data.split(self.stop, 1)
                data, self.stop = self.stop + data, None
                sink.write(before)
                self.stopped.set()
                await self.goes_on.wait()
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


async def become_known(air: pathlib.Path, device: Device, keys: MemoryKeyStore) -> None:
    """A phone with these keys pairs, and leaves."""
    device.tell("auto")
    async with phone(air, keys=keys) as it:
        await it.pair()
    await device.expect("ble: disconnected")


async def come_while_advertising_goes_off(line: Line, device: Device, it: Phone) -> None:
    """The controller connects as long as it has not heard that it shall not."""
    found = await it.find()
    line.stop = ADVERTISING_OFF
    device.tell("name another")
    await line.stopped.wait()
    it.connection = await it.device.connect(found.address, timeout=PATIENCE)
    it.peer = Peer(it.connection)


def test_known_phone_that_comes_while_advertising_goes_off_is_served(host: str) -> None:
    async def run() -> None:
        keys, line = MemoryKeyStore(), Line()
        async with device_behind(line, host) as (air, device):
            await become_known(air, device, keys)
            await device.expect("advertising")
            said = len(device.lines)
            async with phone(air, keys=keys, connect=False) as it:
                await come_while_advertising_goes_off(line, device, it)
                encrypted = asyncio.create_task(it.connection.encrypt())
                line.goes_on.set()
                await encrypted
                await it.discover()
                assert await it.read("ff01") == b"4.0.0"
                # There is room for one.
                assert not any("advertising" in line for line in device.lines[said:]), device.lines
            await device.expect("ble: disconnected")
            await device.expect("advertising")
            async with phone(air, keys=keys) as it:
                await it.connection.encrypt()
                await it.discover()
                assert await it.read("ff01") == b"4.0.0"

    asyncio.run(run())


def test_forgotten_phone_that_comes_while_advertising_goes_off_hears_so(host: str) -> None:
    """It asks for a key the device has not any more, and is not left without an answer."""

    async def run() -> None:
        keys, line = MemoryKeyStore(), Line()
        async with device_behind(line, host) as (air, device):
            await become_known(air, device, keys)
            device.tell("forget")
            await device.expect("forget true")
            await device.expect("advertising")
            async with phone(air, keys=keys, connect=False) as it:
                await come_while_advertising_goes_off(line, device, it)
                reasons: asyncio.Queue[int] = asyncio.Queue()
                it.connection.on(it.connection.EVENT_DISCONNECTION, reasons.put_nowait)
                encrypted = asyncio.create_task(it.connection.encrypt())
                line.goes_on.set()
                assert await reasons.get() == HCI_ErrorCode.AUTHENTICATION_FAILURE_ERROR
                [lost] = await asyncio.gather(encrypted, return_exceptions=True)
                assert isinstance(lost, BaseException)

    asyncio.run(run())
