"""Joining, and what happens when it does not work."""

import asyncio
from collections.abc import Awaitable

import pytest
from harness.networks import ABSENT, CAFE, CELLAR, HOME, LONGEST, MOVED, WORKSHOP, WRONG, ZURICH, Network, numbered
from harness.phone import active, connected, listed, names, only
from harness.world import World
from wifi_provision import Client
from wifi_provision.errors import DeviceRefused


async def refused(attempt: Awaitable[None]) -> int:
    with pytest.raises(DeviceRefused) as refusal:
        await attempt
    return refusal.value.status


@pytest.mark.parametrize(
    "network", [CAFE, HOME, WORKSHOP, ZURICH, LONGEST, CELLAR], ids=["open", "wpa2", "wpa3", "utf-8", "32-bytes", "hidden"]
)
def test_each_kind_of_network_is_joined_and_kept(world: World, network: Network) -> None:
    async def scenario() -> None:
        async with connected(world) as phone:
            await only(phone)
            await phone.add(network.save(connect=True))
            now = await active(phone)
            assert now is not None and (now.ssid, now.security) == (network.ssid, network.security)
        assert world.access_points.joined() == network.ssid

    asyncio.run(scenario())


async def on_cafe(phone: Client) -> None:
    """The device is on the Cafe's network, and has no other."""
    await only(phone)
    await phone.add(CAFE.save(connect=True))


async def assert_on_cafe(world: World, phone: Client) -> None:
    await world.access_points.wait_joined("Cafe")
    assert await names(phone) == ["Cafe"]
    now = await active(phone)
    assert now is not None and now.ssid == "Cafe"


@pytest.mark.parametrize("network", [HOME.but(WRONG), ABSENT], ids=["wrong-passphrase", "absent"])
def test_a_network_that_cannot_be_joined_is_not_saved(world: World, network: Network) -> None:
    async def scenario() -> None:
        async with connected(world) as phone:
            await on_cafe(phone)
            assert await refused(phone.add(network.save(connect=True))) != 0
            await assert_on_cafe(world, phone)

    asyncio.run(scenario())


@pytest.mark.parametrize("trouble", ["no_address", "refuses", "silent"])
def test_an_access_point_in_trouble_is_not_saved(world: World, trouble: str) -> None:
    async def scenario() -> None:
        async with connected(world) as phone:
            await on_cafe(phone)
            with world.access_points.changed("Home", **{trouble: True}):
                assert await refused(phone.add(HOME.save(connect=True))) != 0
            await assert_on_cafe(world, phone)

    asyncio.run(scenario())


def test_a_failed_switch_returns_to_the_former_network(world: World) -> None:
    async def scenario() -> None:
        async with connected(world) as phone:
            await only(phone, HOME, WORKSHOP)
            await phone.switch(0)
            with world.access_points.changed("Workshop", passphrase=MOVED):
                assert await refused(phone.switch(1)) != 0
                await world.access_points.wait_joined("Home")
            now = await active(phone)
            assert now is not None and now.ssid == "Home"
            assert await names(phone) == ["Home", "Workshop"]

    asyncio.run(scenario())


def test_a_lost_network_is_not_shown_as_connected(world: World) -> None:
    async def scenario() -> None:
        async with connected(world) as phone:
            await only(phone)
            await phone.add(HOME.save(connect=True))
            with world.access_points.changed("Home", on=False):
                await world.access_points.wait_joined(None)
                result = await listed(phone)
                assert not any(network.connected for network in result.networks)
                assert "Home" not in {network.ssid for network in result.scanned}

    asyncio.run(scenario())


@pytest.mark.parametrize("loss", ["beacons", "deauthenticated"])
def test_a_lost_network_is_joined_again_by_itself(world: World, loss: str) -> None:
    joined = r'connected to "Home"; the address is'

    async def scenario() -> None:
        async with connected(world) as phone:
            await only(phone)
            await phone.add(HOME.save(connect=True))
        mark = world.console.mark()
        with world.access_points.changed("Home", on=False):
            await world.access_points.wait_joined(None)
        await asyncio.to_thread(world.console.expect, joined, 90, mark)
        mark = world.console.mark()
        world.access_points.drop(loss)
        lost = await asyncio.to_thread(world.console.expect, "the network was lost", 20, mark)
        await asyncio.to_thread(world.console.expect, joined, 90, lost.end())

    asyncio.run(scenario())


def test_the_ninth_network_is_refused_and_the_eight_stay(world: World) -> None:
    async def scenario() -> None:
        async with connected(world) as phone:
            eight = numbered(8)
            await only(phone, *eight)
            assert await refused(phone.add(HOME.save(connect=False))) == 1
            assert await refused(phone.add(HOME.save(connect=True))) == 1
            assert await names(phone) == [network.ssid for network in eight]

    asyncio.run(scenario())


def test_one_network_saved_twice_is_two_entries(world: World) -> None:
    async def scenario() -> None:
        async with connected(world) as phone:
            await only(phone, HOME, HOME)
            await phone.switch(1)
            now = await active(phone)
            assert now is not None and now.index == 1

    asyncio.run(scenario())
