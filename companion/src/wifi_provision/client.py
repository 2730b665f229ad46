"""The phone: set-up, one request at a time, and what the answers mean."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
from collections import deque
from collections.abc import AsyncIterator, Callable

from wifi_provision import prepare, uuids
from wifi_provision.behaviour import OURS, Behaviour, SetUp
from wifi_provision.data_channel import DataChannel
from wifi_provision.decode import decode, sdk_objection
from wifi_provision.encode import check, encode
from wifi_provision.errors import BadAnswer, DeviceRefused, LinkLost, ProvisionError, TimedOut
from wifi_provision.messages import (
    REASONS,
    ConnectSaved,
    DeleteNetwork,
    LastTry,
    ListRequest,
    MessageType,
    MoveNetwork,
    NetworkInfo,
    Request,
    Response,
    SaveNetwork,
    Status,
    StatusOnly,
)
from wifi_provision.transport.base import Link

_LONGEST_MQTT = 65536  # bytes of one MQTT message from the device
_MOST_ANSWERS = 256  # nobody has asked for; a device that sends more is hung up on
_MOST_KEPT = 256  # messages in `received` and in `unexpected`; the oldest are forgotten


@dataclasses.dataclass(frozen=True)
class Patience:
    """How long to wait, in seconds."""

    silence: float = 15.0  # between the messages of a list: a scan takes time
    connect: float = 120.0  # for a status after the device was told to join a network
    change: float = 20.0  # for the status of a move or delete


@dataclasses.dataclass
class ListResult:
    """A list as far as it came.

    `status` is the scan's, None if the device ended the list without one; `complete` is false when
    the device fell silent before the end; `objections` is what an SDK in the field would have
    made of it (empty for our own phone). `last_try` is what a phone, this one or another, had the device
    save or join last; None when there was nothing, or the device does not say.
    """

    networks: list[NetworkInfo] = dataclasses.field(default_factory=list)
    status: Status | None = None
    complete: bool = False
    objections: list[str] = dataclasses.field(default_factory=list)
    last_try: LastTry | None = None

    @property
    def saved(self) -> list[NetworkInfo]:
        """Saved networks, by priority."""
        return sorted((n for n in self.networks if n.saved), key=lambda n: n.index)

    @property
    def scanned(self) -> list[NetworkInfo]:
        """Networks in range, in the device's order."""
        return [n for n in self.networks if not n.saved]


