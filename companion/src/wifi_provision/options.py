"""What can be asked for on the command line."""

from __future__ import annotations

import argparse
import pathlib
from collections.abc import Callable
from typing import NoReturn

from wifi_provision.behaviour import BEHAVIOURS
from wifi_provision.errors import WrongUse
from wifi_provision.messages import Security

_SECURITIES = {s.words: s for s in (Security.OPEN, Security.WEP, Security.WPA, Security.WPA2, Security.WPA3)}

_EPILOG = """exit codes: 0 done; 1 the device said no; 2 wrong use; 3 not found, unreachable or no answer;
4 pairing or access refused; 70 a fault in this program; 130 interrupted"""


class Options(argparse.Namespace):
    """The parsed command line."""

    command: str
    via: str
    device: str | None
    phone: str
    protocol: str
    secret_fd: int | None
    mtu: int | None
    keys: pathlib.Path | None
    json: bool
    quiet: bool
    trace: bool
    timeout: float
    accept_comparison: bool
    privacy: bool
    # of single commands
    ssid: str
    security: str | None
    bssid: str | None
    connect: bool
    passphrase_fd: int | None
    index: int
    new_index: int
    interval: float
    count: int | None
    address: str | None
    all: bool
    picture: pathlib.Path
    broker: str
    plain: bool
    ca: pathlib.Path | None
    cert: pathlib.Path | None
    key: pathlib.Path | None
    mqtt: str
    username: str | None
    password_fd: int | None


def _positive(text: str) -> float:
    value = float(text)
    if not 0 < value < 86400:
        raise argparse.ArgumentTypeError("must be a number of seconds above 0")
    return value


def _index(text: str) -> int:
    value = int(text)
    if not 0 <= value <= 0x7FFF:
        raise argparse.ArgumentTypeError("must be an index as `list` shows it")
    return value


def _mtu(text: str) -> int:
    value = int(text)
    if not 23 <= value <= 517:
        raise argparse.ArgumentTypeError("must be between 23 and 517")
    return value


def _common(defaults: bool) -> argparse.ArgumentParser:
    """Options every command takes, before or after its name."""
    missing = None if defaults else argparse.SUPPRESS

    def default(value: object) -> object:
        return value if defaults else missing

    parser = argparse.ArgumentParser(add_help=False)
    group = parser.add_argument_group("options for every command")
    group.add_argument(
        "--via",
        default=default("adapter"),
        metavar="WAY",
        help="`adapter` for this computer's Bluetooth (the default), or `virtual:SOCKET`",
    )
    group.add_argument(
        "--device", default=default(None), metavar="ADDRESS", help="which device, if there are several"
    )
    group.add_argument(
        "--phone", default=default("ours"), choices=sorted(BEHAVIOURS), help="behave as this phone does"
    )
    group.add_argument(
        "--protocol",
        default=default("amazon"),
        choices=["amazon", "espressif"],
        help="espressif: no pairing, but the device's secret; `list` and `add` only",
    )
    group.add_argument(
        "--secret-fd",
        default=default(None),
        type=int,
        metavar="N",
        help="read the device's secret, for --protocol espressif, from this descriptor",
    )
    group.add_argument("--mtu", default=default(None), type=_mtu, help="the largest MTU of a virtual phone")
    group.add_argument(
        "--keys", default=default(None), type=pathlib.Path, metavar="FILE", help="bonds of the virtual phone"
    )
    group.add_argument(
        "--privacy", default=default(False), action="store_true", help="virtual phone with rotating addresses"
    )
    group.add_argument(
        "--timeout", default=default(20.0), type=_positive, metavar="S", help="for finding and connecting"
    )
    group.add_argument(
        "--accept-comparison",
        default=default(False),
        action="store_true",
        help="show the six digits of pairing and accept them; someone else must compare",
    )
    group.add_argument(
        "--json", default=default(False), action="store_true", help="results as JSON, one object a line"
    )
    group.add_argument("--quiet", default=default(False), action="store_true", help="no progress")
    group.add_argument("--trace", default=default(False), action="store_true", help=argparse.SUPPRESS)
    return parser


