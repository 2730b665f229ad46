"""The air between a virtual device and virtual phones.

    python3 -m wifi_sim.air --run DIR

Two unix sockets in DIR speak HCI H4, as a controller chip does on its UART, and a third takes a tester's commands:

- `air-device.sock`: the device (QEMU's UART1). Every new connection gets a fresh controller with
  the same public address, as a board keeps its address over a restart; the one before it falls
  silent, so that phones notice by their supervision timeout.
- `air-phone.sock`: phones. Every connection is one more controller.
- `air-ctl.sock`: what shall go wrong, and when (see `air_control`).

Packets are never logged: they hold passphrases in the clear, since this air does not encrypt.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import pathlib
import signal
import sys
from collections.abc import Callable

from bumble import core, hci
from bumble.transport.common import PacketParser

from wifi_sim.air_control import Control
from wifi_sim.air_controller import AirController
from wifi_sim.air_link import AirLink
from wifi_sim.air_trouble import Kind, Trouble
from wifi_sim.air_weather import Weather

logger = logging.getLogger("air")

DEVICE_SOCKET = "air-device.sock"
PHONE_SOCKET = "air-phone.sock"
CONTROL_SOCKET = "air-ctl.sock"
DEVICE_ADDRESS = "02:57:50:00:00:01"  # locally administered
_PHONE_ADDRESSES = 0x025750010000


class _Sink:
    """Where the parser puts packets."""

    def __init__(self, deliver: Callable[[bytes], None]) -> None:
        self.on_packet = deliver


class _Port(asyncio.Protocol):
    """One host on a socket, and its controller."""

    def __init__(self, air: Air, is_device: bool) -> None:
        self._air = air
        self._is_device = is_device
        self._controller: AirController | None = None
        self._transport: asyncio.Transport | None = None
        self._parser = PacketParser()

    @property
    def controller(self) -> AirController | None:
        """None while the line is dead."""
        return self._controller

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._take_controller()
        self._parser.set_packet_sink(_Sink(self._from_host))

    def _take_controller(self) -> None:
        self._controller = self._air.add(self, self._is_device)
        self._controller.host = self

    def on_packet(self, packet: bytes) -> None:
        """A packet from the controller to its host."""
        if self._is_device:
            self._pass(packet, False, self._write)
        else:
            self._write(packet)

    def _from_host(self, packet: bytes) -> None:
        if self._is_device:
            self._pass(packet, True, self._into_controller)
        else:
            self._into_controller(packet)

    def _pass(self, packet: bytes, is_from_host: bool, deliver: Callable[[bytes], None]) -> None:
        if self._air.trouble.on_line(packet, is_from_host, deliver) is Kind.CUT:
            self._lose_controller()

    def _write(self, packet: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(packet)

    def _into_controller(self, packet: bytes) -> None:
        if self._controller is not None:
            self._controller.on_packet(packet)

    def _lose_controller(self) -> None:
        controller, self._controller = self._controller, None
        if controller is not None:
            controller.host = None
            self._air.take_off(controller)

    def mend(self) -> None:
        """The line leads to a new controller."""
        self._lose_controller()
        self._take_controller()

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except core.InvalidPacketError as error:
            # H4 has no way back into step.
            logger.error("a host sent bytes that are not HCI H4 (%s): closing its socket", error)
            self.close()

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._transport = None
        self._lose_controller()
        self._air.remove(self)

    def close(self) -> None:
        """Hang up on the host; its controller falls silent before this returns."""
        transport = self._transport
        self.connection_lost(None)
        if transport is not None:
            transport.abort()


class Air:
    """The sockets and the link between their controllers. Use as `async with Air(directory):`."""

    def __init__(
        self,
        directory: pathlib.Path,
        *,
        device_address: str = DEVICE_ADDRESS,
        weather: Weather | None = None,
    ) -> None:
        self.trouble = Trouble()
        self.link = AirLink(weather or self.trouble)
        self.trouble.link = self.link
        self._directory = directory
        self._device_address = hci.Address(device_address, hci.Address.PUBLIC_DEVICE_ADDRESS)
        self._device: _Port | None = None
        self._ports: set[_Port] = set()
        self._phones = 0
        self._servers: list[asyncio.Server] = []

    @property
    def device_socket(self) -> pathlib.Path:
        """Where the device connects."""
        return self._directory / DEVICE_SOCKET

    @property
    def phone_socket(self) -> pathlib.Path:
        """Where phones connect."""
        return self._directory / PHONE_SOCKET

    @property
    def control_socket(self) -> pathlib.Path:
        """Where testers connect."""
        return self._directory / CONTROL_SOCKET

    def mend(self) -> None:
        """A line that was cut leads to a controller again: a new one, with the device's address."""
        self.trouble.is_line_dead = False
        if self._device is not None:
            self._device.mend()

    def _links(self) -> int:
        """How many phones the device's controller has a link with."""
        controller = self._device.controller if self._device is not None else None
        return len(controller.le_connections) if controller is not None else 0

    async def __aenter__(self) -> Air:
        loop = asyncio.get_running_loop()
        self._directory.mkdir(parents=True, exist_ok=True)
        for path, is_device in ((self.device_socket, True), (self.phone_socket, False)):
            path.unlink(missing_ok=True)
            self._servers.append(
                await loop.create_unix_server(lambda kind=is_device: _Port(self, kind), str(path))
            )
        self.control_socket.unlink(missing_ok=True)
        control = Control(self.trouble, self.mend, self._links)
        self._servers.append(await asyncio.start_unix_server(control.serve, str(self.control_socket)))
        return self

    async def __aexit__(self, *_exc: object) -> None:
        for server in self._servers:
            server.close()
        for port in tuple(self._ports):
            port.close()
        for path in (self.device_socket, self.phone_socket, self.control_socket):
            path.unlink(missing_ok=True)

    def add(self, port: _Port, is_device: bool) -> AirController:
        """A host has connected: give it a controller."""
        if is_device:
            if self._device is not None and self._device is not port:
                logger.info("a new device takes the place of the old one")
                self._device.close()
            self._device = port
            # Whoever switched the device off and on has put its line right.
            self.trouble.is_line_dead = False
            name, address = "device", self._device_address
        else:
            self._phones += 1
            name = f"phone {self._phones}"
            number = (_PHONE_ADDRESSES + self._phones) & 0xFFFFFFFFFFFF
            address = hci.Address(number.to_bytes(6, "little"), hci.Address.PUBLIC_DEVICE_ADDRESS)
        self._ports.add(port)
        logger.info("%s on the air", name)
        return AirController(name, self.link, address)

    def take_off(self, controller: AirController) -> None:
        """A controller falls silent."""
        self.link.remove_controller(controller)
        logger.info("%s off the air", controller.name)

    def remove(self, port: _Port) -> None:
        """A host has gone."""
        self._ports.discard(port)
        if self._device is port:
            self._device = None


async def _serve(directory: pathlib.Path, device_address: str) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with Air(directory, device_address=device_address) as air:
        print(f"air: device on {air.device_socket}", flush=True)
        print(f"air: phones on {air.phone_socket}", flush=True)
        print("air: ready", flush=True)
        await stop.wait()
    print("air: stopped", flush=True)


def main(argv: list[str] | None = None) -> int:
    """Run until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(prog="wifi_sim.air", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--run", required=True, type=pathlib.Path, help="directory for the sockets")
    parser.add_argument("--device-address", default=DEVICE_ADDRESS, help="public address of the device")
    arguments = parser.parse_args(argv)
    logging.basicConfig(level=logging.WARNING, format="air: %(message)s", stream=sys.stderr)
    logger.setLevel(logging.INFO)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(arguments.run, arguments.device_address))
    return 0


if __name__ == "__main__":
    sys.exit(main())
