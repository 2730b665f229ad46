"""MQTT that survives every switch: WiFi, the phone's proxy, and back; with a real broker."""

import asyncio
import dataclasses
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from harness.broker import Broker, Observer
from harness.command_line import CommandLine
from harness.hello import CLIENT_ID, CONNECTED, RECEIVED, SENT, TOPIC, Hello, table
from harness.networks import HOME
from harness.proxy import ProxyProcess
from harness.world import World

BUDGET = tomllib.loads(Path(__file__).with_name("budgets.toml").read_text())["pause"]
SWITCHES = 20


@dataclasses.dataclass
class Here:
    """The world, its broker, and a person with a phone that is paired."""

    world: World
    hello: Hello
    person: CommandLine

    @property
    def broker(self) -> Broker:
        return self.hello.broker

    def proxy(self, *options: str) -> ProxyProcess:
        return ProxyProcess(self.world.run, self.person, self.broker, *options)

    def join_home(self) -> None:
        """The device is on the Home network, and has no other."""
        while self.person("list").result["networks"][0]["saved"]:
            self.person("delete", "0")
        outcome = self.person("add", HOME.ssid, "--security", HOME.security.words, passphrase=HOME.passphrase)
        assert outcome.code == 0, outcome


@pytest.fixture(scope="module")
def here() -> Iterator[Here]:
    with World("switches") as world:
        with Broker(world.run, Hello.certificates(world.run)) as broker, Observer(broker) as observer:
            hello = Hello(world, broker, observer)
            hello.provision()
            world.power_on()
            person = CommandLine(world)
            assert person("info").code == 0
            yield Here(world, hello, person)
            world.check()
            broker.check()
            assert world.leaks() == []


@pytest.fixture
def at_home(here: Here) -> Here:
    """Messages go over WiFi."""
    here.join_home()
    here.hello.wait_over("WiFi", within=60)
    return here


def test_hello_over_wifi(at_home: Here) -> None:
    hello = at_home.hello
    hello.wait_beyond(hello.last() + 3, within=60)
    hello.assert_complete()
    assert f"as {CLIENT_ID} (p" in at_home.broker.log
    # It is subscribed to what it publishes.
    at_home.world.console.expect(RECEIVED, within=20)


def test_a_deleted_network_and_a_new_one(at_home: Here) -> None:
    hello = at_home.hello
    with at_home.proxy() as proxy:
        proxy.expect("device-connected")
        assert proxy.do("delete 0")["ok"]
        hello.wait_over("BLE", within=BUDGET["to_ble"])
        hello.wait_beyond(hello.last() + 3, within=60)
        assert proxy.add(HOME)["ok"]
        hello.wait_over("WiFi", within=BUDGET["to_wifi"])
        proxy.expect("session-closed")
    hello.assert_complete()


def test_an_access_point_that_goes_dark(at_home: Here) -> None:
    hello = at_home.hello
    with at_home.proxy() as proxy:
        proxy.expect("device-connected")
        with at_home.world.access_points.changed(HOME.ssid, on=False):
            hello.wait_over("BLE", within=BUDGET["to_ble"])
        hello.wait_over("WiFi", within=90)
    hello.assert_complete()


