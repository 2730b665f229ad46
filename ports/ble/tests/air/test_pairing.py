"""Pairing, bonds, and phones with rotating addresses."""

import asyncio

import pytest
from bumble.keys import MemoryKeyStore
from bumble.pairing import PairingDelegate
from device import world
from phone import User, phone, refused

CONFIRM_VALUE_FAILED = 4
AUTHENTICATION_REQUIREMENTS = 3
NUMERIC_COMPARISON_FAILED = 12
Io = PairingDelegate.IoCapability


def test_both_sides_show_one_number_and_either_may_refuse(host: str) -> None:
    async def run() -> None:
        async with world(host) as here, phone(here.directory) as it:
            pairing = asyncio.create_task(refused(it.pair()))
            asked = await here.device.expect("compare ")
            assert int(asked.split()[1]) == await it.user.seen.get()
            here.device.tell("no")
            assert await pairing == NUMERIC_COMPARISON_FAILED
            await here.device.expect("pairing Refused")
            # The phone refuses; the answer that comes after that is late.
            it.user.same = False
            pairing = asyncio.create_task(refused(it.pair()))
            await here.device.expect("compare ")
            assert await pairing == CONFIRM_VALUE_FAILED
            await here.device.expect("pairing Failed")
            here.device.tell("yes")
            await here.device.expect("answer late")
            # And a third time, on the same link, both agree.
            it.user.same = True
            agreed = asyncio.create_task(it.pair())
            await here.device.expect("compare ")
            here.device.tell("yes")
            await agreed
            await here.device.expect("pairing Bonded")

    asyncio.run(run())


def test_nobody_answers_and_both_sides_hear_of_it(host: str) -> None:
    async def run() -> None:
        async with world(host) as here, phone(here.directory) as it:
            pairing = asyncio.create_task(refused(it.pair()))
            await here.device.expect("compare ")
            here.device.tell("leap 29")
            assert await pairing == NUMERIC_COMPARISON_FAILED
            await here.device.expect("pairing TimedOut")
            here.device.tell("yes")
            await here.device.expect("answer late")

    asyncio.run(run())


@pytest.mark.parametrize("io", [Io.NO_OUTPUT_NO_INPUT, Io.KEYBOARD_INPUT_ONLY, Io.DISPLAY_OUTPUT_ONLY])
def test_pairing_without_comparison_is_refused(host: str, io: PairingDelegate.IoCapability) -> None:
    async def run() -> None:
        async with world(host) as here, phone(here.directory, user=User(io)) as it:
            here.device.tell("auto")
            assert await refused(it.pair()) == AUTHENTICATION_REQUIREMENTS
            await here.device.expect("pairing Failed")

    asyncio.run(run())


def test_legacy_pairing_is_refused(host: str) -> None:
    async def run() -> None:
        async with world(host) as here, phone(here.directory, secure=False) as it:
            here.device.tell("auto")
            assert await refused(it.pair()) == AUTHENTICATION_REQUIREMENTS

    asyncio.run(run())


@pytest.mark.parametrize("private", [False, True])
def test_bond_survives_a_restart(host: str, private: bool) -> None:
    async def run() -> None:
        keys = MemoryKeyStore()
        async with world(host) as here:
            here.device.tell("auto")
            async with phone(here.directory, keys=keys, private=private) as it:
                await it.pair()
                await here.device.expect("1 bonds are kept")
            await here.restart()
            async with phone(here.directory, keys=keys, private=private) as it:
                await it.connection.encrypt()
                await it.begin()
                await it.send(b"hello")
                assert await it.receive() == b"hello"
                assert it.user.seen.empty()

    asyncio.run(run())


def test_private_phone_leaves_after_pairing_and_is_back_at_once(host: str) -> None:
    async def run() -> None:
        for _ in range(10):
            keys = MemoryKeyStore()
            async with world(host) as here:
                here.device.tell("auto")
                async with phone(here.directory, keys=keys, private=True) as it:
                    await it.pair()
                for _ in range(2):
                    async with phone(here.directory, keys=keys, private=True) as it:
                        await it.connection.encrypt()
                        await it.discover()
                        assert await it.read("ff01") == b"4.0.0"
                assert not any("ERROR" in line for line in here.device.lines)

    asyncio.run(run())


@pytest.mark.parametrize("private", [False, True])
def test_known_phone_that_pairs_anew_keeps_its_bond_until_confirmed(host: str, private: bool) -> None:
    async def run() -> None:
        old, new = MemoryKeyStore(), MemoryKeyStore()
        async with world(host) as here:

            async def pairs(keys: MemoryKeyStore, answer: str) -> None:
                async with phone(here.directory, keys=keys, private=private) as it:
                    pairing = asyncio.create_task(it.pair())
                    await here.device.expect("compare ")
                    here.device.tell(answer)
                    await asyncio.wait([pairing])
                    await here.device.expect("pairing Bonded" if answer == "yes" else "pairing Refused")
                    assert (pairing.exception() is None) == (answer == "yes")
                await here.device.expect("disconnected")

            async def is_known(keys: MemoryKeyStore) -> None:
                async with phone(here.directory, keys=keys, private=private) as it:
                    await it.connection.encrypt()
                await here.device.expect("disconnected")

            await pairs(old, "yes")
            await pairs(MemoryKeyStore(), "no")
            await is_known(old)
            await pairs(new, "yes")
            await is_known(new)

    asyncio.run(run())


def test_sixth_phone_takes_the_place_of_the_first(host: str) -> None:
    async def run() -> None:
        keys = [MemoryKeyStore() for _ in range(6)]

        def number(index: int):
            return phone(here.directory, address=f"C{index}:11:22:33:44:55", irk=index + 1, keys=keys[index])

        async with world(host) as here:
            here.device.tell("auto")
            for index in range(6):
                async with number(index) as it:
                    await it.pair()
                await here.device.expect("bonds are kept")
            for index in (5, 1, 2, 3, 4):
                async with number(index) as it:
                    await it.connection.encrypt()
                await here.device.expect("disconnected")
            async with number(0) as it:
                with pytest.raises(asyncio.CancelledError):
                    await it.connection.encrypt()

    asyncio.run(run())


def test_forgotten_phones_are_strangers(host: str) -> None:
    async def run() -> None:
        keys = MemoryKeyStore()
        async with world(host) as here:
            here.device.tell("auto")
            async with phone(here.directory, keys=keys) as it:
                await it.pair()
            await here.device.expect("disconnected")
            here.device.tell("forget")
            # Not at the log's line: the flash has it only then.
            await here.device.expect("forget true")
            await here.restart()
            async with phone(here.directory, keys=keys) as it:
                with pytest.raises(asyncio.CancelledError):
                    await it.connection.encrypt()

    asyncio.run(run())
