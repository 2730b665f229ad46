"""Messages at the edges: as long as one write, one byte more, one less, and those no phone would send."""

import asyncio

import pytest
from harness.networks import ABSENT, FILLER, HOME, Network
from harness.phone import connected, listed, names, only
from harness.world import World
from wifi_provision import ANDROID, IOS, OURS, Behaviour, Security, uuids
from wifi_provision.encode import encode
from wifi_provision.errors import TimedOut
from wifi_provision.messages import MessageType, SaveNetwork, Status, StatusOnly

# What one write carries in the test of edges: three bytes less than the MTU.
CHUNK = 40


def of_length(length: int, behaviour: Behaviour) -> SaveNetwork:
    """A request to save a network that is exactly so long."""
    for ssid in range(1, 33):
        for passphrase in range(8, 64):
            request = Network("N" * ssid, Security.WPA2, FILLER[:passphrase]).save(connect=False)
            if len(encode(request, behaviour)) == length:
                return request
    raise AssertionError(f"no request is {length} bytes long")


@pytest.mark.parametrize("writes", [1, 2, 3])
@pytest.mark.parametrize("over", [-1, 0, 1])
@pytest.mark.parametrize("behaviour", [OURS, ANDROID, IOS], ids=lambda behaviour: behaviour.name)
def test_a_request_that_fills_its_writes_exactly(world: World, behaviour: Behaviour, writes: int, over: int) -> None:
    request = of_length(CHUNK * writes + over, behaviour)

    async def scenario() -> None:
        async with connected(world, behaviour, mtu=CHUNK + 3) as phone:
            assert phone.link.mtu == CHUNK + 3
            await only(phone)
            await phone.add(request)
            assert await names(phone) == [request.ssid]

    asyncio.run(scenario())


BAD = {
    "type-only": ("a1617707", MessageType.DELETE_RESPONSE),
    "missing-field": ("a261770161680a", MessageType.LIST_RESPONSE),
    "wrong-type": ("a26177036167f6", MessageType.SAVE_RESPONSE),
    "index-2-to-the-16": ("a261770761671a00010000", MessageType.DELETE_RESPONSE),
    "not-cbor": ("ff00ff00", None),
    "no-type": ("a0", None),
    "unknown-type": ("a1617709", None),
    "deep": ("81" * 500 + "00", None),
    "long": ("a2" + "6177" + "07" + "6167" + "5901f0" + "00" * 496, MessageType.DELETE_RESPONSE),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_request_gets_a_status_if_its_kind_is_known_and_changes_nothing(world: World, name: str) -> None:
    message, kind = BAD[name]

    async def scenario() -> None:
        async with connected(world) as phone:
            await only(phone, ABSENT)
            await phone.send_raw(bytes.fromhex(message))
            if kind is None:
                with pytest.raises(TimedOut):
                    await phone.next_answer(1.5)
            else:
                assert await phone.next_answer(10) == StatusOnly(kind, Status.FAILURE)
            assert await names(phone) == [ABSENT.ssid]

    asyncio.run(scenario())


# Moves a network to where it is.
EDIT = bytes.fromhex("a3617705616700616a00")


def test_many_requests_at_once_are_each_answered_in_order(world: World) -> None:
    """As fast as a phone can write them; so fast that they fill the queue it cannot be."""

    async def scenario() -> None:
        async with connected(world) as phone:
            await only(phone, ABSENT)
            count = 12
            for _ in range(count):
                await phone.send_raw(EDIT)
            answers = [await phone.next_answer(20) for _ in range(count)]
            assert all(isinstance(answer, StatusOnly) and answer.type is MessageType.EDIT_RESPONSE for answer in answers)
            assert answers[0] == StatusOnly(MessageType.EDIT_RESPONSE, Status.SUCCESS)
            assert await names(phone) == [ABSENT.ssid]

    asyncio.run(scenario())


def test_more_requests_than_the_queue_holds(world: World) -> None:
    """While one is carried out two wait, two are refused in their turn, and what comes beyond is dropped."""
    console = world.console

    async def told(line: str, since: int, within: float = 20) -> int:
        """Where the service's next such line of log ends; each has its time."""
        timed = rf"^\[ *\d+\.\d{{3}}\] provision: provisioning: {line}$"
        return (await asyncio.to_thread(console.expect, timed, within, since)).end()

    async def scenario() -> None:
        async with connected(world) as phone:
            await only(phone, ABSENT)
            mark = console.mark()
            with world.access_points.changed(HOME.ssid, silent=True):
                await phone.send_raw(encode(HOME.save(connect=True), OURS))
                mark = await told("join a new network, then save it", mark)
                for _ in range(5):
                    await phone.send_raw(EDIT)
                refused = await told("too many requests at once, refused one", mark)
                refused = await told("too many requests at once, refused one", refused)
                dropped = await told("too many requests at once, dropped one", refused)
                assert console.seen("provisioning: (timed out|failed|done)", since=mark) is None, "joining did not last"
                await told("(timed out|failed)", dropped, 60)
            answers = [await phone.next_answer(20) for _ in range(5)]
            assert isinstance(answers[0], StatusOnly) and answers[0].type is MessageType.SAVE_RESPONSE
            assert answers[0].status is not Status.SUCCESS
            statuses = [Status.SUCCESS, Status.SUCCESS, Status.FAILURE, Status.FAILURE]
            assert answers[1:] == [StatusOnly(MessageType.EDIT_RESPONSE, status) for status in statuses]
            assert await names(phone) == [ABSENT.ssid]
            assert not phone.unexpected, "what was dropped has no answer"

    asyncio.run(scenario())


def test_a_phone_that_leaves_in_the_middle_of_a_message_leaves_nothing_behind(world: World) -> None:
    async def scenario() -> None:
        async with connected(world, mtu=23) as phone:
            await only(phone, ABSENT)
            await phone.link.write(uuids.WIFI_RX_LARGE, b"\xa7" + b"\x61" * 19)
        async with connected(world, mtu=23) as phone:
            assert (await listed(phone)).saved[0].ssid == ABSENT.ssid

    asyncio.run(scenario())
