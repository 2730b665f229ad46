"""How much of the time the machine was somewhere else: what a budget in seconds is not about."""

import bisect
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from .waiting import PERIOD


class Pace:
    """Asks for a turn every PERIOD, and keeps how late each came."""

    def __init__(self) -> None:
        self._at: list[float] = [time.monotonic()]
        self._lost: list[float] = [0.0]
        self._over = threading.Event()

    def _keep(self) -> None:
        while not self._over.wait(PERIOD):
            now = time.monotonic()
            self._lost.append(self._lost[-1] + max(0.0, now - self._at[-1] - PERIOD))
            self._at.append(now)

    def spent(self, begin: float, end: float) -> float:
        """The seconds between two moments of `time.monotonic`, without those that were lost."""
        return end - begin - (self._until(end) - self._until(begin))

    def _until(self, moment: float) -> float:
        return self._lost[max(bisect.bisect_right(self._at, moment, hi=len(self._lost)) - 1, 0)]


@contextmanager
def pace() -> Iterator[Pace]:
    """Watches while the block runs."""
    watched = Pace()
    thread = threading.Thread(target=watched._keep, daemon=True)
    thread.start()
    try:
        yield watched
    finally:
        watched._over.set()
        thread.join()
