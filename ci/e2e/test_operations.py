"""Every operation, as our own phone and as the SDKs in the field behave."""

import asyncio

import pytest
from harness.networks import ABSENT, CAFE, HOME, WORKSHOP, ZURICH
from harness.phone import active, connected, forget_everything, listed, names, only
from harness.world import World
from wifi_provision import ANDROID, IOS, OURS, Behaviour, Security
from wifi_provision.errors import DeviceRefused

phones = pytest.mark.parametrize("behaviour", [OURS, ANDROID, IOS], ids=lambda behaviour: behaviour.name)


@phones
def test_list_shows_what_is_in_range_with_truthful_fields(world: World, behaviour: Behaviour) -> None:
    async def scenario() -> None:
        async with connected(world, behaviour) as phone:
            await only(phone, ABSENT)
            result = await listed(phone)
        [saved] = result.saved
        assert (saved.ssid, saved.security, saved.rssi) == (ABSENT.ssid, Security.WPA2, -100)
        assert not saved.connected and saved.last
        heard = {network.ssid: network for network in result.scanned}
        assert {"Home", "Workshop", "Cafe", "Café Zürich ☕"} <= heard.keys()
        assert heard["Home"].security is Security.WPA2 and heard["Workshop"].security is Security.WPA3
        for network in result.scanned:
            assert network.index == -1 and not network.connected and -127 <= network.rssi < 0
        assert [network.last for network in result.scanned] == [False] * (len(result.scanned) - 1) + [True]

    asyncio.run(scenario())


@phones
def test_add_joins_first_and_becomes_priority_zero(world: World, behaviour: Behaviour) -> None:
    async def scenario() -> None:
        async with connected(world, behaviour) as phone:
            await only(phone, CAFE)
            await phone.add(HOME.save(connect=True))
            assert await names(phone) == ["Home", "Cafe"]
            now = await active(phone)
            assert now is not None and (now.ssid, now.index) == ("Home", 0)
        assert world.access_points.joined() == "Home"

    asyncio.run(scenario())


@phones
def test_add_without_joining_leaves_the_radio_alone(world: World, behaviour: Behaviour) -> None:
    async def scenario() -> None:
        async with connected(world, behaviour) as phone:
            await only(phone)
            await phone.add(HOME.save(connect=True))
            await phone.add(ZURICH.save(connect=False))
            assert await names(phone) == [ZURICH.ssid, "Home"]
            now = await active(phone)
            assert now is not None and (now.ssid, now.index) == ("Home", 1)
        assert world.access_points.joined() == "Home"

    asyncio.run(scenario())


@phones
@pytest.mark.parametrize(
    ("old", "new", "order"),
    [(0, 3, "1230"), (3, 0, "3012"), (1, 2, "0213"), (2, 1, "0213"), (2, 2, "0123")],
)
def test_move_keeps_the_order_of_the_others(world: World, behaviour: Behaviour, old: int, new: int, order: str) -> None:
    networks = [HOME, WORKSHOP, CAFE, ZURICH]

    async def scenario() -> None:
        async with connected(world, behaviour) as phone:
            await only(phone, *networks)
            await phone.move(old, new)
            assert await names(phone) == [networks[int(place)].ssid for place in order]

    asyncio.run(scenario())


@phones
def test_switch_joins_a_saved_network_and_keeps_the_order(world: World, behaviour: Behaviour) -> None:
    async def scenario() -> None:
        async with connected(world, behaviour) as phone:
            await only(phone, HOME, WORKSHOP, CAFE)
            known = (await listed(phone)).saved
            for index, name in ((1, "Workshop"), (2, "Cafe"), (0, "Home")):
                await phone.switch(index, known[index])
                now = await active(phone)
                assert now is not None and (now.ssid, now.index) == (name, index)
                assert world.access_points.joined() == name
            assert await names(phone) == ["Home", "Workshop", "Cafe"]

    asyncio.run(scenario())


@phones
def test_delete_of_the_active_network_leaves_it(world: World, behaviour: Behaviour) -> None:
    async def scenario() -> None:
        async with connected(world, behaviour) as phone:
            await only(phone, HOME, CAFE)
            await phone.switch(0, (await listed(phone)).saved[0])
            await phone.delete(1)
            assert world.access_points.joined() == "Home", "deleting another network must not end the connection"
            await phone.delete(0)
            await world.access_points.wait_joined(None)
            assert await names(phone) == []
            assert await active(phone) is None

    asyncio.run(scenario())


@phones
def test_indices_that_do_not_exist_are_refused_and_change_nothing(world: World, behaviour: Behaviour) -> None:
    async def scenario() -> None:
        async with connected(world, behaviour) as phone:
            await only(phone, HOME, CAFE)
            known = (await listed(phone)).saved[0]
            for attempt in (phone.delete(2), phone.move(0, 2), phone.move(2, 0), phone.switch(2, known)):
                with pytest.raises(DeviceRefused) as refusal:
                    await attempt
                assert refusal.value.status == 1
            assert await names(phone) == ["Home", "Cafe"]
            await forget_everything(phone)

    asyncio.run(scenario())
