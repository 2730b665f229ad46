"""Phones that come, provision, stay away and come again, over restarts; `cargo xtask soak` says how often.

A life is what lies between two restarts. Within it the heap must come back to where it was, but for the gates of
`ports/executor/src/block_on.rs`, made when so many tasks wait at once for the first time. The device's limits are
what they are in the field: a cycle makes two changes that count towards the thousand that may come in a row
(`ports/wifi/src/wear.rs`), and a phone pairs once and is known from then on.
"""

import asyncio
import os
import re
import statistics
import time

import pytest
from harness.flash_wear import FlashWear
from harness.networks import HOME, WORKSHOP, ZURICH
from harness.phone import Person, connected, listed, names, only
from harness.waiting import TooLate, until
from harness.world import PAGE_FETCHED, World
from wifi_provision.keys import Keys

CYCLES = int(os.environ.get("SOAK_CYCLES", "8"))
LIVES = max(2, CYCLES // 50)
CYCLES_A_PHONE = 25
SIGN_OF_LIFE = 15  # seconds
SPARE_STACK = 256  # bytes no task may ever have used
GATES = 8
GATE = 88  # bytes, a semaphore

HEAP = r"heap: (?P<free>\d+) bytes free, (?P<least>\d+) at the least since the start"
STACK = r"stack of (?P<task>[^:\n]+): (?P<unused>\d+) bytes never used"


class Soak:
    """The figures, and the phone whose turn it is."""

    def __init__(self, world: World):
        self.world = world
        self.wear = FlashWear(world.board)
        self.began = time.monotonic()
        self.told = self.began
        self.seconds: list[float] = []
        self.phones = 0
        self.heaps: list[tuple[int, int, int]] = []  # in each life: free at its beginning, at its end, at the least
        self.stacks: dict[str, int] = {}
        self._keys = Keys()
        self._visits = 0
        self._deleted = 0  # where the console was when the last visit's network was deleted

    def another_phone(self) -> None:
        """The owner has a new phone, which has to pair."""
        self._keys, self._visits = Keys(), 0
        self.phones += 1

    async def cycle(self) -> None:
        """One visit: what is saved, a network more, joined; another order; the network deleted again."""
        began, person = time.monotonic(), Person(self.world)
        access_points = self.world.access_points
        async with connected(self.world, keys=self._keys, person=person) as phone:
            assert len(person.compared) == (0 if self._visits else 1), "a phone pairs once"
            assert await names(phone) == [HOME.ssid, WORKSHOP.ssid]
            await phone.add(ZURICH.save(connect=True))
            assert access_points.joined() == ZURICH.ssid
            self.wear.look()
            await phone.move(0, 2)
            self.wear.look()
            saved = (await listed(phone)).saved
            expected = [(HOME.ssid, False), (WORKSHOP.ssid, False), (ZURICH.ssid, True)]
            assert [(network.ssid, network.connected) for network in saved] == expected
            self._deleted = self.world.console.mark()
            await phone.delete(2)
            self.wear.look()
        # Left alone, the device joins what is saved first.
        await access_points.wait_joined(HOME.ssid)
        self._visits += 1
        self.seconds.append(time.monotonic() - began)
        self.tell()

    def tell(self) -> None:
        """A sign of life, now and then."""
        now = time.monotonic()
        if now - self.told >= SIGN_OF_LIFE:
            self.told = now
            print(f"  … {len(self.seconds)} of {CYCLES} cycles, {now - self.began:.0f} s", flush=True)

    def heap(self) -> tuple[int, int]:
        said = self.world.command("heap", HEAP)
        return int(said["free"]), int(said["least"])

    def life(self, cycles: int) -> None:
        """Cycles between two restarts. What the first of them takes, the device keeps."""
        for number in range(cycles):
            if number % CYCLES_A_PHONE == 0:
                self.another_phone()
            asyncio.run(self.cycle())
            if number == 0:
                self._wait_for_page()
                # Other tasks are still at work: the most of some looks is what is free at rest.
                before = max(self.heap()[0] for _ in range(5))
        after, least = self._at_rest(before)
        self.heaps.append((before, after, least))
        self._look_at_stacks()
        self.wear.look()

    def _wait_for_page(self) -> None:
        """What the last visit left is joined, and its page fetched."""
        joined = self.world.console.expect(f'connected to "{HOME.ssid}"', since=self._deleted)
        self.world.console.expect(PAGE_FETCHED, within=60, since=joined.end())

    def _at_rest(self, before: int) -> tuple[int, int]:
        """What is free at rest, and was at the least: as in the beginning, or less by some gates."""

        def there() -> tuple[int, int] | None:
            free, least = self.heap()
            return (free, least) if free in range(before, before - GATES * GATE, -GATE) else None

        try:
            return until("the heap is as it was", there, 30)
        except TooLate as late:
            raise AssertionError(f"{late}: {before} bytes free in the beginning, {self.heap()[0]} now") from None

    def _look_at_stacks(self) -> None:
        mark = self.world.console.mark()
        self.world.command("stacks", STACK)
        # The last of them ends the answer.
        self.world.command("heap", HEAP)
        for task, unused in re.findall(STACK, self.world.console.text[mark:]):
            self.stacks[task] = min(int(unused), self.stacks.get(task, int(unused)))


@pytest.mark.timeout(120 + 10 * CYCLES)
def test_cycles_leave_the_heap_as_it_was(world: World) -> None:
    async def first() -> None:
        async with connected(world) as phone:
            await only(phone, HOME, WORKSHOP)

    asyncio.run(first())
    soak = Soak(world)
    for life in range(LIVES):
        soak.life(CYCLES * (life + 1) // LIVES - CYCLES * life // LIVES)
        world.restart()
        soak.wear.look()
    report(soak)
    assert min(soak.stacks.values()) >= SPARE_STACK


def report(soak: Soak) -> None:
    seconds = time.monotonic() - soak.began
    cycles, operations = len(soak.seconds), 3 * len(soak.seconds)
    erased = sum(soak.wear.erased)
    print(
        f"soak: {cycles} cycles in QEMU in {seconds:.0f} s, {LIVES} restarts, {soak.phones} phones paired; "
        f"a cycle takes {statistics.median(soak.seconds):.2f} s, the longest took {max(soak.seconds):.2f} s"
    )
    for before, after, least in sorted(set(soak.heaps)):
        lives = soak.heaps.count((before, after, least))
        print(f"soak: heap in {lives} lives: {before} bytes free at first, {after} at the end, {least} at the least")
    for task, unused in soak.stacks.items():
        print(f"soak: stack of {task}: {unused} bytes never used")
    print(
        f"soak: flash: {soak.wear.programmed} bytes programmed, {soak.wear.programmed // operations} an operation "
        f"with the bonds'; {erased} pages of 4 KB erased in {operations} operations, none more than "
        f"{max(soak.wear.erased)} times"
    )
