"""Telling what happens, each step with its time."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Story:
    """Numbered steps on standard output."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._steps = 0

    @property
    def seconds(self) -> float:
        """Since the story began."""
        return time.monotonic() - self._began

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """One step: its title when it begins, its time when it ends."""
        self._steps += 1
        began = time.monotonic()
        self._print(f"\n[{self.seconds:6.1f} s] {self._steps}. {title}")
        yield
        self._print(f"           done in {time.monotonic() - began:.1f} s")

    def tell(self, line: str) -> None:
        """Something that happens within a step."""
        self._print(f"           {line}")

    @staticmethod
    def _print(line: str) -> None:
        print(line, flush=True, file=sys.stdout)
