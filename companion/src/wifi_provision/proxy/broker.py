"""The phone's own MQTT client: one session with the broker, taken up again until it is closed.

paho-mqtt runs the connection in a thread of its own. Everything here runs in the event loop; what
paho reports is passed into it.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import socket
from collections.abc import Callable, Coroutine
from typing import Any

from paho.mqtt.client import MQTT_CLEAN_START_FIRST_ONLY, Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from wifi_provision.proxy.address import BrokerAddress, why
from wifi_provision.proxy.listener import Failure, Listener, Received

_SESSION_TAKEN_OVER = 0x8E  # from MQTT 5 on: somebody else connected with this client id
_FOR_EVER = 0xFFFFFFFF  # MQTT 5: a session that does not expire
_FAILED = 0x80  # reason codes from here on are failures
# Of these, what says that a message will not be taken however often it is sent: not authorized, topic name
# invalid, packet too large, payload format invalid.
_LASTING = frozenset({0x87, 0x90, 0x95, 0x99})


@dataclasses.dataclass(frozen=True)
class Patience:
    """Seconds."""

    connect: float = 5.0  # for TCP and TLS
    answer: float = 10.0  # for the broker's CONNACK
    goodbye: float = 2.0  # until DISCONNECT has gone out
    first_pause: float = 0.5  # before the broker is tried again; doubled each time
    longest_pause: float = 30.0
    short: float = 5.0  # a session taken up again and lost within this was taken over by somebody else
    keep_alive: int = 20


class Broker:
    """A session with the broker.

    The first connection is tried once: who listens is told `on_connected`, `on_refused` or
    `on_unreachable`. A connection lost later is made anew, with a backoff, until `close`, a refusal, or
    until somebody else takes the session over. QoS 1 messages that were not acknowledged are sent again
    by then.

    `most_unacknowledged` bounds what is published and not acknowledged, and with MQTT 5 also what the
    broker sends and the device has not acknowledged.
    """

    def __init__(
        self,
        address: BrokerAddress,
        client_id: str,
        clean: bool,
        listener: Listener,
        most_unacknowledged: int,
        patience: Patience | None = None,
    ) -> None:
        self._address = address
        self._clean = clean
        self._listener = listener
        self._patience = patience or Patience()
        self._loop = asyncio.get_running_loop()
        self._up = False
        self._closing = False
        self._connection = 0
        self._up_since = 0.0
        self._ended = asyncio.Event()
        self._answered = asyncio.Event()
        self._why_ended = ""
        self._most = most_unacknowledged
        five = address.version == "5"
        self._five = five
        self._client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=client_id,
            clean_session=None if five else clean,
            protocol=MQTTProtocolVersion.MQTTv5 if five else MQTTProtocolVersion.MQTTv311,
            reconnect_on_failure=False,
            manual_ack=True,
        )
        self._client.connect_timeout = self._patience.connect
        # QoS 1, by what `publish` returned; and that by the message id of this connection.
        self._unacknowledged: dict[int, tuple[str, bytes]] = {}
        self._keys: dict[int, int] = {}
        self._last_key = 0
        if address.tls is not None:
            self._client.tls_set_context(address.tls)
        if address.username is not None:
            self._client.username_pw_set(address.username, address.password)
        self._client.on_connect = self._on_connect
        self._client.on_disconnect = self._on_disconnect
        self._client.on_publish = self._on_publish
        self._client.on_subscribe = self._on_subscribe
        self._client.on_unsubscribe = self._on_unsubscribe
        self._client.on_message = self._on_message
        self._task = asyncio.create_task(self._run())

    @property
    def up(self) -> bool:
        """Whether the broker has accepted the connection and it still stands."""
        return self._up

    # --- what the session asks for ------------------------------------------------------------------

    def publish(self, topic: str, payload: bytes, qos: int) -> int | None:
        """Publish; `on_published` tells when the broker has a QoS 1 message, by what is returned here.

        None when it is not taken: QoS 0 while the broker is away, QoS 1 when too many wait.
        """
        if qos == 0:
            return self._client.publish(topic, payload).mid if self._up else None
        if len(self._unacknowledged) >= self._most:
            return None
        self._last_key += 1
        self._unacknowledged[self._last_key] = (topic, payload)
        if self._up:
            self._publish(self._last_key, topic, payload)
        return self._last_key

    def _publish(self, key: int, topic: str, payload: bytes) -> None:
        self._keys[self._client.publish(topic, payload, 1).mid] = key

    def _publish_again(self) -> None:
        """What the former connection has left, in order.

        paho would do so too, but sends what is published meanwhile before it.
        """
        self._keys.clear()
        for key, (topic, payload) in self._unacknowledged.items():
            self._publish(key, topic, payload)

    def subscribe(self, topics: list[tuple[str, int]]) -> int | None:
        """Subscribe; `on_subscribed` tells the answer. None while the broker is away."""
        if not self._up:
            return None
        result, mid = self._client.subscribe(topics)
        return mid if result is MQTTErrorCode.MQTT_ERR_SUCCESS else None

    def unsubscribe(self, topics: list[str]) -> int | None:
        """Unsubscribe; `on_unsubscribed` tells. None while the broker is away."""
        if not self._up:
            return None
        result, mid = self._client.unsubscribe(topics)
        return mid if result is MQTTErrorCode.MQTT_ERR_SUCCESS else None

    def acknowledge(self, message: Received) -> None:
        """The device has it. A message of an earlier connection comes again by itself."""
        if message.connection == self._connection and self._up:
            self._client.ack(message.mid, message.qos)

    def close(self) -> Coroutine[Any, Any, None]:
        """Leave the broker, which keeps the session unless it is a clean one.

        The listener hears nothing from this call on, even before what it returns is awaited.
        """
        self._closing = True
        self._up = False
        return self._leave()

    async def _leave(self) -> None:
        if self._client.is_connected():
            self._client.disconnect()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._ended.wait(), self._patience.goodbye)
        self._hang_up()
        self._task.cancel()
        await asyncio.wait({self._task})
        await asyncio.to_thread(self._client.loop_stop)
        if not self._task.cancelled():
            self._task.result()  # a fault of ours is not to pass in silence

    # --- the connection -----------------------------------------------------------------------------

    async def _run(self) -> None:
        pause = self._patience.first_pause
        while True:
            self._ended.clear()
            self._answered.clear()
            self._why_ended = ""
            before = self._connection
            self._client.drop_out_messages()  # we keep them ourselves
            try:
                await asyncio.to_thread(self._dial)
                self._client.loop_start()
                await self._stand()
                await asyncio.to_thread(self._client.loop_stop)
            except (OSError, ValueError) as error:
                self._why_ended = why(error, self._address)
            if self._closing:
                return
            if self._connection == 0:
                self._listener.on_unreachable(self._why_ended)
                return
            if self._connection > before:
                pause = self._patience.first_pause
            await asyncio.sleep(pause)
            pause = min(2 * pause, self._patience.longest_pause)

    def _dial(self) -> None:
        """Connects and sends CONNECT; blocks."""
        properties = None
        if self._five:
            properties = Properties(PacketTypes.CONNECT)
            properties.SessionExpiryInterval = 0 if self._clean else _FOR_EVER
            properties.ReceiveMaximum = self._most
        self._client.connect(
            self._address.host,
            self._address.port,
            self._patience.keep_alive,
            clean_start=self._clean if self._five else MQTT_CLEAN_START_FIRST_ONLY,
            properties=properties,
        )
        if self._closing:  # meanwhile
            self._hang_up()

    async def _stand(self) -> None:
        """Returns when the connection has ended."""
        try:
            async with asyncio.timeout(self._patience.answer) as limit:
                await self._answered.wait()
                limit.reschedule(None)
                await self._ended.wait()
        except TimeoutError:
            self._why_ended = f"The broker {self._address} did not answer in time."
            self._hang_up()
            self._up = False

    def _hang_up(self) -> None:
        """Ends the TCP connection, whatever paho still wants to write."""
        line = self._client.socket()
        if line is not None:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)  # type: ignore[attr-defined]

    # --- what paho reports, in its thread -----------------------------------------------------------

    def _pass(self, function: Callable[..., None], *values: Any) -> None:
        # A report may come when the program is already ending.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(function, *values)

    def _tell(self, function: Callable[..., None], *values: Any) -> None:
        if not self._closing:
            function(*values)

    def _on_connect(
        self, _client: Client, _data: Any, flags: Any, reason: ReasonCode, _properties: Properties | None
    ) -> None:
        self._pass(self._connected, bool(flags.session_present), reason)

    def _connected(self, session_present: bool, reason: ReasonCode) -> None:
        if reason.is_failure:
            self._closing_because(self._listener.on_refused, f"The broker {self._address} refuses: {reason}.")
            return
        self._connection += 1
        self._up = True
        self._up_since = self._loop.time()
        self._publish_again()
        self._answered.set()
        self._tell(self._listener.on_connected, session_present)

    def _on_disconnect(
        self, _client: Client, _data: Any, _flags: Any, reason: ReasonCode, _properties: Properties | None
    ) -> None:
        self._pass(self._disconnected, reason)

    def _disconnected(self, reason: ReasonCode) -> None:
        was_up, self._up = self._up, False
        if not self._answered.is_set():
            self._why_ended = self._why_ended or (
                f"The broker {self._address} hung up before it answered; "
                "it may want another client certificate, or other credentials."
            )
        elif was_up and self._taken_over(reason):
            self._closing_because(self._listener.on_taken_over)
        elif was_up:
            self._why_ended = f"The connection to the broker {self._address} ended: {reason}."
            self._tell(self._listener.on_lost, self._why_ended)
        self._answered.set()
        self._ended.set()

    def _taken_over(self, reason: ReasonCode) -> bool:
        """Whether somebody else goes on with the session; then taking it back would be a quarrel."""
        if reason.value == _SESSION_TAKEN_OVER:
            return True
        # Many brokers do not say so. Who has taken a session back then loses it again at once.
        short = self._loop.time() - self._up_since < self._patience.short
        return short and self._connection > 1

    def _closing_because(self, function: Callable[..., None], *values: Any) -> None:
        """The session is over from the broker's side."""
        self._tell(function, *values)
        self._closing = True
        self._answered.set()
        self._ended.set()

    def _on_publish(
        self, _client: Client, _data: Any, mid: int, reason: ReasonCode, _properties: Properties
    ) -> None:
        failed = reason.value >= _FAILED
        failure = Failure(str(reason), reason.value in _LASTING) if failed else None
        self._pass(self._acknowledged, mid, failure)

    def _acknowledged(self, mid: int, failure: Failure | None) -> None:
        key = self._keys.pop(mid, None)
        if key is not None:
            del self._unacknowledged[key]
            self._tell(self._listener.on_published, key, failure)

    def _on_subscribe(
        self, _client: Client, _data: Any, mid: int, reasons: list[ReasonCode], _properties: Properties
    ) -> None:
        self._pass(self._tell, self._listener.on_subscribed, mid, [reason.value for reason in reasons])

    def _on_unsubscribe(
        self,
        _client: Client,
        _data: Any,
        mid: int,
        _reasons: list[ReasonCode],
        _properties: Properties | None,
    ) -> None:
        self._pass(self._tell, self._listener.on_unsubscribed, mid)

    def _on_message(self, _client: Client, _data: Any, message: MQTTMessage) -> None:
        self._pass(self._received, message)

    def _received(self, message: MQTTMessage) -> None:
        try:
            topic = message.topic
        except UnicodeDecodeError:
            return  # MQTT forbids it, and nobody could have subscribed to it
        received = Received(topic, bytes(message.payload), message.qos, message.mid, self._connection)
        self._tell(self._listener.on_message, received)
