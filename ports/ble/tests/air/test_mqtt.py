"""MQTT over BLE: a client at one end of a socket, a proxy on the phone, the device between them."""

import asyncio
import contextlib
import os
import pathlib
from collections.abc import AsyncIterator

import pytest
from device import PATIENCE, world
from phone import Phone, phone

ON, OFF = b"\x01", b"\x00"
CONNECT = bytes.fromhex("101200044d5154540402003c00067468696e6731")
CONNECT_MAP = (
    bytes.fromhex("a46177016164667468696e67316161") + b"\x6ebroker.example" + bytes.fromhex("6163f5")
)
PINGREQ, PINGREQ_MAP = b"\xc0\x00", bytes.fromhex("a161770c")


class Client:
    """Who reads and writes MQTT."""

    def __init__(self) -> None:
        self.is_there = asyncio.get_running_loop().create_future()

    def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self.is_there.set_result(None)

    async def gets(self, packet: bytes) -> None:
        assert await asyncio.wait_for(self.reader.readexactly(len(packet)), 3 * PATIENCE) == packet


@contextlib.asynccontextmanager
async def client(directory: pathlib.Path, tell) -> AsyncIterator[Client]:
    it = Client()
    path = str(directory / "client.sock")
    server = await asyncio.start_unix_server(it.take, path)
    tell(f"mqtt {path}")
    await asyncio.wait_for(it.is_there, PATIENCE)
    try:
        yield it
    finally:
        it.writer.close()
        server.close()


async def connects(it: Phone, client: Client) -> None:
    client.writer.write(CONNECT)
    assert await it.receive() == CONNECT_MAP
    await it.send(bytes.fromhex("a2617302617702"))
    await client.gets(b"\x20\x02\x00\x00")


def length(number: int) -> bytes:
    return bytes([number & 127 | 128, number >> 7]) if number > 127 else bytes([number])


@pytest.mark.parametrize("mtu", [None, 247])
def test_four_kilobytes_each_way(host: str, mtu: int | None) -> None:
    async def run() -> None:
        async with world(host) as here, client(here.directory, here.device.tell) as mqtt, phone(here.directory) as it:
            here.device.tell("auto")
            await it.pair()
            await it.begin(mtu, channel="00")
            await here.device.expect("stream opened")
            await connects(it, mqtt)
            topic = "t" * 480
            for qos in (0, 1):
                payload = os.urandom(4096)
                name = len(topic).to_bytes(2, "big") + topic.encode()
                number = b"\x01\x02" if qos else b""
                body = name + number + payload
                packet = bytes([0x30 | qos << 1]) + length(len(body)) + body
                mapped = (
                    bytes([0xA4 + qos]) + b"\x61w\x03\x61u\x79" + name + b"\x61n" + bytes([qos])
                    + b"\x61k\x59\x10\x00" + payload + (b"\x61i\x19\x01\x02" if qos else b"")
                )
                mqtt.writer.write(packet)
                assert await it.receive() == mapped
                await it.send(mapped)
                await mqtt.gets(packet)

    asyncio.run(run())


def test_nothing_of_a_stream_reaches_the_next(host: str) -> None:
    async def run() -> None:
        async with world(host) as here, client(here.directory, here.device.tell) as mqtt, phone(here.directory) as it:
            here.device.tell("auto")
            await it.pair()
            await it.begin(channel="00")
            await here.device.expect("stream opened")
            # Before CONNECT nothing is for the client, and nothing goes out.
            await it.send(bytes.fromhex("a161770d"))
            mqtt.writer.write(PINGREQ)
            await here.device.expect("stream refused NotConnected")
            await connects(it, mqtt)
            # Half a packet, and half a message.
            mqtt.writer.write(bytes.fromhex("32090003612f"))
            await it.write("0005", bytes(20))
            await it.write("0001", OFF)
            await here.device.expect("stream ended")
            await it.write("0001", ON)
            await here.device.expect("stream opened")
            await connects(it, mqtt)
            # The proxy loses the broker: the stream ends, and the next one may begin at once.
            await it.send(bytes.fromhex("a2617303617702"))
            await here.device.expect("stream ended")
            await here.device.expect("stream opened")
            await connects(it, mqtt)
            # A message that is damaged, and one that is too long, are no harm to the next.
            await it.send(b"\xa3")
            await it.send(bytes(5000))
            # Of QoS 1 it is acknowledged: the broker would keep a place for it for ever.
            await it.send(bytes.fromhex("a5617703617561746169190102616e01616b591388") + bytes(5000))
            assert await it.receive() == bytes.fromhex("a26177046169190102")
            mqtt.writer.write(PINGREQ)
            assert await it.receive() == PINGREQ_MAP
            await it.send(bytes.fromhex("a161770d"))
            await mqtt.gets(b"\xd0\x00")
            # The link breaks.
            await it.leave()
            await here.device.expect("stream ended")

    asyncio.run(run())
