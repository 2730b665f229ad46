"""Requests in which something goes wrong at a step: which to try, and what came of them."""

import dataclasses
import itertools
from collections.abc import Awaitable, Callable, Iterator

from wifi_provision import Client

from .air import CUT, DELAY, DROP, DUPLICATE, LINE, RADIO

Names = list[str]

FAULTS = [(LINE, DROP), (LINE, DELAY), (LINE, DUPLICATE), (LINE, CUT), (RADIO, DROP), (RADIO, DELAY), (RADIO, DUPLICATE), (RADIO, CUT)]


@dataclasses.dataclass(frozen=True)
class Request:
    """What a phone asks for. `needs` is whether the network that comes and goes must be saved before."""

    name: str
    needs: bool
    ask: Callable[[Client, Names], Awaitable[object]]
    result: Callable[[Names], Names]


@dataclasses.dataclass(frozen=True)
class Trial:
    """One request, one fault, one step of it: the `at`-th at that place."""

    request: Request
    place: str
    kind: str
    at: int
    step: str

    def __str__(self) -> str:
        return f"{self.request.name}: {self.kind} on the {self.place} at step {self.at} ({self.step})"


@dataclasses.dataclass(frozen=True)
class Steps:
    """What a request takes when nothing goes wrong, in words, by place."""

    of: dict[str, list[str]]

    def classes(self, place: str) -> list[list[int]]:
        """The steps at a place, those of one kind together, as they first come. An answer's kind is that of what it
        answers, too."""
        found: dict[tuple[str, str], list[int]] = {}
        asked = ""
        for at, step in enumerate(self.of[place]):
            if " 0x" in step:
                asked = step
            found.setdefault((step, asked), []).append(at)
        return list(found.values())


def every(request: Request, steps: Steps) -> Iterator[Trial]:
    """Every fault at every step. A line that is cut takes the device a quarter of a minute to notice: once for each
    kind of step."""
    for place, kind in FAULTS:
        taken = steps.of[place]
        places = [same[0] for same in steps.classes(place)] if (place, kind) == (LINE, CUT) else range(len(taken))
        for at in places:
            yield Trial(request, place, kind, at, taken[at])


def some(request: Request, steps: Steps, number: int) -> Iterator[Trial]:
    """Every kind of step once, and every fault once but the cut line; which meets which changes with the request's
    number, so that over all requests they meet in many ways."""
    for place in (LINE, RADIO):
        classes = steps.classes(place)
        kinds = [kind for where, kind in FAULTS if where == place and (place, kind) != (LINE, CUT)]
        for turn in range(max(len(classes), len(kinds))):
            same = classes[turn % len(classes)]
            at = same[(turn + number) % len(same)]
            yield Trial(request, place, kinds[(turn + number) % len(kinds)], at, steps.of[place][at])


def in_turn(trials: list[list[Trial]]) -> Iterator[Trial]:
    """One of each list after the other, so that what one request adds the next takes away."""
    for round_ in itertools.zip_longest(*trials):
        yield from (trial for trial in round_ if trial is not None)


class Results:
    """What the next phone found, by request and fault."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str, str], list[str]] = {}
        self.untruthful: list[str] = []

    def add(self, trial: Trial, found: str) -> None:
        """`found` is one of old, new, twice."""
        self._found.setdefault((trial.request.name, trial.place, trial.kind), []).append(found)

    def count(self) -> int:
        return sum(map(len, self._found.values()))

    def table(self, requests: list[Request]) -> list[str]:
        """Steps tried, and the lists found: the old one, the new one, and that of the request carried out twice."""
        lines = [f"{'':<16}" + "".join(f"{place + ' ' + kind:>17}" for place, kind in FAULTS)]
        for request in requests:
            cells = [self._cell(self._found.get((request.name, *fault), [])) for fault in FAULTS]
            lines.append(f"{request.name:<16}" + "".join(f"{cell:>17}" for cell in cells))
        lines.append(f"{self.count()} steps tried, {len(self.untruthful)} untruthful lists")
        lines.append("In a cell: steps, then old/new lists found by the next phone. A list the request does not change is old.")
        lines.append("+n: n times a request whose packet came twice was carried out twice, as two requests are.")
        return lines

    @staticmethod
    def _cell(found: list[str]) -> str:
        if not found:
            return "."
        twice = found.count("twice")
        return f"{len(found)}: {found.count('old')}/{found.count('new')}" + (f"+{twice}" if twice else "")
