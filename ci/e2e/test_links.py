"""Links that fail: something goes wrong on the line to the controller or on the radio, at a step of a request; the next
phone finds the list as it was before the request or as it is after it, and what it says is so.

In the usual run every kind of step of every request meets some faults; `cargo xtask links` (or LINKS_EVERY_STEP=1)
tries every fault at every step. The faults are `ci/sim/wifi_sim/air_trouble.py`'s, at the hardware's edge, and counted.
"""

import asyncio
import contextlib
import os
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
from bumble.device import Peer
from harness.air import CUT, DELAY, DROP, DUPLICATE, LINE
from harness.espressif import EspressifPhone, Refused, secured
from harness.networks import CAFE, HOME, WORKSHOP, Network
from harness.phone import PATIENCE, Person, listed
from harness.tables import Tables
from harness.trials import Names, Request, Results, Steps, Trial, every, in_turn, some
from harness.world import World
from rmaker_tools.common import prov
from wifi_provision import OURS, Client
from wifi_provision.errors import NotFound, ProvisionError, Unreachable
from wifi_provision.keys import Keys
from wifi_provision.virtual import Pairing, VirtualLink, VirtualPhone

EVERY_STEP = bool(os.environ.get("LINKS_EVERY_STEP"))
# The shortest there is: requests and answers go in chunks of 20 bytes.
MTU = 23
KNOWN = [HOME, CAFE, WORKSHOP]

REQUESTS = [
    Request("add and connect", False, lambda phone, _: phone.add(WORKSHOP.save(connect=True)), lambda old: [WORKSHOP.ssid, *old]),
    Request("list", True, lambda phone, _: phone.list(1), lambda old: old),
    Request("switch", True, lambda phone, _: phone.switch(1), lambda old: old),
    Request("edit", True, lambda phone, _: phone.move(2, 0), lambda old: [old[2], *old[:2]]),
    Request("delete", True, lambda phone, old: phone.delete(old.index(WORKSHOP.ssid)), lambda old: [n for n in old if n != WORKSHOP.ssid]),
]


async def provision(phone: Any, _: Names) -> None:
    """By Espressif's client, in a session."""
    try:
        result = await phone.provision(WORKSHOP.ssid, WORKSHOP.passphrase)
    except Exception as error:
        # What their code makes of an answer that is missing, or is an earlier one's: it gives up, one way or another.
        raise Unreachable("the client gave up") from error
    if result != ("connected", None):
        raise Unreachable(f"the device has not joined: {result}")


# What it provisions is saved first, in the place of what has that name: an entry more, or the same list.
PROVISION = Request("provision", False, provision, lambda old: [WORKSHOP.ssid, *(n for n in old if n != WORKSHOP.ssid)])
# So many of its steps meet a fault in the usual run.
SOME_OF_PROVISION = 4

pytestmark = pytest.mark.timeout(7200 if EVERY_STEP else 1800)

RECONNECTED = 60  # seconds until a phone is served again, whatever has happened: the device notices a dead line in 16
WHOLE = 40  # seconds for a request in which nothing is lost
QUIET = 1.0  # seconds without a step after something was lost: the phone gives up, as a person does later
POLL = 0.02


async def reach(phone: VirtualPhone, stack: contextlib.AsyncExitStack) -> VirtualLink:
    """A connection of a phone, as soon as the device takes one."""
    await stack.enter_async_context(phone)
    deadline = time.monotonic() + RECONNECTED
    while True:
        try:
            return await phone.connect()
        except (NotFound, Unreachable):
            if time.monotonic() > deadline:
                raise


