"""What each command does."""

from __future__ import annotations

import contextlib
import pathlib
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any, Protocol

from wifi_provision import asking, show
from wifi_provision.behaviour import BEHAVIOURS
from wifi_provision.client import Client
from wifi_provision.errors import NotFound, ProvisionError, WrongUse
from wifi_provision.keys import Keys, default_path
from wifi_provision.messages import BSSID_SIZE, NO_BSSID, NetworkInfo, SaveNetwork, Security
from wifi_provision.options import Options, security
from wifi_provision.transport.base import Found, Link
from wifi_provision.watching import watch

_VIRTUAL = "virtual:"
_PICTURE_TEXT = 1024  # characters of standard input that are looked at
_LOOK_AROUND = 1.0  # seconds: after the first device, is there a second?


class Output(Protocol):
    """Where words go; see `cli.Output`."""

    json: bool

    def progress(self, sentence: str) -> None: ...
    def tell(self, sentence: str) -> None: ...
    def result(self, value: dict[str, Any], lines: list[str]) -> None: ...
    def error(self, error: ProvisionError) -> None: ...


class Phone(Protocol):
    """What finds and connects: a virtual phone or an adapter."""

    async def __aenter__(self) -> Any: ...
    async def __aexit__(self, *exc: object) -> None: ...
    async def scan(self, timeout: float, *, first: bool = False) -> list[Found]: ...
    async def connect(self, address: str, timeout: float = ...) -> Link: ...


async def run(options: Options, output: Output) -> None:
    """Do what the command line says."""
    if options.protocol == "espressif" and options.command not in ("forget", "qr"):
        from wifi_provision.espressif import commands as espressif  # only this protocol needs its ciphers

        await espressif.run(options, output, linked)
        return
    match options.command:
        case "forget":
            forget(options, output)
        case "qr":
            picture(options, output)
        case "watch":
            await watch_networks(options, output)
        case "add":
            await add(options, output)
        case "proxy":
            from wifi_provision.proxy.serve import proxy  # only this command needs an MQTT client

            await proxy(options, output)
        case name:
            async with connected(options, output) as client:
                await STEPS[name](client, options, output)


def picture(options: Options, output: Output) -> None:
    """`qr`. The text comes by standard input: it holds the device's secret."""
    from wifi_provision.qr import draw  # only this command draws

    name = draw(sys.stdin.read(_PICTURE_TEXT), options.picture)
    output.result(
        {"command": "qr", "name": name, "picture": str(options.picture)},
        [f"{options.picture} is the QR code of {name}; whoever scans it may provision the device."],
    )


def make_phone(options: Options, output: Output) -> Phone:
    """The phone the options describe."""
    if options.via.startswith(_VIRTUAL):
        from wifi_provision.virtual import VirtualPhone  # a stack takes a second to load

        socket = pathlib.Path(options.via.removeprefix(_VIRTUAL))
        if socket.is_dir():
            socket = socket / "air-phone.sock"
        return VirtualPhone(
            socket,
            keys=Keys(options.keys or default_path()),
            compare=asking.comparison(options.accept_comparison, output.tell),
            mtu=options.mtu,
            privacy=options.privacy,
        )
    if options.via == "adapter":
        from wifi_provision.adapter import Adapter

        return Adapter()
    raise WrongUse(f"--via {options.via} is unknown.", "Use `adapter` or `virtual:SOCKET`.")


async def choose(phone: Phone, options: Options, output: Output) -> str:
    """The one device in sight, or the one asked for."""
    if options.device is not None:
        return options.device
    output.progress("Looking for a device …")
    found = await phone.scan(options.timeout, first=True)
    if not found:
        raise NotFound(f"No device that can be provisioned was seen for {options.timeout:g} seconds.")
    found = await phone.scan(_LOOK_AROUND) or found
    if len(found) > 1:
        names = ", ".join(f"{f.address} ({show.printable(f.name)})" for f in found)
        raise WrongUse(f"There are several devices: {names}.", "Choose one with --device ADDRESS.")
    return found[0].address


@contextlib.asynccontextmanager
async def connected(options: Options, output: Output) -> AsyncIterator[Client]:
    """A client that is ready for requests."""
    async with linked(options, output) as link:
        client = Client(link, BEHAVIOURS[options.phone], mtu=options.mtu)
        async with client:
            output.progress("Connected and secure.")
            yield client


@contextlib.asynccontextmanager
async def linked(options: Options, output: Output) -> AsyncIterator[Link]:
    """A connection to the device."""
    async with make_phone(options, output) as phone:
        address = await choose(phone, options, output)
        output.progress(f"Connecting to {address} …")
        yield await phone.connect(address, options.timeout)


async def list_networks(client: Client, _options: Options, output: Output) -> None:
    """`list`"""
    output.progress("Listing; the device scans for a few seconds …")
    result = await client.list()
    output.result({"command": "list", **show.list_as_dict(result)}, show.list_lines(result))


