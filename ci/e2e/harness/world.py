"""Everything together."""

import os
import re
import tempfile
from pathlib import Path

from wifi_provision.keys import Keys

from .access_points import AccessPoints
from .air import Air
from .board import Board
from .console import Console
from .leaks import RUNS, leaks
from .process import TREE, Process, fits_socket_path


def default_firmware() -> Path:
    """What `cargo xtask firmware` makes, or what the caller of the tests names."""
    named = os.environ.get("WIFI_PROVISION_FIRMWARE")
    return Path(named) if named else TREE / "target" / "firmware" / "mps2-an385" / "firmware.elf"


def run_directory(name: str) -> Path:
    """A new, empty folder for sockets and logs: in `target/run`, or in the system's temporary
    folder where the tree lies too deep for socket paths."""
    folder = TREE / "target" / "run" / name
    if not fits_socket_path(folder / "air-device.sock"):
        return Path(tempfile.mkdtemp(prefix=f"wifi-provision-{name}-"))
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        if not old.is_dir():
            old.unlink()
    return folder


# What the console says.
ADVERTISING = r"(?i)\badvertising\b"
# As it is to stay: the device advertises anew when the secret of Espressif's endpoints is computed. A phone that waited
# may have come before.
READY = r"ble: (advertising, with endpoints|connected)"
PAGE_FETCHED = r"Page fetched: "
BONDED = r"ble: bonded: "
BONDS_KEPT = r"ble: \d+ bonds are kept"

# How long after pairing a bond may be lost by a power cut: the device waits for a quiet moment.
BOND_KEPT_WITHIN = 7

# From power-on to advertising, on a busy machine.
BOOT = 30


class World:
    """The air, the access points and one board in a run directory."""

    def __init__(self, name: str, firmware: Path | None = None):
        self.run = run_directory(name)
        RUNS.append(self.run)
        self._keys: dict[str, Keys] = {}
        self._air: Process | None = None
        self._radio: Process | None = None
        self.access_points = AccessPoints(self.run)
        self.air = Air(self.run)
        try:
            self._air = Process.simulator("wifi_sim.air", self.run)
            self._radio = Process.simulator("wifi_sim.access_points", self.run)
            self._air.listens(self.run / "air-device.sock")
            self._air.listens(self.run / "air-phone.sock")
            self._air.listens(self.run / "air-ctl.sock")
            for socket in ("radio.sock", "eth.sock", "ap-ctl.sock"):
                self._radio.listens(self.run / socket)
            self.board = Board(self.run, firmware or default_firmware())
        except BaseException:
            self.close()
            raise

    @property
    def console(self) -> Console:
        return self.board.console

    @property
    def phone_link(self) -> str:
        """What a phone's `--via` is given."""
        return f"virtual:{self.run / 'air-phone.sock'}"

    def check(self) -> None:
        """Raises when a part of the world has ended by itself."""
        for part in (self._air, self._radio):
            if part is not None:
                part.check()
        self.board.check()

    def power_on(self) -> None:
        """Switches the board on and waits until phones can find it."""
        mark = self.console.mark()
        self.board.power_on()
        self.console.expect(READY, within=BOOT, since=mark)

    def restart(self) -> None:
        """A power cut, and power again; not before the device says that what it had to keep is in flash."""
        self.console.settled(BONDED, BONDS_KEPT, BOND_KEPT_WITHIN)
        self.board.power_off()
        self.power_on()

    def command(self, line: str, answer: str, within: float = 20) -> re.Match[str]:
        """Types a command at the console and waits for what it says."""
        mark = self.console.mark()
        self.console.type(line + "\r")
        return self.console.expect(answer, within, since=mark)

    def keys(self, name: str) -> Keys:
        """The bonds of one phone of this world; the same each time it is asked for."""
        return self._keys.setdefault(name, Keys())

    def leaks(self) -> list[str]:
        """Where a passphrase of the tests stands in what was written."""
        return leaks(self.run)

    def close(self) -> None:
        board = getattr(self, "board", None)
        if board is not None:
            board.power_off()
        for part in (self._air, self._radio):
            if part is not None:
                part.end()

    def __enter__(self) -> "World":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
