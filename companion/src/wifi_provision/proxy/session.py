"""What the device's messages mean for the broker, and the broker's for the device.

Truthful unless the phone's habits say otherwise: the device hears of what the broker has said, and the
broker of what the device has.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable, Coroutine
from typing import Any, Protocol

from paho.mqtt.client import topic_matches_sub

from wifi_provision.behaviour import Behaviour, Delivery, Subscribed
from wifi_provision.proxy.encode import encode
from wifi_provision.proxy.listener import Failure, Listener, Received
from wifi_provision.proxy.messages import (
    LARGEST_ID,
    LONGEST_TO_DEVICE,
    REFUSED,
    ConnAck,
    Connect,
    Disconnect,
    FromDevice,
    PingRequest,
    PingResponse,
    ProxyState,
    PubAck,
    Publish,
    SubAck,
    Subscribe,
    ToDevice,
    UnsubAck,
    Unsubscribe,
)
from wifi_provision.proxy.waiting import WaitingForDevice

MOST_UNACKNOWLEDGED = 32  # QoS 1 messages in each direction
MOST_WAITING = 64  # messages for the device
MOST_ANSWERS = 64  # to what it asks; beyond, the link is to be ended
MOST_SUBSCRIPTIONS = 64  # topic filters
MOST_LEAVING = 2  # sessions that are being ended
MOST_REQUESTS = 16  # subscriptions and their ends that wait for the broker
_LATE = 0.5  # seconds after which the Android SDK says that a subscription stands


class BrokerSession(Protocol):
    """What is needed of `broker.Broker`."""

    @property
    def up(self) -> bool: ...
    def publish(self, topic: str, payload: bytes, qos: int) -> int | None: ...
    def subscribe(self, topics: list[tuple[str, int]]) -> int | None: ...
    def unsubscribe(self, topics: list[str]) -> int | None: ...
    def acknowledge(self, message: Received) -> None: ...
    def close(self) -> Coroutine[Any, Any, None]: ...


Open = Callable[[str, bool, Listener], BrokerSession]
Report = Callable[..., None]  # report(event, sentence, **facts)


@dataclasses.dataclass
class _Request:
    """A SUBSCRIBE or UNSUBSCRIBE on its way: `mid` is the broker's, None while the broker is away."""

    message: Subscribe | Unsubscribe
    mid: int | None = None


