"""The board's console: what it has said, and a hand to type."""

import re
import socket
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

    def tail(self, lines: int = 25) -> str:
        return "\n".join(self.text.splitlines()[-lines:])

    def type(self, text: str) -> None:
        """Types, as a person at the terminal."""
        if self._socket is None:
            self._socket = socket.socket(socket.AF_UNIX)
            self._socket.connect(str(self._socket_path))
        self._drain()
        self._socket.sendall(text.encode())

    def _drain(self) -> None:
        # QEMU stops the UART when its reader is slow; the log has the text already.
        assert self._socket is not None
        try:
            while self._socket.recv(65536, socket.MSG_DONTWAIT):
                pass
        except BlockingIOError:
            pass

    def hang_up(self) -> None:
        """The board is going away."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None
