"""What the air does to a frame: the one seam for faults.

A `Weather` is asked once for every frame between two connected controllers. Fair weather
delivers at once. A harness for faults passes its own object to `Air`.
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
    """One frame on its way. `size` is in bytes, 0 for control frames."""

    kind: FrameKind
    sender: hci.Address
    receiver: hci.Address
    size: int


class Weather(Protocol):
    """Decides the fate of a frame."""

    def delay(self, frame: Frame) -> float | None:
        """Seconds until the frame arrives, or None when it is lost for good.

        The link keeps frames of one direction in order whatever the delays are. A real link
        repeats what was lost, so a loss is a delay; None is for a peer that hears nothing more.
        """


class FairWeather:
    """Everything arrives at once."""

    def delay(self, frame: Frame) -> float | None:
        """Always now."""
        del frame
        return 0.0
