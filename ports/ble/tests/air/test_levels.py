"""Every attribute in every state a link can be in, as a table: printed, and all as specified.

`cargo xtask levels` prints it and does nothing else.
"""

from __future__ import annotations

import asyncio
import dataclasses
import functools
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest
from bumble import att, core
from bumble.gatt_client import AttributeProxy, CharacteristicProxy
from bumble.keys import MemoryKeyStore
from bumble.pairing import PairingConfig, PairingDelegate
from device import PATIENCE, World, world
from harness.tables import Tables
from phone import Phone, User, configuration, phone, refused

Io = PairingDelegate.IoCapability
SMP = 6
AUTHENTICATION_REQUIREMENTS = 3
NUMERIC_COMPARISON_FAILED = 12
NOTHING_DONE = {2: "-", 3: "-", 5: "A"}
WIDTH = 40  # of the first column
ENDPOINTS = "021a9004-0382-4aea-bff4-6b3f1c5adfb4"
LEGEND = """\
In a cell, what reading and then writing comes to: + it is done, - the attribute has no such operation,
A insufficient authentication, . there is no link any more. no MITM,no / no MITM,yes: Secure Connections without the
phone's wish for protection, refused and confirmed by the person; bond,plain: a known phone before it encrypts. Espressif's
endpoints (where they are offered) are open by the attribute protocol: behind them only the version is told before a
handshake has proved the device's secret."""


@dataclasses.dataclass(frozen=True)
class Attribute:
    """One of the database, and what may be done with it once the phone is trusted."""

    service: str
    name: str
    of_link: bool  # its subscription, not its value
    operations: str  # of "RW"
    public: bool = False
    value: bytes = b"\x01"

    @property
    def title(self) -> str:
        kind = "" if not self.of_link else " description" if self.service == "Espressif" else " subscription"
        return f"{self.service} {self.name}{kind}"


def _transfer(service: str, first: str) -> list[Attribute]:
    names = {"control": "RW", "TX": "R", "RX": "W", "TX-large": "R", "RX-large": "W"}
    found = []
    for number, (name, operations) in enumerate(names.items(), start=1):
        found.append(Attribute(service, f"{first}{number:02} {name}", False, operations))
        if name.startswith("TX"):
            found.append(Attribute(service, f"{first}{number:02} {name}", True, "RW", value=b"\x01\x00"))
    return found


ATTRIBUTES = [
    Attribute("GAP", "2a00 device name", False, "R", public=True),
    *(Attribute("information", f"ff{n:02} {name}", False, "R") for n, name in ((1, "version"), (2, "broker"), (3, "MTU"))),
    Attribute("information", "ff03 MTU", True, "RW", value=b"\x01\x00"),
    *(Attribute("information", f"ff{n:02} {name}", False, "R") for n, name in ((4, "platform"), (5, "device"))),
    *_transfer("provisioning", "01"),
    *_transfer("MQTT", "00"),
    *itertools.chain.from_iterable(
        (
            Attribute("Espressif", name, False, "RW", public=True),
            Attribute("Espressif", name, True, "R", public=True),
        )
        for name in ("ff4f prov-ctrl", "ff51 prov-session", "ff53 proto-ver")
    ),
]


def find(it: Phone, attribute: Attribute) -> AttributeProxy:
    name = attribute.name.split()[0]
    if attribute.service == "GAP":
        services = it.peer.services[:2]
        return next(c for s in services for c in s.characteristics if str(c.uuid).upper().find("2A00") >= 0)
    if attribute.service == "Espressif":
        [service] = [service for service in it.peer.services if str(service.uuid).lower() == ENDPOINTS]
        [endpoint] = [c for c in service.characteristics if str(c.uuid).lower()[4:8] == name]
        return endpoint.descriptors[0] if attribute.of_link else endpoint
    characteristic: CharacteristicProxy = it[name]
    if not attribute.of_link:
        return characteristic
    descriptor = configuration(characteristic)
    assert descriptor is not None
    return descriptor


async def outcome(doing: Awaitable[object]) -> str:
    try:
        await asyncio.wait_for(doing, PATIENCE)
    except (core.ProtocolError, att.ATT_Error) as error:
        return NOTHING_DONE.get(int(error.error_code), f"?{int(error.error_code)}")
    except (core.InvalidStateError, asyncio.CancelledError, TimeoutError):
        return "."
    return "+"


async def cell(it: Phone, attribute: Attribute) -> str:
    if it.connection is None or it.connection.handle not in it.device.connections:
        return ".."
    target = find(it, attribute)
    read = await outcome(target.read_value(no_long_read=True))
    write = await outcome(target.write_value(attribute.value, with_response=True))
    return read + write


def expected(attribute: Attribute, state: State) -> str:
    """As PROTOCOL.md and SECURITY.md say."""
    if state.is_link_ended:
        return ".."
    if not state.is_trusted and not attribute.public:
        # What an attribute cannot do is no secret.
        return "".join("A" if operation in attribute.operations else "-" for operation in "RW")
    return "".join("+" if operation in attribute.operations else "-" for operation in "RW")


@dataclasses.dataclass(frozen=True)
class State:
    """A way to have a link, and whether values are for it."""

    title: str
    enter: Callable[[World], AbstractAsyncContextManager[Phone]]
    is_trusted: bool
    is_link_ended: bool = False


def caller(here: World, **options) -> AbstractAsyncContextManager[Phone]:
    """A phone that sees scan responses: where Espressif's endpoints are offered, our service stands there."""
    return phone(here.directory, active=True, **options)


@asynccontextmanager
async def opened(here: World) -> AsyncIterator[Phone]:
    async with caller(here) as it:
        await it.discover()
        yield it


