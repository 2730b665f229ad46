"""What the air does to a frame: the one seam for faults of the radio.

A `Weather` is asked once for every frame between two connected controllers. Fair weather
delivers at once. A harness for faults passes its own object to `Air`; without one it is `Trouble`.
"""

from __future__ import annotations

import dataclasses
import enum
from typing import Protocol

from bumble import hci


class FrameKind(enum.Enum):
    """What a frame carries."""

    DATA = "data"
    CONTROL = "control"


@dataclasses.dataclass(frozen=True)
class Frame:
    """One frame on its way. `size` is in bytes, 0 for control frames; `step` says what kind of request or
    answer is in it (see `air_steps`), never what it says."""

    kind: FrameKind
    sender: hci.Address
    receiver: hci.Address
    size: int
    step: str = ""


class Weather(Protocol):
    """Decides the fate of a frame."""

    def arrivals(self, frame: Frame) -> tuple[float, ...]:
        """For each time the frame arrives, the seconds until then; none when it is lost for good.

        The link keeps frames of one direction in order whatever the delays are. A real link
        repeats what was lost and throws away what comes twice, so a loss is a delay; a frame that is lost
        for good, or comes twice, is for a controller that does not keep its promise.
        """


class FairWeather:
    """Everything arrives at once."""

    def arrivals(self, frame: Frame) -> tuple[float, ...]:
        """Once, and now."""
        del frame
        return (0.0,)