class Client:
    """One phone on one link. Not for use from several tasks at once, except that requests queue.

    `received` keeps the newest messages as they came, for tests; it never holds a passphrase, since
    devices do not send any. `unexpected` keeps the newest answers nobody had asked for. With `proxy`, the
    channel for MQTT is opened too, it is `mqtt`; requests then go inside `provisioning`.
    """

    def __init__(
        self,
        link: Link,
        behaviour: Behaviour = OURS,
        *,
        mtu: int | None = None,
        patience: Patience | None = None,
        proxy: bool = False,
    ) -> None:
        self.link = link
        self.behaviour = behaviour
        self.patience = patience or Patience()
        self.received: deque[bytes] = deque(maxlen=_MOST_KEPT)
        self.unexpected: deque[Response] = deque(maxlen=_MOST_KEPT)
        self._mtu = mtu or behaviour.default_mtu
        self._reported = prepare.Reported()
        self._channel = DataChannel(link, uuids.WIFI_CHANNEL, behaviour, self._reported)
        self.mqtt = DataChannel(link, uuids.MQTT_CHANNEL, behaviour, self._reported, _LONGEST_MQTT)
        self._proxy = proxy
        self._answers: asyncio.Queue[Response | ProvisionError] = asyncio.Queue(_MOST_ANSWERS)
        self._one_at_a_time = asyncio.Lock()
        self._listening: asyncio.Task[None] | None = None
        self._open = False

    @property
    def chunk(self) -> int:
        """How many bytes one write carries, as this kind of phone believes it."""
        return self._channel.chunk

    async def set_up(self) -> None:
        """Pair if need be and open the channel."""
        self._listening = asyncio.create_task(self._listen())
        ears = self._channel.listen()
        mqtt = self.mqtt.listen() if self._proxy else None
        await prepare.set_up(self.link, self.behaviour, self._mtu, ears, self._reported, mqtt)
        self._open = True

    async def close(self) -> None:
        """Say that nobody listens any more, and disconnect."""
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.gather(self._listening, return_exceptions=True)
        await self._channel.stop()
        await self.mqtt.stop()
        try:
            if self.link.lost is None and self._open:
                if self._proxy and self.mqtt.there:
                    await self.mqtt.say_not_ready()
                await self._channel.say_not_ready()
        except ProvisionError:
            pass  # the disconnection says the same
        finally:
            await self.link.close()

    @contextlib.asynccontextmanager
    async def provisioning(self) -> AsyncIterator[None]:
        """The time in which a proxy makes requests. The SDKs' channel is open all the time."""
        if not self._proxy or self.behaviour.set_up is not SetUp.OURS:
            yield
            return
        await self._channel.say_ready()
        try:
            yield
        finally:
            if self.link.lost is None:
                await self._channel.say_not_ready()

    async def __aenter__(self) -> Client:
        try:
            await self.set_up()
        except BaseException:
            await self.close()
            raise
        return self

    async def __aexit__(self, *_exc: object) -> None:
        await self.close()

    # --- operations ---------------------------------------------------------------------------

    async def information(self) -> dict[str, str]:
        """The device's description of itself."""
        return await prepare.read_information(self.link)

    async def list(
        self, maximum: int | None = None, on_network: Callable[[NetworkInfo], None] | None = None
    ) -> ListResult:
        """Saved networks, then a scan. `on_network` is called with each as it comes."""
        limit = self.behaviour.list_maximum if maximum is None else maximum
        request = ListRequest(limit, self.behaviour.list_time)
        result = ListResult()
        async with self._one_at_a_time:
            await self._send(request)
            while not result.complete:
                try:
                    answer = await self._next(request, self.patience.silence)
                except TimedOut:
                    if not result.networks:
                        raise
                    return result
                objection = sdk_objection(answer, self.behaviour)
                if objection is not None:
                    result.objections.append(objection)
                result.last_try = answer.last_try or result.last_try
                if isinstance(answer, StatusOnly):
                    result.status, result.complete = answer.status, True
                    continue
                result.networks.append(answer)
                if on_network is not None:
                    on_network(answer)
                if answer.last and not answer.saved:
                    result.status, result.complete = Status.SUCCESS, True
        return result

    async def add(self, network: SaveNetwork) -> None:
        """Save a network; if `network.connect`, only after the device has joined it."""
        check(network)
        patience = self.patience.connect if network.connect else self.patience.change
        await self._change(network, f"add “{network.ssid}”", patience)

    async def switch(self, index: int, known: NetworkInfo | None = None) -> None:
        """Join a saved network now."""
        await self._change(ConnectSaved(index, known), f"switch to network {index}", self.patience.connect)

    async def move(self, index: int, new_index: int) -> None:
        """Change a saved network's priority."""
        what = f"move network {index} to {new_index}"
        await self._change(MoveNetwork(index, new_index), what, self.patience.change)

    async def delete(self, index: int) -> None:
        """Forget a saved network."""
        await self._change(DeleteNetwork(index), f"delete network {index}", self.patience.change)

    async def status_of(self, request: Request) -> Status:
        """Send any request that is answered by a status, unchecked; the status."""
        async with self._one_at_a_time:
            await self._send(request)
            answer = await self._next(request, self.patience.connect)
        if not isinstance(answer, StatusOnly):
            raise BadAnswer("The device sent a network where a status was due.")
        return answer.status

    async def send_raw(self, message: bytes) -> None:
        """Send any bytes as one message and wait for nothing: for tests of the device."""
        async with self._one_at_a_time:
            await self._channel.send(message)

    async def next_answer(self, timeout: float) -> Response:
        """The next message from the device, whatever it answers."""
        return await self._take(timeout)

    async def _change(self, request: Request, what: str, patience: float) -> None:
        async with self._one_at_a_time:
            await self._send(request)
            answer = await self._next(request, patience)
        if not isinstance(answer, StatusOnly):
            raise BadAnswer("The device sent a network where a status was due.")
        if answer.status is not Status.SUCCESS:
            why = REASONS.get(answer.reason or 0, answer.status.words)
            raise DeviceRefused(
                f"The device did not {what}: {why}.",
                int(answer.status),
                _mend(request, answer.status),
                answer.reason,
            )

    # --- one request ----------------------------------------------------------------------------

    async def _send(self, request: Request) -> None:
        while not self._answers.empty():  # answers nobody waits for any more
            late = self._answers.get_nowait()
            if isinstance(late, ProvisionError):
                raise late
            self.unexpected.append(late)
        await self._channel.send(encode(request, self.behaviour))

    async def _next(self, request: Request, timeout: float) -> Response:
        """The next answer to this request; others are set aside."""
        wanted = request.type.response
        while True:
            answer = await self._take(timeout)
            kind = answer.type if isinstance(answer, StatusOnly) else MessageType.LIST_RESPONSE
            if kind is wanted:
                return answer
            self.unexpected.append(answer)

    async def _take(self, timeout: float) -> Response:
        answer = asyncio.create_task(self._answers.get())
        lost = asyncio.create_task(self.link.wait_lost())
        try:
            await asyncio.wait({answer, lost}, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
            if answer.done():
                value = answer.result()
                if isinstance(value, ProvisionError):
                    raise value
                return value
            if lost.done():
                raise LinkLost(f"The connection ended before the device answered: {self.link.lost}.")
            raise TimedOut(f"The device has not answered for {timeout:g} seconds.")
        finally:
            answer.cancel()
            lost.cancel()

    async def _listen(self) -> None:
        """Turn messages into answers."""
        while True:
            message = await self._channel.messages.get()
            try:
                if isinstance(message, ProvisionError):
                    raise message
                self.received.append(message)
                self._answer(decode(message))
            except ProvisionError as error:
                self._answer(error)

    def _answer(self, answer: Response | ProvisionError) -> None:
        if self._answers.full():
            self._channel.hang_up()
        else:
            self._answers.put_nowait(answer)


def _mend(request: Request, status: Status) -> str:
    if status is Status.NOT_SUPPORTED:
        return "The device cannot do this kind of security; choose another network."
    match request:
        case SaveNetwork(connect=True):
            return (
                "Check the passphrase and that the network is in range. "
                "A device also refuses when its list of saved networks is full: delete one."
            )
        case SaveNetwork():
            return "The list of saved networks may be full: delete one."
        case ConnectSaved():
            return "Check with `wifi-provision list` that the index is right and the network in range."
    return "Check the index with `wifi-provision list`: indices shift after every change."
