"""Phones of the tests: the companion's, with a person who compares the digits on both sides."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from wifi_provision import OURS, Behaviour, Client, ListResult, NetworkInfo
from wifi_provision.client import Patience
from wifi_provision.keys import Keys
from wifi_provision.virtual import VirtualPhone

from .networks import Network
from .world import World

# What the console says when a phone wants to pair: the six digits, then the question.
COMPARISON = r"Numeric comparison: (?P<digits>\d{6})  confirm\? \(y/n\)"

# What the console says to an answer.
HEARD = r"Numeric comparison: (?P<said>confirmed|refused|withdrawn|nobody|too late|(?P<changed>the number has changed))"

# For tests: a scan is over in seconds, and joining is bounded by the device.
PATIENCE = Patience(silence=20, connect=60, change=20)


class DigitsDiffer(AssertionError):
    """The two sides show different digits."""


class Person:
    """Looks at the phone and at the console, and types the answer at the console."""

    def __init__(self, world: World, answer: str = "y"):
        self._world = world
        self._answer = answer
        self._mark = world.console.mark()
        self.compared: list[str] = []

    async def compare(self, digits: str) -> bool:
        console = self._world.console
        shown = await asyncio.to_thread(console.expect, COMPARISON, 20, self._mark)
        self._mark = shown.end()
        if shown["digits"] != digits:
            raise DigitsDiffer(f"the phone shows {digits}, the console {shown['digits']}")
        self.compared.append(digits)
        if self._answer:
            await asyncio.to_thread(self._answer_until_heard)
        return True

    def _answer_until_heard(self) -> None:
        """Types the answer; again when the console is deaf, as it is after a withdrawn question."""
        console = self._world.console
        while True:
            console.type(self._answer)
            heard = console.expect(HEARD, 10, self._mark)
            self._mark = heard.end()
            if not heard["changed"]:
                return


@asynccontextmanager
async def connected(
    world: World,
    behaviour: Behaviour = OURS,
    *,
    keys: Keys | None = None,
    mtu: int | None = None,
    privacy: bool = False,
    person: Person | None = None,
) -> AsyncIterator[Client]:
    """A phone that has paired, or resumed its bond, and opened the channel."""
    person = person or Person(world)
    phone = VirtualPhone(
        world.run / "air-phone.sock",
        keys=keys or world.keys(behaviour.name),
        compare=person.compare,
        mtu=mtu,
        privacy=privacy,
        name=behaviour.name,
    )
    async with phone:
        link = await phone.connect()
        async with Client(link, behaviour, mtu=mtu, patience=PATIENCE) as client:
            yield client


async def names(client: Client) -> list[str]:
    """The saved networks' names by priority, checked to be numbered without a gap."""
    networks = (await listed(client)).saved
    assert [network.index for network in networks] == list(range(len(networks)))
    return [network.ssid for network in networks]


async def listed(client: Client) -> ListResult:
    """A list that came whole and that the kind of phone at hand can read."""
    result = await client.list()
    assert result.complete, f"the list broke off after {len(result.networks)} networks"
    assert not result.objections, result.objections
    return result


async def active(client: Client) -> NetworkInfo | None:
    """The saved network the device says it is connected to."""
    connected_ones = [network for network in (await listed(client)).networks if network.connected]
    assert len(connected_ones) <= 1, connected_ones
    return connected_ones[0] if connected_ones else None


async def forget_everything(client: Client) -> None:
    """Deletes every saved network."""
    for _ in await names(client):
        await client.delete(0)


async def only(client: Client, *networks: Network) -> None:
    """Makes these the saved networks, the first with the highest priority; joins none."""
    await forget_everything(client)
    for network in reversed(networks):
        await client.add(network.save(connect=False))
    assert await names(client) == [network.ssid for network in networks]
