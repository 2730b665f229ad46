"""Questions to the person at the terminal: six digits, a passphrase."""

from __future__ import annotations

import asyncio
import contextlib
import getpass
import os
import sys
import warnings
from collections.abc import Awaitable, Callable

from wifi_provision.errors import WrongUse

_LONGEST = 4096  # bytes read from a descriptor; far more than any passphrase


async def _typed_line() -> str | None:
    """One line from the terminal, without blocking the radio; None at end of input."""
    loop = asyncio.get_running_loop()
    line: asyncio.Future[str] = loop.create_future()

    def readable() -> None:
        if not line.done():
            line.set_result(sys.stdin.readline())

    loop.add_reader(sys.stdin, readable)
    try:
        return await line or None
    finally:
        loop.remove_reader(sys.stdin)


def comparison(accept: bool, tell: Callable[[str], None]) -> Callable[[str], Awaitable[bool]]:
    """Shows the six digits and asks; with `accept`, shows them and takes them for equal."""

    async def compare(digits: str) -> bool:
        if accept:
            tell(f"Pairing: the digits {digits} are accepted without asking.")
            return True
        if not sys.stdin.isatty():
            tell(f"Pairing: the digits are {digits}, and there is no terminal to confirm them on.")
            tell("Use --accept-comparison if something else compares them.")
            return False
        while True:
            tell(f"Pairing: does the device show {digits}? Confirm there too. [y/n] ")
            answer = await _typed_line()
            if answer is None:
                return False
            if answer.strip().lower() in ("y", "yes"):
                return True
            if answer.strip().lower() in ("n", "no"):
                return False

    return compare


def passphrase_from(descriptor: int) -> str:
    """The passphrase up to the first newline or the end of a file descriptor."""
    data = b""
    try:
        while len(data) < _LONGEST and b"\n" not in data:
            piece = os.read(descriptor, _LONGEST)
            if not piece:
                break
            data += piece
    except OSError as error:
        raise WrongUse(f"File descriptor {descriptor} cannot be read: {error.strerror}.") from error
    try:
        return data.split(b"\n", 1)[0].removesuffix(b"\r").decode()
    except UnicodeDecodeError:
        # Nothing of the bytes may end up in a message.
        raise WrongUse("The passphrase is not UTF-8 text.") from None


async def passphrase(ssid: str, descriptor: int | None) -> str:
    """The passphrase, from the descriptor or asked without echo."""
    if descriptor is not None:
        return await asyncio.to_thread(passphrase_from, descriptor)
    with contextlib.ExitStack() as stack:
        stack.enter_context(warnings.catch_warnings())
        # Without a terminal getpass would echo; it says so by a warning.
        warnings.simplefilter("error", getpass.GetPassWarning)
        try:
            return await asyncio.to_thread(getpass.getpass, f"Passphrase of {ssid}: ")
        except (getpass.GetPassWarning, EOFError, OSError):
            raise WrongUse(
                "There is no terminal to ask for the passphrase on.",
                "Give it through a file descriptor: --passphrase-fd 3 3<file.",
            ) from None
