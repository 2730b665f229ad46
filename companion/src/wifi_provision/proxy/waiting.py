"""What waits for the device: answers and messages, in one order, bounded."""

from __future__ import annotations

import asyncio
from collections import deque

from wifi_provision.proxy.messages import Publish, ToDevice


class WaitingForDevice:
    """A queue of messages to the device.

    Of PUBLISH at most `most` wait: one that finds so many is turned away, the newest. Answers always
    fit, since there is one to a request. Who asks is told, and decides what being turned away means.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._messages: deque[ToDevice] = deque()
        self._published = 0
        self._some = asyncio.Event()

    def put(self, message: ToDevice) -> bool:
        """False when it is turned away."""
        if isinstance(message, Publish):
            if self._published >= self._most:
                return False
            self._published += 1
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

    def clear(self) -> None:
        """Forget everything: the device begins anew."""
        self._messages.clear()
        self._published = 0
