"""Messages there and back."""

import asyncio
import os

import pytest
from device import PATIENCE, world
from phone import phone, refused

INVALID_LENGTH = 13


@pytest.mark.parametrize("mtu", [None, 185, 247, 512, 517])
def test_messages_of_every_size_there_and_back(host: str, mtu: int | None) -> None:
    async def run() -> None:
        async with world(host) as here, phone(here.directory) as it:
            here.device.tell("auto")
            await it.pair()
            await it.begin(mtu)
            size = it.chunk
            assert size == min(mtu or 23, 512) - 3
            # Before it has asked for one, a phone reads what it may ask for.
            assert await it.read("ff03") == (b"512" if mtu is None else str(size + 3).encode())
            for length in sorted({1, 19, 20, 21, size - 1, size, size + 1, 2 * size, 2 * size + 1, 1024}):
                if length > 1024:
                    continue
                message = os.urandom(length)
                await it.send(message)
                assert await it.receive() == message
                await here.device.expect(f"received {length} bytes")
                await here.device.expect("sent")

    asyncio.run(run())


def test_overlong_message_is_dropped_and_the_next_one_is_unharmed(host: str) -> None:
    async def run() -> None:
        async with world(host) as here, phone(here.directory) as it:
            here.device.tell("auto")
            await it.pair()
            await it.begin()
            await it.send(bytes(1025))
            await here.device.expect("too long and dropped (1 so far)")
            await it.send(b"next" * 10)
            assert await it.receive() == b"next" * 10
            assert not any("received 1025" in line for line in here.device.lines)

    asyncio.run(run())


def test_closing_forgets_what_is_half_done(host: str) -> None:
    async def run() -> None:
        async with world(host) as here, phone(here.directory) as it:
            here.device.tell("auto")
            await it.pair()
            await it.begin()
            # Half a message there, half a message back.
            await it.write("0105", bytes(20))
            here.device.tell("send 100")
            assert len(await it.large.get()) == 20
            assert len(await it.read("0104")) == 20
            await it.write("0101", b"\x00")
            await here.device.expect("closed")
            assert await it.read("0101") == b"\x00"
            assert await it.read("0104") == b""
            await it.write("0103", b"lost")
            await here.device.expect("a message of 4 bytes for Provisioning was dropped")
            await it.write("0101", b"\x01")
            await here.device.expect("opened")
            await it.send(bytes(30))
            await here.device.expect("received 30 bytes")
            assert await it.receive() == bytes(30)
            # The application closes and opens: the phone need not say again that it is ready.
            here.device.tell("give", "take")
            await here.device.expect("opened")
            await it.send(b"hello")
            assert await it.receive() == b"hello"

    asyncio.run(run())


def test_large_message_waits_for_the_one_before(host: str) -> None:
    async def run() -> None:
        async with world(host) as here, phone(here.directory) as it:
            here.device.tell("auto")
            await it.pair()
            await it.begin()
            here.device.tell("send 50", "send 60")
            await here.device.expect("send 50")
            # Nobody fetches the first.
            await here.device.expect("send 0")
            here.device.tell("send 5")
            assert await it.small.get() == b"Z" * 5
            assert await it.receive() == b"Z" * 50

    asyncio.run(run())


def test_control_and_subscriptions_are_held_to_their_form(host: str) -> None:
    async def run() -> None:
        async with world(host) as here, phone(here.directory) as it:
            here.device.tell("auto")
            await it.pair()
            await it.begin()
            for value in (b"", b"\x01\x01"):
                assert await refused(it.write("0101", value)) == INVALID_LENGTH
            assert await it.read("0101") == b"\x01"
            await it["0102"].unsubscribe()
            here.device.tell("send 5")
            await here.device.expect("send 0")
            told: asyncio.Queue[bytes] = asyncio.Queue()
            await it["ff03"].subscribe(lambda value: told.put_nowait(bytes(value)))
            await it.peer.request_mtu(200)
            assert await asyncio.wait_for(told.get(), PATIENCE) == b"200"

    asyncio.run(run())
