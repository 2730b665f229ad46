"""MQTT that survives every switch: WiFi, the phone's proxy, and back; with a real broker.

Who is let in by whom is `test_mqtt.py`'s.
"""

import contextlib
import dataclasses
import re
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from harness.broker import Broker, Observer
from harness.command_line import CommandLine
from harness.hello import CLIENT_ID, RECEIVED, SENT, TOPIC, Hello, table
from harness.networks import HOME
from harness.pace import pace
from harness.proxy import ProxyProcess
from harness.tables import Tables
from harness.world import World

BUDGET = tomllib.loads(Path(__file__).with_name("budgets.toml").read_text())["pause"]
SWITCHES = 20
SOME = 8  # messages over each, under load
# Seconds without the network in which the budget was measured. The device tries again after a pause that doubles: it may
# be as late as the network was gone longer.
DARK = 4
# How many messages the device keeps for later: OUTBOX_MESSAGES in `ports/mqtt/src/session/outbox.rs`.
KEPT = 32


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
        with (
            Broker(world.run, Hello.certificates(world.run)) as broker,
            Observer(broker, place=world.console.mark) as observer,
        ):
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
    if here.world.access_points.joined() != HOME.ssid:
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


def test_no_number_is_lost_in_twenty_switches_under_load(at_home: Here, tables: Tables) -> None:
    hello, points = at_home.hello, at_home.world.access_points
    pauses: dict[str, list[float]] = {"BLE": [], "WiFi": []}
    first, mark = hello.last(), at_home.world.console.mark()
    with pace() as watch, at_home.proxy() as proxy:
        proxy.expect("device-connected")
        with hello.load():
            for _ in range(SWITCHES // 2):
                went = time.monotonic()
                with points.changed(HOME.ssid, on=False):
                    began = time.monotonic()
                    hello.wait_over("BLE", within=90)
                    pauses["BLE"].append(watch.spent(began, time.monotonic()))
                    hello.wait_beyond(hello.last() + SOME, within=30)
                began = time.monotonic()
                late = max(0.0, began - went - DARK)
                hello.wait_over("WiFi", within=90)
                pauses["WiFi"].append(watch.spent(began, time.monotonic()) - late)
                hello.wait_beyond(hello.last() + SOME, within=30)
        # Load there was, and all that the device has taken of it is at the broker.
        taken = hello.taken(mark)
        assert taken >= SWITCHES
        hello.wait_beyond(first + taken, within=30)
    hello.assert_complete()
    rows = [row for row in hello.rows() if row.number > first]
    longest = {
        "to_ble": max(pauses["BLE"]),
        "to_wifi": max(pauses["WiFi"]),
        "between": max(watch.spent(row.at - row.gap, row.at) for row in rows),
    }
    lines = [f"longest pause {name}: {seconds:.1f} s (budget {BUDGET[name]:g} s)" for name, seconds in longest.items()]
    tables.show("Twenty switches under load", [*table(rows), *lines])
    assert {name for name, seconds in longest.items() if seconds > BUDGET[name]} == set()


@pytest.mark.parametrize("habits", ["android", "ios"])
def test_a_phone_with_the_habits_of_an_sdk(at_home: Here, habits: str) -> None:
    """Its channel for provisioning is always open, and yet the device does not wait for it."""
    hello, world = at_home.hello, at_home.world
    with at_home.proxy("--phone", habits) as proxy:
        proxy.expect("device-connected")
        mark, went = world.console.mark(), time.monotonic()
        with world.access_points.changed(HOME.ssid, on=False):
            hello.wait_over("BLE", within=BUDGET["to_ble"])
            hello.wait_beyond(hello.last() + 3, within=30)
            world.console.expect(r"MQTT: message \d+ received over BLE", within=30, since=mark)
        hello.wait_over("WiFi", within=BUDGET["to_wifi"] + time.monotonic() - went)
    hello.assert_complete()


@pytest.mark.parametrize("transport", ["WiFi", "BLE"])
def test_a_broker_that_restarts(at_home: Here, transport: str) -> None:
    hello, points = at_home.hello, at_home.world.access_points
    with at_home.proxy() as proxy, contextlib.ExitStack() as changes:
        proxy.expect("device-connected")
        if transport == "BLE":
            changes.enter_context(points.changed(HOME.ssid, on=False))
        hello.wait_over(transport, within=90)
        before = hello.last()
        at_home.broker.kill()
        at_home.world.command("hello 5", r"hello: 5 of 5 messages taken")
        at_home.broker.start()
        hello.wait_over(transport, within=90)
        hello.wait_beyond(before + 5, within=90)
    hello.assert_complete()


def test_messages_wait_while_there_is_no_way(at_home: Here) -> None:
    """Those the device has taken are kept; more than it can keep it does not take."""
    hello, console = at_home.hello, at_home.world.console
    with at_home.world.access_points.changed(HOME.ssid, on=False):
        with at_home.proxy() as proxy:
            hello.wait_over("BLE", within=BUDGET["to_ble"])
            mark = console.mark()
            proxy.vanish()
            console.expect("MQTT: disconnected from BLE", within=30, since=mark)
        # What was on its way to the broker may still arrive; nothing else does.
        sent = max(int(one["number"]) for one in re.finditer(SENT, console.text))
        last = hello.last()
        taken = at_home.world.command(f"hello {KEPT + 8}", r"hello: (\d+) of \d+ messages taken")
        assert 0 < int(taken[1]) <= KEPT
        console.expect(f"MQTT: {KEPT} messages wait for a network; no more are taken", within=30, since=mark)
        assert hello.last() <= sent
        with at_home.proxy():
            hello.wait_over("BLE", within=60)
            hello.wait_beyond(last + int(taken[1]), within=60)
    hello.wait_over("WiFi", within=90)
    hello.assert_complete()


@pytest.mark.parametrize(
    "order",
    [
        ("no wifi", "no phone", "phone", "wifi"),
        ("no wifi", "no phone", "wifi", "phone"),
        ("no phone", "no wifi", "phone", "wifi"),
        ("no phone", "no wifi", "wifi", "phone"),
    ],
    ids=", ".join,
)
def test_both_ways_go_and_come_in_any_order(at_home: Here, order: tuple[str, ...]) -> None:
    hello, points = at_home.hello, at_home.world.access_points
    with contextlib.ExitStack() as wifi, contextlib.ExitStack() as phone:
        proxy = phone.enter_context(at_home.proxy())
        proxy.expect("device-connected")
        with hello.load():
            for event in order:
                match event:
                    case "no wifi":
                        wifi.enter_context(points.changed(HOME.ssid, on=False))
                    case "wifi":
                        wifi.close()
                    case "no phone":
                        proxy.vanish()
                        phone.close()
                    case "phone":
                        proxy = phone.enter_context(at_home.proxy())
                        proxy.expect("device-connected")
                if event == order[2]:
                    hello.wait_over("WiFi" if event == "wifi" else "BLE", within=60)
        hello.wait_over("WiFi", within=90)
        proxy.check()
    hello.assert_complete()


def test_four_kib_over_the_smallest_mtu(at_home: Here) -> None:
    hello, world = at_home.hello, at_home.world
    with at_home.proxy("--mtu", "23") as proxy, world.access_points.changed(HOME.ssid, on=False):
        proxy.expect("device-connected")
        hello.wait_over("BLE", within=BUDGET["to_ble"])
        mark = world.console.mark()
        world.command("hello 1 4096", r"hello: 1 of 1 messages taken")
        hello.observer.wait(
            "4 KiB are at the broker",
            lambda seen: any(one.topic == TOPIC and len(one.payload) == 4096 for one in seen),
            within=90,
        )
        # It is subscribed to its own topic.
        world.console.expect(r"MQTT: message \d+ received over BLE, 4096 bytes", within=90, since=mark)
        hello.wait_beyond(hello.last() + 3, within=90)
    hello.assert_complete()
