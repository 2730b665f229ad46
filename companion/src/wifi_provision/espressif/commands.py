"""The commands of `--protocol espressif`: `list` and `add`, which is all that protocol can do."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING

from wifi_provision import asking, show
from wifi_provision.errors import AttributeRefused, PairingRefused, WrongUse
from wifi_provision.espressif.client import EspressifClient
from wifi_provision.options import Options
from wifi_provision.transport.base import Link

if TYPE_CHECKING:
    from wifi_provision.commands import Output

Linked = Callable[[Options, "Output"], AbstractAsyncContextManager[Link]]

_MTU = 512  # with less, a handshake of security 2 needs long writes
_JOIN = 90.0  # seconds
_NUMBERS = {"prov-ctrl": 0xFF4F, "prov-scan": 0xFF50, "prov-session": 0xFF51, "prov-config": 0xFF52}
_NUMBERS["proto-ver"] = 0xFF53


def _uuid(endpoint: str) -> str:
    return f"021a{_NUMBERS[endpoint]:04x}-0382-4aea-bff4-6b3f1c5adfb4"


async def run(options: Options, output: Output, linked: Linked) -> None:
    """Do what the command line says. Raises WrongUse for what the protocol cannot do."""
    if options.command not in ("list", "add"):
        raise WrongUse(
            f"Espressif's protocol has no `{options.command}`.",
            "It can `list` what is in range and `add` a network; leave --protocol out for the rest.",
        )
    if options.command == "add" and not options.connect:
        raise WrongUse("Espressif's protocol joins what it adds.", "Leave --no-connect out.")
    secret = await asking.passphrase("the device itself (its secret)", options.secret_fd)
    passphrase = ""
    if options.command == "add" and options.security != "open":
        passphrase = await asking.passphrase(show.printable(options.ssid), options.passphrase_fd)
    async with _opened(options, output, linked, secret) as client:
        if options.command == "list":
            await _list(client, output)
        else:
            await _add(client, options, output, passphrase)


@contextlib.asynccontextmanager
async def _opened(
    options: Options, output: Output, linked: Linked, secret: str
) -> AsyncIterator[EspressifClient]:
    async with linked(options, output) as link:
        await link.request_mtu(_MTU)
        await link.discover()
        if not link.has(_uuid("prov-session")):
            raise WrongUse("The device does not speak Espressif's protocol.", "Leave --protocol out.")

        async def carry(endpoint: str, request: bytes) -> bytes:
            await link.write(_uuid(endpoint), request)
            return await link.read(_uuid(endpoint), whole=True)

        client = EspressifClient(carry)
        try:
            security = await client.open(secret)
        except AttributeRefused as error:
            raise PairingRefused(
                "The device does not accept the secret.",
                mend="Type the secret as the device's label or console shows it.",
            ) from error
        output.progress(f"Connected; security {security}.")
        yield client


async def _list(client: EspressifClient, output: Output) -> None:
    output.progress("Listing; the device scans for a few seconds …")
    found = await client.scan()
    width = max((len(show.printable(seen.name)) for seen in found), default=0)
    lines = ["Networks in range (this protocol does not tell of saved ones):"]
    lines += [
        f"  {show.printable(seen.name).ljust(width)}  {seen.security.ljust(15)}  {seen.rssi} dBm"
        for seen in found
    ]
    networks = [
        {
            "ssid": seen.name,
            "security": seen.security,
            "rssi": seen.rssi,
            "channel": seen.channel,
            "bssid": show.colons(seen.bssid),
        }
        for seen in found
    ]
    output.result({"command": "list", "networks": networks}, lines)


async def _add(client: EspressifClient, options: Options, output: Output, passphrase: str) -> None:
    name = show.printable(options.ssid)
    output.progress(f"Joining {name} …")
    await client.provision(options.ssid, passphrase, _JOIN)
    output.result(
        {"command": "add", "ssid": options.ssid, "connected": True},
        [f"{name}: the device has connected and saved it; it is network 0 now."],
    )
