"""`proxy`: hold the connection to the device, and serve it and whoever types commands."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import shlex
from collections.abc import Coroutine
from typing import Any

from wifi_provision import asking, commands, show
from wifi_provision.behaviour import BEHAVIOURS, Behaviour
from wifi_provision.client import Client
from wifi_provision.errors import LinkLost, NotFound, ProvisionError, TimedOut, Unreachable, WrongUse
from wifi_provision.options import Options, parse_line
from wifi_provision.proxy.address import BrokerAddress, host_and_port, tls_context
from wifi_provision.proxy.broker import Broker
from wifi_provision.proxy.decode import decode
from wifi_provision.proxy.encode import encode
from wifi_provision.proxy.lines import Lines
from wifi_provision.proxy.listener import Listener
from wifi_provision.proxy.session import MOST_UNACKNOWLEDGED, Session

_PATIENT = (NotFound, Unreachable, TimedOut)  # what passes by itself
_PAUSE = 0.5  # seconds, between tries to find a device that is gone
_STANDARD_INPUT = 0


class _Quit(Exception):
    """Somebody typed `quit`."""


class Proxy:
    """The command, with what its parts share."""

    def __init__(
        self, options: Options, output: commands.Output, address: BrokerAddress, lines: Lines
    ) -> None:
        self._options = options
        self._output = output
        self._address = address
        self._behaviour: Behaviour = BEHAVIOURS[options.phone]
        self._lines = lines

    async def run(self) -> None:
        """Connect, serve, and connect again when the device was gone; until cancelled or told to end."""
        device: str | None = None
        served = False
        async with commands.make_phone(self._options, self._output) as phone:
            while True:
                try:
                    # A device is known by its address from the first connection on.
                    device = device or await commands.choose(phone, self._options, self._output)
                    link = await phone.connect(device, self._options.timeout)
                    client = Client(link, self._behaviour, mtu=self._options.mtu, proxy=True)
                    async with client:
                        if not client.mqtt.there:
                            raise NotFound("The device has no service for MQTT through a phone.", "")
                        self._report("device-connected", "The device is connected.", address=device)
                        served = True
                        await self._serve(client)
                except _PATIENT as error:
                    if not served:
                        raise  # it never worked
                    self._report("device-lost", f"{error} Waiting for the device …")
                    await asyncio.sleep(_PAUSE)
                except _Quit:
                    return

    async def _serve(self, client: Client) -> None:
        """Until the link is lost."""
        session = Session(self._open, self._behaviour, self._report)
        try:
            await _first_to_end(
                self._from_device(client, session),
                self._to_device(client, session),
                self._from_person(client),
                _until_lost(client),
                _until_overfull(session),
            )
        finally:
            await session.close()

    def _open(self, client_id: str, clean: bool, listener: Listener) -> Broker:
        return Broker(self._address, client_id, clean, listener, MOST_UNACKNOWLEDGED)

    async def _from_device(self, client: Client, session: Session) -> None:
        while True:
            message = await client.mqtt.messages.get()
            try:
                if isinstance(message, ProvisionError):
                    raise message
                session.hear(decode(message))
            except LinkLost:
                raise
            except ProvisionError as error:
                self._report("ignored", str(error))

    async def _to_device(self, client: Client, session: Session) -> None:
        while True:
            await client.mqtt.send(encode(await session.waiting.get(), self._behaviour))

    async def _from_person(self, client: Client) -> None:
        """Commands from a terminal or a pipe, one after the other; at their end, the proxy goes on."""
        while (line := await self._lines.next()) is not None:
            if not line:
                continue
            try:
                options = parse_line(_words(line), self._options)
                if options.command == "quit":
                    raise _Quit
                async with client.provisioning():
                    await commands.STEPS[options.command](client, options, self._output)
            except LinkLost:
                raise
            except ProvisionError as error:
                self._output.error(error)
        await asyncio.Event().wait()

    def _report(self, event: str, sentence: str | None, **facts: Any) -> None:
        """An event: an object for scripts; a line for people."""
        now = datetime.datetime.now().astimezone().isoformat(timespec="milliseconds")
        text = sentence or _in_words(event, facts)
        if self._output.json:
            value = {"command": "proxy", "time": now, "event": event, **facts}
            self._output.result(value | ({"sentence": sentence} if sentence else {}), [])
        if sentence or not self._output.json:
            self._output.progress(text)


def _in_words(event: str, facts: dict[str, Any]) -> str:
    if "topics" in facts:
        return f"{event}: {show.printable(', '.join(facts['topics']))}"
    return f"{event}: {show.printable(facts['topic'])} ({facts['bytes']} bytes, QoS {facts['qos']})"


def _words(line: str) -> list[str]:
    try:
        return shlex.split(line)
    except ValueError as error:
        raise WrongUse(f"The command cannot be read: {error}.", "Close what was quoted.") from error


async def _until_lost(client: Client) -> None:
    await client.link.wait_lost()
    raise LinkLost(f"The connection ended: {client.link.lost}.")


async def _until_overfull(session: Session) -> None:
    await session.waiting.overfull()
    raise LinkLost("The device asks more than it takes answers; the phone hung up.")


async def _first_to_end(*work: Coroutine[Any, Any, None]) -> None:
    """Run all until one ends, which is with an exception, and raise that."""
    tasks = [asyncio.create_task(one) for one in work]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(*tasks, return_exceptions=True)


async def proxy(options: Options, output: commands.Output, typed: int = _STANDARD_INPUT) -> None:
    """`proxy`; `typed` is the descriptor commands are read from."""
    host, port = host_and_port(options.broker, options.plain)
    if options.plain and (options.ca or options.cert or options.key):
        raise WrongUse("--plain goes without certificates.", "Leave out --plain, or --ca, --cert and --key.")
    if options.password_fd is not None and options.username is None:
        raise WrongUse("A password needs a name.", "Give --username too.")
    address = BrokerAddress(
        host,
        port,
        None if options.plain else tls_context(options.ca, options.cert, options.key),
        options.mqtt,
        options.username,
        None if options.password_fd is None else asking.passphrase_from(options.password_fd),
    )
    await Proxy(options, output, address, Lines(typed)).run()
