"""What the owner may forbid to phones that nobody knows, and what forgetting leaves."""

import asyncio
import pathlib

import pytest
from bumble.keys import MemoryKeyStore
from device import World, world
from phone import phone, refused

PAIRING_NOT_SUPPORTED = 5


async def bond(here: World, keys: MemoryKeyStore, private: bool = False) -> None:
    async with phone(here.directory, keys=keys, private=private) as it:
        pairing = asyncio.create_task(it.pair())
        await here.device.expect("compare ")
        here.device.tell("yes")
        await pairing
    await here.device.expect("disconnected")


def stranger(here: World):
    return phone(here.directory, address="C5:66:22:33:44:55", irk=7)


async def says(here: World, command: str, answer: str) -> None:
    here.device.tell(command)
    await here.device.expect(answer)


def test_pairing_window_closes_and_opens_again(host: str) -> None:
    async def run() -> None:
        keys = MemoryKeyStore()
        async with world(host) as here:
            await says(here, "open", "window open false")
            await says(here, "window 60", "window set")
            await bond(here, keys)
            await says(here, "leap 60", "leapt")
            async with stranger(here) as it:
                assert await refused(it.pair()) == PAIRING_NOT_SUPPORTED
                # It has no business here, and does not keep the link.
                await here.device.expect("did not prove who it is")
                await here.device.expect("disconnected")
            assert sum("compare " in line for line in here.device.lines) == 1
            # A known phone is not concerned.
            async with phone(here.directory, keys=keys) as it:
                await it.connection.encrypt()
                await it.discover()
                assert await it.read("ff01") == b"4.0.0"
            await here.device.expect("disconnected")
            await says(here, "open", "window open true")
            await bond(here, MemoryKeyStore())
            await says(here, "leap 60", "leapt")
            async with stranger(here) as it:
                assert await refused(it.pair()) == PAIRING_NOT_SUPPORTED
            await here.device.expect("disconnected")
            # 0 is for always.
            await says(here, "window 0", "window set")
            await bond(here, MemoryKeyStore())

    asyncio.run(run())


def test_pairing_that_has_begun_outlives_its_window(host: str) -> None:
    async def run() -> None:
        async with world(host) as here:
            await says(here, "window 20", "window set")
            async with stranger(here) as it:
                pairing = asyncio.create_task(it.pair())
                await here.device.expect("compare ")
                here.device.tell("leap 21", "yes")
                await pairing
                await here.device.expect("pairing Bonded")

    asyncio.run(run())


def test_phone_that_says_nothing_while_the_window_is_closed_leaves_soon(host: str) -> None:
    async def run() -> None:
        async with world(host) as here:
            await says(here, "window 1", "window set")
            await says(here, "leap 2", "leapt")
            async with stranger(here):
                await here.device.expect("connected")
                # The link may end before the command is answered.
                here.device.tell("leap 4")
                await here.device.expect("did not prove who it is")
                await here.device.expect("disconnected")

    asyncio.run(run())


@pytest.mark.parametrize("private", [False, True])
def test_only_phones_with_a_bond_are_served(host: str, private: bool) -> None:
    async def run() -> None:
        keys = MemoryKeyStore()
        async with world(host) as here:
            await bond(here, keys, private)
            await says(here, "bonded on", "bonded only on")
            for _ in range(2):
                async with stranger(here):
                    await here.device.expect("a phone without a bond is sent away")
                    await here.device.expect("disconnected")
            async with phone(here.directory, keys=keys, private=private) as it:
                await it.connection.encrypt()
                await it.discover()
                assert await it.read("ff01") == b"4.0.0"
            await here.device.expect("disconnected")
            # One with the address of a known phone gets no further than the link.
            if not private:
                async with phone(here.directory) as it:
                    assert await refused(it.pair()) == PAIRING_NOT_SUPPORTED
                await here.device.expect("disconnected")
            await says(here, "bonded off", "bonded only off")
            async with stranger(here) as it:
                pairing = asyncio.create_task(it.pair())
                await here.device.expect("compare ")
                here.device.tell("yes")
                await pairing

    asyncio.run(run())


def test_all_bonds_are_gone_from_flash_when_the_call_returns(host: str) -> None:
    async def run() -> None:
        keys = MemoryKeyStore()
        async with world(host) as here:
            await bond(here, keys)
            kept = pathlib.Path(here.directory, "bonds")
            before = kept.read_bytes()
            await says(here, "forget", "forget true")
            # A version, and a count of none.
            assert kept.read_bytes() == b"\x01\x00" != before
            # Nothing to forget is forgotten, too.
            await says(here, "forget", "forget true")
            # The phone that has a key still hears that it is no good, and may pair anew.
            async with phone(here.directory, keys=keys) as it:
                with pytest.raises(asyncio.CancelledError):
                    await it.connection.encrypt()
            await bond(here, MemoryKeyStore())

    asyncio.run(run())


def test_phone_that_is_connected_is_forgotten_and_loses_its_link(host: str) -> None:
    async def run() -> None:
        async with world(host) as here, phone(here.directory) as it:
            here.device.tell("auto")
            await it.pair()
            await says(here, "forget", "forget true")
            await here.device.expect("disconnected")

    asyncio.run(run())
