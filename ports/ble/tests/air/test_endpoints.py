"""Espressif's endpoints: open to everybody, beside attributes that are not. The device answers a request with its bytes
in reverse; `pending` first says that the answer will come, and `refuse` has none."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
from bumble import att
from bumble.core import UUID
from bumble.device import AdvertisingData
from bumble.keys import MemoryKeyStore
from device import World, world
from phone import Phone, configuration, phone, refused

INSUFFICIENT_AUTHENTICATION = 5
SERVICE = "021a9004-0382-4aea-bff4-6b3f1c5adfb4"
NAMES = ["prov-ctrl", "prov-session", "proto-ver"]


@contextlib.asynccontextmanager
async def visitor(here: World, *, timeless: bool = False) -> AsyncIterator[Phone]:
    """A phone that has discovered the endpoints; to a `timeless` one only leaps move the device's clock."""
    here.device.tell("offer")
    await here.device.expect("advertising, with endpoints")
    if timeless:
        here.device.tell("hold")
        await here.device.expect("held")
    async with phone(here.directory, active=True) as it:
        await it.discover()
        yield it


def handles(it: Phone) -> dict[str, int]:
    [service] = [service for service in it.peer.services if str(service.uuid).lower() == SERVICE]
    return {str(c.uuid).lower()[4:8]: c.handle for c in service.characteristics}


async def ask(it: Phone, request: att.ATT_PDU) -> att.ATT_PDU | int:
    answer = await it.peer.gatt_client.send_request(request)
    return int(answer.error_code) if isinstance(answer, att.ATT_Error_Response) else answer


async def write(it: Phone, handle: int, value: bytes) -> att.ATT_PDU | int:
    return await ask(it, att.ATT_Write_Request(attribute_handle=handle, attribute_value=value))


async def piece(it: Phone, handle: int, offset: int, value: bytes) -> att.ATT_PDU | int:
    request = att.ATT_Prepare_Write_Request(
        attribute_handle=handle, value_offset=offset, part_attribute_value=value
    )
    return await ask(it, request)


async def execute(it: Phone, flags: int = 1) -> att.ATT_PDU | int:
    return await ask(it, att.ATT_Execute_Write_Request(flags=flags))


async def read(it: Phone, handle: int) -> bytes:
    answer = await ask(it, att.ATT_Read_Request(attribute_handle=handle))
    value = part = bytes(answer.attribute_value)
    while len(part) == it.peer.gatt_client.mtu - 1:
        answer = await ask(it, att.ATT_Read_Blob_Request(attribute_handle=handle, value_offset=len(value)))
        part = bytes(answer.part_attribute_value)
        value += part
    return value


async def prepared(it: Phone, handle: int, value: bytes) -> None:
    room = it.peer.gatt_client.mtu - 5
    for at in range(0, len(value), room):
        answer = await piece(it, handle, at, value[at : at + room])
        assert isinstance(answer, att.ATT_Prepare_Write_Response), answer
        assert bytes(answer.part_attribute_value) == value[at : at + room]


def run(host: str, scenario) -> None:
    async def all_of_it() -> None:
        async with world(host) as here, visitor(here) as it:
            await scenario(here, it, handles(it))

    asyncio.run(all_of_it())


def test_both_kinds_of_phone_find_it(host: str) -> None:
    async def scenario() -> None:
        async with world(host) as here:
            here.device.tell("offer")
            await here.device.expect("advertising, with endpoints")
            async with phone(here.directory, connect=False) as it:
                found = await it.find(active=True)
                services = [
                    str(uuid).lower()
                    for listed in found.data.get_all(AdvertisingData.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS)
                    for uuid in listed
                ]
                # Espressif's first: their app connects to the first there is.
                assert services == [SERVICE, "8a7f1168-48af-4efb-83b5-e679f932ff00"]
                name = str(found.data.get(AdvertisingData.COMPLETE_LOCAL_NAME))
                assert name.startswith("PROV_") and len(name) == 11

    asyncio.run(scenario())


def test_endpoints_are_found_by_name_and_come_first(host: str) -> None:
    async def scenario(_here: World, it: Phone, _handles: dict[str, int]) -> None:
        # Behind the generic ones: Espressif's app for iOS takes the first of the others.
        assert str(it.peer.services[2].uuid).lower() == SERVICE
        names = []
        for characteristic in it.peer.services[2].characteristics:
            assert str(characteristic.properties) == "READ|WRITE"
            [descriptor] = characteristic.descriptors
            assert descriptor.type == UUID.from_16_bits(0x2901)
            names.append(bytes(await descriptor.read_value()).decode())
        assert names == NAMES
        assert list(_handles) == ["ff4f", "ff51", "ff53"]

    run(host, scenario)