class Session:
    """One device on one link. `hear` takes its messages, `waiting` holds what it is to be sent."""

    def __init__(self, open_broker: Open, behaviour: Behaviour, report: Report) -> None:
        self.waiting = WaitingForDevice(MOST_WAITING, MOST_ANSWERS)
        self._open = open_broker
        self._behaviour = behaviour
        self._habits = behaviour.proxy
        self._report = report
        self._loop = asyncio.get_running_loop()
        self._broker: BrokerSession | None = None
        self._answered = False  # the device's CONNECT was
        self._leaving: set[asyncio.Task[None]] = set()
        self._published: dict[int, int] = {}  # by what `publish` returned: the device's id
        self._delivered: dict[int, Received] = {}  # by the id the device knows it by
        self._requests: list[_Request] = []
        self._subscriptions: dict[
            str, tuple[int, int]
        ] = {}  # filter to QoS asked for, and the SUBSCRIBE's id
        self._last_published = 0
        self._last_delivered = 0
        self._timers: set[asyncio.TimerHandle] = set()

    # --- from the device ------------------------------------------------------------------------------

    def hear(self, message: FromDevice) -> None:
        """Act on a message of the device."""
        match message:
            case Connect():
                self._connect(message)
            case Disconnect():
                self._report("session-closed", "The device has left the broker.")
                self._leave()
            case _ if self._broker is None:
                self._report("ignored", "The device sent a message without being connected to the broker.")
            case Publish():
                self._publish(self._broker, message)
            case PubAck():
                received = self._delivered.pop(message.id, None)
                if received is not None and not self._habits.acknowledges_for_device:
                    self._broker.acknowledge(received)
            case Subscribe() | Unsubscribe():
                self._request(self._broker, message)
            case PingRequest():
                if self._broker.up or self._habits.answers_every_ping:
                    self._send(PingResponse())

    def _connect(self, message: Connect) -> None:
        if self._broker is not None and self._broker.up and self._habits.acknowledges_for_device:
            self._send(ConnAck(ProxyState.CONNECTED))  # the SDKs keep the connection they have
            return
        self._leave()
        self._report(
            "session-wanted",
            "The device wants to connect to the broker.",
            client_id=message.client_id,
            endpoint=message.endpoint,
            clean=message.clean,
        )
        if not message.client_id and not message.clean:
            self.on_refused("A session that is kept needs a client id; the device gave none.")
            return
        if len(self._leaving) >= MOST_LEAVING:  # each holds a thread
            self.on_unreachable("The device connects faster than the broker is left; it has to try again.")
            return
        self._broker = self._open(message.client_id, message.clean, self)

    def _publish(self, broker: BrokerSession, message: Publish) -> None:
        if message.qos:
            self._last_published = message.id
            if message.id in self._published.values():
                return  # sent again before we answered; the answer is on its way
        key = broker.publish(message.topic, message.payload, message.qos)
        facts = _facts(message.topic, message.payload, message.qos)
        if key is None:
            if message.qos and self._habits.tells_failure:
                self._not_taken("too many wait for it")
            else:
                reason = "too many wait for it" if message.qos else "it is away"
                sentence = f"A message did not go to the broker: {reason}."
                self._report("dropped", sentence, to="broker", **facts)
            return
        if message.qos:
            self._published[key] = message.id
        self._report("to-broker", None, **facts)

    def _request(self, broker: BrokerSession, message: Subscribe | Unsubscribe) -> None:
        too_many = None
        if max(len(self._requests), len(self._timers)) >= MOST_REQUESTS:
            too_many = "Too many subscriptions wait for the broker; the newest is refused."
        elif isinstance(message, Subscribe):
            filters = self._subscriptions.keys() | set(_topics(message))
            if len(filters) > MOST_SUBSCRIPTIONS:
                too_many = f"The device has {MOST_SUBSCRIPTIONS} subscriptions; the newest is refused."
        if too_many is not None:
            self._report("dropped", too_many)
            if isinstance(message, Subscribe):
                self._send(SubAck(message.id, REFUSED))
            return
        request = _Request(message)
        self._requests.append(request)
        self._pass_on(broker, request)
        if isinstance(message, Subscribe):
            self._subscriptions |= {topic: (qos, message.id) for topic, qos in message.topics}
            if self._habits.subscribed is Subscribed.AFTER_A_WHILE:
                self._later(_LATE, SubAck(message.id, message.topics[0][1]))
        else:
            for topic in message.topics:
                self._subscriptions.pop(topic, None)
            if self._habits.subscribed is Subscribed.AFTER_A_WHILE:
                self._send(UnsubAck(message.id))

    @staticmethod
    def _pass_on(broker: BrokerSession, request: _Request) -> None:
        match request.message:
            case Subscribe() as message:
                # QoS 2 cannot be carried to the device; a broker may grant less than was asked for.
                request.mid = broker.subscribe([(topic, min(qos, 1)) for topic, qos in message.topics])
            case Unsubscribe() as message:
                request.mid = broker.unsubscribe(list(message.topics))

    def _answered_request(self, mid: int) -> Subscribe | Unsubscribe | None:
        for request in self._requests:
            if request.mid == mid:
                self._requests.remove(request)
                return request.message
        return None

    # --- from the broker ------------------------------------------------------------------------------

    def on_connected(self, session_present: bool) -> None:
        broker = self._broker
        assert broker is not None
        if not self._answered:
            self._answered = True
            self._report("session-opened", "The broker has accepted the device.")
            self._send(ConnAck(ProxyState.CONNECTED))
            return
        self._report("broker-back", "The broker is back.")
        self._delivered.clear()  # the broker sends them again
        waiting = {topic for request in self._requests for topic in _topics(request.message)}
        lost = [(t, min(qos, 1)) for t, (qos, _id) in self._subscriptions.items() if t not in waiting]
        if lost and not session_present:
            broker.subscribe(lost)
        for request in self._requests:
            self._pass_on(broker, request)

    def on_refused(self, sentence: str) -> None:
        self._failed("session-refused", sentence, ProxyState.REFUSED)

    def on_unreachable(self, sentence: str) -> None:
        self._failed("session-failed", sentence, ProxyState.ERROR)

    def _failed(self, event: str, sentence: str, state: ProxyState) -> None:
        self._report(event, sentence)
        self._leave()
        if self._habits.tells_failure:
            self._send(ConnAck(state))

    def on_lost(self, sentence: str) -> None:
        self._report("broker-lost", f"{sentence} Trying again …")

    def on_taken_over(self) -> None:
        sentence = "The device's session goes on over another connection."
        self._failed("session-taken-over", sentence, ProxyState.DISCONNECTED)

    def on_published(self, key: int, failure: Failure | None) -> None:
        number = self._published.pop(key, None)
        if number is None:
            return
        if failure is not None and self._habits.tells_failure:
            if not failure.lasting:
                self._not_taken(failure.reason)
                return
            # The device's PUBACK has no field for a reason. A message without one would be sent for ever.
            self._report("dropped", f"The broker does not take a message: {failure.reason}.", to="broker")
        self._send(PubAck(number))

    def _not_taken(self, reason: str) -> None:
        """End the connection, as MQTT 3.1.1 does for want of an answer: the device will send again."""
        sentence = f"The broker did not take a message: {reason}. The device will send it again."
        self._failed("session-failed", sentence, ProxyState.DISCONNECTED)

    def on_subscribed(self, mid: int, codes: list[int]) -> None:
        message = self._answered_request(mid)
        if not isinstance(message, Subscribe):
            return
        for (topic, _qos), code in zip(message.topics, codes, strict=False):
            if code >= REFUSED:
                self._subscriptions.pop(topic, None)
        refused = any(code >= REFUSED for code in codes)
        status = REFUSED if refused or not codes else min(codes)
        sentence = "The broker refused a subscription." if refused else None
        self._report("subscribed", sentence, topics=[topic for topic, _ in message.topics], status=status)
        match self._habits.subscribed:
            case Subscribed.TRUTHFULLY:
                self._send(SubAck(message.id, status))
            case Subscribed.BY_TOPIC:
                for code in codes:
                    self._send(SubAck(message.id, min(code, REFUSED)))

    def on_unsubscribed(self, mid: int) -> None:
        message = self._answered_request(mid)
        if not isinstance(message, Unsubscribe):
            return
        self._report("unsubscribed", None, topics=list(message.topics))
        match self._habits.subscribed:
            case Subscribed.TRUTHFULLY:
                self._send(UnsubAck(message.id))
            case Subscribed.BY_TOPIC:
                for _topic in message.topics:
                    self._send(UnsubAck(message.id))

    def on_message(self, message: Received) -> None:
        facts = _facts(message.topic, message.payload, message.qos)
        qos, number = self._qos_and_id(message)
        outgoing = Publish(message.topic, message.payload, qos, number)
        if self._habits.minds_length and len(encode(outgoing, self._behaviour)) > LONGEST_TO_DEVICE:
            sentence = f"A message is too large for the device, which takes {LONGEST_TO_DEVICE} bytes."
            self._report("dropped", sentence, to="device", **facts)
            if message.qos:  # or the broker would keep it for ever, and a place among those it may send
                assert self._broker is not None
                self._broker.acknowledge(message)
            return
        if not self._send(outgoing):
            again = "; the broker sends it again with the next connection" if message.qos else ""
            self._report(
                "dropped", f"The device is too slow; a message waits no more{again}.", to="device", **facts
            )
            return
        if message.qos and self._habits.acknowledges_for_device:
            assert self._broker is not None
            self._broker.acknowledge(message)
        elif message.qos:
            self._delivered[number] = message
        self._report("to-device", None, **facts)

    def _qos_and_id(self, message: Received) -> tuple[int, int]:
        """What the device is told of a message besides topic and payload."""
        fitting = (
            wish for topic, wish in self._subscriptions.items() if topic_matches_sub(topic, message.topic)
        )
        match self._habits.delivery:
            case Delivery.LAST_PUBLISHED:
                return min(next(fitting, (message.qos, 0))[0], 1), self._last_published
            case Delivery.SUBSCRIPTION:
                return message.qos, next(fitting, (0, 0))[1]
        if message.qos == 0:
            return 0, 0
        while True:
            self._last_delivered = self._last_delivered % LARGEST_ID + 1
            if self._last_delivered not in self._delivered:
                return message.qos, self._last_delivered

    # --- both -----------------------------------------------------------------------------------------

    def _send(self, message: ToDevice) -> bool:
        return self.waiting.put(message)

    def _later(self, seconds: float, message: ToDevice) -> None:
        def due() -> None:
            self._timers.discard(timer)
            self._send(message)

        timer = self._loop.call_later(seconds, due)
        self._timers.add(timer)

    def _leave(self) -> None:
        """End the session with the broker, if there is one, and forget what belongs to it."""
        if self._broker is not None:
            task = asyncio.create_task(self._broker.close())
            self._leaving.add(task)
            task.add_done_callback(self._leaving.discard)
        self._broker = None
        self._answered = False
        self._published.clear()
        self._delivered.clear()
        self._requests.clear()
        self._subscriptions.clear()
        self._last_published = 0
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()
        self.waiting.clear()

    async def close(self) -> None:
        """The device is gone: leave the broker."""
        self._leave()
        while self._leaving:
            await asyncio.gather(*self._leaving)


def _topics(message: Subscribe | Unsubscribe) -> list[str]:
    return [topic if isinstance(topic, str) else topic[0] for topic in message.topics]


def _facts(topic: str, payload: bytes, qos: int) -> dict[str, Any]:
    """What is said of a message: never what is in it."""
    return {"topic": topic, "bytes": len(payload), "qos": qos}
