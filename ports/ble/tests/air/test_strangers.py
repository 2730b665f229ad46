"""Somebody in range who means no good."""

import asyncio

import pytest
from bumble.keys import MemoryKeyStore
from device import World, world
from phone import Phone, phone, refused

ATT, SIGNALS, SMP = 4, 5, 6

NUMERIC_COMPARISON_FAILED = 12
REPEATED_ATTEMPTS = 9

# What ends a link, or the device, where it is taken at its word.
SHORT_REQUESTS = [
    "", "01", "02", "0217", "04", "0401", "06", "0601000900", "08", "080100", "0a", "0a01", "0c", "0c010000",
    "0e", "10", "10010009", "1001000900" + "07" * 16, "12", "1201", "16", "160100", "18", "1b", "1b0100", "1d",
    "20", "2001", "52", "5201", "d2", "d20100", "ff",
]  # fmt: skip
OTHERS = [
    (SMP, "01"), (SMP, "010300"), (SMP, "05"), (SMP, "0b01"), (SMP, "0c" + "00" * 64), (SMP, "03" + "00" * 16),
    (SMP, "ff"), (SIGNALS, "01"), (SIGNALS, "1401"), (SIGNALS, "14010a00"), (SIGNALS, "0c010000"),
    (SIGNALS, "ff010000"), (SIGNALS, "1401080000000000000000000000"),
]  # fmt: skip


def test_malformed_packets_do_not_bring_the_device_down(host: str) -> None:
    async def run() -> None:
        async with world(host) as here:
            here.device.tell("auto")
            packets = [(ATT, pdu) for pdu in SHORT_REQUESTS] + OTHERS
            for channel, pdu in packets:
                # A link each: some of these end it, and that is well.
                async with phone(here.directory) as it:
                    for each in (channel, pdu), (ATT, "026400"):
                        it.device.host.send_l2cap_pdu(it.connection.handle, each[0], bytes.fromhex(each[1]))
                    await here.device.expect("mtu 100", or_else="disconnected")
                await here.device.expect("advertising")
            async with phone(here.directory) as it:
                await it.pair()
                await it.discover()
                assert await it.read("ff01") == b"4.0.0"
            assert not any("gave up" in line for line in here.device.lines), here.device.lines

    asyncio.run(run())


def test_tiny_mtu_is_raised_to_the_least(host: str) -> None:
    async def run() -> None:
        async with world(host) as here, phone(here.directory) as it:
            here.device.tell("auto")
            await it.pair()
            await it.discover()
            it.device.host.send_l2cap_pdu(it.connection.handle, ATT, bytes.fromhex("020000"))
            assert await it.read("ff03") == b"23"

    asyncio.run(run())


async def is_asked_and_refused(here: World, it: Phone) -> None:
    """The phone wants to pair, and the user says no."""
    pairing = asyncio.create_task(refused(it.pair()))
    await here.device.expect("compare ")
    here.device.tell("no")
    assert await pairing == NUMERIC_COMPARISON_FAILED


def stranger(here: World, number: int):
    return phone(here.directory, address=f"C{number}:66:22:33:44:55")


def test_pairings_that_fail_ask_the_user_less_and_less(host: str) -> None:
    async def run() -> None:
        keys = MemoryKeyStore()
        async with world(host) as here:
            async with phone(here.directory, keys=keys) as it:
                pairing = asyncio.create_task(it.pair())
                await here.device.expect("compare ")
                here.device.tell("yes")
                await pairing
            # Each has an address of its own.
            for number in range(3):
                async with stranger(here, number) as it:
                    await is_asked_and_refused(here, it)
                await here.device.expect("disconnected")
            asked = sum("compare " in line for line in here.device.lines)
            async with stranger(here, 3) as it:
                assert await refused(it.pair()) == REPEATED_ATTEMPTS
                # It has no business here, and does not keep the link.
                await here.device.expect("did not prove who it is")
                await here.device.expect("disconnected")
            assert sum("compare " in line for line in here.device.lines) == asked
            # A known phone is not concerned.
            async with phone(here.directory, keys=keys) as it:
                await it.connection.encrypt()
                await it.discover()
                assert await it.read("ff01") == b"4.0.0"
            await here.device.expect("disconnected")
            here.device.tell("leap 15")
            await here.device.expect("leapt")
            # One more now, and then after twice that time.
            async with stranger(here, 4) as it:
                await is_asked_and_refused(here, it)
            await here.device.expect("disconnected")
            async with stranger(here, 5) as it:
                assert await refused(it.pair()) == REPEATED_ATTEMPTS
            await here.device.expect("disconnected")
            here.device.tell("leap 30")
            await here.device.expect("leapt")
            async with stranger(here, 6) as it:
                pairing = asyncio.create_task(it.pair())
                await here.device.expect("compare ")
                here.device.tell("yes")
                await pairing

    asyncio.run(run())