def _bssid(text: str | None) -> bytes:
    if text is None:
        return NO_BSSID
    try:
        value = bytes.fromhex(text.replace(":", "").replace("-", ""))
    except ValueError:
        value = b""
    if len(value) != BSSID_SIZE:
        raise WrongUse(f"{text} is no BSSID.", "Write six bytes as in 02:00:00:00:00:01.")
    return value


async def add(options: Options, output: Output) -> None:
    """`add`, on a connection of its own."""
    _bssid(options.bssid)
    # What a person must type is asked for before the radio waits, where that is possible.
    secret = None
    if options.security is not None or options.passphrase_fd is not None:
        kind = None if options.security is None else security(options.security)
        secret = await _secret(kind, options)
    async with connected(options, output) as client:
        await add_network(client, options, output, secret)


async def add_network(client: Client, options: Options, output: Output, secret: str | None = None) -> None:
    """`add`. The passphrase is asked for unless it is known."""
    bssid = _bssid(options.bssid)
    name = show.printable(options.ssid)
    if options.security is not None:
        kind = security(options.security)
    else:
        output.progress("Asking the device what security the network has …")
        seen = await _strongest(client, options.ssid)
        kind, bssid = seen.security, bssid if options.bssid else seen.bssid
    if secret is None:
        secret = await _secret(kind, options)
    output.progress(f"{'Joining' if options.connect else 'Saving'} {name} …")
    await client.add(SaveNetwork(options.ssid, secret, kind, options.connect, bssid))
    done = "connected and saved it" if options.connect else "saved it"
    output.result(
        {"command": "add", "ssid": options.ssid, "security": kind.words, "connected": options.connect},
        [f"{name}: the device has {done}; it is network 0 now."],
    )


async def _secret(kind: Security | None, options: Options) -> str:
    if kind is Security.OPEN and options.passphrase_fd is None:
        return ""
    return await asking.passphrase(show.printable(options.ssid), options.passphrase_fd)


async def _strongest(client: Client, ssid: str) -> NetworkInfo:
    seen = [n for n in (await client.list()).scanned if n.ssid == ssid]
    if not seen:
        raise NotFound(
            f"The device does not see {show.printable(ssid)}, so its security is unknown.",
            "Bring them nearer to each other, or name the security: --security wpa2.",
        )
    return max(seen, key=lambda n: n.rssi)


async def switch(client: Client, options: Options, output: Output) -> None:
    """`switch`"""
    output.progress(f"Joining network {options.index} …")
    await client.switch(options.index)
    output.result(
        {"command": "switch", "index": options.index}, [f"The device has joined network {options.index}."]
    )


async def move(client: Client, options: Options, output: Output) -> None:
    """`move`"""
    await client.move(options.index, options.new_index)
    output.result(
        {"command": "move", "from": options.index, "to": options.new_index},
        [f"Network {options.index} is network {options.new_index} now."],
    )


async def delete(client: Client, options: Options, output: Output) -> None:
    """`delete`"""
    await client.delete(options.index)
    output.result(
        {"command": "delete", "index": options.index},
        [f"Network {options.index} is deleted; those after it have moved up."],
    )


async def info(client: Client, _options: Options, output: Output) -> None:
    """`info`"""
    answers = await client.information()
    facts = {"address": client.link.peer, **answers, "link_mtu": client.link.mtu}
    width = max(len(name) for name in facts)
    lines = [
        f"{name.replace('_', ' ').ljust(width)}  {show.printable(str(value))}"
        for name, value in facts.items()
    ]
    output.result({"command": "info", **facts}, lines)


async def watch_networks(options: Options, output: Output) -> None:
    """`watch`"""
    await watch(lambda: connected(options, output), options.interval, options.count, output)


def forget(options: Options, output: Output) -> None:
    """`forget`"""
    keys = Keys(options.keys or default_path())
    known = keys.known()
    if options.all:
        gone = keys.forget(None)
    elif options.address is not None:
        gone = keys.forget(options.address)
        if not gone:
            raise NotFound(
                f"There is no bond with {options.address}.", f"There are: {', '.join(known) or 'none'}."
            )
    elif len(known) > 1:
        raise WrongUse("There are several bonds.", f"Name one of {', '.join(known)}, or use --all.")
    else:
        gone = keys.forget(None)
    output.result({"command": "forget", "forgotten": gone}, [f"Forgotten: {', '.join(gone) or 'nothing'}."])


Step = Callable[[Client, Options, Output], Coroutine[Any, Any, None]]

# What is done on a connection, by name: a command of its own, or a line typed to the proxy.
STEPS: dict[str, Step] = {
    "list": list_networks,
    "add": add_network,
    "switch": switch,
    "move": move,
    "delete": delete,
    "info": info,
}
