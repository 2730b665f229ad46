"""What the device takes of its flash, seen from outside: the flash is a file, looked at between requests."""

from .board import Board

# Where `ports/mps2-an385/src/start.rs` has the store, and what `flash.rs` programs and erases at once.
STORE_BYTES = 64 * 1024
PAGE = 4096
WORD = 4


class FlashWear:
    """Words programmed and pages erased since it began to look.

    A bit that is one again was erased. Looked at after every request these are all of them, but for words that were
    programmed and overwritten, or erased with their page, within one request: those count once or not at all.
    """

    def __init__(self, board: Board):
        self._board = board
        self._seen = self._store()
        self.programmed = 0
        self.erased = [0] * (STORE_BYTES // PAGE)

    def _store(self) -> bytes:
        return self._board.flash(STORE_BYTES)

    def look(self) -> None:
        """Counts what has changed since the last look."""
        before, self._seen = self._seen, self._store()
        if before == self._seen:
            return
        for number, start in enumerate(range(0, STORE_BYTES, PAGE)):
            old, new = before[start : start + PAGE], self._seen[start : start + PAGE]
            if old == new:
                continue
            if int.from_bytes(new) & ~int.from_bytes(old):
                self.erased[number] += 1
                old = b"\xff" * PAGE
            self.programmed += sum(old[at : at + WORD] != new[at : at + WORD] for at in range(0, PAGE, WORD)) * WORD
