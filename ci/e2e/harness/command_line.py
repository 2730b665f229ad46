"""The companion's command line, used as a person does: at a terminal, with an eye on the console."""

import dataclasses
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .networks import use
from .phone import COMPARISON
from .world import World

PROGRAM = Path(sys.executable).with_name("wifi-provision")
SHOWN = re.compile(r"does the device show (?P<digits>\d{6})\?")


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What one command came to."""

    code: int
    result: dict[str, Any]
    compared: list[str]
    words: list[str]


class CommandLine:
    """One person's `wifi-provision`, with the bonds of earlier commands."""

    def __init__(self, world: World, tell: Callable[[str], None] = lambda _line: None):
        self._world = world
        self._tell = tell
        self.keys = world.run / "command-line-keys.json"
        self._log = world.run / "command-line.log"

    def command(self, *words: str) -> list[str]:
        """The command as it would be typed."""
        return [str(PROGRAM), *words, "--via", self._world.phone_link, "--keys", str(self.keys)]

    def __call__(self, *words: str, passphrase: str | None = None, secret: str | None = None) -> Outcome:
        """Runs a command to its end; compares the digits of a pairing and answers on both sides.

        `secret` is the device's, for Espressif's protocol.
        """
        command = [*self.command(*words), "--json"]
        mark = self._world.console.mark()
        hand, terminal = os.openpty()
        # The device's secret is no passphrase: its console shows it.
        use(passphrase or "", "a command")
        typed = {"--passphrase-fd": self._secret(passphrase), "--secret-fd": self._secret(secret)}
        given = {option: descriptor for option, descriptor in typed.items() if descriptor is not None}
        for option, descriptor in given.items():
            command += [option, str(descriptor)]
        process = subprocess.Popen(
            command,
            stdin=terminal,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            pass_fds=tuple(given.values()),
        )
        os.close(terminal)
        for descriptor in given.values():
            os.close(descriptor)
        compared: list[str] = []
        said: list[str] = []
        try:
            assert process.stderr is not None and process.stdout is not None
            for line in process.stderr:
                said.append(line.rstrip("\n"))
                if shown := SHOWN.search(line):
                    compared.append(self._compare(shown["digits"], mark))
                    os.write(hand, b"y\n")
                else:
                    self._tell(line.rstrip("\n"))
            output = process.stdout.read()
            code = process.wait(30)
            with self._log.open("a") as log:
                print("$", *command, *said, output, sep="\n", file=log)
        finally:
            process.kill()
            os.close(hand)
        return Outcome(code, json.loads(output.splitlines()[-1]) if output.strip() else {}, compared, said)

    def _compare(self, digits: str, since: int) -> str:
        there = self._world.console.expect(COMPARISON, since=since)["digits"]
        assert there == digits, f"the phone shows {digits} and the device {there}"
        self._tell(f"Pairing: the phone shows {digits}, the device shows {there}: the same, confirmed on both sides.")
        self._world.console.type("y")
        return digits

    @staticmethod
    def _secret(text: str | None) -> int | None:
        """A descriptor it can be read from once."""
        if text is None:
            return None
        reading, writing = os.pipe()
        os.write(writing, text.encode() + b"\n")
        os.close(writing)
        return reading
