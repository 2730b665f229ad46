"""One data-transfer service on a link: whole messages out, whole messages in."""

from __future__ import annotations

import asyncio

from wifi_provision import prepare
from wifi_provision.behaviour import Behaviour, Chunk
from wifi_provision.channel import LONGEST_MESSAGE, Reassembly, chunk_size, chunks, is_small
from wifi_provision.errors import BadAnswer, LinkLost, ProvisionError
from wifi_provision.transport.base import Link
from wifi_provision.uuids import ChannelUuids

_READY = b"\x01"
_NOT_READY = b"\x00"
_MOST_WAITING = 256  # values heard, and messages nobody has taken; a list of networks is a tenth of it


class DataChannel:
    """A channel of one service. `messages` holds what came: whole messages, or why one did not.

    `longest` bounds what the device may send, in bytes. A device that sends more than is taken is hung up
    on: what waited is forgotten, and `messages` says so.
    """

    def __init__(
        self,
        link: Link,
        uuids: ChannelUuids,
        behaviour: Behaviour,
        reported: prepare.Reported,
        longest: int = LONGEST_MESSAGE,
    ) -> None:
        self.uuids = uuids
        self.messages: asyncio.Queue[bytes | ProvisionError] = asyncio.Queue(_MOST_WAITING)
        self._link = link
        self._behaviour = behaviour
        self._reported = reported
        self._reassembly = Reassembly(longest)
        self._heard: asyncio.Queue[tuple[bool, bytes]] = asyncio.Queue(_MOST_WAITING)
        self._one_at_a_time = asyncio.Lock()
        self._listening: asyncio.Task[None] | None = None
        self._hanging_up: asyncio.Task[None] | None = None

    @property
    def there(self) -> bool:
        """Whether the device has this service."""
        return self._link.has(self.uuids.control)

    @property
    def chunk(self) -> int:
        """How many bytes one write carries, as this kind of phone believes it."""
        if self._behaviour.chunk is Chunk.REPORTED:
            if self._reported.mtu is None:
                raise BadAnswer("The device publishes no MTU; the iOS SDK cannot send without it.")
            return chunk_size(self._reported.mtu)
        return chunk_size(self._link.mtu)

    def listen(self) -> prepare.Ears:
        """Begin to put messages together; what to subscribe."""
        self._listening = asyncio.create_task(self._listen())
        return prepare.Ears(
            small=lambda value: self._hear(False, value),
            large=lambda value: self._hear(True, value),
        )

    async def send(self, message: bytes) -> None:
        """Send one message; messages of several tasks do not mix."""
        async with self._one_at_a_time:
            size = self.chunk
            if is_small(message, size, self._behaviour.full_chunk_is_small):
                await self._link.write(self.uuids.rx, message)
                return
            for chunk in chunks(message, size):
                await self._link.write(self.uuids.rx_large, chunk)

    async def stop(self) -> None:
        """Listen no more."""
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.gather(self._listening, return_exceptions=True)
        if self._hanging_up is not None:
            await self._hanging_up

    def hang_up(self) -> None:
        """Nobody takes what the device sends."""
        if self._hanging_up is not None:
            return
        while not self.messages.empty():
            self.messages.get_nowait()
        self.messages.put_nowait(LinkLost("The device sent more than this phone takes; the phone hung up."))
        self._hanging_up = asyncio.create_task(self._link.close())

    async def say_ready(self) -> None:
        """Tell the device that somebody listens."""
        await self._link.write(self.uuids.control, _READY)

    async def say_not_ready(self) -> None:
        """Tell the device that nobody listens any more."""
        await self._link.write(self.uuids.control, _NOT_READY)

    def _hear(self, large: bool, value: bytes) -> None:
        if self._heard.full():
            self.hang_up()
        else:
            self._heard.put_nowait((large, value))

    async def _listen(self) -> None:
        """Fetch the rest of large messages."""
        while self._hanging_up is None:
            large, value = await self._heard.get()
            try:
                self._give(await self._whole(value) if large else value)
            except ProvisionError as error:
                self._reassembly.clear()
                self._give(error)

    def _give(self, message: bytes | ProvisionError) -> None:
        if self.messages.full():
            self.hang_up()
        elif self._hanging_up is None:
            self.messages.put_nowait(message)

    async def _whole(self, first: bytes) -> bytes:
        message = self._reassembly.add(first, self.chunk)
        while message is None:
            message = self._reassembly.add(await self._link.read(self.uuids.tx_large), self.chunk)
        return message
