"""Phones that misbehave cost bounded time and memory and block nobody. Here those that need the device's clock to be
moved on, or its log; with the heap and the service behind it: `ci/e2e/test_misbehaving.py`, which lists them all.
"""

import asyncio
import contextlib

import pytest
from bumble import att
from bumble.keys import MemoryKeyStore
from device import PATIENCE, World, world
from phone import Phone, phone
from test_endpoints import SERVICE
from wifi_sim.air_trouble import Fault, Kind, Place

ATT, SMP = 4, 6
FLOOD = 1000
# Until the next phone is served, whatever came before it.
SERVED = 60.0


async def is_served(here: World, keys: MemoryKeyStore | None = None) -> None:
    """Another phone pairs, or resumes its bond, and its message comes back."""

    async def visit() -> None:
        here.device.tell("auto")
        async with phone(here.directory, address="C6:11:22:33:44:55", irk=6, keys=keys) as it:
            if keys is not None:
                await it.connection.encrypt()
            else:
                await it.pair()
            await it.begin()
            await it.send(b"next")
            assert await it.receive() == b"next"

    await asyncio.wait_for(visit(), SERVED)
    assert not any("gave up" in line for line in here.device.lines), here.device.lines


async def bonded(here: World) -> MemoryKeyStore:
    """The keys of a phone that may always come."""
    keys = MemoryKeyStore()
    here.device.tell("auto")
    async with phone(here.directory, address="C6:11:22:33:44:55", irk=6, keys=keys) as it:
        await it.pair()
    await here.device.expect("disconnected")
    here.device.tell("ask")
    return keys


# The last packet of a phone before the link is encrypted; then the owner has confirmed it, and it may stay.
CONFIRMED = 4


# What the phone says last: its n-th packet of a pairing, and the device's answer to it is not answered any more.
@pytest.mark.parametrize("said", [1, 2, 3, CONFIRMED])
def test_phone_that_goes_silent_in_the_middle_of_pairing_blocks_nobody(host: str, said: int) -> None:
    async def run() -> None:
        async with world(host) as here:
            keys = await bonded(here)
            async with phone(here.directory) as it:
                await here.device.expect("ble: connected")
                send = it.device.host.send_l2cap_pdu
                packets = 0

                def some(handle: int, channel: int, pdu: bytes) -> None:
                    nonlocal packets
                    if channel == SMP:
                        packets += 1
                        if packets > said:
                            return
                    send(handle, channel, pdu)

                it.device.host.send_l2cap_pdu = some
                pairing = asyncio.create_task(it.pair())
                if said >= 3:
                    # The device's person is asked, and answers; the phone says nothing more.
                    await here.device.expect("compare ")
                    here.device.tell("yes")
                else:
                    await until_taken(it, lambda: packets > said)
                if said < CONFIRMED:
                    await here.device.expect_after(65, "disconnected")
                pairing.cancel()
                with contextlib.suppress(BaseException):
                    await pairing
            await is_served(here, keys)

    asyncio.run(run())


async def until_taken(it: Phone, condition) -> None:
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - what is looked at has no event
            await asyncio.sleep(0.01)


def test_phone_that_acknowledges_nothing_loses_the_link(host: str) -> None:
    async def run() -> None:
        async with world(host) as here:
            keys = await bonded(here)
            here.device.tell("auto")
            async with phone(here.directory) as it:
                await it.pair()
                await it.begin()
                here.air.trouble.arm(Fault(Place.LINE, Kind.WITHHOLD, 0))
                # More than the controller takes: these stay behind.
                for _ in range(30):
                    here.device.tell("send 10")
                await here.device.expect_after(65, "the phone takes nothing any more: its link is ended")
                here.air.trouble.watch()
                await here.device.expect("disconnected")
            await is_served(here, keys)

    asyncio.run(run())


