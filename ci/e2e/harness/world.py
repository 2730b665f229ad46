"""Everything together."""

import os
import tempfile
from pathlib import Path

from .access_points import AccessPoints
from .board import Board
from .console import Console
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


class World:
    """The air, the access points and one board in a run directory."""

    def __init__(self, name: str, firmware: Path | None = None):
        self.run = run_directory(name)
        self._air: Process | None = None
        self._radio: Process | None = None
        self.access_points = AccessPoints(self.run)
        try:
            self._air = Process.simulator("wifi_sim.air", self.run)
            self._radio = Process.simulator("wifi_sim.access_points", self.run)
            self._air.listens(self.run / "air-device.sock")
            self._air.listens(self.run / "air-phone.sock")
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
