"""What waits for the device: answers and messages, in one order, bounded."""

from __future__ import annotations

import asyncio
from collections import deque

from wifi_provision.proxy.messages import Publish, ToDevice


class WaitingForDevice:
    """A queue of messages to the device.

    Of PUBLISH at most `most` wait: one that finds so many is turned away, the newest. Who asks is told, and
    decides what being turned away means. Of answers at most `most_answers` wait: a device that asks for more
    takes none, and `overfull` returns.
    """

    def __init__(self, most: int, most_answers: int) -> None:
        self._most = most
        self._most_answers = most_answers
        self._overfull = asyncio.Event()
        self._messages: deque[ToDevice] = deque()
        self._published = 0
        self._some = asyncio.Event()

    def put(self, message: ToDevice) -> bool:
        """False when it is turned away."""
        if isinstance(message, Publish):
            if self._published >= self._most:
                return False
            self._published += 1
        elif len(self._messages) - self._published >= self._most_answers:
            self._overfull.set()
            return False
        self._messages.append(message)
        self._some.set()
        return True

    async def get(self) -> ToDevice:
        """The oldest."""
        while not self._messages:
            self._some.clear()
            await self._some.wait()
        message = self._messages.popleft()
        if isinstance(message, Publish):
            self._published -= 1
        return message

    async def overfull(self) -> None:
        """Return once an answer was turned away."""
        await self._overfull.wait()

    def clear(self) -> None:
        """Forget everything: the device begins anew."""
        self._messages.clear()
        self._published = 0
