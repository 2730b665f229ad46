"""A hand on the simulated air: what shall go wrong, and at which step."""

import dataclasses
from pathlib import Path
from typing import Any

from .control import ask

LINE, RADIO = "line", "radio"
DROP, DELAY, DUPLICATE, CUT = "drop", "delay", "duplicate", "cut"
KINDS = (DROP, DELAY, DUPLICATE, CUT)


@dataclasses.dataclass(frozen=True)
class Status:
    """The steps since the last `watch` or `arm`, in words; whether what was armed has happened; the device's links."""

    line: list[str]
    radio: list[str]
    happened: bool
    phones: int


class Air:
    """The tester's commands of `wifi_sim.air_control`."""

    def __init__(self, run: Path):
        self._path = run / "air-ctl.sock"

    def _do(self, what: str, **fields: Any) -> dict[str, Any]:
        return ask(self._path, what, **fields)

    def watch(self) -> None:
        """Steps are counted from 0, and nothing is armed."""
        self._do("watch")

    def arm(self, place: str, kind: str, at: int) -> None:
        """The same, and the step ``at`` goes wrong."""
        self._do("arm", place=place, kind=kind, at=at)

    def status(self) -> Status:
        return Status(**self._do("status"))

    def mend(self) -> None:
        """A line that was cut leads to a controller again."""
        self._do("mend")
