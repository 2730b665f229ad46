"""A real MQTT broker on loopback, mosquitto, with certificates of its own; and who watches what it passes."""

import os
import shutil
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from .certificates import Certificates, Identity
from .process import Process
from .waiting import until

LOOPBACK = "127.0.0.1"
TRIES = 5  # somebody else may take a port we thought was free
SYSTEM = "/usr/sbin/mosquitto"  # not in every user's path

CONFIGURATION = """\
per_listener_settings true

listener {tls_port} {host}
allow_anonymous true
cafile {ca}
certfile {certificate}
keyfile {key}
require_certificate true
tls_version tlsv1.3

listener {plain_port} {host}
allow_anonymous true
{access}
persistence true
persistence_location {state}
autosave_on_changes true
autosave_interval 1
max_queued_messages 100000

log_dest stderr
log_type all
log_timestamp_format %Y-%m-%dT%H:%M:%S
"""


class Broker:
    """mosquitto: a TLS 1.3 listener that wants a client's certificate, and a plain one.

    Both are on loopback at ports that stay the same until the end. Its log is `<name>.log` in the run
    directory, its sessions outlive `restart`. `access` is an access list of mosquitto's for the plain
    listener; without one everybody may do everything.
    """

    def __init__(self, run: Path, certificates: Certificates, name: str = "mosquitto", access: str = ""):
        self._access = access
        self.certificates = certificates
        self._run = run
        self._name = name
        self._process: Process | None = None
        self._log = run / f"{name}.log"
        self._program = shutil.which("mosquitto") or SYSTEM
        if not Path(self._program).is_file():
            raise FileNotFoundError("mosquitto is not installed; `cargo xtask setup` does it")
        self._state = run / f"{name}-state"
        self._state.mkdir(exist_ok=True)
        for old in self._state.iterdir():
            old.unlink()
        self.tls_port = self.plain_port = 0

    @property
    def is_on(self) -> bool:
        return self._process is not None

    @property
    def log(self) -> str:
        """What it has said, over all restarts."""
        return self._log.read_text(errors="replace") if self._log.exists() else ""

    def start(self, server: Identity | None = None) -> None:
        """Starts it, with another certificate of the server if one is given."""
        assert self._process is None, "the broker is on already"
        fixed = self.tls_port != 0
        for left in reversed(range(TRIES)):
            if not fixed:
                self.tls_port, self.plain_port = free_ports(2)
            if self._try(server or self.certificates.server, last=left == 0):
                return

    def _try(self, server: Identity, last: bool) -> bool:
        configuration = self._run / f"{self._name}.conf"
        access = ""
        if self._access:
            list_of_access = self._run / f"{self._name}.acl"
            list_of_access.write_text(self._access)
            access = f"acl_file {list_of_access}\n"
        text = CONFIGURATION.format(
            host=LOOPBACK, tls_port=self.tls_port, plain_port=self.plain_port, state=self._state,
            ca=self.certificates.authority.certificate, certificate=server.certificate, key=server.key,
            access=access,
        )  # fmt: skip
        if os.geteuid() == 0:
            # It would become another user, who cannot read what we have written.
            text = "user root\n" + text
        configuration.write_text(text)
        mark = len(self.log)
        self._process = Process(self._name, [self._program, "-c", str(configuration)], self._run)

        def running() -> bool:
            if last or "Address already in use" not in self.log[mark:]:
                assert self._process is not None
                self._process.check()
                return " running\n" in self.log[mark:]
            return True

        until("mosquitto is running", running, 15)
        if " running\n" in self.log[mark:]:
            return True
        self.kill()
        return False

    def stop(self) -> None:
        """Ends it in order: it says goodbye to nobody, but keeps its sessions."""
        if self._process is not None:
            self._process.end()
            self._process = None

    def kill(self) -> None:
        """Ends it as a crash does."""
        if self._process is not None:
            self._process.kill()
            self._process = None

    def restart(self, server: Identity | None = None) -> None:
        """Off and on."""
        self.stop()
        self.start(server)

    def check(self) -> None:
        """Raises when it has ended by itself."""
        if self._process is not None:
            self._process.check()

    def __enter__(self) -> "Broker":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


@dataclass(frozen=True)
class Seen:
    """A message as the observer got it. `at` is of `time.monotonic`, `place` of what the observer was given."""

    at: float
    topic: str
    payload: bytes
    qos: int
    place: int = 0


class Observer:
    """A client at the plain listener that records every message, and can publish.

    Its session is kept by the broker: what is published while the broker restarts is not missed. `place`
    is asked at each arrival: how far something else was then, as the device's console.
    """

    def __init__(self, broker: Broker, topics: str = "#", place: Callable[[], int] = lambda: 0):
        self._place = place
        self._lock = threading.Lock()
        self._seen: list[Seen] = []
        self._subscribed = threading.Event()
        self._client = Client(
            CallbackAPIVersion.VERSION2, client_id="observer", protocol=MQTTProtocolVersion.MQTTv5
        )
        self._client.reconnect_delay_set(1, 1)
        self._topics = topics
        self._client.on_connect = self._on_connect
        self._client.on_subscribe = lambda *_: self._subscribed.set()
        self._client.on_message = self._on_message
        self._published: set[int] = set()
        self._client.on_publish = lambda _client, _data, number, *_: self._published.add(number)
        properties = Properties(PacketTypes.CONNECT)
        properties.SessionExpiryInterval = 3600
        self._client.connect(LOOPBACK, broker.plain_port, 20, clean_start=False, properties=properties)

    def _on_connect(self, client: Client, *_: object) -> None:
        client.subscribe(self._topics, qos=1)

    def _on_message(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        seen = Seen(time.monotonic(), message.topic, bytes(message.payload), message.qos, self._place())
        with self._lock:
            self._seen.append(seen)

    @property
    def seen(self) -> list[Seen]:
        """Everything so far, in order."""
        with self._lock:
            return list(self._seen)

    def on(self, topic: str) -> list[Seen]:
        """Everything so far on one topic."""
        return [one for one in self.seen if one.topic == topic]

    def wait(self, what: str, condition: Callable[[list[Seen]], bool], within: float = 10) -> list[Seen]:
        """Waits until what was seen fulfils a condition."""
        until(what, lambda: condition(self.seen), within)
        return self.seen

    def publish(self, topic: str, payload: bytes, qos: int = 1) -> None:
        """Publishes, and waits until the broker has it."""
        until("the observer is connected", self._client.is_connected, 10)
        number = self._client.publish(topic, payload, qos).mid
        until(f"the broker has a message for {topic}", lambda: number in self._published, 10)

    def __enter__(self) -> "Observer":
        self._client.loop_start()
        if not self._subscribed.wait(10):
            raise AssertionError("the observer could not subscribe")
        return self

    def __exit__(self, *_: object) -> None:
        self._client.disconnect()
        self._client.loop_stop()


def free_ports(count: int) -> list[int]:
    """Ports nobody listens on now, all different."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind((LOOPBACK, 0))
        return [int(one.getsockname()[1]) for one in sockets]
    finally:
        for one in sockets:
            one.close()
