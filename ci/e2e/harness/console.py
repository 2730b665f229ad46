"""The board's console: what it has said, and a hand to type."""

import re
import socket
import threading
from contextlib import suppress
from pathlib import Path

from .waiting import TooLate, until


class Console:
    """Reads QEMU's log of the console, so nothing said before anyone listened is lost; types
    through the socket."""

    def __init__(self, run: Path):
        self._log = run / "console.log"
        self._socket_path = run / "console.sock"
        self._socket: socket.socket | None = None

    @property
    def text(self) -> str:
        """Everything said since the run began, over all restarts."""
        if not self._log.exists():
            return ""
        return self._log.read_bytes().decode(errors="replace").replace("\r", "")

    def mark(self) -> int:
        """The place after the last thing said, to look on from."""
        return len(self.text)

    def seen(self, pattern: str, since: int = 0) -> re.Match[str] | None:
        """The first place that matches, if there is one."""
        return re.compile(pattern, re.MULTILINE).search(self.text, since)

    def expect(self, pattern: str, within: float = 20, since: int = 0) -> re.Match[str]:
        """Waits for a place that matches."""
        try:
            return until(f"the console says /{pattern}/", lambda: self.seen(pattern, since), within)
        except TooLate as late:
            raise TooLate(f"{late}; its last lines:\n{self.tail()}") from None

    def settled(self, begun: str, done: str, within: float) -> None:
        """Waits until something that was begun is done: whether ``done`` was said after the last ``begun``."""
        last = max((match.end() for match in re.finditer(begun, self.text)), default=None)
        if last is not None:
            self.expect(done, within, since=last)

    def tail(self, lines: int = 25) -> str:
        return "\n".join(self.text.splitlines()[-lines:])

    def type(self, text: str) -> None:
        """Types, as a person at the terminal."""
        if self._socket is None:
            self._socket = socket.socket(socket.AF_UNIX)
            self._socket.connect(str(self._socket_path))
            threading.Thread(target=drain, args=(self._socket,), daemon=True).start()
        self._socket.sendall(text.encode())

    def hang_up(self) -> None:
        """The board is going away."""
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
            self._socket.close()
            self._socket = None


def drain(line: socket.socket) -> None:
    """Reads and forgets, since the log has it all: QEMU holds the device up when its reader is slow."""
    with suppress(OSError):
        while line.recv(65536):
            pass
