"""Starting and stopping the service, again and again."""

import asyncio

import pytest
from harness.phone import connected, listed
from harness.world import World
from wifi_provision.errors import TimedOut


def test_a_hundred_cycles_leave_the_heap_as_it_was(world: World) -> None:
    mark = world.console.mark()
    world.console.type("cycle 100\r")
    done = world.console.expect(r"100 cycles.*?heap (?P<before>\d+).*?(?P<after>\d+)", within=120, since=mark)
    assert done["before"] == done["after"], done[0]


def test_a_stopped_service_is_silent_and_a_started_one_answers(world: World) -> None:
    async def scenario() -> None:
        async with connected(world) as phone:
            await listed(phone)
            world.service("stop")
            with pytest.raises(TimedOut):
                phone.patience = type(phone.patience)(silence=3)
                await phone.list()
            phone.patience = type(phone.patience)(silence=20)
            world.service("start")
            await listed(phone)

    asyncio.run(scenario())
