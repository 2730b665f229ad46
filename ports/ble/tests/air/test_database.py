"""What is advertised, and what a stranger may know."""

import asyncio

from bumble import att
from bumble.core import UUID
from device import world
from phone import Phone, configuration, phone, refused

NOT_PERMITTED = {2, 3}  # reading what is only written, writing what is only read
INSUFFICIENT_AUTHENTICATION = 5
# What a stranger may be told of a value: that it is not to be had. Read Multiple is not supported (6),
# and what a phone asks for by a type it may not read is not told to exist (10).
REFUSALS = NOT_PERMITTED | {INSUFFICIENT_AUTHENTICATION, 6, 10}


def test_services_and_their_order(host: str) -> None:
    async def run() -> None:
        async with world(host) as here, phone(here.directory) as it:
            await it.discover()
            table = [
                [(str(c.uuid)[-4:].lower(), str(c.properties), len(c.descriptors)) for c in service.characteristics]
                for service in it.peer.services
            ]
            assert [str(service.uuid)[-6:].lower() for service in it.peer.services[2:]] == ["32ff00", "c30100", "c30000"]
            assert table[2] == [
                ("ff01", "READ", 0),
                ("ff02", "READ", 0),
                ("ff03", "READ|NOTIFY", 1),
                ("ff04", "READ", 0),
                ("ff05", "READ", 0),
            ]
            for service, first in ((3, "01"), (4, "00")):
                assert table[service] == [
                    (first + "01", "READ|WRITE", 0),
                    (first + "02", "READ|NOTIFY", 1),
                    (first + "03", "WRITE", 0),
                    (first + "04", "READ|NOTIFY", 1),
                    (first + "05", "WRITE", 0),
                ]

    asyncio.run(run())


def test_stranger_is_asked_to_pair_at_every_attribute(host: str) -> None:
    async def run() -> None:
        async with world(host) as here, phone(here.directory) as it:
            await it.discover()
            asked = 0
            for service in it.peer.services[2:]:
                for characteristic in service.characteristics:
                    descriptor = configuration(characteristic)
                    for attribute in filter(None, (characteristic, descriptor)):
                        codes = [
                            await refused(attribute.read_value()),
                            await refused(attribute.write_value(b"\x01", with_response=True)),
                        ]
                        asked += codes.count(INSUFFICIENT_AUTHENTICATION)
                        wrong = set(codes) - NOT_PERMITTED - {INSUFFICIENT_AUTHENTICATION}
                        assert not wrong, (characteristic.uuid, codes)
                        assert INSUFFICIENT_AUTHENTICATION in codes
            assert asked == 27

    asyncio.run(run())


def test_stranger_gets_no_value_by_any_way_of_reading(host: str) -> None:
    """Every read of the attribute protocol, of every protected attribute."""

    async def run() -> None:
        async with world(host) as here, phone(here.directory) as it:
            await it.discover()
            client = it.peer.gatt_client
            name = next(c for s in it.peer.services[:1] for c in s.characteristics)
            for service in it.peer.services[2:]:
                for characteristic in service.characteristics:
                    for attribute in filter(None, (characteristic, configuration(characteristic))):
                        handle = attribute.handle
                        kind = attribute.type if attribute is not characteristic else characteristic.uuid
                        # First, last, and behind one that anybody may read.
                        both, reverse = [name.handle, handle], [handle, name.handle]
                        requests = [
                            att.ATT_Read_Request(attribute_handle=handle),
                            *(att.ATT_Read_Blob_Request(attribute_handle=handle, value_offset=at) for at in (0, 1, 600)),
                            att.ATT_Read_By_Type_Request(starting_handle=handle, ending_handle=handle, attribute_type=kind),
                            att.ATT_Read_By_Type_Request(starting_handle=1, ending_handle=0xFFFF, attribute_type=kind),
                            att.ATT_Read_Multiple_Request(set_of_handles=both),
                            att.ATT_Read_Multiple_Variable_Request(set_of_handles=both),
                            att.ATT_Read_Multiple_Variable_Request(set_of_handles=reverse),
                        ]
                        for request in requests:
                            answer = await client.send_request(request)
                            assert isinstance(answer, att.ATT_Error_Response), (characteristic.uuid, request, answer)
                            assert answer.error_code in REFUSALS, (characteristic.uuid, request, answer)
            # By value: guesses of every configuration, and of what a value may be, are neither right nor wrong.
            for kind in (0x2902, 0x2803, 0x2A00):
                for guess in (b"", b"\x00", b"\x00\x00", b"\x01\x00"):
                    answer = await client.send_request(
                        att.ATT_Find_By_Type_Value_Request(
                            starting_handle=1, ending_handle=0xFFFF, attribute_type=UUID.from_16_bits(kind), attribute_value=guess
                        )
                    )
                    assert isinstance(answer, att.ATT_Error_Response), (kind, guess, answer)

    asyncio.run(run())


def test_next_phone_reads_nothing_of_the_one_before(host: str) -> None:
    async def run() -> None:
        async with world(host) as here:
            here.device.tell("auto")

            async def by_type(it: Phone, kind: UUID) -> bytes:
                answer = await it.peer.gatt_client.send_request(
                    att.ATT_Read_By_Type_Request(starting_handle=1, ending_handle=0xFFFF, attribute_type=kind)
                )
                return bytes(answer.attributes[0][1])

            async with phone(here.directory) as it:
                await it.pair()
                await it.begin(185)
                ready, large, mtu = (it[name].uuid for name in ("0101", "0104", "ff03"))
                assert [await by_type(it, kind) for kind in (ready, mtu)] == [b"\x01", b"185"]
            await here.device.expect("disconnected")
            async with phone(here.directory, address="C5:11:22:33:44:55", irk=5) as it:
                await it.pair()
                await it.discover()
                assert [await by_type(it, kind) for kind in (ready, large, mtu)] == [b"\x00", b"", b"512"]
                assert await by_type(it, UUID.from_16_bits(0x2902)) == b"\x00\x00"

    asyncio.run(run())


def test_values_and_long_reads(host: str) -> None:
    async def run() -> None:
        async with world(host) as here, phone(here.directory) as it:
            here.device.tell("auto")
            await it.pair()
            await it.discover()
            values = [await it.read(name) for name in ("ff01", "ff02", "ff03", "ff04", "0101", "0102", "0104")]
            assert values == [b"4.0.0", b"broker.example", b"512", b"Linux", b"\x00", b"", b""]
            assert await it["ff05"].read_value() == b"0123456789ABCDEF0123456789ABCDEF"
            for offset, rest in ((30, b"EF"), (32, b""), (400, b"")):
                answer = await it.peer.gatt_client.send_request(
                    att.ATT_Read_Blob_Request(attribute_handle=it["ff05"].handle, value_offset=offset)
                )
                assert answer.part_attribute_value == rest

    asyncio.run(run())


def test_name_and_silence(host: str) -> None:
    async def run() -> None:
        async with world(host) as here, phone(here.directory) as it:
            await here.device.expect("connected")
            here.device.tell("off")
            await here.device.expect("disconnected")
            await here.device.expect("off true")
            try:
                await it.find(1.0)
            except TimeoutError:
                pass
            else:
                raise AssertionError("it still advertises")
            here.device.tell("name Kitchen", "on")
            advertisement = await it.find()
            assert "Kitc" in str(advertisement.data)

    asyncio.run(run())
