"""The demo: a phone provisions the virtual device, told step by step. Run by `cargo xtask demo`."""

import argparse
import contextlib
import re
import shlex
import sys
from pathlib import Path
from typing import Any

from harness.broker import Broker, Observer
from harness.command_line import CommandLine, Outcome
from harness.console import Console
from harness.hello import Hello, table
from harness.networks import CAFE, HOME, WORKSHOP, Network
from harness.process import Ended
from harness.proxy import ProxyProcess, proxy_words
from harness.stay import stay
from harness.story import Story
from harness.world import ADVERTISING, BOOT, PAGE_FETCHED, World

JOINED = r"WiFi is connected: network '(?P<name>.*)', address (?P<address>[\d.]+)"


class Wrong(AssertionError):
    """Something in the story did not come out as it should."""


def check(holds: bool, sentence: str) -> None:
    if not holds:
        raise Wrong(sentence)


class Demo:
    """The story, with what its steps share."""

    def __init__(self, world: World, story: Story, hello: Hello):
        self.world = world
        self.hello = hello
        self.story = story
        self.provision = CommandLine(world, story.tell)

    def run(self, *words: str, passphrase: str | None = None) -> Outcome:
        """One command of the phone, shown as it would be typed."""
        self.story.tell(f"$ wifi-provision {shlex.join(words)}")
        outcome = self.provision(*words, passphrase=passphrase)
        check(outcome.code == 0, f"`wifi-provision {shlex.join(words)}` ended with {outcome.code}: {outcome.result}")
        return outcome

    def say(self, pattern: str, since: int, within: float) -> re.Match[str]:
        """Waits for a line of the device's console, and shows it."""
        found = self.world.console.expect(pattern, within, since)
        self.story.tell(f"device: {line_of(self.world.console, found)}")
        return found

    def networks(self) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Saved and scanned, as the phone shows them."""
        networks = self.run("list").result["networks"]
        saved = sorted((one for one in networks if one["saved"]), key=lambda one: one["index"])
        scanned = [one for one in networks if not one["saved"]]
        for one in saved:
            mark = ", connected" if one["connected"] else ""
            self.story.tell(f"  saved {one['index']}: {one['ssid']} ({one['security']}{mark})")
        for one in scanned:
            self.story.tell(f"  in range: {one['ssid']} ({one['security']}, {one['rssi']} dBm)")
        return saved, scanned

    def expect_saved(self, *names: str, connected: str | None) -> None:
        saved, _ = self.networks()
        check([one["ssid"] for one in saved] == list(names), f"the saved networks should be {', '.join(names)}")
        now = [one["ssid"] for one in saved if one["connected"]]
        check(now == ([connected] if connected else []), f"the connected network should be {connected}, not {now}")

    def add(self, network: Network, *options: str) -> None:
        secret = network.passphrase or None
        self.run("add", network.ssid, "--security", network.security.words, *options, passphrase=secret)

    # --- the steps --------------------------------------------------------------------------------

    def boot(self) -> None:
        with self.story.step("The device boots, with empty flash"):
            self.world.board.power_on()
            self.say(r"wifi-provision \d+\.\d+\.\d+", 0, BOOT)
        with self.story.step("It advertises over Bluetooth"):
            self.say(ADVERTISING, 0, BOOT)

    def pair(self) -> None:
        with self.story.step("The phone connects and pairs: six digits, compared on both sides"):
            outcome = self.run("info")
            check(len(outcome.compared) == 1, "pairing should have shown six digits once")
            for name in ("platform", "version", "mtu"):
                self.story.tell(f"  {name}: {outcome.result[name]}")

    def look(self) -> None:
        with self.story.step("It lists the networks the device has saved and those in range"):
            saved, scanned = self.networks()
            check(saved == [], "a new device has nothing saved")
            check({HOME.ssid, WORKSHOP.ssid, CAFE.ssid} <= {one["ssid"] for one in scanned}, "the scan is incomplete")

    def add_three(self) -> None:
        with self.story.step(f"It adds {HOME.ssid}; the device joins first, then saves"):
            mark = self.world.console.mark()
            self.add(HOME)
            self.say(JOINED, mark, 30)
        with self.story.step(f"It adds {WORKSHOP.ssid}, a WPA3 network, and {CAFE.ssid} without joining it"):
            self.add(WORKSHOP)
            self.add(CAFE, "--no-connect")
            self.expect_saved(CAFE.ssid, WORKSHOP.ssid, HOME.ssid, connected=WORKSHOP.ssid)

    def change(self) -> None:
        with self.story.step("It reorders: the last becomes the first"):
            self.run("move", "2", "0")
            self.expect_saved(HOME.ssid, CAFE.ssid, WORKSHOP.ssid, connected=WORKSHOP.ssid)
        with self.story.step(f"It switches the device to {CAFE.ssid}"):
            self.run("switch", "1")
            check(self.world.access_points.joined() == CAFE.ssid, "the access points see the device elsewhere")
            self.expect_saved(HOME.ssid, CAFE.ssid, WORKSHOP.ssid, connected=CAFE.ssid)
        with self.story.step(f"It deletes {CAFE.ssid}; the device leaves it, and joins the first of the others"):
            mark = self.world.console.mark()
            self.run("delete", "1")
            self.say(r"left the network", mark, 10)
            # On none of its networks, it joins the first of those it has.
            self.say(JOINED, mark, 30)
            self.expect_saved(HOME.ssid, WORKSHOP.ssid, connected=HOME.ssid)

    def restart(self) -> None:
        with self.story.step("The device loses its power and gets it back"):
            self.world.board.power_off()
            self.hello.begin()
            mark = self.world.console.mark()
            pages = self.world.access_points.pages()
            self.world.board.power_on()
            self.say(ADVERTISING, mark, BOOT)
        with self.story.step("It joins its first network by itself"):
            joined = self.say(JOINED, mark, 60)
            check(joined["name"] == HOME.ssid, f"it should have joined {HOME.ssid}")
        with self.story.step("It fetches a page through that network"):
            self.say(PAGE_FETCHED, mark, 60)
            check(self.world.access_points.pages() > pages, "the page's server has seen nobody")
        with self.story.step("The phone comes back; nobody has to compare digits again"):
            mark = self.world.console.mark()
            outcome = self.run("list")
            check(outcome.compared == [], "the bond should have survived the restart")
            now = [one["ssid"] for one in outcome.result["networks"] if one["connected"]]
            check(now == [HOME.ssid], f"the connected network should be {HOME.ssid}, not {now}")

    # --- MQTT ---------------------------------------------------------------------------------------

    def talk(self) -> None:
        with self.story.step("It says hello to its broker, with TLS 1.3 and certificates on both sides"):
            self.more_over("WiFi", 60)
        with self.story.step("The phone becomes a proxy: what it will carry is what has no WiFi"):
            words = (Path(word).name if Path(word).is_absolute() else word for word in proxy_words(self.hello.broker))
            self.story.tell(f"$ wifi-provision {shlex.join(words)}")
            proxy = ProxyProcess(self.world.run, self.provision, self.hello.broker)
        with proxy:
            proxy.expect("device-connected")
            self.first_act(proxy)
            self.second_act(proxy)
        with self.story.step("What the broker has got"):
            for line in table(self.hello.rows()):
                self.story.tell(line)
            self.hello.assert_complete()
            self.story.tell("Every number is there, in order.")

    def first_act(self, proxy: ProxyProcess) -> None:
        with self.story.step("First act: the phone deletes the networks; hello goes on through the phone"):
            for _ in range(2):
                self.story.tell("> delete 0")
                check(bool(proxy.do("delete 0")["ok"]), "the device should have deleted it")
            self.more_over("BLE", 60)
        with self.story.step(f"The phone adds {HOME.ssid} again, over the same connection; hello goes over WiFi"):
            self.story.tell(f"> add {HOME.ssid} --security {HOME.security.words} --passphrase-fd …")
            check(bool(proxy.add(HOME)["ok"]), "the device should have joined it")
            self.more_over("WiFi", 60)

    def second_act(self, proxy: ProxyProcess) -> None:
        with self.story.step("Second act: the access point goes dark; hello goes on through the phone"):
            with self.world.access_points.changed(HOME.ssid, on=False):
                self.more_over("BLE", 90)
        with self.story.step("It is back; so is hello over WiFi, by itself"):
            self.more_over("WiFi", 120)
        proxy.check()

    def more_over(self, transport: str, within: float) -> None:
        """Waits until some messages have gone over a transport, and tells of them."""
        self.hello.wait_over(transport, within)
        last = self.hello.last()
        self.hello.wait_beyond(last + 2, within)
        for row in self.hello.rows()[-3:]:
            self.story.tell(f"broker: message {row.number} over {row.transport}")

    def tell(self) -> None:
        self.boot()
        self.pair()
        self.look()
        self.add_three()
        self.change()
        self.restart()
        self.talk()
        leaks = self.world.leaks()
        check(leaks == [], f"a passphrase is in a log: {leaks}")


def line_of(console: Console, found: re.Match[str]) -> str:
    """The whole line a match stands in."""
    text = console.text
    return text[text.rfind("\n", 0, found.start()) + 1 : text.find("\n", found.start())]


def main() -> int:
    parser = argparse.ArgumentParser(prog="cargo xtask demo")
    parser.add_argument("--interactive", action="store_true", help="leave the device running afterwards")
    parser.add_argument("--world-only", action="store_true", help="no story: switch the device on and leave it running")
    options = parser.parse_args()
    story = Story()
    with contextlib.ExitStack() as stack:
        world = stack.enter_context(World("demo"))
        broker = stack.enter_context(Broker(world.run, Hello.certificates(world.run)))
        hello = Hello(world, broker, stack.enter_context(Observer(broker, place=world.console.mark)))
        hello.provision()
        demo = Demo(world, story, hello)
        try:
            if options.world_only:
                demo.boot()
            else:
                demo.tell()
                print(f"\nThe device was provisioned and has talked: everything went as it should, in {story.seconds:.0f} s.", flush=True)
        except (AssertionError, Ended) as wrong:
            print(f"\nThe demo stopped: {wrong}\nThe logs are in {world.run}.", file=sys.stderr)
            return 1
        if options.interactive or options.world_only:
            stay(world, demo.provision.command("list"), demo.provision.command(*proxy_words(broker)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