def test_everything_else_still_asks_for_pairing(host: str) -> None:
    async def scenario(_here: World, it: Phone, _handles: dict[str, int]) -> None:
        asked = 0
        for service in it.peer.services[3:]:
            for characteristic in service.characteristics:
                for attribute in filter(None, (characteristic, configuration(characteristic))):
                    codes = [
                        await refused(attribute.read_value()),
                        await refused(attribute.write_value(b"\x01", with_response=True)),
                        await piece(it, attribute.handle, 0, b"\x01"),
                    ]
                    assert all(isinstance(code, int) for code in codes), codes
                    asked += INSUFFICIENT_AUTHENTICATION in codes
        assert asked == 20
        # And a long write to one of them does nothing.
        assert isinstance(await execute(it), att.ATT_Execute_Write_Response)

    run(host, scenario)


@pytest.mark.parametrize("mtu", [23, 185, 512])
def test_request_and_answer_at_every_length(host: str, mtu: int) -> None:
    async def scenario(_here: World, it: Phone, at: dict[str, int]) -> None:
        if mtu > 23:
            assert await it.peer.request_mtu(mtu) == mtu
        for length in (1, 19, 20, 21, 22, 23, 181, 182, 183, 184, 185, 400, 508, 509, 511, 512):
            value = bytes(index % 251 for index in range(length))
            if length <= mtu - 3:
                answer = await write(it, at["ff4f"], value)
                assert isinstance(answer, att.ATT_Write_Response), (mtu, length, answer)
                assert await read(it, at["ff4f"]) == value[::-1]
            await prepared(it, at["ff4f"], value)
            answer = await execute(it)
            assert isinstance(answer, att.ATT_Execute_Write_Response), (mtu, length, answer)
            assert await read(it, at["ff4f"]) == value[::-1]

    run(host, scenario)


def test_pieces_that_overlap_or_leave_gaps_are_refused(host: str) -> None:
    async def scenario(_here: World, it: Phone, at: dict[str, int]) -> None:
        one, other = at["ff4f"], at["ff51"]
        for second in (0, 9, 11, 65535):
            await prepared(it, one, b"0123456789")
            assert await piece(it, one, second, b"abc") == att.ErrorCode.INVALID_OFFSET
            assert await execute(it) == att.ErrorCode.INVALID_OFFSET
        await prepared(it, one, b"0123456789")
        assert await piece(it, other, 10, b"abc") == att.ErrorCode.PREPARE_QUEUE_FULL
        assert await execute(it) == att.ErrorCode.PREPARE_QUEUE_FULL
        await prepared(it, one, bytes(504))
        assert await piece(it, one, 504, bytes(9)) == att.ErrorCode.INVALID_ATTRIBUTE_LENGTH
        assert await execute(it) == att.ErrorCode.INVALID_ATTRIBUTE_LENGTH
        # Nothing of that was a request; and the next whole one is.
        assert await read(it, one) == b""
        await prepared(it, one, b"given up")
        assert isinstance(await execute(it, 0), att.ATT_Execute_Write_Response)
        await prepared(it, one, b"carried out")
        assert isinstance(await execute(it), att.ATT_Execute_Write_Response)
        assert await read(it, one) == b"tuo deirrac"

    run(host, scenario)


def test_answer_is_of_the_last_request_to_that_endpoint(host: str) -> None:
    async def scenario(_here: World, it: Phone, at: dict[str, int]) -> None:
        await write(it, at["ff4f"], b"abc")
        assert await read(it, at["ff51"]) == b""
        assert await read(it, at["ff4f"]) == b"cba"
        await write(it, at["ff4f"], b"")
        assert await read(it, at["ff4f"]) == b"cba"
        assert await write(it, at["ff4f"], b"refuse") == att.ErrorCode.INVALID_PDU
        assert await read(it, at["ff4f"]) == b""

    run(host, scenario)


def test_pending_answer_holds_the_write_and_nothing_else(host: str) -> None:
    async def scenario(_here: World, it: Phone, at: dict[str, int]) -> None:
        waiting = asyncio.create_task(write(it, at["ff4f"], b"pending"))
        await _here.device.expect("pending")
        assert not waiting.done()
        _here.device.tell("decide")
        assert isinstance(await waiting, att.ATT_Write_Response)
        assert await read(it, at["ff4f"]) == b"gnidnep"

    run(host, scenario)


def test_clock_of_a_stranger_stands_still_while_its_handshake_is_computed(host: str) -> None:
    async def scenario() -> None:
        async with world(host) as here:
            here.device.tell("window 1")
            await here.device.expect("window set")
            here.device.tell("leap 2")
            await here.device.expect("leapt")
            async with visitor(here, timeless=True) as it:
                at = handles(it)["ff51"]
                waiting = asyncio.create_task(write(it, at, b"pending"))
                await here.device.expect("pending")
                # Longer than a phone has that may not pair.
                here.device.tell("leap 10")
                await here.device.expect("leapt")
                assert not waiting.done()
                here.device.tell("go", "decide")
                assert isinstance(await waiting, att.ATT_Write_Response)
                assert await read(it, at) == b"gnidnep"
                # Its own time is as short as ever.
                here.device.tell("leap 4")
                await here.device.expect("did not prove who it is")
                await here.device.expect("disconnected")

    asyncio.run(scenario())


