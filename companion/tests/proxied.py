"""A proxy that runs in a test: the air, a stand-in device, a real broker and its observer."""

from __future__ import annotations

import asyncio
import contextlib
import os
import pathlib
import tempfile
from collections.abc import AsyncIterator
from typing import Any

from harness.broker import Broker, Observer
from harness.certificates import Certificates, Identity

from conftest import networks
from fake_mqtt import FakeMqttDevice
from fake_store import Store
from wifi_provision.errors import ProvisionError
from wifi_provision.options import parse
from wifi_provision.proxy.serve import proxy
from wifi_sim.air import Air


class Heard:
    """What the proxy says: the output of its command."""

    json = True

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.results: list[dict[str, Any]] = []
        self.errors: list[ProvisionError] = []
        self.said: list[str] = []

    def progress(self, sentence: str) -> None:
        self.said.append(sentence)

    tell = progress

    def result(self, value: dict[str, Any], _lines: list[str]) -> None:
        (self.events if value["command"] == "proxy" else self.results).append(value)

    def error(self, error: ProvisionError) -> None:
        self.errors.append(error)

    def names(self) -> list[str]:
        return [event["event"] for event in self.events]

    async def until(self, event: str, count: int = 1, within: float = 10) -> dict[str, Any]:
        """Wait until something has happened so often."""
        async with asyncio.timeout(within):
            while self.names().count(event) < count:
                await asyncio.sleep(0.01)
        return [one for one in self.events if one["event"] == event][count - 1]


class Proxied:
    """Everything at hand."""

    def __init__(
        self, air: Air, device: FakeMqttDevice, broker: Broker, observer: Observer, heard: Heard, typing: int
    ) -> None:
        self.air = air
        self.device = device
        self.broker = broker
        self.observer = observer
        self.heard = heard
        self._typing = typing

    def type(self, text: str) -> None:
        """Type commands to the proxy."""
        os.write(self._typing, text.encode())

    def hang_up(self) -> None:
        """Nobody types any more."""
        os.close(self._typing)
        self._typing = -1

    async def seen(self, topic: str, count: int, within: float = 10) -> list[bytes]:
        """What the observer has seen on a topic, once it is so many."""
        async with asyncio.timeout(within):
            while len(self.observer.on(topic)) < count:
                await asyncio.sleep(0.01)
        return [one.payload for one in self.observer.on(topic)]

    async def cut(self) -> None:
        """The connection over Bluetooth is lost, and comes back."""
        assert self.device.connection is not None
        await self.device.connection.disconnect()
        await self.device.proxy()

    async def off_loop(self, work, *arguments) -> None:
        """Something of the broker's or the observer's that blocks."""
        await asyncio.to_thread(work, *arguments)


def run_directory() -> tempfile.TemporaryDirectory[str]:
    """Short, since socket paths are."""
    return tempfile.TemporaryDirectory(prefix="wp")


@contextlib.asynccontextmanager
async def proxied(
    *words: str, plain: bool = True, phone: str = "phone", access: str = ""
) -> AsyncIterator[Proxied]:
    """A proxy at work, with options of its command line; the phone is connected.

    `phone` is whose certificate it has, `access` what the broker lets whom do.
    """
    with run_directory() as folder, contextlib.ExitStack() as stack:
        run = pathlib.Path(folder)
        certificates = Certificates.make(run / "certificates", "localhost", "127.0.0.1")
        broker = stack.enter_context(Broker(run, certificates, access=access))
        observer = stack.enter_context(Observer(broker))
        reading, writing = os.pipe()
        stack.callback(os.close, reading)
        store = Store(saved=networks(3, "Saved"), scanned=networks(4, "Scan"))
        async with Air(run) as air, FakeMqttDevice(air.device_socket, store) as device:
            heard = Heard()
            trust = ["--plain"] if plain else tls(certificates, phone)
            port = broker.plain_port if plain else broker.tls_port
            # Its address is given, so that nobody looks around for others.
            address = device.device.public_address.to_string(False)
            command = ["proxy", "--broker", f"127.0.0.1:{port}", *trust, "--device", address, *words]
            options = parse(
                [*command, "--via", f"virtual:{air.phone_socket}", "--accept-comparison", "--json"]
            )
            task = asyncio.create_task(proxy(options, heard, reading))
            here = Proxied(air, device, broker, observer, heard, writing)
            try:
                await first(task, device.proxy())
                yield here
                if task.done():
                    task.result()
            finally:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
                if here._typing >= 0:
                    here.hang_up()


def tls(certificates: Certificates, whose: str) -> list[str]:
    """Options for TLS."""
    phone: Identity = getattr(certificates, whose)
    trust = ["--ca", str(certificates.authority.certificate)]
    return [*trust, "--cert", str(phone.certificate), "--key", str(phone.key)]


async def first(task: asyncio.Task[None], other) -> None:
    """Wait for `other`, or for the task to fail."""
    waiting = asyncio.ensure_future(other)
    await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
    if task.done():
        waiting.cancel()
        task.result()
    await waiting
