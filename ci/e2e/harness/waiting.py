"""Waiting for a condition, never for a time.

A deadline is the device's. Seconds in which the machine gave this program no turn, though it only wanted to look again,
were none of the device's either, for it runs on the same machine: they are not counted.
"""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

# How often a condition is looked at. Short beside everything that is waited for.
PERIOD = 0.02


class Deadline:
    """`within` seconds from now. To be asked again and again, with a pause of PERIOD between."""

    def __init__(self, within: float):
        self._looked = time.monotonic()
        self._left = within

    def is_over(self) -> bool:
        now = time.monotonic()
        # A turn that comes late is the machine's doing, but for the time that looking takes.
        self._left -= min(now - self._looked, 2 * PERIOD)
        self._looked = now
        return self._left < 0


class TooLate(AssertionError):
    """The condition did not come true in time."""


def until(what: str, condition: Callable[[], T | None], within: float) -> T:
    """Returns the first value of ``condition`` that is neither None nor False."""
    deadline = Deadline(within)
    while True:
        value = condition()
        if value is not None and value is not False:
            return value
        if deadline.is_over():
            raise TooLate(f"{what}: not within {within:g} s")
        time.sleep(PERIOD)
