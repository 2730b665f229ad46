"""One phone after the other."""

import asyncio

from harness.networks import HOME
from harness.phone import connected, listed
from harness.world import World
from wifi_provision import OURS
from wifi_provision.encode import encode
from wifi_provision.keys import Keys


def test_an_answer_is_not_for_the_phone_that_comes_next(world: World) -> None:
    async def scenario() -> None:
        with world.access_points.changed("Home", silent=True):
            async with connected(world, keys=Keys()) as first:
                # Joining takes as long as the device allows; the phone does not stay for it.
                await first.send_raw(encode(HOME.save(connect=True), OURS))
            async with connected(world, keys=Keys()) as second:
                assert (await listed(second)).saved == []
                assert not second.unexpected

    asyncio.run(scenario())
