"""The network manager: the device finds its way between networks by itself."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from harness.networks import CAFE, HOME, WORKSHOP, Network
from harness.phone import connected, only
from harness.world import ADVERTISING, World
from wifi_provision import uuids

# The control of the data-transfer service for MQTT.
MQTT_CONTROL = "a9d7166a-d72e-40a9-a002-48044cc30001"

OVER_WIFI = r"network: data goes over WiFi"
OVER_BLE = r"network: data goes over BLE"
OVER_NOTHING = r"network: no network carries data"

# A network is joined at the latest after a full pause between two passes, and a pass.
WITHIN = 150


def save(world: World, *networks: Network) -> None:
    """A phone saves these and leaves; the device joins the first of them."""

    async def visit() -> None:
        async with connected(world) as phone:
            await only(phone, *networks)

    asyncio.run(visit())
    joins(world, networks[0].ssid)


def joins(world: World, ssid: str, within: float = WITHIN) -> None:
    asyncio.run(world.access_points.wait_joined(ssid, within))
    # Joined is not yet connected: an address comes next.
    world.console.settled(OVER_NOTHING, OVER_WIFI, within=30)


@contextmanager
def dark(world: World, *networks: Network) -> Iterator[None]:
    """Their access points are off for a while."""
    with ExitStack() as lit:
        for network in networks:
            lit.enter_context(world.access_points.changed(network.ssid, on=False))
        yield


def test_the_next_saved_network_is_joined_when_one_goes_dark(world: World) -> None:
    save(world, HOME, WORKSHOP, CAFE)
    with dark(world, HOME):
        joins(world, "Workshop")
        with dark(world, WORKSHOP):
            joins(world, "Cafe")
    # Both are back, and what carries data is not given up for them. The next loss begins with the first.
    assert world.access_points.joined() == "Cafe"
    with dark(world, CAFE):
        joins(world, "Home")


def test_all_dark_and_back(world: World) -> None:
    save(world, HOME, WORKSHOP, CAFE)
    mark = world.console.mark()
    with dark(world, HOME, WORKSHOP, CAFE):
        world.console.expect(OVER_NOTHING, within=30, since=mark)
        # Each is tried, and all again after a pause that grows.
        for number in (1, 2, 3):
            world.console.expect(f"Joining saved network {number} of 3", within=WITHIN, since=mark)
        for pause in (1, 2, 4):
            said = world.console.expect("No saved network can be joined; trying again in (?P<s>[0-9]+) s", WITHIN, mark)
            assert int(said["s"]) == pause
            mark = said.end()
        assert world.access_points.joined() is None
    joins(world, "Home")


def test_a_restart_with_only_the_last_one_lit(world: World) -> None:
    save(world, HOME, WORKSHOP, CAFE)
    with dark(world, HOME, WORKSHOP):
        world.restart()
        joins(world, "Cafe")


def test_what_a_phone_switched_to_stays(world: World) -> None:
    save(world, HOME, WORKSHOP, CAFE)

    async def switch() -> None:
        async with connected(world) as phone:
            await phone.switch(2)

    mark = world.console.mark()
    asyncio.run(switch())
    assert world.access_points.joined() == "Cafe"
    world.console.expect("disconnected", since=mark)
    assert world.console.seen("Joining saved network", since=mark) is None
    assert world.access_points.joined() == "Cafe"


def test_ble_carries_data_while_wifi_is_away_and_wifi_takes_over_again(world: World) -> None:
    save(world, HOME)

    async def proxy() -> None:
        async def says(pattern: str, within: float, since: int) -> int:
            found = await asyncio.to_thread(world.console.expect, pattern, within, since)
            return found.end()

        async with connected(world) as phone:
            await phone.link.write(uuids.WIFI_CONTROL, b"\x00")
            await phone.link.write(MQTT_CONTROL, b"\x01")
            mark = world.console.mark()
            with dark(world, HOME):
                mark = await says(OVER_BLE, 30, mark)
            # The phone stays, does not provision, and is not waited for.
            back = await says('connected to "Home"; the address is', WITHIN, mark)
            await says(OVER_WIFI, 30, back)
            assert not world.console.seen(OVER_NOTHING, since=mark)
            # Without WiFi and without the channel there is nothing.
            mark = world.console.mark()
            with dark(world, HOME):
                mark = await says(OVER_BLE, 30, mark)
                await phone.link.write(MQTT_CONTROL, b"\x00")
                await says(OVER_NOTHING, 10, mark)

    asyncio.run(proxy())
    joins(world, "Home")


def test_networks_are_switched_off_and_on(world: World) -> None:
    save(world, HOME)
    world.command("networks", r"networks: configured 3, enabled 2, connected 1, preferred 1")
    mark = world.console.mark()
    world.command("disable wifi", r"network wifi: off", within=40)
    assert world.access_points.joined() is None
    world.command("networks", r"networks: configured 3, enabled 2, connected 0, preferred 0")
    world.console.expect("wifi: the radio is off", since=mark)
    mark = world.console.mark()
    # A phone may come and go; nothing is joined while WiFi is off.
    asyncio.run(visits(world))
    assert world.console.seen("Joining saved network", since=mark) is None
    world.command("enable wifi", r"network wifi: on")
    joins(world, "Home")
    world.command("disable ble", r"network ble: off")
    world.command("networks", r"networks: configured 3, enabled 0, connected 1, preferred 1")
    mark = world.console.mark()
    world.command("enable ble", r"network ble: on")
    world.console.expect(ADVERTISING, since=mark)


def test_an_application_subscribes_and_subscribes_no_more(world: World) -> None:
    save(world, HOME)
    mark = world.console.mark()
    world.command("manager subscribe", "manager: subscribed")
    with dark(world, HOME):
        world.console.expect("manager: told that WiFi is enabled", within=30, since=mark)
    world.console.expect("manager: told that WiFi is connected", within=WITHIN, since=mark)
    world.command("manager remove", "manager: removed")
    world.command("manager remove", "manager: there is no such subscription")
    mark = world.console.mark()
    with dark(world, HOME):
        world.console.expect(OVER_NOTHING, within=30, since=mark)
    joins(world, "Home")
    assert not world.console.seen("manager: told", since=mark)


def test_what_an_application_gives_the_manager_is_given_back(world: World) -> None:
    world.command("manager parameters", "manager: parameters are kept; those of two networks at once are refused")


def test_an_application_ends_the_joining_and_begins_it_again(world: World) -> None:
    save(world, HOME)
    world.command("manager rest", "manager: joins nothing", within=WITHIN)
    mark = world.console.mark()
    with dark(world, HOME):
        world.console.expect(OVER_NOTHING, within=30, since=mark)
    # A phone may come and go; nothing is joined.
    asyncio.run(visits(world))
    assert not world.console.seen("Joining saved network", since=mark)
    assert world.access_points.joined() is None
    world.command("manager join", "manager: joins saved networks")
    joins(world, "Home")


async def visits(world: World) -> None:
    async with connected(world) as phone:
        await phone.information()
