"""The hello world of the device: numbered messages to its own topic, over whatever network there is."""

import dataclasses
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .broker import Broker, Observer, Seen
from .certificates import Certificates
from .provisioning import settings
from .waiting import until
from .world import World

# What the console says; see demos/hello.h.
TRANSPORT = r"(?P<transport>WiFi|BLE)"
CONNECTED = rf"MQTT: connected over {TRANSPORT}"
SENT = rf"MQTT: message (?P<number>\d+) sent over {TRANSPORT}"
TAKEN = r"hello: (?P<taken>\d+) of \d+ messages taken"
RECEIVED = rf"MQTT: message (?P<number>\d+) received over {TRANSPORT}"

# Where the device finds this machine's loopback, behind every access point.
THIS_MACHINE = "10.0.2.2"

KEEP_ALIVE = 10  # seconds
LOAD_EVERY = 0.25  # seconds
LOAD_COUNT = 4  # messages
CLIENT_ID = "hello-device"
TOPIC = f"hello/{CLIENT_ID}"


@dataclasses.dataclass(frozen=True)
class Row:
    """One message: when the broker had it first, over what it went, and how long after the one before."""

    number: int
    at: float
    transport: str
    gap: float


class Hello:
    """A world whose device talks to a broker of its own. The observer's `place` is the console's mark."""

    def __init__(self, world: World, broker: Broker, observer: Observer):
        self.world = world
        self.broker = broker
        self.observer = observer
        self._seen_from = self._said_from = 0

    def begin(self) -> None:
        """The device loses its power: it counts from 1 again."""
        self._seen_from = len(self.observer.seen)
        self._said_from = self.world.console.mark()

    @staticmethod
    def certificates(run: Path) -> Certificates:
        return Certificates.make(run / "certificates", "127.0.0.1", "localhost", THIS_MACHINE)

    def provision(self, *, identity: bool = True) -> None:
        """Writes the broker and the device's identity into its flash, as production does; while it is off."""
        certificates = self.broker.certificates
        self.world.board.provision(
            settings(
                THIS_MACHINE,
                self.broker.tls_port,
                client_id=CLIENT_ID,
                keep_alive=KEEP_ALIVE,
                authority=certificates.authority.identity.certificate_der,
                device=certificates.device if identity else None,
            )
        )

    def first_arrivals(self) -> dict[int, Seen]:
        """Each message's first arrival at the broker, in the order of arriving."""
        found: dict[int, Seen] = {}
        for seen in self.observer.seen[self._seen_from :]:
            if (number := number_of(seen)) is not None:
                found.setdefault(number, seen)
        return found

    def last(self) -> int:
        """The highest number at the broker; 0 when there is none."""
        return max(self.first_arrivals(), default=0)

    def wait_beyond(self, number: int, within: float) -> Seen:
        """Waits for the first message with a higher number."""

        def later() -> Seen | None:
            self.world.check()
            return next((seen for n, seen in self.first_arrivals().items() if n > number), None)

        return until(f"the broker gets a message beyond {number}", later, within)

    def wait_over(self, transport: str, within: float = 60) -> None:
        """Waits until a message that went out from now on over this transport is at the broker."""
        mark = self.world.console.mark()
        # A message that is there already, and whose PUBACK is lost with the former transport, is sent once more.
        before = len(self.observer.seen)

        def arrived() -> bool:
            self.world.check()
            said = re.finditer(SENT, self.world.console.text[mark:])
            sent = {int(one["number"]) for one in said if one["transport"] == transport}
            return not sent.isdisjoint(map(number_of, self.observer.seen[before:]))

        until(f"a message goes over {transport}", arrived, within)

    @contextmanager
    def load(self) -> Iterator[None]:
        """More messages than the periodic ones: some are under way whenever something happens."""
        over = threading.Event()
        wrong: list[Exception] = []

        def type_on() -> None:
            try:
                while not over.wait(LOAD_EVERY):
                    self.world.console.type(f"hello {LOAD_COUNT}\r")
            except Exception as error:
                wrong.append(error)

        typist = threading.Thread(target=type_on, daemon=True)
        typist.start()
        try:
            yield
        finally:
            over.set()
            typist.join()
            if wrong:
                raise wrong[0]

    def taken(self, since: int) -> int:
        """How many messages that were typed the device has taken, as its console says."""
        return sum(int(one["taken"]) for one in re.compile(TAKEN).finditer(self.world.console.text, since))

    def rows(self) -> list[Row]:
        """The table of all messages so far."""
        sent: dict[int, list[re.Match[str]]] = {}
        for one in re.compile(SENT).finditer(self.world.console.text, self._said_from):
            sent.setdefault(int(one["number"]), []).append(one)
        rows: list[Row] = []
        for number, seen in self.first_arrivals().items():
            gap = seen.at - rows[-1].at if rows else 0.0
            rows.append(Row(number, seen.at, transport_of(sent.get(number, []), seen), gap))
        return rows

    def assert_complete(self) -> None:
        """Every number so far is there, and in order after what came twice is left out."""
        numbers = list(self.first_arrivals())
        assert numbers == list(range(1, len(numbers) + 1)), numbers


def transport_of(sent: list[re.Match[str]], seen: Seen) -> str:
    """What a message went over, of all the times it was sent: the last before it arrived."""
    # A message may be at the broker before the device has said that it is sent.
    before = [one for one in sent if one.start() < seen.place] or sent[:1]
    return before[-1]["transport"] if before else "?"


def number_of(seen: Seen) -> int | None:
    """The number in the payload of a hello."""
    found = re.match(rb"hello world (\d+)", seen.payload) if seen.topic == TOPIC else None
    return int(found[1]) if found else None


def table(rows: list[Row]) -> list[str]:
    """Runs of messages over one transport: numbers, transport, time, and the pause before."""
    lines = ["messages     over   from      to        pause before"]
    began = rows[0].at if rows else 0.0
    run: list[Row] = []
    for row in [*rows, None]:
        if run and (row is None or row.transport != run[0].transport):
            first, last = run[0], run[-1]
            numbers = f"{first.number}–{last.number}"
            lines.append(
                f"{numbers:<12} {first.transport:<6} {first.at - began:6.1f} s  {last.at - began:6.1f} s  {first.gap:6.1f} s"
            )
            run = []
        if row is not None:
            run.append(row)
    return lines
