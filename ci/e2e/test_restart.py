"""What survives a power cut: networks, their order, bonds; and what the device does by itself."""

import asyncio

import pytest
from harness.networks import CAFE, HOME, WORKSHOP
from harness.phone import Person, connected, names, only
from harness.world import PAGE_FETCHED, World
from wifi_provision.keys import Keys


def test_the_device_joins_by_itself_in_order(world: World) -> None:
    async def save() -> None:
        async with connected(world) as phone:
            await only(phone, HOME, WORKSHOP, CAFE)

    asyncio.run(save())
    with world.access_points.changed("Home", on=False):
        world.restart()
        asyncio.run(world.access_points.wait_joined("Workshop", within=60))
    world.restart()
    asyncio.run(world.access_points.wait_joined("Home", within=60))

    async def look() -> None:
        async with connected(world) as phone:
            assert await names(phone) == ["Home", "Workshop", "Cafe"]

    asyncio.run(look())


def test_a_new_order_is_followed_after_the_restart(world: World) -> None:
    async def reorder() -> None:
        async with connected(world) as phone:
            await only(phone, HOME, WORKSHOP, CAFE)
            await phone.move(2, 0)

    asyncio.run(reorder())
    world.restart()
    asyncio.run(world.access_points.wait_joined("Cafe", within=60))


def test_a_page_is_fetched_over_the_network(world: World) -> None:
    async def save() -> None:
        async with connected(world) as phone:
            await only(phone, HOME)

    asyncio.run(save())
    mark = world.console.mark()
    world.restart()
    world.console.expect(PAGE_FETCHED, within=90, since=mark)


@pytest.mark.parametrize("privacy", [False, True], ids=["public", "privacy"])
def test_a_bond_outlives_the_restart(world: World, privacy: bool) -> None:
    keys = Keys()

    async def visit(person: Person) -> None:
        async with connected(world, keys=keys, privacy=privacy, person=person) as phone:
            assert (await phone.information())["platform"]

    first = Person(world)
    asyncio.run(visit(first))
    assert len(first.compared) == 1
    # At once, as a phone does that lost the link: the bond is in flash by then.
    for restart in (False, True):
        if restart:
            world.restart()
        again = Person(world)
        asyncio.run(visit(again))
        assert again.compared == [], "the phone had to pair anew"
