"""The BLE half of the port as a process on this machine, on the simulated air."""

from __future__ import annotations

import asyncio
import contextlib
import json
import pathlib
import subprocess
import tempfile
from collections.abc import AsyncIterator

from wifi_sim.air import Air

ROOT = pathlib.Path(__file__).resolve().parents[4]
# Seconds anything may take that has no time of its own. Long: a busy machine is no fault of the device's, and the
# device's clock goes slower on it.
PATIENCE = 60.0


def build() -> str:
    """Builds the example `host`; its path."""
    done = subprocess.run(
        ["cargo", "build", "--locked", "--quiet", "--package", "port-ble", "--example", "host", "--message-format=json"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    for line in done.stdout.splitlines():
        message = json.loads(line)
        if message.get("executable") and message["target"]["name"] == "host":
            return str(message["executable"])
    raise AssertionError("cargo built no example called host")


# What the application is told. The log has lines with these words in them.
WHOLE_LINES = frozenset({"connected", "disconnected"})


def says(line: str, text: str) -> bool:
    """Whether a line has this text in it."""
    return line == text if text in WHOLE_LINES else text in line


class Device:
    """One run of the device. What it prints and logs is `lines`, in the order in which it happened."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._news = asyncio.Condition()
        assert process.stdout
        self._reader = asyncio.create_task(self._read(process.stdout))
        self.lines: list[str] = []
        self._seen = 0

    @classmethod
    async def start(cls, host: str, directory: pathlib.Path, socket: str = "air-device.sock") -> Device:
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            host, str(directory / socket), str(directory / "bonds"), stdin=pipe, stdout=pipe, stderr=asyncio.subprocess.STDOUT
        )
        device = cls(process)
        device.tell("on", "take")
        return device

    async def _read(self, stream: asyncio.StreamReader) -> None:
        while line := await stream.readline():
            async with self._news:
                self.lines.append(line.decode().strip())
                self._news.notify_all()

    @property
    def is_running(self) -> bool:
        return self._process.returncode is None

    def tell(self, *commands: str) -> None:
        """Commands to the example, see its source."""
        assert self._process.stdin
        self._process.stdin.write("".join(f"{command}\n" for command in commands).encode())

    async def expect(self, text: str, timeout: float = PATIENCE, or_else: str | None = None) -> str:
        """The next line, after the last one expected, that has this text in it."""
        wanted = [part for part in (text, or_else) if part is not None]

        async def wait() -> str:
            async with self._news:
                while True:
                    while self._seen < len(self.lines):
                        line = self.lines[self._seen]
                        self._seen += 1
                        if any(says(line, part) for part in wanted):
                            return line
                    await self._news.wait()

        seen = self._seen
        try:
            return await asyncio.wait_for(wait(), timeout)
        except TimeoutError:
            said = "\n".join(self.lines[seen:])
            raise AssertionError(f"the device did not say '{text}' within {timeout} s; it said:\n{said}") from None

    async def expect_after(self, seconds: int, text: str) -> None:
        """The same, of something the device does after so much time: its clock is moved on, a second at once."""
        for _ in range(seconds):
            self.tell("leap 1")
            if says(await self.expect("leapt", or_else=text), text):
                return
            with contextlib.suppress(AssertionError):
                await self.expect(text, timeout=0.3)
                return
        await self.expect(text)

    async def stop(self) -> None:
        """Pulls the plug."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()
        await self._reader


class World:
    """The air, and a device on it."""

    def __init__(
        self, host: str, directory: pathlib.Path, device: Device, air: Air, socket: str = "air-device.sock"
    ) -> None:
        self._host = host
        self._socket = socket
        self.air = air
        self.directory = directory
        self.device = device

    async def restart(self) -> Device:
        """Pulls the plug and puts it in again."""
        await self.device.stop()
        self.device = await Device.start(self._host, self.directory, self._socket)
        return self.device


@contextlib.asynccontextmanager
async def world(host: str) -> AsyncIterator[World]:
    with tempfile.TemporaryDirectory(prefix="port-ble-") as name:
        directory = pathlib.Path(name)
        async with Air(directory) as air:
            here = World(host, directory, await Device.start(host, directory), air)
            try:
                yield here
            finally:
                await here.device.stop()
