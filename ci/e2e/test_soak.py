"""Phones that come, provision and leave, again and again; `cargo xtask soak` says how often."""

import asyncio
import os
import re

from harness.networks import CAFE, HOME, WORKSHOP
from harness.phone import connected, names, only
from harness.world import World

CYCLES = int(os.environ.get("SOAK_CYCLES", "3"))
HEAP = r"heap: (?P<free>\d+) bytes free, (?P<least>\d+) at the least since the start"
STACK = r"stack of (?P<task>\S+): (?P<unused>\d+) bytes never used"


async def cycle(world: World) -> None:
    async with connected(world) as phone:
        assert await names(phone) == [HOME.ssid, WORKSHOP.ssid]
        await phone.add(CAFE.save(connect=False))
        await phone.move(0, 2)
        assert await names(phone) == [HOME.ssid, WORKSHOP.ssid, CAFE.ssid]
        await phone.delete(2)


def heap(world: World) -> tuple[int, int]:
    said = world.command("heap", HEAP)
    return int(said["free"]), int(said["least"])


def test_cycles_leave_the_heap_as_it_was(world: World) -> None:
    async def first() -> None:
        async with connected(world) as phone:
            await only(phone, HOME, WORKSHOP)

    async def cycles(count: int) -> None:
        for _ in range(count):
            await cycle(world)

    asyncio.run(first())
    asyncio.run(cycles(1))  # what the first one takes, it keeps
    before = heap(world)
    asyncio.run(cycles(CYCLES))
    after = heap(world)
    assert after == before
    world.command("stacks", STACK)
    # The last of them ends the answer.
    world.command("heap", HEAP)
    stacks = dict(re.findall(STACK, world.console.text))
    print(f"soak: {CYCLES} cycles in QEMU, heap {after[0]} bytes free, {after[1]} at the least, before and after")
    for task, unused in stacks.items():
        print(f"soak: stack of {task}: {unused} bytes never used")
