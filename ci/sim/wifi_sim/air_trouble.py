"""Faults at the hardware's edge, each at a step that is counted and not at a time: on the device's serial line to its
controller, or on the radio.

A fault is armed for the n-th step from the last `watch`, and happens once. A credit is the controller's word that a
packet of the device's was sent.

| fault | on the line | on the radio |
|---|---|---|
| drop | the packet is lost | the frame is lost, for good |
| delay | it and all behind it wait 0.3 s | the same |
| duplicate | the packet comes twice | the frame comes twice |
| withhold | no credit comes any more until `watch`, as when the phone acknowledges nothing | – |
| cut | it breaks off in the middle, and the line is dead until `mend`, which is for a new controller | from this frame on nobody hears the other: the link is lost after the supervision timeout |
"""

from __future__ import annotations

import asyncio
import dataclasses
import enum
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from wifi_sim import air_steps
from wifi_sim.air_weather import Frame, FrameKind

if TYPE_CHECKING:
    from wifi_sim.air_link import AirLink

DELAY = 0.3  # seconds

Deliver = Callable[[bytes], None]


class Place(enum.Enum):
    """Where something goes wrong."""

    LINE = "line"
    RADIO = "radio"


class Kind(enum.Enum):
    """What goes wrong."""

    DROP = "drop"
    DELAY = "delay"
    DUPLICATE = "duplicate"
    WITHHOLD = "withhold"
    CUT = "cut"


@dataclasses.dataclass(frozen=True)
class Fault:
    """`kind` happens at `place`, to the step `at`, counted from 0."""

    place: Place
    kind: Kind
    at: int


class Way:
    """One direction of something: what was sent first arrives first, whatever is late."""

    def __init__(self) -> None:
        self._waiting: deque[Callable[[], None]] = deque()
        self._clear_at = 0.0

    def send(self, arrive: Callable[[], None], delay: float) -> None:
        """Has `arrive` called after `delay` seconds, or when those before it have been."""
        loop = asyncio.get_running_loop()
        self._waiting.append(arrive)
        self._clear_at = max(loop.time() + delay, self._clear_at)
        if len(self._waiting) == 1 and delay <= 0:
            loop.call_soon(self._deliver_one)
        else:
            loop.call_at(self._clear_at, self._deliver_one)

    def _deliver_one(self) -> None:
        # Whichever timer fires, the oldest goes first.
        self._waiting.popleft()()


class Trouble:
    """The fault that is armed, and the steps that were taken. The radio's weather, too."""

    def __init__(self) -> None:
        self.link: AirLink | None = None
        self.steps: dict[Place, list[str]] = {}
        self.happened = False
        self.is_line_dead = False
        self._fault: Fault | None = None
        self._withholds = False
        self._silent_until = 0.0
        self._up, self._down = Way(), Way()
        self.watch()

    def watch(self) -> None:
        """Count steps anew, from 0; what was armed is so no more."""
        self._fault = None
        self._withholds = False
        self.happened = False
        self.steps = {place: [] for place in Place}

    def arm(self, fault: Fault) -> None:
        """Let it go wrong, once; steps are counted from 0."""
        self.watch()
        self._fault = fault

    def _take(self, place: Place, step: str) -> Kind | None:
        """One step more; what happens to it."""
        steps = self.steps[place]
        at = len(steps)
        steps.append(step)
        fault = self._fault
        if fault is None or fault.place is not place or fault.at != at:
            return None
        self.happened = True
        return fault.kind

    # --- the line ---------------------------------------------------------------------------------

    def on_line(self, packet: bytes, is_from_host: bool, deliver: Deliver) -> Kind | None:
        """A packet between the device and its controller. What happened to it."""
        if self.is_line_dead:
            return None
        step = air_steps.of_packet(packet)
        kind = None
        if step is not None:
            kind = self._take(Place.LINE, ("device: " if is_from_host else "controller: ") + step)
        self._withholds |= kind is Kind.WITHHOLD
        if kind is Kind.DROP or (self._withholds and step == air_steps.CREDIT):
            return kind
        if kind is Kind.CUT:
            packet = packet[: len(packet) // 2]
            self.is_line_dead = True
        way = self._up if is_from_host else self._down
        for _ in range(2 if kind is Kind.DUPLICATE else 1):
            way.send(lambda: deliver(packet), DELAY if kind is Kind.DELAY else 0.0)
        return kind

    # --- the radio --------------------------------------------------------------------------------

    def arrivals(self, frame: Frame) -> tuple[float, ...]:
        """See `Weather`."""
        now = asyncio.get_running_loop().time()
        if now < self._silent_until:
            return ()
        kind = self._take(Place.RADIO, frame.step) if frame.kind is FrameKind.DATA else None
        match kind:
            case Kind.DROP:
                return ()
            case Kind.DELAY:
                return (DELAY,)
            case Kind.DUPLICATE:
                return (0.0, 0.0)
            case Kind.CUT:
                assert self.link is not None
                self._silent_until = now + self.link.part(frame.sender, frame.receiver)
                return ()
        return (0.0,)
