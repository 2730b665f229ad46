"""The phone's MQTT client against a broker that answers when the test says so."""

from __future__ import annotations

import asyncio
from typing import Any

from conftest import run
from wifi_provision.proxy.address import BrokerAddress
from wifi_provision.proxy.broker import Broker, Patience
from wifi_provision.proxy.listener import Received

CONNECT, PUBLISH, SUBSCRIBE = 1, 3, 8
QUICK = Patience(first_pause=0.05)


class SlowBroker:
    """Speaks just enough MQTT 3.1.1; each connection's packets as they come, none answered by itself."""

    def __init__(self) -> None:
        self.connections: list[list[tuple[int, bytes]]] = []
        self._writers: list[asyncio.StreamWriter] = []

    async def __aenter__(self) -> SlowBroker:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_exc: object) -> None:
        self._server.close()
        for writer in self._writers:
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        packets: list[tuple[int, bytes]] = []
        self.connections.append(packets)
        self._writers.append(writer)
        try:
            while True:
                first = (await reader.readexactly(1))[0]
                length = (await reader.readexactly(1))[0]
                assert length < 128
                packets.append((first, await reader.readexactly(length)))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass

    async def packets(self, connection: int, count: int) -> list[tuple[int, bytes]]:
        """So many packets of a connection."""
        async with asyncio.timeout(5):
            while len(self.connections) <= connection or len(self.connections[connection]) < count:
                await asyncio.sleep(0.005)
        return self.connections[connection]

    def say(self, data: bytes) -> None:
        """On the newest connection."""
        self._writers[-1].write(data)

    def hang_up(self) -> None:
        self._writers[-1].close()


class Ears:
    """Notes what it hears."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, Any]] = []

    def __getattr__(self, name: str):
        return lambda *values: self.heard.append((name.removeprefix("on_"), *values))

    async def until(self, name: str, count: int = 1) -> Any:
        async with asyncio.timeout(5):
            while [one[0] for one in self.heard].count(name) < count:
                await asyncio.sleep(0.005)


def connect(server: SlowBroker, ears: Ears, patience: Patience = QUICK) -> Broker:
    return Broker(BrokerAddress("127.0.0.1", server.port, None, "3.1.1"), "x", False, ears, 4, patience)


def payloads(packets: list[tuple[int, bytes]]) -> list[bytes]:
    return [body[-1:] for first, body in packets if first >> 4 == PUBLISH]


ACCEPTED = bytes([0x20, 2, 0, 0])
ACCEPTED_WITH_SESSION = bytes([0x20, 2, 1, 0])


def test_order_is_kept_over_a_lost_connection() -> None:
    async def test() -> None:
        async with SlowBroker() as server:
            ears = Ears()
            broker = connect(server, ears)
            await server.packets(0, 1)
            server.say(ACCEPTED)
            await ears.until("connected")
            assert broker.publish("t", b"1", 1) is not None
            await server.packets(0, 2)
            server.hang_up()
            await ears.until("lost")
            assert broker.publish("t", b"2", 1) is not None
            await server.packets(1, 1)  # CONNECT; not accepted yet
            assert broker.publish("t", b"3", 1) is not None
            assert broker.publish("t", b"4", 1) is not None
            assert broker.publish("t", b"5", 1) is None  # four are enough
            server.say(ACCEPTED_WITH_SESSION)
            await ears.until("connected", 2)
            assert payloads(await server.packets(1, 5)) == [b"1", b"2", b"3", b"4"]
            ids = [body[3:5] for first, body in server.connections[1] if first >> 4 == PUBLISH]
            for number in ids:
                server.say(bytes([0x40, 2]) + number)
            await ears.until("published", 4)
            assert broker.publish("t", b"5", 1) is not None
            await broker.close()

    run(test)


def test_a_broker_that_does_not_answer_is_left() -> None:
    async def test() -> None:
        async with SlowBroker() as server:
            ears = Ears()
            broker = connect(server, ears, Patience(answer=0.5))
            await ears.until("unreachable")
            assert "did not answer in time" in ears.heard[0][1]
            await broker.close()

    run(test)


def test_a_refusal_is_told_and_ends_it() -> None:
    async def test() -> None:
        async with SlowBroker() as server:
            ears = Ears()
            broker = connect(server, ears)
            await server.packets(0, 1)
            server.say(bytes([0x20, 2, 0, 5]))
            await ears.until("refused")
            await broker.close()
            assert (len(ears.heard), len(server.connections)) == (1, 1)

    run(test)


def test_what_came_over_a_former_connection_is_not_acknowledged_on_the_next() -> None:
    async def test() -> None:
        async with SlowBroker() as server:
            ears = Ears()
            broker = connect(server, ears)
            await server.packets(0, 1)
            server.say(ACCEPTED + bytes([0x32, 6, 0, 1]) + b"t" + bytes([0, 9]) + b"x")
            await ears.until("message")
            [message] = [one[1] for one in ears.heard if one[0] == "message"]
            assert message == Received("t", b"x", 1, 9, 1)
            server.hang_up()
            await server.packets(1, 1)
            server.say(ACCEPTED_WITH_SESSION)
            await ears.until("connected", 2)
            broker.acknowledge(message)
            broker.publish("t", b"z", 0)
            assert [first >> 4 for first, _ in await server.packets(1, 2)] == [CONNECT, PUBLISH]
            await broker.close()

    run(test)


def test_leaving_does_not_wait_for_a_broker_that_hangs() -> None:
    async def test() -> None:
        async with SlowBroker() as server:
            ears = Ears()
            broker = connect(server, ears, Patience(answer=60, goodbye=0.2))
            await server.packets(0, 1)
            async with asyncio.timeout(30):  # half the patience with an answer
                await broker.close()
            assert ears.heard == []

    run(test)
