"""Starting and stopping the service, again and again."""

import asyncio
import time

import pytest
from harness.pace import pace
from harness.phone import connected, listed
from harness.world import World
from wifi_provision.errors import TimedOut


def test_a_hundred_cycles_leave_the_heap_as_it_was(world: World) -> None:
    said = r"cycle: (?P<done>\d+) of 100 done, heap (?P<before>\d+) before, (?P<after>\d+) after"
    # What the first one takes, it keeps; and what other tasks do at the start, they have done.
    with pace() as watch:
        began = time.monotonic()
        while (first := world.command("cycle 1", said.replace("100", "1")))["before"] != first["after"]:
            assert watch.spent(began, time.monotonic()) < 30, f"the heap does not come to rest: {first[0]}"
    figures = world.command("cycle 100", said, within=120)
    assert figures["done"] == "100"
    assert figures["before"] == figures["after"], figures[0]


def test_a_stopped_service_is_silent_and_a_started_one_answers(world: World) -> None:
    async def scenario() -> None:
        async with connected(world) as phone:
            await listed(phone)
            await asyncio.to_thread(world.command, "stop", "stop: stopped")
            with pytest.raises(TimedOut):
                phone.patience = type(phone.patience)(silence=3)
                await phone.list()
            phone.patience = type(phone.patience)(silence=20)
            await asyncio.to_thread(world.command, "start", "start: serving")
            await listed(phone)

    asyncio.run(scenario())
