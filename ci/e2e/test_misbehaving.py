"""Phones that misbehave cost bounded time and memory, and block nobody: after each, another phone is served within
`SERVED` seconds, the heap is as it was, its low-water mark too, and there is no link left over.

| a phone that | is shown here | and where else |
|---|---|---|
| never reads a large answer | yes | `ports/ble/tests/air/test_misbehaving.py`: each sender gives up; `test_channel.py`: the next waits |
| acknowledges nothing at all | | `air/test_misbehaving.py`: the link is ended after 10 s |
| never opens the channel | yes | `air/test_channel.py`: its messages are dropped |
| floods with requests, commands, prepared writes | yes | `air/test_misbehaving.py`, strangers and endpoints too; the fuzz targets |
| opens again and again | yes | `air/test_misbehaving.py`: it is answered once |
| wants two links | yes | `air/test_misbehaving.py` |
| goes silent in the middle of pairing | by a cut radio | `air/test_misbehaving.py`: by silence at each packet; `test_pairing.py`: nobody answers |
| does not pair, or fails to, again and again | | `air/test_strangers.py`: less and less time; `test_strangers.py` here |
| leaves before its answer | | `test_visits.py`, and at every step `test_links.py` |

What is bounded for a phone that the owner has confirmed is what it costs, not how long it stays: there is one link, and it is
that phone's until it leaves, as a proxy's must be.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from bumble.device import Peer
from harness.air import CUT, RADIO
from harness.pace import pace
from harness.phone import PATIENCE, Person, connected, names
from harness.waiting import until
from harness.world import World
from wifi_provision import OURS, uuids
from wifi_provision.encode import encode
from wifi_provision.errors import NotFound, ProvisionError
from wifi_provision.keys import Keys
from wifi_provision.messages import ListRequest
from wifi_provision.virtual import VirtualLink, VirtualPhone

SERVED = 20  # seconds, on a busy machine
HEAP = r"heap: (?P<free>\d+) bytes free, (?P<least>\d+) at the least since the start"
ATT = 4
FLOOD = 600
LIST = encode(ListRequest(10, 3000), OURS)


def heap(world: World) -> tuple[int, int]:
    said = world.command("heap", HEAP)
    return int(said["free"]), int(said["least"])


@asynccontextmanager
async def rude(world: World, name: str = "rude") -> AsyncIterator[VirtualLink]:
    """A phone the device knows, without the companion's manners; it leaves without a goodbye."""
    keys = world.keys(name)
    async with VirtualPhone(world.run / "air-phone.sock", keys=keys, compare=Person(world).compare, name=name) as phone:
        link = await phone.connect()
        await link.discover()
        await link.read(uuids.VERSION)  # pairs
        yield link


async def subscribed(link: VirtualLink, opens: int = 1) -> list[bytes]:
    """Listens to the channel, and opens it so many times. What is notified."""
    heard: list[bytes] = []
    await link.subscribe(uuids.WIFI_TX, heard.append)
    await link.subscribe(uuids.WIFI_TX_LARGE, heard.append)
    for _ in range(opens):
        await link.write(uuids.WIFI_CONTROL, b"\x01")
    return heard


async def come_true(condition: Callable[[], object]) -> None:
    await asyncio.to_thread(until, "it comes true", condition, SERVED)


async def never_reads(world: World) -> None:
    async with rude(world) as link:
        heard = await subscribed(link)
        for _ in range(5):
            await link.write(uuids.WIFI_RX, LIST)
        await come_true(lambda: heard)


async def never_opens(world: World) -> None:
    async with rude(world) as link:
        await link.subscribe(uuids.WIFI_TX, lambda _: None)
        for _ in range(20):
            await link.write(uuids.WIFI_RX, LIST)