def test_silent_stranger_loses_the_link_and_the_next_one_sooner(host: str) -> None:
    async def run() -> None:
        async with world(host) as here:
            for patience in (30, 15):
                async with phone(here.directory) as it:
                    await here.device.expect("ble: connected")
                    here.device.tell("hold")
                    await here.device.expect("held")
                    for seconds in (patience - 5, 1):
                        here.device.tell(f"leap {seconds}")
                        await here.device.expect("leapt")
                    # The device has looked at its clock: it answers.
                    await it.discover()
                    assert not any("did not prove" in line for line in here.device.lines[-3:])
                    here.device.tell("leap 4")
                    await here.device.expect("did not prove who it is")
                    here.device.tell("go")
                    await here.device.expect("disconnected")

    asyncio.run(run())


def test_stranger_that_hangs_up_before_its_time_leaves_less_to_the_next(host: str) -> None:
    async def run() -> None:
        async with world(host) as here:
            async with phone(here.directory):
                await here.device.expect("ble: connected")
                here.device.tell("leap 29")
                await here.device.expect("leapt")
            await here.device.expect("disconnected")
            async with phone(here.directory):
                await here.device.expect("ble: connected")
                here.device.tell("leap 16")
                await here.device.expect("did not prove who it is")

    asyncio.run(run())


def test_requests_to_pair_too_weakly_buy_no_time(host: str) -> None:
    async def run() -> None:
        async with world(host) as here, phone(here.directory) as it:
            await here.device.expect("connected")
            for _ in range(4):
                here.device.tell("leap 7")
                await here.device.expect("leapt")
                it.device.host.send_l2cap_pdu(it.connection.handle, SMP, bytes.fromhex("010300051003 03".replace(" ", "")))
                await here.device.expect("pairing Failed")
            here.device.tell("leap 2")
            await here.device.expect("did not prove who it is")

    asyncio.run(run())


def test_person_who_compares_numbers_is_not_hurried(host: str) -> None:
    async def run() -> None:
        async with world(host) as here, phone(here.directory) as it:
            await here.device.expect("connected")
            here.device.tell("leap 20")
            await here.device.expect("leapt")
            pairing = asyncio.create_task(it.pair())
            await here.device.expect("compare ")
            here.device.tell("leap 25", "yes")
            await pairing
            await here.device.expect("pairing Bonded")

    asyncio.run(run())


@pytest.mark.parametrize("private", [False, True])
def test_phone_that_claims_to_be_another_does_not_take_its_place(host: str, private: bool) -> None:
    async def run() -> None:
        owner, other = MemoryKeyStore(), MemoryKeyStore()
        async with world(host) as here:
            here.device.tell("auto")
            async with phone(here.directory, keys=owner, private=private) as it:
                await it.pair()
                identity = it.device.static_address
            await here.device.expect("disconnected")
            async with phone(here.directory, address="C7:77:77:77:77:77", irk=9, keys=other) as it:
                # Paired with the user's consent, but it lies about who it is.
                it.device.static_address = identity
                pairing = asyncio.create_task(it.pair())
                await here.device.expect("says it is")
                await asyncio.wait([pairing])
            await here.device.expect("disconnected")
            async with phone(here.directory, keys=owner, private=private) as it:
                await it.connection.encrypt()
                await it.discover()
                assert await it.read("ff01") == b"4.0.0"
                assert it.user.seen.empty()
            assert not any("gave up" in line for line in here.device.lines), here.device.lines

    asyncio.run(run())
