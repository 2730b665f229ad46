"""Where passphrases are after an operation has ended: in the list of saved networks, and nowhere else."""

import asyncio
from pathlib import Path

import pytest
from harness.espressif import espressif_phone, secured
from harness.leaks import RUNS, forms, leaks, leaks_in_output, leaks_of_all_runs, names_in
from harness.networks import ABSENT, CAFE, HOME, WORKSHOP, WRONG
from harness.phone import connected, forget_everything, names, only
from harness.world import PAGE_FETCHED, World, default_firmware
from wifi_provision import Client
from wifi_provision.errors import DeviceRefused


def copies(held: bytes, secret: str) -> int:
    return held.count(secret.encode())


def has_reported(world: World, since: int) -> None:
    """Until then the demo looks for the network's name, with a profile in its hands."""
    joined = world.console.expect("WiFi is connected: network '(Home|a network that is not saved)'", since=since)
    world.console.expect(PAGE_FETCHED, within=60, since=joined.end())


async def something_else(phone: Client) -> None:
    """The next message goes where the last one was."""
    for _ in range(2):
        await names(phone)


def test_a_deleted_networks_passphrase_is_gone_from_memory_and_flash(world: World) -> None:
    async def scenario() -> None:
        async with connected(world) as phone:
            await only(phone, CAFE)
            await phone.add(ABSENT.save(connect=False))
            await something_else(phone)
            held = await asyncio.to_thread(world.board.memory)
            # The list is kept in memory, once.
            assert copies(held, ABSENT.passphrase) == 1
            await phone.delete(0)
            await something_else(phone)

    asyncio.run(scenario())
    assert copies(world.board.memory(), ABSENT.passphrase) == 0
    assert copies(world.board.flash(), ABSENT.passphrase) == 0


def test_a_passphrase_that_was_wrong_is_gone_from_memory(world: World) -> None:
    async def scenario() -> None:
        async with connected(world) as phone:
            await only(phone, CAFE)
            with pytest.raises(DeviceRefused):
                await phone.add(HOME.but(WRONG).save(connect=True))
            await something_else(phone)

    asyncio.run(scenario())
    assert copies(world.board.memory(), WRONG) == 0
    assert copies(world.board.flash(), WRONG) == 0


def test_a_network_that_was_joined_leaves_no_second_copy(world: World) -> None:
    async def scenario() -> int:
        async with connected(world) as phone:
            await only(phone, CAFE)
            mark = world.console.mark()
            await phone.add(HOME.save(connect=True))
            await something_else(phone)
            return mark

    has_reported(world, since=asyncio.run(scenario()))
    assert copies(world.board.memory(), HOME.passphrase) == 1


@pytest.mark.parametrize("security", [2, 1])
def test_a_phone_of_espressifs_leaves_no_second_copy(world: World, security: int) -> None:
    secret = secured(world, security)["pop"]

    async def scenario() -> int:
        async with connected(world) as phone:
            await only(phone, CAFE)
        async with espressif_phone(world, 185) as phone:
            await phone.open(security, secret)
            assert (await phone.provision(HOME.ssid, WRONG))[0] == "failed"
            mark = world.console.mark()
            assert await phone.provision(HOME.ssid, HOME.passphrase) == ("connected", None)
            # The next requests go where the last ones were.
            await phone.scan()
            return mark

    has_reported(world, since=asyncio.run(scenario()))
    held = world.board.memory()
    assert copies(held, WRONG) == 0
    # The list of saved networks alone.
    assert copies(held, HOME.passphrase) == 1


@pytest.mark.parametrize("security", [1, 2])
def test_the_next_passphrase_through_espressifs_endpoints_leaves_nothing_of_the_last(world: World, security: int) -> None:
    secret = secured(world, security)["pop"]

    async def scenario() -> None:
        async with connected(world) as phone:
            await forget_everything(phone)
        async with espressif_phone(world, 185) as espressif:
            await espressif.open(security, secret)
            assert await espressif.provision("Home", WRONG) == ("failed", 0)
            await espressif.reset()
            assert await espressif.provision("Workshop", WORKSHOP.passphrase) == ("connected", None)
            await espressif.version()

    asyncio.run(scenario())
    assert copies(world.board.memory(), WRONG) == 0
    assert copies(world.board.flash(), WRONG) == 0
    assert copies(world.board.flash(), WORKSHOP.passphrase) == 1


def test_the_firmware_holds_no_passphrase() -> None:
    assert names_in(default_firmware().read_bytes()) == []


def test_a_passphrase_in_a_log_would_be_found(tmp_path: Path) -> None:
    for form in forms(HOME.passphrase.encode()):
        (tmp_path / "some.log").write_bytes(b"before " + form + b" after")
        assert leaks(tmp_path) == ["some.log holds the passphrase of Home"]
    assert leaks_in_output([("a test", f"said {HOME.passphrase}")]) == ["a test: holds the passphrase of Home"]


def test_no_log_of_any_run_holds_a_passphrase(caught: list[tuple[str, str]]) -> None:
    """The last of all tests: what every other of this session has left behind."""
    assert any((run / "console.log").exists() for run in RUNS), "no run has left a console"
    assert leaks_of_all_runs() == []
    assert leaks_in_output(caught) == []
