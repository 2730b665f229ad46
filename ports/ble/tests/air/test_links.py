"""A message and its answer over a line that fails, at each of its steps and in each way."""

import asyncio
import contextlib
import pathlib
import tempfile
from collections.abc import AsyncIterator

import pytest
from bumble.keys import MemoryKeyStore
from device import Device, World
from faults import SOCKET, Fault, Kind, Line, line
from phone import phone
from wifi_sim.air import Air

# A large message each way, in chunks: one that would show in another's place.
BEFORE, AFTER = b"A" * 300, b"B" * 250
# Primes, so that every kind of step has its turn. A cut takes a restart each.
STRIDE = {Kind.LOST: 5, Kind.LATE: 5, Kind.TWICE: 5, Kind.CUT: 13}
VISIT = 3.0  # seconds for what fails; it takes a tenth when it does not


@contextlib.asynccontextmanager
async def bad_world(host: str) -> AsyncIterator[tuple[World, Line]]:
    with tempfile.TemporaryDirectory(prefix="port-ble-") as name:
        directory = pathlib.Path(name)
        async with Air(directory) as air, line(directory) as it:
            here = World(host, directory, await Device.start(host, directory, SOCKET), air, SOCKET)
            try:
                yield here, it
            finally:
                await here.device.stop()


async def visit(here: World, keys: MemoryKeyStore, message: bytes) -> None:
    async with phone(here.directory, keys=keys) as it:
        if await it.device.keystore.get_all():
            await it.connection.encrypt()
        else:
            await it.pair()
        await it.begin()
        await it.send(message)
        assert await it.receive() == message, "another message, or a half one"


async def steps(host: str) -> int:
    """How many packets a visit takes."""
    keys = MemoryKeyStore()
    async with bad_world(host) as (here, bad):
        here.device.tell("auto")
        await visit(here, keys, AFTER)
        await here.device.expect("1 bonds are kept")
        bad.arm(None)
        await visit(here, keys, BEFORE)
        return bad.count


@pytest.mark.parametrize("kind", Kind, ids=lambda kind: kind.value)
def test_next_visit_is_whole_after_any_fault_at_any_step(host: str, kind: Kind) -> None:
    async def run() -> None:
        keys = MemoryKeyStore()
        count = await steps(host)
        assert count > 40
        async with bad_world(host) as (here, bad):
            here.device.tell("auto")
            await visit(here, keys, AFTER)
            await here.device.expect("1 bonds are kept")
            for nth in range(0, count, STRIDE[kind]):
                bad.arm(Fault(kind, nth))
                # Whatever comes of it must not take long. Where a packet is gone or comes twice on the way, below
                # everything that counts them, the message itself is another; else it is whole or there is none.
                try:
                    await asyncio.wait_for(visit(here, keys, BEFORE), VISIT)
                except AssertionError as wrong:
                    assert "half one" not in str(wrong) or kind in (Kind.TWICE, Kind.LOST), (nth, kind)
                except (Exception, asyncio.CancelledError):
                    pass
                bad.arm(None)
                if kind is Kind.CUT:
                    await here.restart()
                try:
                    await asyncio.wait_for(visit(here, keys, AFTER), 30)
                except BaseException as wrong:
                    said = "\n".join(here.device.lines[-12:])
                    raise AssertionError(f"after packet {nth} of {count} was {kind.value}: {wrong!r}\n{said}") from wrong

    asyncio.run(run())
