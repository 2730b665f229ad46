"""How the tests of MQTT judge what went over what: no device, only what one would say."""

import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import cast

import pytest
from harness.broker import Broker, Observer, Seen
from harness.hello import TOPIC, Hello
from harness.waiting import TooLate
from harness.world import World

SOON = 0.1  # seconds


class Said:
    """A device that says what it is told to, its messages at the broker, and who waits for them."""

    def __init__(self) -> None:
        self.text = ""
        self.seen: list[Seen] = []
        self.type: Callable[[str], None] = lambda _: None
        world = SimpleNamespace(console=self, check=lambda: None)
        self.hello = Hello(cast(World, world), cast(Broker, None), cast(Observer, self))

    def mark(self) -> int:
        return len(self.text)

    def sent(self, number: int, over: str) -> None:
        self.text += f"MQTT: message {number} sent over {over}\n"

    def arrived(self, number: int) -> None:
        self.seen.append(Seen(0.0, TOPIC, b"hello world %d" % number, 1, self.mark()))


def in_turn(said: Said, *events: Callable[[], None]) -> None:
    """Each time somebody looks, the next thing happens."""
    left = list(events)
    said.hello.world.check = lambda: left.pop(0)() if left else None  # type: ignore[method-assign]


def test_a_message_that_was_at_the_broker_before_says_nothing_of_the_way_it_goes_again() -> None:
    said = Said()
    said.sent(1, "WiFi")
    said.arrived(1)
    in_turn(said, lambda: said.sent(1, "BLE"))  # its PUBACK was lost with WiFi
    with pytest.raises(TooLate):
        said.hello.wait_over("BLE", within=SOON)
    in_turn(said, lambda: said.sent(1, "BLE"), lambda: said.arrived(1))
    said.hello.wait_over("BLE", within=20)


def test_a_message_went_over_what_it_was_sent_over_before_it_arrived() -> None:
    said = Said()
    said.sent(1, "WiFi")
    said.sent(2, "WiFi")
    said.arrived(1)
    said.sent(1, "BLE")
    said.sent(2, "BLE")
    said.arrived(1)
    said.arrived(2)
    said.arrived(3)  # the broker may be faster than the console
    said.sent(3, "BLE")
    assert [(row.number, row.transport) for row in said.hello.rows()] == [(1, "WiFi"), (2, "BLE"), (3, "BLE")]


def test_load_that_could_not_be_typed_is_no_load() -> None:
    said = Said()
    typed = threading.Event()

    def off(_text: str) -> None:
        typed.set()
        raise AssertionError("the board is off")

    said.type = off
    with pytest.raises(AssertionError, match="the board is off"), said.hello.load():
        assert typed.wait(20)
