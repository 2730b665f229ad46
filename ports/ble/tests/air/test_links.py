"""A message and its answer over a line and a radio that fail, at each step and in each way; and messages that end half-way."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable

import pytest
from bumble.keys import MemoryKeyStore
from device import World, world
from phone import Phone, phone
from wifi_sim.air_trouble import Fault, Kind, Place, Trouble

# A large message each way, in chunks: one that would show in another's place.
BEFORE, AFTER = b"A" * 300, b"B" * 250
# Primes, so that every kind of step has its turn. A cut takes a restart each.
STRIDE = {Kind.DROP: 17, Kind.DELAY: 19, Kind.DUPLICATE: 19, Kind.CUT: 37}
QUIET = 0.7  # seconds without a step once something is lost: the phone gives up
WHOLE = 90.0  # seconds for a visit, on a busy machine
POLL = 0.02


async def visit(here: World, keys: MemoryKeyStore, message: bytes) -> None:
    async with phone(here.directory, keys=keys) as it:
        if await it.device.keystore.get_all():
            await it.connection.encrypt()
        else:
            await it.pair()
        await it.begin()
        await it.send(message)
        assert await it.receive() == message, "another message, or a half one"


def taken(trouble: Trouble) -> int:
    return sum(map(len, trouble.steps.values()))


async def until_quiet(trouble: Trouble, doing: Awaitable[None]) -> None:
    """Waits for it to be done, or until what was armed has happened and nothing moves any more."""
    loop = asyncio.get_running_loop()
    task = asyncio.ensure_future(doing)
    count, moved, began = 0, loop.time(), loop.time()
    try:
        while not (await asyncio.wait({task}, timeout=POLL))[0]:
            if (now_taken := taken(trouble)) != count:
                count, moved = now_taken, loop.time()
            if trouble.happened and loop.time() - moved > QUIET:
                return
            assert loop.time() - began < WHOLE, "the visit takes for ever"
        await task
    finally:
        task.cancel()
        with contextlib.suppress(BaseException):
            await task


async def steps(host: str) -> int:
    """How many steps a visit takes on the line."""
    keys = MemoryKeyStore()
    async with world(host) as here:
        here.device.tell("auto")
        await visit(here, keys, AFTER)
        await here.device.expect("1 bonds are kept")
        here.air.trouble.watch()
        await visit(here, keys, BEFORE)
        return len(here.air.trouble.steps[Place.LINE])


@pytest.mark.parametrize("kind", STRIDE, ids=lambda kind: kind.value)
def test_next_visit_is_whole_after_any_fault_at_any_step(host: str, kind: Kind) -> None:
    async def run() -> None:
        keys = MemoryKeyStore()
        count = await steps(host)
        assert count > 60
        async with world(host) as here:
            trouble = here.air.trouble
            here.device.tell("auto")
            await visit(here, keys, AFTER)
            await here.device.expect("1 bonds are kept")
            for nth in range(0, count, STRIDE[kind]):
                trouble.arm(Fault(Place.LINE, kind, nth))
                # Where a packet is gone or comes twice on the way, below everything that counts them, the message
                # itself is another; else it is whole or there is none.
                try:
                    await until_quiet(trouble, visit(here, keys, BEFORE))
                except AssertionError as wrong:
                    assert "half one" in str(wrong) and kind in (Kind.DUPLICATE, Kind.DROP), (nth, kind, wrong)
                except (Exception, asyncio.CancelledError):
                    assert kind is not Kind.DELAY, nth
                trouble.watch()
                if kind is Kind.CUT:
                    await here.restart()
                    here.device.tell("auto")
                try:
                    await asyncio.wait_for(visit(here, keys, AFTER), WHOLE)
                except BaseException as wrong:
                    said = "\n".join(here.device.lines[-12:])
                    raise AssertionError(f"after {kind.value} at step {nth} of {count}: {wrong!r}\n{said}") from wrong

    asyncio.run(run())


# --- half a message -------------------------------------------------------------------------------

CHUNK = 20
HALVES = [1, 2, 3, 7]  # chunks that went before the end


async def hangs_up(here: World, it: Phone) -> None:
    await it.leave()


async def goes_out_of_range(here: World, it: Phone) -> None:
    lost = asyncio.Event()
    it.connection.on(it.connection.EVENT_DISCONNECTION, lambda _: lost.set())
    trouble = here.air.trouble
    trouble.arm(Fault(Place.RADIO, Kind.CUT, 0))
    reading = asyncio.ensure_future(it.read("0101"))
    await asyncio.wait_for(lost.wait(), 30)
    reading.cancel()
    trouble.watch()
    with contextlib.suppress(BaseException):
        await reading


async def closes(here: World, it: Phone) -> None:
    await it.write("0101", b"\x00")
    await here.device.expect("closed")
    await it.leave()


ENDS = [hangs_up, goes_out_of_range, closes]


@contextlib.asynccontextmanager
async def on_channel(here: World, keys: MemoryKeyStore, number: int) -> AsyncIterator[Phone]:
    async with phone(here.directory, address=f"C{number}:11:22:33:44:55", irk=number + 1, keys=keys) as it:
        if await keys.get_all():
            await it.connection.encrypt()
        else:
            await it.pair()
        await it.begin()
        yield it


@pytest.mark.parametrize("end", ENDS)
def test_half_a_message_never_leaks_into_the_next_session(host: str, end) -> None:
    """Neither what a phone had sent of one, nor what it had not yet fetched; for itself and for another phone."""

    async def run() -> None:
        keys = [MemoryKeyStore(), MemoryKeyStore()]
        async with world(host) as here:
            here.device.tell("auto")
            for which in (0, 1):
                async with on_channel(here, keys[which], which):
                    pass
            for turn, chunks in enumerate(HALVES):
                following = turn % 2
                async with on_channel(here, keys[0], 0) as it:
                    for _ in range(chunks):
                        await it.write("0105", BEFORE[:CHUNK])
                    await end(here, it)
                async with on_channel(here, keys[following], following) as it:
                    await it.send(AFTER)
                    assert await it.receive() == AFTER, f"after {chunks} chunks of a message"
                async with on_channel(here, keys[0], 0) as it:
                    await it.send(BEFORE)
                    assert await asyncio.wait_for(it.large.get(), 10) == BEFORE[:CHUNK]
                    for _ in range(chunks - 1):
                        assert await it.read("0104") == BEFORE[:CHUNK]
                    await end(here, it)
                async with on_channel(here, keys[following], following) as it:
                    assert await it.read("0104") == b"", f"after {chunks} chunks of an answer"
                    await it.send(AFTER)
                    assert await it.receive() == AFTER, f"after {chunks} chunks of an answer"

    asyncio.run(run())
