"""A session of the proxy with a broker that does as it is told."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from wifi_provision.behaviour import Behaviour
from wifi_provision.proxy.listener import Listener, Received
from wifi_provision.proxy.messages import ConnAck, Connect, ProxyState, ToDevice
from wifi_provision.proxy.session import Session


class Script:
    """A broker that notes what it is asked."""

    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self.up = True
        self.full = False
        self.closed = False
        self.gone: asyncio.Event | None = None  # what leaving it waits for
        self.asked: list[Any] = []
        self.acknowledged: list[Received] = []

    def _mid(self, what: Any) -> int:
        self.asked.append(what)
        return len(self.asked)

    def publish(self, topic: str, payload: bytes, qos: int) -> int | None:
        if self.full or (qos == 0 and not self.up):
            return None
        return self._mid((topic, payload, qos))

    def subscribe(self, topics: list[tuple[str, int]]) -> int | None:
        return self._mid(topics) if self.up else None

    def unsubscribe(self, topics: list[str]) -> int | None:
        return self._mid(topics) if self.up else None

    def acknowledge(self, message: Received) -> None:
        self.acknowledged.append(message)

    async def close(self) -> None:
        self.closed = True
        if self.gone is not None:
            await self.gone.wait()


class Table:
    """A session, its brokers, and what it has reported."""

    def __init__(self, behaviour: Behaviour) -> None:
        self.brokers: list[Script] = []
        self.events: list[str] = []
        self.session = Session(
            self._open, behaviour, lambda event, _sentence, **_facts: self.events.append(event)
        )

    def _open(self, _client_id: str, _clean: bool, listener: Listener) -> Script:
        self.brokers.append(Script(listener))
        return self.brokers[-1]

    @property
    def broker(self) -> Script:
        return self.brokers[-1]

    def connect(self) -> None:
        self.session.hear(Connect("thing", "endpoint", False))
        self.session.on_connected(False)
        assert self.sent() == [ConnAck(ProxyState.CONNECTED)]

    def sent(self) -> list[ToDevice]:
        """What waits for the device, taken out."""
        messages = list(self.session.waiting._messages)
        self.session.waiting._messages.clear()
        self.session.waiting._published = 0
        return messages


def scenario(behaviour: Behaviour, test: Callable[[Table], Awaitable[None]]) -> None:
    async def run() -> None:
        table = Table(behaviour)
        async with asyncio.timeout(10):
            await test(table)
        await table.session.close()

    asyncio.run(run())


def received(topic: str = "t", payload: bytes = b"x", qos: int = 1, mid: int = 9) -> Received:
    return Received(topic, payload, qos, mid, 1)