def test_phone_that_never_fetches_a_large_message_holds_up_no_other(host: str) -> None:
    async def run() -> None:
        async with world(host) as here:
            keys = await bonded(here)
            here.device.tell("auto")
            async with phone(here.directory) as it:
                await it.pair()
                await it.begin()
                for _ in range(20):
                    await it.send(bytes(100))
                # Each sender waits its time and gives up; nothing piles up.
                await here.device.expect_after(10, "answered 0 bytes")
            await is_served(here, keys)

    asyncio.run(run())


def test_phone_that_opens_again_and_again_is_answered_once(host: str) -> None:
    async def run() -> None:
        async with world(host) as here, phone(here.directory) as it:
            here.device.tell("auto")
            await it.pair()
            await it.begin()
            for _ in range(50):
                await it.write("0101", b"\x01")
            await it.send(b"once")
            assert await it.receive() == b"once"
            await here.device.expect("sent")
            assert sum("opened" in line for line in here.device.lines) == 1
            assert it.small.empty() and it.large.empty()

    asyncio.run(run())


def test_second_link_is_not_to_be_had_and_the_first_is_unharmed(host: str) -> None:
    async def run() -> None:
        async with world(host) as here:
            keys = await bonded(here)
            async with phone(here.directory) as first:
                here.device.tell("auto")
                await first.pair()
                await first.begin()
                async with phone(here.directory, address="C7:11:22:33:44:55", connect=False) as second:
                    with pytest.raises(TimeoutError):
                        await second.find(1.0)
                await first.send(b"still here")
                assert await first.receive() == b"still here"
            await is_served(here, keys)

    asyncio.run(run())


def write(handle: int, value: bytes) -> bytes:
    return bytes([0x12]) + handle.to_bytes(2, "little") + value


def command(handle: int, value: bytes) -> bytes:
    return bytes([0x52]) + handle.to_bytes(2, "little") + value


def prepare(handle: int, value: bytes) -> bytes:
    return bytes([0x16]) + handle.to_bytes(2, "little") + bytes(2) + value


FLOODS = {"requests": write, "commands": command, "prepared": prepare}


@pytest.mark.parametrize("is_known", [False, True], ids=["stranger", "bonded"])
@pytest.mark.parametrize("flood", FLOODS.values(), ids=FLOODS.keys())
def test_flood_of_writes_is_survived(host: str, flood, is_known: bool) -> None:
    """Without waiting for an answer, to a channel and to an endpoint."""

    async def run() -> None:
        async with world(host) as here:
            keys = await bonded(here)
            here.device.tell("offer")
            await here.device.expect("offered")
            await here.device.expect("advertising")
            async with phone(here.directory, active=True) as it:
                if is_known:
                    here.device.tell("auto")
                    await it.pair()
                    await it.begin()
                else:
                    await it.discover()
                [service] = [service for service in it.peer.services if str(service.uuid).lower() == SERVICE]
                for handle in (it["0103"].handle, it["0105"].handle, service.characteristics[0].handle):
                    for number in range(FLOOD // 3):
                        if it.connection.handle not in it.device.connections:
                            break
                        it.device.host.send_l2cap_pdu(it.connection.handle, ATT, flood(handle, bytes([number & 0xFF]) * 15))
                # It is through when the device answers again, or has hung up.
                with contextlib.suppress(att.ATT_Error, Exception, asyncio.CancelledError):
                    await asyncio.wait_for(it.peer.gatt_client.read_value(3, no_long_read=True), 10)
            await here.device.expect("disconnected", timeout=SERVED)
            here.device.tell("ask")
            await here.device.expect("advertising")
            async with asyncio.timeout(SERVED):
                async with phone(here.directory, address="C6:11:22:33:44:55", irk=6, keys=keys, active=True) as it:
                    await it.connection.encrypt()
                    await it.begin()
                    await it.send(b"next")
                    assert await it.receive() == b"next"
            assert not any("gave up" in line for line in here.device.lines), here.device.lines

    asyncio.run(run())