class Visitor:
    """One phone, known to the device; visits it again and again."""

    def __init__(self, world: World):
        self.world = world
        self._keys = world.keys("links")

    @contextlib.asynccontextmanager
    async def visit(self) -> AsyncIterator[tuple[VirtualLink, Client]]:
        """A link and a client on it. Ends without a goodbye on the channel, which may not work any more."""
        async with contextlib.AsyncExitStack() as stack:
            phone = VirtualPhone(self.world.run / "air-phone.sock", keys=self._keys, compare=Person(self.world).compare, mtu=MTU)
            link = await reach(phone, stack)
            client = Client(link, OURS, mtu=MTU, patience=PATIENCE)
            stack.push_async_callback(client.close)
            stack.push_async_callback(link.close)
            await client.set_up()
            yield link, client

    async def truth(self, client: Client) -> Names:
        """The saved networks by name; what the list says is held against flash and the access points."""
        for _ in range(10):
            joined = self.world.access_points.joined()
            saved = (await listed(client)).saved
            if self.world.access_points.joined() != joined:
                continue  # the device moved meanwhile, and the list is of one of two moments
            connected = [network.ssid for network in saved if network.connected]
            assert [network.index for network in saved] == list(range(len(saved))), saved
            names = [network.ssid for network in saved]
            assert connected == [name for name in names if name == joined], (connected, joined)
            assert names == (stored := self.stored()), (names, stored)
            return names
        raise AssertionError("the device does not stay on one network for the time of a list")

    def stored(self) -> Names:
        """The networks that stand in flash, the last of the record first: what was replaced is overwritten."""
        flash = self.world.board.flash()

        def places(network: Network) -> list[int]:
            name = network.ssid.encode()
            form = bytes([len(name)]) + name
            found, at = [], flash.find(form)
            while at >= 0:
                found.append(at)
                at = flash.find(form, at + 1)
            return found

        found = [(at, network.ssid) for network in KNOWN for at in places(network)]
        return [name for _, name in sorted(found, reverse=True)]

    async def prepare(self, client: Client, names: Names, request: Request) -> Names:
        """The list a request begins with."""
        for network in (HOME, CAFE, *([WORKSHOP] if request.needs else [])):
            if network.ssid not in names:
                await client.add(network.save(connect=False))
                names = [network.ssid, *names]
        if not request.needs and WORKSHOP.ssid in names:
            await client.delete(names.index(WORKSHOP.ssid))
            names = [name for name in names if name != WORKSHOP.ssid]
        return names

    async def suffer(self, trial: Trial, link: VirtualLink, client: Client, old: Names) -> None:
        """The request, and the fault."""
        air = self.world.air
        air.arm(trial.place, trial.kind, trial.at)
        asking = asyncio.ensure_future(trial.request.ask(client, old))
        lost = asyncio.ensure_future(link.wait_lost())
        began = moved = time.monotonic()
        count = 0
        try:
            while not (asking.done() or lost.done()):
                await asyncio.wait({asking, lost}, timeout=POLL, return_when=asyncio.FIRST_COMPLETED)
                status = air.status()
                now = time.monotonic()
                if (steps := len(status.line) + len(status.radio)) != count:
                    count, moved = steps, now
                if status.happened and trial.kind in (DROP, DUPLICATE) and now - moved > QUIET:
                    break
                assert now - began < WHOLE, f"{trial}: neither answered nor lost"
            # What is only late changes nothing.
            if trial.kind == DELAY:
                await asking
            assert air.status().happened, f"{trial}: there was no such step"
        finally:
            lost.cancel()
            asking.cancel()
            with contextlib.suppress(ProvisionError, asyncio.CancelledError):
                await asking


def judged(trial: Trial, old: Names, names: Names) -> str | None:
    new = trial.request.result(old)
    if names == old:
        return "old"
    if names == new:
        return "new"
    # The protocol numbers no requests: one that comes twice is two.
    if trial.kind == DUPLICATE and names == trial.request.result(new):
        return "twice"
    return None


async def steps_of(visitor: Visitor, request: Request) -> Steps:
    """What the request takes in fair weather."""
    async with visitor.visit() as (_, client):
        old = await visitor.prepare(client, await visitor.truth(client), request)
        visitor.world.air.watch()
        await request.ask(client, old)
        status = visitor.world.air.status()
        assert await visitor.truth(client) == request.result(old)
        return Steps({"line": status.line, "radio": status.radio})


async def trials_of(visitor: Visitor) -> list[Trial]:
    steps = [await steps_of(visitor, request) for request in REQUESTS]
    if EVERY_STEP:
        return list(in_turn([list(every(*pair)) for pair in zip(REQUESTS, steps, strict=True)]))
    chosen = [list(some(*pair, number)) for number, pair in enumerate(zip(REQUESTS, steps, strict=True))]
    # The line is cut once: in the middle of a chunk.
    at, step = next((at, step) for at, step in enumerate(steps[0].of[LINE]) if "write" in step)
    chosen[0].append(Trial(REQUESTS[0], LINE, CUT, at, step))
    return list(in_turn(chosen))