def parse(argv: list[str] | None) -> Options:
    """The options, or exit 2 with a sentence."""
    parser = argparse.ArgumentParser(
        prog="wifi-provision",
        description="Provision a device's WiFi over Bluetooth LE.",
        parents=[_common(True)],
        epilog=_EPILOG,
    )
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    common = _common(False)

    def command(name: str, text: str) -> argparse.ArgumentParser:
        return subparsers.add_parser(name, help=text, description=text, parents=[common], epilog=_EPILOG)

    _add_steps(command)
    watch = command("watch", "List again and again, and show what changes.")
    watch.add_argument(
        "--interval", type=_positive, default=10.0, metavar="S", help="seconds between lists (10)"
    )
    watch.add_argument("--count", type=int, metavar="N", help="end after this many lists")
    forget = command("forget", "Forget the bond with a device, on this side.")
    forget.add_argument("address", nargs="?", metavar="ADDRESS", help="default: the only one")
    forget.add_argument("--all", action="store_true", help="every device")
    picture = command("qr", "Draw the QR code Espressif's apps scan; reads the text the device shows.")
    picture.add_argument("picture", type=pathlib.Path, metavar="FILE", help="the PNG to write")
    _add_proxy(command("proxy", "Connect the device to an MQTT broker through this phone."))
    return parser.parse_args(argv, namespace=Options())


def _add_steps(command: Callable[[str, str], argparse.ArgumentParser]) -> None:
    """What is done on a connection."""
    command("list", "Show saved networks and networks in range.")
    add = command("add", "Save a network, and join it unless told otherwise.")
    add.add_argument("ssid", metavar="SSID")
    add.add_argument("--security", choices=list(_SECURITIES), help="default: what the device's scan says")
    add.add_argument("--bssid", metavar="02:00:00:00:00:01", help="only this access point")
    add.add_argument("--no-connect", dest="connect", action="store_false", help="save without joining")
    add.add_argument(
        "--passphrase-fd", type=int, metavar="N", help="read the passphrase from this descriptor"
    )
    switch = command("switch", "Join a saved network now.")
    switch.add_argument("index", type=_index, metavar="INDEX")
    move = command("move", "Change a saved network's place in the order.")
    move.add_argument("index", type=_index, metavar="FROM")
    move.add_argument("new_index", type=_index, metavar="TO")
    delete = command("delete", "Delete a saved network.")
    delete.add_argument("index", type=_index, metavar="INDEX")
    command("info", "Show what the device says of itself.")


def _add_proxy(proxy: argparse.ArgumentParser) -> None:
    proxy.add_argument("--broker", required=True, metavar="HOST:PORT", help="port 8883, or 1883 with --plain")
    proxy.add_argument("--plain", action="store_true", help="without TLS: everybody on the way reads along")
    proxy.add_argument(
        "--ca", type=pathlib.Path, metavar="FILE", help="trust these certificates (default: the system's)"
    )
    proxy.add_argument(
        "--cert", type=pathlib.Path, metavar="FILE", help="this phone's certificate, for the broker"
    )
    proxy.add_argument("--key", type=pathlib.Path, metavar="FILE", help="and its key")
    proxy.add_argument("--mqtt", choices=["5", "3.1.1"], default="5", help="version towards the broker (5)")
    proxy.add_argument("--username", metavar="NAME", help="for the broker")
    proxy.add_argument("--password-fd", type=int, metavar="N", help="read its password from this descriptor")


class _LineParser(argparse.ArgumentParser):
    """Raises where a command line would end the program."""

    def error(self, message: str) -> NoReturn:
        raise WrongUse(
            f"{message[:1].upper()}{message[1:]}.",
            "Commands here: list, add, switch, move, delete, info, quit.",
        )


def parse_line(words: list[str], options: Options) -> Options:
    """A command typed to the proxy, with the options the proxy was started with. Raises WrongUse."""
    parser = _LineParser(prog="", add_help=False)
    subparsers = parser.add_subparsers(
        dest="command", required=True, metavar="COMMAND", parser_class=_LineParser
    )
    _add_steps(lambda name, _text: subparsers.add_parser(name, add_help=False))
    subparsers.add_parser("quit", add_help=False)
    return parser.parse_args(words, namespace=Options(**vars(options)))


def security(name: str) -> Security:
    """The value of a `--security` choice."""
    return _SECURITIES[name]