def test_next_phone_gets_no_answer_of_the_one_before(host: str) -> None:
    async def scenario() -> None:
        async with world(host) as here:
            async with visitor(here) as it:
                first = asyncio.create_task(write(it, handles(it)["ff4f"], b"pending"))
                await here.device.expect("pending")
                assert not first.done()
                first.cancel()
            await here.device.expect("left")
            here.device.tell("decide")
            async with phone(here.directory, address="C5:11:22:33:44:55", active=True) as it:
                await it.discover()
                assert await read(it, handles(it)["ff4f"]) == b""
                await write(it, handles(it)["ff4f"], b"abc")
                assert await read(it, handles(it)["ff4f"]) == b"cba"

    asyncio.run(scenario())


def test_phone_that_knows_the_secret_may_stay_and_another_may_type_it(host: str) -> None:
    async def scenario(here: World, it: Phone, at: dict[str, int]) -> None:
        await write(it, at["ff53"], b"---")
        here.device.tell("leap 100")
        await here.device.expect("leapt")
        # It is still there. Its session proves it from now on.
        await write(it, at["ff4f"], b"abc")
        await here.device.expect("it may stay")
        here.device.tell("leap 1000")
        await here.device.expect("leapt")
        assert await read(it, at["ff4f"]) == b"cba"

    run(host, scenario)


def test_handshake_alone_proves_nothing(host: str) -> None:
    async def scenario(here: World, it: Phone, at: dict[str, int]) -> None:
        await write(it, at["ff51"], b"abc")
        here.device.tell("leap 31")
        await here.device.expect("did not prove who it is in time")

    run(host, scenario)


def test_session_without_a_secret_proves_nothing(host: str) -> None:
    async def scenario(here: World, it: Phone, at: dict[str, int]) -> None:
        here.device.tell("no-secret")
        await here.device.expect("no secret")
        await write(it, at["ff4f"], b"abc")
        assert await read(it, at["ff4f"]) == b"cba"
        here.device.tell("leap 31")
        await here.device.expect("did not prove who it is in time")

    run(host, scenario)


def test_version_buys_no_time_while_nobody_may_pair(host: str) -> None:
    async def scenario(here: World, it: Phone, at: dict[str, int]) -> None:
        here.device.tell("window 1", "leap 2")
        await here.device.expect("leapt")
        await write(it, at["ff53"], b"---")
        here.device.tell("leap 31")
        await here.device.expect("did not prove who it is in time")

    run(host, scenario)


def test_where_only_bonded_phones_are_served_there_are_no_endpoints(host: str) -> None:
    async def scenario() -> None:
        keys = MemoryKeyStore()
        async with world(host) as here:
            here.device.tell("auto", "offer")
            await here.device.expect("advertising, with endpoints")
            async with phone(here.directory, keys=keys, active=True) as it:
                await it.pair()
                await it.discover()
                assert SERVICE in [str(service.uuid).lower() for service in it.peer.services]
            await here.device.expect("disconnected")
            await here.device.expect("advertising")
            # The advertising under way changes, too.
            here.device.tell("bonded on")
            await here.device.expect("advertising")
            async with phone(here.directory, connect=False) as it:
                name = str((await it.find(active=True)).data.get(AdvertisingData.COMPLETE_LOCAL_NAME))
                assert not name.startswith("PROV_")
            async with phone(here.directory, keys=keys) as it:
                await it.connection.encrypt()
                await it.discover()
                assert SERVICE not in [str(service.uuid).lower() for service in it.peer.services]
                assert await it.read("ff01") == b"4.0.0"

    asyncio.run(scenario())


def test_wrong_secrets_make_the_next_handshake_wait(host: str) -> None:
    async def scenario(here: World, it: Phone, at: dict[str, int]) -> None:
        # The waits are as short as a write may take on a busy machine.
        here.device.tell("hold")
        await here.device.expect("held")
        for _ in range(5):
            assert await write(it, at["ff51"], b"refuse") == att.ErrorCode.INVALID_PDU
        assert await write(it, at["ff51"], b"abc") == att.ErrorCode.INVALID_PDU
        await here.device.expect("too many wrong secrets")
        # What is refused unheard makes it no longer, and other endpoints are not concerned.
        assert isinstance(await write(it, at["ff53"], b"---"), att.ATT_Write_Response)
        here.device.tell("leap 1")
        await here.device.expect("leapt")
        assert isinstance(await write(it, at["ff51"], b"abc"), att.ATT_Write_Response)
        # One wrong more makes it two seconds, and a right one none.
        assert await write(it, at["ff51"], b"refuse") == att.ErrorCode.INVALID_PDU
        here.device.tell("leap 1")
        await here.device.expect("leapt")
        assert await write(it, at["ff51"], b"abc") == att.ErrorCode.INVALID_PDU
        here.device.tell("leap 1")
        await here.device.expect("leapt")
        assert isinstance(await write(it, at["ff4f"], b"abc"), att.ATT_Write_Response)
        assert await write(it, at["ff51"], b"refuse") == att.ErrorCode.INVALID_PDU
        assert isinstance(await write(it, at["ff51"], b"abc"), att.ATT_Write_Response)

    run(host, scenario)