def flood(opcode: int, between: bytes = b"") -> Callable[[World], Awaitable[None]]:
    """Writes without end, and without waiting for an answer."""

    async def floods(world: World) -> None:
        async with rude(world) as link:
            await subscribed(link)
            peer = Peer(link.connection)
            await peer.discover_services()
            await peer.discover_characteristics()
            [channel] = [c for c in peer.get_characteristics_by_uuid(peer_uuid(peer, uuids.WIFI_RX))]
            pdu = bytes([opcode]) + channel.handle.to_bytes(2, "little") + between + LIST
            for _ in range(FLOOD):
                if link.lost is not None:
                    break
                link.connection.device.host.send_l2cap_pdu(link.connection.handle, ATT, pdu)
            try:
                await asyncio.wait_for(link.read(uuids.VERSION), SERVED)
            except (ProvisionError, TimeoutError):
                pass  # its answers are in disorder, or the device has hung up

    return floods


def peer_uuid(peer: Peer, text: str):
    return next(c.uuid for service in peer.services for c in service.characteristics if c.uuid.to_hex_str("-").lower() == text)


async def opens_twice(world: World) -> None:
    async with rude(world) as link:
        heard = await subscribed(link, opens=20)
        await link.write(uuids.WIFI_RX, LIST[:-1])  # half a request: refused, in one answer
        await come_true(lambda: heard)
        assert len(heard) == 1, heard


async def wants_two_links(world: World) -> None:
    async with rude(world) as link:
        async with VirtualPhone(world.run / "air-phone.sock", keys=world.keys("rude")) as again:
            with pytest.raises(NotFound):
                await again.find(1.0)
        await link.read(uuids.VERSION)
        assert world.air.status().phones == 1


async def silent_in_pairing(world: World) -> None:
    world.air.arm(RADIO, CUT, await pairing_begins(world))
    with pytest.raises(ProvisionError):
        async with connected(world, keys=Keys(), person=Person(world)):
            pass
    assert world.air.status().happened
    world.air.watch()


async def pairing_begins(world: World) -> int:
    """The step at which a new phone's public key goes out: the third packet of pairing."""
    world.air.watch()
    async with connected(world, keys=Keys()):
        pairing = [at for at, step in enumerate(world.air.status().radio) if step.startswith("pairing")]
    return pairing[2]


MISBEHAVIOURS = {
    "never reads": never_reads,
    "never opens": never_opens,
    "floods with requests": flood(0x12),
    "floods with commands": flood(0x52),
    "floods with prepared writes": flood(0x16, b"\0\0"),
    "opens twice": opens_twice,
    "wants two links": wants_two_links,
    "goes silent in pairing": silent_in_pairing,
}


async def is_served(world: World) -> float:
    """Another phone gets a list; the seconds it took."""

    async def visit() -> None:
        async with connected(world, keys=world.keys("polite")) as phone:
            phone.patience = PATIENCE
            await names(phone)

    with pace() as watch:
        began = time.monotonic()
        # What the machine had no turn for is not counted; that it ends at all is.
        await asyncio.wait_for(visit(), 4 * SERVED)
        took = watch.spent(began, time.monotonic())
    assert took < SERVED, f"served after {took:.1f} s"
    return took


@pytest.fixture(scope="module")
def accustomed(world: World) -> World:
    """Both phones are known, and what a first visit or flood takes once, it has taken."""

    async def visits() -> None:
        await is_served(world)
        await never_reads(world)
        await is_served(world)

    asyncio.run(visits())
    return world


@pytest.mark.parametrize("misbehave", MISBEHAVIOURS.values(), ids=MISBEHAVIOURS.keys())
def test_it_is_over_when_the_phone_is_gone(accustomed: World, misbehave: Callable[[World], Awaitable[None]]) -> None:
    world = accustomed
    before = heap(world)

    async def scenario() -> float:
        await misbehave(world)
        return await is_served(world)

    took = asyncio.run(scenario())
    until("the links are gone", lambda: world.air.status().phones == 0, SERVED)
    # What is on its way out of the heap may still be so for a moment.
    try:
        until("the heap is as it was", lambda: heap(world) == before, SERVED)
    except AssertionError as late:
        raise AssertionError(f"{late}; it was {before} and is {heap(world)}") from None
    print(f"the next phone was served after {took:.1f} s; heap {before[0]} bytes free, {before[1]} at the least, before and after")
