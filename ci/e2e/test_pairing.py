"""Numeric comparison on the console: confirmed, rejected, left alone."""

import asyncio
import time

import pytest
from harness.pace import pace
from harness.phone import COMPARISON, Person, connected
from harness.world import World
from wifi_provision.errors import PairingRefused
from wifi_provision.keys import Keys


async def visit(world: World, person: Person) -> None:
    async with connected(world, keys=Keys(), person=person) as phone:
        await phone.information()


def test_both_sides_show_the_same_six_digits(world: World) -> None:
    person = Person(world)
    asyncio.run(visit(world, person))
    [digits] = person.compared
    assert len(digits) == 6 and digits.isdigit()


@pytest.mark.parametrize("answer", ["n", "N"])
def test_a_comparison_rejected_on_the_console_is_refused_at_once(world: World, answer: str) -> None:
    mark = world.console.mark()
    with pytest.raises(PairingRefused) as refusal:
        asyncio.run(visit(world, Person(world, answer)))
    assert refusal.value.reason is not None, "the phone must be told, not left to find out"
    # By the answer, and not because the device's own time for one was up.
    assert world.console.seen("Numeric comparison: refused", since=mark)
    assert world.console.seen("nobody answered", since=mark) is None
    asyncio.run(visit(world, Person(world)))


def test_a_comparison_nobody_answers_is_refused_after_half_a_minute(world: World) -> None:
    mark = world.console.mark()
    with pace() as watch:
        before = time.monotonic()
        with pytest.raises(PairingRefused):
            asyncio.run(visit(world, Person(world, answer="")))
        after = time.monotonic()
    # Not too soon by any clock, and not too late by the time the machine gave.
    assert after - before > 20, f"refused after {after - before:.0f} s"
    assert watch.spent(before, after) < 60, f"refused after {after - before:.0f} s"
    assert world.console.seen(COMPARISON, since=mark)
    # A late answer belongs to no comparison: the next phone is asked anew.
    world.console.type("y")
    person = Person(world)
    asyncio.run(visit(world, person))
    assert len(person.compared) == 1


def test_a_phone_that_says_no_is_not_trusted(world: World) -> None:
    class Doubter(Person):
        async def compare(self, digits: str) -> bool:
            await super().compare(digits)
            return False

    with pytest.raises(PairingRefused):
        asyncio.run(visit(world, Doubter(world)))
    asyncio.run(visit(world, Person(world)))