def test_no_number_is_lost_in_twenty_switches(at_home: Here) -> None:
    hello, points = at_home.hello, at_home.world.access_points
    pauses: dict[str, list[float]] = {"BLE": [], "WiFi": []}
    with at_home.proxy() as proxy:
        proxy.expect("device-connected")
        for _ in range(SWITCHES // 2):
            with points.changed(HOME.ssid, on=False):
                began = time.monotonic()
                hello.wait_over("BLE", within=90)
                pauses["BLE"].append(time.monotonic() - began)
            began = time.monotonic()
            hello.wait_over("WiFi", within=90)
            pauses["WiFi"].append(time.monotonic() - began)
    hello.assert_complete()
    print("\n".join(table(hello.rows())))
    for transport, budget in (("BLE", BUDGET["to_ble"]), ("WiFi", BUDGET["to_wifi"])):
        longest = max(pauses[transport])
        print(f"longest pause until a message goes over {transport}: {longest:.1f} s (budget {budget:g} s)")
        assert longest <= budget


@pytest.mark.parametrize("transport", ["WiFi", "BLE"])
def test_a_broker_that_restarts(at_home: Here, transport: str) -> None:
    hello = at_home.hello
    with at_home.proxy() as proxy:
        proxy.expect("device-connected")
        if transport == "BLE":
            assert proxy.do("delete 0")["ok"]
        hello.wait_over(transport, within=90)
        before = hello.last()
        at_home.broker.kill()
        at_home.broker.start()
        hello.wait_beyond(before + 2, within=90)
    hello.assert_complete()


def test_messages_wait_while_there_is_no_way(at_home: Here) -> None:
    hello, console = at_home.hello, at_home.world.console
    with at_home.world.access_points.changed(HOME.ssid, on=False):
        asyncio.run(at_home.world.access_points.wait_joined(None))
        before = hello.last()
        with at_home.proxy():
            hello.wait_beyond(before + 2, within=BUDGET["to_ble"])
        mark = console.mark()
        # The phone is out of range: nothing goes out.
        with pytest.raises(AssertionError):
            hello.wait_beyond(hello.last(), within=5)
        with at_home.proxy():
            hello.wait_beyond(hello.last() + 2, within=60)
        assert console.seen(SENT, mark) is not None
    hello.wait_over("WiFi", within=90)
    hello.assert_complete()


def test_four_kib_over_the_smallest_mtu(at_home: Here) -> None:
    hello, world = at_home.hello, at_home.world
    with at_home.proxy("--mtu", "23") as proxy:
        proxy.expect("device-connected")
        assert proxy.do("delete 0")["ok"]
        hello.wait_over("BLE", within=BUDGET["to_ble"])
        world.command("hello 2 4096", r"hello: 2 of 2 messages taken")
        hello.observer.wait(
            "4 KiB are at the broker",
            lambda seen: sum(one.topic == TOPIC and len(one.payload) == 4096 for one in seen) >= 2,
            within=90,
        )
        # It is subscribed to its own topic.
        world.console.expect(r"MQTT: message \d+ received over BLE, 4096 bytes", within=90)
        hello.wait_beyond(hello.last() + 3, within=90)
    hello.assert_complete()


WRONG = {
    "server_of_stranger": "not from the configured authority",
    "server_expired": "has expired",
    "server_not_yet_valid": "not valid yet",
    "server_elsewhere": "for another name",
    "server_that_is_a_client": "not for a server",
}


@pytest.mark.parametrize("which", WRONG)
def test_a_broker_with_a_wrong_certificate_is_refused(at_home: Here, which: str) -> None:
    hello, console = at_home.hello, at_home.world.console
    at_home.broker.stop()
    length, mark = len(at_home.broker.log), console.mark()
    at_home.broker.start(getattr(at_home.broker.certificates, which))
    console.expect(rf"mqtt: over WiFi: .*certificate .*{WRONG[which]}", within=90, since=mark)
    assert CLIENT_ID not in at_home.broker.log[length:]
    at_home.broker.restart()
    console.expect(CONNECTED, within=90, since=mark)
    hello.wait_over("WiFi", within=90)
    hello.assert_complete()


def test_a_device_without_a_certificate_is_refused(here: Here) -> None:
    here.join_home()
    here.world.console.settled("ble: bonded: ", r"ble: \d+ bonds are kept", 7)
    here.world.board.power_off()
    here.hello.begin()
    length = len(here.broker.log)
    try:
        here.hello.provision(identity=False)
        mark = here.world.console.mark()
        here.world.power_on()
        here.world.console.expect(r"mqtt: over WiFi: .*wants a client certificate", within=90, since=mark)
        assert f"as {CLIENT_ID} (p" not in here.broker.log[length:]
    finally:
        here.world.board.power_off()
        here.hello.begin()
        here.hello.provision()
        here.world.power_on()