async def all_of_it(visitor: Visitor, results: Results) -> None:
    world = visitor.world
    last: tuple[Trial, Names] | None = None
    for trial in [*await trials_of(visitor), None]:
        async with visitor.visit() as (link, client):
            try:
                names = await visitor.truth(client)
            except (AssertionError, ProvisionError) as error:
                raise AssertionError(f"after {last and str(last[0])}: {error}") from error
            if last is not None:
                found = judged(*last, names)
                if found is None:
                    results.untruthful.append(f"{last[0]}: of {last[1]} it made {names}")
                else:
                    results.add(last[0], found)
            if trial is None:
                return
            old = await visitor.prepare(client, names, trial.request)
            mark = world.console.mark()
            await visitor.suffer(trial, link, client, old)
            last = (trial, old)
        world.air.watch()
        if (trial.place, trial.kind) == (LINE, CUT):
            # Every other time the controller is there again before the device has missed it: it has restarted.
            if trial.at % 2 == 0:
                await asyncio.to_thread(world.console.expect, "the BLE controller has fallen silent", 40, mark)
            world.air.mend()


def test_whatever_fails_at_whichever_step_the_next_phone_gets_a_truthful_list(world: World, tables: Tables) -> None:
    results = Results()
    try:
        asyncio.run(all_of_it(Visitor(world), results))
    finally:
        tables.show("Faults at the steps of requests, in QEMU", results.table(REQUESTS))
    assert not results.untruthful, results.untruthful


class Stranger:
    """A phone of Espressif's: without pairing, with the device's secret."""

    def __init__(self, world: World):
        self.world = world
        self._secret = secured(world, 2)["pop"]
        self._stale: Any = None

    @contextlib.asynccontextmanager
    async def visit(self) -> AsyncIterator[tuple[VirtualLink, EspressifPhone]]:
        """A link, and a session on it that finds nothing of the last one, whatever became of that."""
        async with contextlib.AsyncExitStack() as stack:
            phone = VirtualPhone(self.world.run / "air-phone.sock", keys=Keys(), pairing=Pairing.NONE, name="espressif")
            link = await reach(phone, stack)
            stack.push_async_callback(link.close)
            espressif = EspressifPhone(Peer(link.connection), phone)
            await espressif.discover()
            for endpoint in ("prov-session", "prov-config"):
                assert await espressif.read(endpoint) == b"", "an answer to somebody else"
            if self._stale is not None:
                with pytest.raises(Refused):
                    await espressif.ask("prov-config", prov.config_get_status_request(self._stale))
            await espressif.open(2, self._secret)
            self._stale = espressif.session
            if (await espressif.settled())[0] == "failed":
                await espressif.reset()
            yield link, espressif


async def provisioned(visitor: Visitor, stranger: Stranger, results: Results) -> None:
    air = visitor.world.air

    async def prepared() -> Names:
        async with visitor.visit() as (_, client):
            return await visitor.prepare(client, await visitor.truth(client), PROVISION)

    old = await prepared()
    async with stranger.visit() as (_, phone):
        air.watch()
        await phone.begin(WORKSHOP.ssid, WORKSHOP.passphrase)
        status = air.status()
        await phone.settled()
    steps = Steps({"line": status.line, "radio": status.radio})
    chosen = list((every if EVERY_STEP else some_of_provision)(PROVISION, steps))
    for trial in chosen:
        old = await prepared()
        async with stranger.visit() as (link, phone):
            await visitor.suffer(trial, link, phone, old)
        air.watch()
        if (trial.place, trial.kind) == (LINE, CUT):
            air.mend()
        # What was applied is carried out, with or without the phone that asked: this visit waits for its end.
        async with stranger.visit():
            pass
        async with visitor.visit() as (_, client):
            names = await visitor.truth(client)
        found = judged(trial, old, names)
        if found is None:
            results.untruthful.append(f"{trial}: of {old} it made {names}")
        else:
            results.add(trial, found)


def some_of_provision(request: Request, steps: Steps) -> list[Trial]:
    """A few over its whole length, each fault of the line in its turn."""
    trials = list(some(request, steps, 0))
    return trials[:: max(1, len(trials) // SOME_OF_PROVISION)][:SOME_OF_PROVISION]


def test_a_provisioning_that_fails_at_a_step_leaves_a_truthful_list_and_no_session(world: World, tables: Tables) -> None:
    results = Results()
    try:
        asyncio.run(provisioned(Visitor(world), Stranger(world), results))
    finally:
        tables.show("Faults at the steps of a provisioning by Espressif's client, in QEMU", results.table([PROVISION]))
    assert not results.untruthful, results.untruthful
