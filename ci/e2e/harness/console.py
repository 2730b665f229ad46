"""The board's console: what it has said, and a hand to type."""

import os
import re
from contextlib import suppress
from pathlib import Path

from .waiting import TooLate, until


class Console:
    """Reads QEMU's log of the console, so nothing said before anyone listened is lost; types
    through a FIFO.

    Not through a socket: QEMU writes a byte to its log again when the socket's reader was slow.
    """

    def __init__(self, run: Path):
        self._log = run / "console.log"
        self._fifo = run / "console.in"
        self._hand: int | None = None
        # QEMU's pipe has two ends, NAME.in and NAME.out; the log has what goes out.
        os.mkfifo(self._fifo)
        (run / "console.out").symlink_to(os.devnull)
        self.options = f"path={run / 'console'},logfile={self._log},logappend=on"

    def has_reader(self) -> bool:
        """Whether the board is there; it hears what is typed from now on."""
        if self._hand is None:
            with suppress(OSError):  # nobody reads yet
                self._hand = os.open(self._fifo, os.O_WRONLY | os.O_NONBLOCK)
        return self._hand is not None

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
        assert self.has_reader() and self._hand is not None, "the board is off"
        os.write(self._hand, text.encode())

    def hang_up(self) -> None:
        """The board is going away."""
        if self._hand is not None:
            os.close(self._hand)
            self._hand = None
