"""What is advertised, and what a stranger may know."""

import asyncio

from bumble import att
from device import world
from phone import configuration, phone, refused

NOT_PERMITTED = {2, 3}  # reading what is only written, writing what is only read
INSUFFICIENT_AUTHENTICATION = 5


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
            # By type instead of handle, it is the same.
            answer = await it.peer.gatt_client.send_request(
                att.ATT_Read_By_Type_Request(
                    starting_handle=1,
                    ending_handle=0xFFFF,
                    attribute_type=configuration(it["ff03"]).type,
                )
            )
            assert answer.error_code == INSUFFICIENT_AUTHENTICATION

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
