"""Where passphrases are after an operation has ended: in the list of saved networks, and nowhere else."""

import asyncio

import pytest
from harness.espressif import espressif_phone, secured
from harness.networks import ABSENT, CAFE, HOME, SECRETS, WRONG
from harness.phone import connected, names, only
from harness.world import World, default_firmware
from wifi_provision import Client
from wifi_provision.errors import DeviceRefused


def copies(held: bytes, secret: str) -> int:
    return held.count(secret.encode())


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
    async def scenario() -> None:
        async with connected(world) as phone:
            await only(phone, CAFE)
            await phone.add(HOME.save(connect=True))
            await something_else(phone)

    asyncio.run(scenario())
    assert copies(world.board.memory(), HOME.passphrase) == 1


@pytest.mark.parametrize("security", [2, 1])
def test_a_phone_of_espressifs_leaves_no_second_copy(world: World, security: int) -> None:
    secret = secured(world, security)["pop"]

    async def scenario() -> None:
        async with connected(world) as phone:
            await only(phone, CAFE)
        async with espressif_phone(world, 185) as phone:
            await phone.open(security, secret)
            assert (await phone.provision(HOME.ssid, WRONG))[0] == "failed"
            assert await phone.provision(HOME.ssid, HOME.passphrase) == ("connected", None)
            # The next requests go where the last ones were.
            await phone.scan()

    asyncio.run(scenario())
    held = world.board.memory()
    assert copies(held, WRONG) == 0
    # The list of saved networks alone.
    assert copies(held, HOME.passphrase) == 1


def test_the_firmware_holds_no_passphrase() -> None:
    image = default_firmware().read_bytes()
    assert [name for name, secret in SECRETS.items() if secret in image] == []
