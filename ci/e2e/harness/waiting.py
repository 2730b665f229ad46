"""Waiting for a condition, never for a time."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

# How often a condition is looked at. Short beside everything that is waited for.
PERIOD = 0.02


class TooLate(AssertionError):
    """The condition did not come true in time."""


def until(what: str, condition: Callable[[], T | None], within: float) -> T:
    """Returns the first value of ``condition`` that is neither None nor False."""
    deadline = time.monotonic() + within
    while True:
        value = condition()
        if value is not None and value is not False:
            return value
        if time.monotonic() > deadline:
            raise TooLate(f"{what}: not within {within:g} s")
        time.sleep(PERIOD)
