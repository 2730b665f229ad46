"""The access points around a virtual device, and the network behind them.

    python3 -m wifi_sim.access_points --run DIR [--networks FILE.json] [--http-port N]

| socket in DIR | who connects |
|---|---|
| radio.sock | the device's modem line (QEMU's UART2) |
| eth.sock | the device's Ethernet (QEMU's `-netdev stream`); frames pass while it is joined |
| uplink.sock | the network behind, which this program starts (see `access_points_uplink`) |
| ap-ctl.sock | tests: one JSON command a line (see `access_points_control`) |

The device finds a page at http://10.0.2.100/. FILE.json holds a list of access points with the
fields of the command "add". Passphrases are never printed.
"""

import argparse
import asyncio
import contextlib
import json
import signal
import sys
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from . import access_points_modem as modem
from . import access_points_uplink as uplink
from .access_points_control import Control
from .access_points_defaults import DEFAULTS
from .access_points_ether import Port
from .access_points_page import Page
from .access_points_radio import Radio
from .access_points_world import BadNetwork, World, from_description

PAGE = "10.0.2.100:80"
SOCKETS = ("radio.sock", "eth.sock", "uplink.sock", "ap-ctl.sock")
STARTED = time.monotonic()


def say(text: str) -> None:
    print(f"[{time.monotonic() - STARTED:8.3f}] {text}", flush=True)


Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Coroutine[Any, Any, None]]


def quietly(handler: Handler) -> Handler:
    """The same handler; being cancelled at the end of the program is no error to be printed."""

    async def serve_one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.CancelledError):
            await handler(reader, writer)

    return serve_one


class AccessPoints:
    """The sockets, and who is at them."""

    def __init__(self, run: Path, world: World, page: Page, forwards: list[tuple[str, int]]):
        self._run = run
        self._world = world
        self._page = page
        self._forwards = [(PAGE, page.port), *forwards]
        self._device = Port()
        self._network = Port()
        self._radio: tuple[Radio, asyncio.StreamWriter] | None = None
        self._control = Control(world, self._lost, lambda: {"pages_fetched": page.fetched})

    async def run(self) -> None:
        """Serves until cancelled, or the network behind ends. Raises `uplink.Failed`."""
        async with contextlib.AsyncExitStack() as stack:
            handlers = (self._serve_radio, self._serve_device, self._serve_network, self._serve_control)
            for name, handler in zip(SOCKETS, handlers, strict=True):
                path = self._run / name
                path.unlink(missing_ok=True)
                stack.callback(path.unlink, missing_ok=True)
                server = await asyncio.start_unix_server(quietly(handler), path)
                stack.callback(server.close)
            log = self._run / "uplink.log"
            child = await uplink.start(self._run / "uplink.sock", self._forwards, log)
            try:
                code = await child.wait()
                raise uplink.Failed(f"the network behind the access points ended with {code}; see {log}")
            finally:
                if child.returncode is None:
                    child.kill()
                    await child.wait()

    def _lost(self, reason: int) -> None:
        if self._radio:
            self._radio[0].report(modem.report_lost(reason))

    async def _serve_radio(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._radio:
            self._radio[1].close()
        radio = Radio(self._world, writer)
        self._radio = (radio, writer)
        self._world.gone()
        say("the device's radio is connected")
        try:
            await radio.serve(reader)
        except ConnectionError:
            pass
        finally:
            writer.close()
            if self._radio == (radio, writer):
                self._radio = None
                self._world.gone()
                say("the device's radio is gone")

    async def _serve_device(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        def received(frame: bytes) -> None:
            if self._world.passes(frame, "up"):
                self._network.send(frame)

        await self._device.serve(reader, writer, received)

    async def _serve_network(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        def received(frame: bytes) -> None:
            if self._world.passes(frame, "down"):
                self._device.send(frame)

        say("the network behind the access points is there")
        await self._network.serve(reader, writer, received)

    async def _serve_control(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, ValueError):
            while line := await reader.readline():
                writer.write(self._control.answer(line))
                await writer.drain()
        writer.close()


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="wifi_sim.access_points", description="The access points around a virtual device."
    )
    parser.add_argument("--run", type=Path, required=True, metavar="DIR", help="folder of the sockets")
    parser.add_argument(
        "--networks",
        type=Path,
        metavar="FILE.json",
        help="the access points; without it, a handful of each kind",
    )
    parser.add_argument(
        "--http-port", type=int, default=0, metavar="N", help="loopback port of the page; 0 chooses one"
    )
    parser.add_argument(
        "--forward",
        action="append",
        default=[],
        metavar="10.0.2.X:PORT=N",
        help="one more address of the device's network that leads to a loopback port",
    )
    return parser.parse_args()


def forwards(options: list[str]) -> list[tuple[str, int]]:
    """Reads `--forward`. Raises `BadNetwork`."""
    result = []
    for option in options:
        guest, _, port = option.partition("=")
        if not port.isdigit() or not guest.startswith("10.0.2."):
            raise BadNetwork(f"--forward {option}: write it as 10.0.2.X:PORT=N")
        result.append((guest, int(port)))
    return result


def read_networks(path: Path | None) -> list[dict[str, object]]:
    """Reads `--networks`. Raises `BadNetwork` or `OSError`."""
    if path is None:
        return DEFAULTS
    try:
        networks = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise BadNetwork(f"{path} is not JSON: {error}") from None
    if not isinstance(networks, list) or not all(isinstance(one, dict) for one in networks):
        raise BadNetwork(f"{path} must hold a list of objects")
    return networks


async def serve(options: argparse.Namespace) -> None:
    points = [from_description(one, number) for number, one in enumerate(read_networks(options.networks), 1)]
    world = World(points, say)
    page = Page(options.http_port, say)
    try:
        this = asyncio.current_task()
        assert this is not None
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, this.cancel)
        say(f"{len(points)} access points; the page is at port {page.port}, for the device at {PAGE}")
        with contextlib.suppress(asyncio.CancelledError):
            await AccessPoints(options.run, world, page, forwards(options.forward)).run()
        say("the access points are switched off")
    finally:
        page.close()


def main() -> int:
    options = arguments()
    if not options.run.is_dir():
        print(f"{options.run} is no folder; make it first", file=sys.stderr)
        return 2
    try:
        asyncio.run(serve(options))
    except (BadNetwork, uplink.Failed, OSError) as error:
        print(f"access points: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