@asynccontextmanager
async def _pairs_in_vain(here: World, user: User | None = None, secure: bool = True) -> AsyncIterator[Phone]:
    async with caller(here, user=user, secure=secure) as it:
        await it.discover()
        assert await refused(it.pair()) == AUTHENTICATION_REQUIREMENTS
        assert not it.connection.is_encrypted
        yield it


@asynccontextmanager
async def just_works(here: World) -> AsyncIterator[Phone]:
    async with _pairs_in_vain(here, User(Io.NO_OUTPUT_NO_INPUT)) as it:
        yield it


@asynccontextmanager
async def legacy(here: World) -> AsyncIterator[Phone]:
    async with _pairs_in_vain(here, secure=False) as it:
        yield it


@asynccontextmanager
async def short_key(here: World) -> AsyncIterator[Phone]:
    async with caller(here) as it:
        await it.discover()
        # Secure Connections, two buttons, and 7 bytes of key.
        heard = asyncio.get_running_loop().create_future()
        it.device.l2cap_channel_manager.register_fixed_channel(
            SMP, lambda _, pdu: heard.done() or heard.set_result(bytes(pdu))
        )
        it.device.host.send_l2cap_pdu(it.connection.handle, SMP, bytes([1, 1, 0, 0x0D, 7, 3, 3]))
        answer = await asyncio.wait_for(heard, PATIENCE)
        assert answer[0] == 5, answer.hex()
        yield it


@asynccontextmanager
async def _compares(here: World, mitm: bool, answer: str) -> AsyncIterator[Phone]:
    async with caller(here) as it:
        await it.discover()
        it.device.pairing_config_factory = lambda _: PairingConfig(
            sc=True, mitm=mitm, delegate=it.user, identity_address_type=PairingConfig.AddressType.RANDOM
        )
        pairing = asyncio.create_task(it.pair())
        # Without the phone's wish for it, too: the device insists.
        await here.device.expect("compare ")
        here.device.tell(answer)
        await asyncio.wait([pairing])
        assert (pairing.exception() is None) == (answer == "yes")
        yield it


@asynccontextmanager
async def without_mitm_refused(here: World) -> AsyncIterator[Phone]:
    async with _compares(here, False, "no") as it:
        yield it


@asynccontextmanager
async def without_mitm(here: World) -> AsyncIterator[Phone]:
    async with _compares(here, False, "yes") as it:
        yield it


@asynccontextmanager
async def with_mitm(here: World) -> AsyncIterator[Phone]:
    async with _compares(here, True, "yes") as it:
        yield it


async def _bond(here: World, keys: MemoryKeyStore) -> None:
    async with caller(here, keys=keys) as it:
        pairing = asyncio.create_task(it.pair())
        await here.device.expect("compare ")
        here.device.tell("yes")
        await pairing
    await here.device.expect("disconnected")


@asynccontextmanager
async def bonded(here: World) -> AsyncIterator[Phone]:
    keys = MemoryKeyStore()
    await _bond(here, keys)
    async with caller(here, keys=keys) as it:
        await it.connection.encrypt()
        await it.discover()
        assert it.user.seen.empty()
        yield it


@asynccontextmanager
async def bonded_but_not_encrypted(here: World) -> AsyncIterator[Phone]:
    keys = MemoryKeyStore()
    await _bond(here, keys)
    async with caller(here, keys=keys) as it:
        await it.discover()
        yield it


@asynccontextmanager
async def wrong_key(here: World) -> AsyncIterator[Phone]:
    keys = MemoryKeyStore()
    await _bond(here, keys)
    for _, kept in await keys.get_all():
        kept.ltk.value = bytes(byte ^ 0x5A for byte in kept.ltk.value)
    async with caller(here, keys=keys) as it:
        await it.discover()
        with pytest.raises(BaseException):
            await asyncio.wait_for(it.connection.encrypt(), PATIENCE)
        assert not it.connection.is_encrypted
        # As every controller does when the keys differ.
        await here.device.expect("disconnected")
        yield it


STATES = [
    State("open", opened, False),
    State("JustWorks", just_works, False),
    State("legacy", legacy, False),
    State("key of 7", short_key, False),
    State("no MITM,no", without_mitm_refused, False),
    State("no MITM,yes", without_mitm, True),
    State("SC+MITM", with_mitm, True),
    State("bonded", bonded, True),
    State("bond,plain", bonded_but_not_encrypted, False),
    State("wrong LTK", wrong_key, False, is_link_ended=True),
]


async def column(host: str, state: State) -> list[str]:
    async with world(host) as here:
        here.device.tell("offer")
        await here.device.expect("offered")
        await here.device.expect("advertising")
        return await _cells(here, state)


async def _cells(here: World, state: State) -> list[str]:
    async with state.enter(here) as it:
        return [await cell(it, attribute) for attribute in ATTRIBUTES]


@functools.cache
def cells(host: str, state: State) -> list[str]:
    return asyncio.run(column(host, state))


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.title)
def test_every_attribute_is_as_specified(host: str, state: State) -> None:
    found = cells(host, state)
    wrong = {
        attribute.title: f"{cell}, not {expected(attribute, state)}"
        for attribute, cell in zip(ATTRIBUTES, found, strict=True)
        if cell != expected(attribute, state)
    }
    assert not wrong, wrong


def test_the_table_is_printed(host: str, tables: Tables) -> None:
    found = {state.title: cells(host, state) for state in STATES}
    lines = [" " * WIDTH + " ".join(f"{title:>11}" for title in found)]
    for row, attribute in enumerate(ATTRIBUTES):
        lines.append(f"{attribute.title:<{WIDTH}}" + " ".join(f"{column[row]:>11}" for column in found.values()))
    tables.show("Each attribute in each state of a link", [*lines, *LEGEND.splitlines()])
