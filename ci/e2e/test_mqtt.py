"""MQTT over WiFi: TLS 1.3, who is trusted, and what is said of who is not. Switches are `test_switches.py`'s."""

import asyncio
import itertools
import re
from collections.abc import Callable, Iterator

import pytest
from harness.broker import Broker, Observer
from harness.certificates import Certificates, Identity
from harness.networks import CAFE
from harness.phone import connected, only
from harness.provisioning import settings
from harness.world import World

# This machine, as the device sees it.
HOST = "10.0.2.2"
KEEP_ALIVE = 10

# What the console says.
OVER_WIFI = r"MQTT: connected over WiFi"
NOT_ACCEPTED = (
    "(the broker did not accept this device's certificate|the broker closed the connection before it accepted this device)"
)

# Provisions the device anew and switches it on; gives the topic of its hello world.
Provision = Callable[..., str]
TURN = itertools.count(1)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates.make(tmp_path_factory.mktemp("certificates"), HOST, "127.0.0.1")


@pytest.fixture(scope="module")
def broker(world: World, certificates: Certificates) -> Iterator[Broker]:
    with Broker(world.run, certificates) as broker:
        yield broker


@pytest.fixture(scope="module")
def home(world: World) -> None:
    """The device has a saved network and is on it."""

    async def scenario() -> None:
        async with connected(world) as phone:
            await only(phone)
            await phone.add(CAFE.save(connect=True))

    asyncio.run(scenario())


@pytest.fixture
def provision(world: World, broker: Broker, certificates: Certificates, home: None) -> Provision:
    """Gives the device settings and switches it on again."""

    def do(**changes: object) -> str:
        # Another device each time: the broker keeps sessions.
        client_id = f"device-{next(TURN)}"
        everything = {
            "client_id": client_id,
            "keep_alive": KEEP_ALIVE,
            "authority": certificates.authority.identity.certificate_der,
            "device": certificates.device,
        } | changes
        port = int(everything.pop("port", broker.tls_port))  # type: ignore[call-overload]
        world.board.power_off()
        world.board.provision(settings(HOST, port, **everything))  # type: ignore[arg-type]
        world.power_on()
        return f"hello/{client_id}"

    return do


def numbers(observer: Observer, topic: str) -> list[int]:
    """What the broker has, in order, without repetitions."""
    found = [int(match[1]) for seen in observer.on(topic) if (match := re.match(rb"hello world (\d+)", seen.payload))]
    return list(dict.fromkeys(found))


def test_the_hello_world_goes_over_wifi_with_tls(world: World, broker: Broker, provision: Provision) -> None:
    with Observer(broker) as observer:
        mark = world.console.mark()
        topic = provision()
        world.console.expect(OVER_WIFI, within=60, since=mark)
        for what in ("sent", "acknowledged", "received"):
            world.console.expect(rf"MQTT: message 3 {what} over WiFi", within=30, since=mark)
        observer.wait("three hellos are there", lambda _: len(numbers(observer, topic)) >= 3)
        assert numbers(observer, topic)[:3] == [1, 2, 3]


@pytest.mark.parametrize(
    ("server", "why"),
    [
        ("server_of_stranger", "its certificate is not from the configured authority"),
        ("server_expired", "its certificate has expired"),
        ("server_not_yet_valid", "its certificate is not valid yet"),
        ("server_elsewhere", "its certificate is for another name"),
        ("server_that_is_a_client", "its certificate is not for a server"),
    ],
)
def test_a_broker_that_cannot_be_trusted_hears_nothing(
    world: World, broker: Broker, certificates: Certificates, provision: Provision, server: str, why: str
) -> None:
    broker.restart(getattr(certificates, server))
    try:
        # The device of the test before would still connect.
        world.board.power_off()
        mark, before = world.console.mark(), broker.log.count("New client connected")
        provision()
        world.console.expect(rf"mqtt: over WiFi: the broker is not trusted: ({why})", within=60, since=mark)
        assert not world.console.seen(OVER_WIFI, since=mark)
        assert broker.log.count("New client connected") == before
    finally:
        broker.restart()


@pytest.mark.parametrize(
    ("device", "why"),
    [
        (None, "the broker wants a client certificate, and none is provisioned"),
        ("device_of_stranger", NOT_ACCEPTED),
        ("device_expired", NOT_ACCEPTED),
    ],
)
def test_a_device_that_cannot_prove_itself_says_so(
    world: World, broker: Broker, certificates: Certificates, provision: Provision, device: str | None, why: str
) -> None:
    identity: Identity | None = None if device is None else getattr(certificates, device)
    # The device of the test before would still connect.
    world.board.power_off()
    mark, before = world.console.mark(), broker.log.count("New client connected")
    provision(device=identity)
    world.console.expect(f"mqtt: over WiFi: {why}", within=60, since=mark)
    assert broker.log.count("New client connected") == before
