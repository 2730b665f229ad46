"""Power that goes while the device writes: the saved networks are the old ones or the new ones."""

import asyncio
import random

import pytest
from harness.networks import ABSENT, CAFE, numbered
from harness.phone import connected, names, only
from harness.world import World
from wifi_provision import Client
from wifi_provision.errors import ProvisionError

# Moments of the cut, in seconds after the request went out: before, while and after it is done.
DICE = random.Random(2026)
CUTS = [round(DICE.uniform(0, 0.06), 4) for _ in range(4)]


async def cut(world: World, phone: Client, change: str, after: float) -> None:
    """Asks for a change and cuts the power while it is under way."""
    ask = {"move": phone.move(7, 0), "delete": phone.delete(3), "add": phone.add(ABSENT.save(connect=False))}
    request = ask.pop(change)
    for other in ask.values():
        other.close()
    asking = asyncio.create_task(request)
    await asyncio.sleep(after)
    world.board.power_off()
    try:
        await asking
    except ProvisionError:
        pass  # there was nobody left to answer


@pytest.mark.parametrize("change", ["move", "delete", "add"])
@pytest.mark.parametrize("after", CUTS)
def test_a_cut_leaves_the_old_or_the_new(world: World, change: str, after: float) -> None:
    networks = numbered(7 if change == "add" else 8)
    old = [network.ssid for network in networks]
    new = {"move": [old[-1], *old[:-1]], "delete": old[:3] + old[4:], "add": [ABSENT.ssid, *old]}[change]

    async def before() -> None:
        async with connected(world) as phone:
            await only(phone, *networks)
        world.console.settled(r"ble: bonded: ", r"ble: \d+ bonds are kept", 7)

    async def during() -> None:
        async with connected(world) as phone:
            await cut(world, phone, change, after)

    async def afterwards() -> None:
        async with connected(world) as phone:
            assert await names(phone) in (old, new)
            # And it can be changed again.
            await phone.delete(0)
            await phone.add(CAFE.save(connect=False))
            assert (await names(phone))[0] == CAFE.ssid

    asyncio.run(before())
    try:
        asyncio.run(during())
    except ProvisionError:
        pass  # the phone noticed that its device is gone
    world.power_on()
    asyncio.run(afterwards())
