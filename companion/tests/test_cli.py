"""The command line, as a person or a script uses it."""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import json
import os
import pathlib
import threading
from collections.abc import Iterator

import pytest

from conftest import networks, world
from fake_device import FakeDevice
from fake_store import Net, Store
from wifi_provision import cli, commands


class Served:
    """A world in a thread of its own, while `main` runs in this one."""

    def __init__(self, air, device: FakeDevice, loop: asyncio.AbstractEventLoop) -> None:
        self.socket: pathlib.Path = air.phone_socket
        self.device = device
        self.loop = loop

    def do(self, work) -> None:
        """Run something in the world's thread."""
        asyncio.run_coroutine_threadsafe(work, self.loop).result(10)


@contextlib.contextmanager
def served(store: Store) -> Iterator[Served]:
    up: concurrent.futures.Future[Served] = concurrent.futures.Future()
    stop = asyncio.Event()

    async def serve() -> None:
        async with world(store) as (air, device):
            up.set_result(Served(air, device, asyncio.get_running_loop()))
            await stop.wait()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    here = up.result(20)
    try:
        yield here
    finally:
        here.loop.call_soon_threadsafe(stop.set)
        thread.join(10)


@pytest.fixture(autouse=True)
def one_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is only ever one device here."""
    monkeypatch.setattr(commands, "_LOOK_AROUND", 0.1)


@pytest.fixture
def here() -> Iterator[Served]:
    scanned = [*networks(3, "Scan"), Net("Guests", security=0), Net("Old", security=6)]
    with served(Store(saved=networks(3, "Saved"), scanned=scanned, connected=0)) as world_:
        yield world_


@pytest.fixture
def call(here: Served, capsys: pytest.CaptureFixture[str]):
    def run(*words: str) -> tuple[int, str, str]:
        code = cli.main(["--via", f"virtual:{here.socket}", "--accept-comparison", *words])
        out, err = capsys.readouterr()
        return code, out, err

    return run


@contextlib.contextmanager
def descriptor(text: bytes) -> Iterator[str]:
    read, write = os.pipe()
    os.write(write, text)
    os.close(write)
    try:
        yield str(read)
    finally:
        os.close(read)


def test_list_for_people(call) -> None:
    code, out, err = call("list")
    assert code == 0
    assert "0  Saved0  wpa2             connected" in out
    assert "-  Guests  open             -50 dBm" in out
    assert "accepted" in err


def test_list_for_scripts(call) -> None:
    code, out, _ = call("list", "--json", "--quiet")
    answer = json.loads(out)
    assert (code, answer["ok"], answer["complete"], answer["scan_status"]) == (0, True, True, "success")
    assert [n["index"] for n in answer["networks"]] == [0, 1, 2, None, None, None, None, None]
    assert answer["networks"][0] == {
        "ssid": "Saved0", "ssid_exact": True, "saved": True, "index": 0, "connected": True,
        "security": "wpa2", "bssid": "02:00:00:00:00:00", "rssi": None, "hidden": False,
    }  # fmt: skip


def test_add_takes_security_and_bssid_from_the_scan(call, here: Served) -> None:
    with descriptor(b"secret123\nnot this") as number:
        code, out, err = call("add", "Scan1", "--passphrase-fd", number)
    assert (code, here.device.store.saved[0].ssid) == (0, "Scan1")
    sent = here.device.store.received[-1]
    assert (sent["m"], sent["q"], sent["b"].hex(), sent["y"]) == ("secret123", 3, "020000000001", True)
    assert "secret123" not in out + err


def test_add_an_open_network_asks_for_nothing(call, here: Served) -> None:
    assert call("add", "Guests", "--no-connect")[0] == 0
    assert here.device.store.received[-1]["y"] is False


def test_add_with_everything_given(call, here: Served) -> None:
    with descriptor(b"12345678") as number:
        words = ["--security", "wpa3", "--bssid", "02:00:00:00:00:77", "--passphrase-fd", number]
        assert call("add", "Hidden one", *words)[0] == 0
    assert [m["w"] for m in here.device.store.received] == [3]  # no list was needed
    assert here.device.store.received[-1]["b"].hex() == "020000000077"


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["add", "Nowhere"], 3, "does not see Nowhere"),
        (["add", "Old"], 2, "unknown security"),
        (["switch", "9"], 1, "did not switch"),
        (["move", "0", "9"], 1, "did not move"),
        (["delete", "9"], 1, "did not delete"),
        (["list", "--device", "02:00:00:00:00:09", "--timeout", "0.3"], 3, "did not answer"),
        (["forget", "02:00:00:00:00:09"], 3, "no bond"),
    ],
)
def test_what_goes_wrong_is_said_with_a_mend(call, words, code, sentence) -> None:
    with descriptor(b"secret123") as number:
        extra = ["--passphrase-fd", number] if words[0] == "add" else []
        got, out, err = call(*words, *extra, "--json")
    error = json.loads(out)["error"]
    assert got == code == error["exit_code"]
    assert sentence in error["message"]
    assert sentence in err
    assert error["mend"]


@pytest.mark.parametrize("phone", ["ours", "ios", "android"])
def test_move_switch_delete(call, here: Served, phone) -> None:
    assert call("move", "0", "2", "--phone", phone)[0] == 0
    assert [n.ssid for n in here.device.store.saved] == ["Saved1", "Saved2", "Saved0"]
    assert call("switch", "1", "--phone", phone)[0] == 0
    assert here.device.store.connected == 1
    assert call("delete", "1", "--phone", phone)[0] == 0
    assert [n.ssid for n in here.device.store.saved] == ["Saved1", "Saved0"]


def test_info(call) -> None:
    code, out, _ = call("info", "--json")
    facts = json.loads(out)
    assert (code, facts["version"], facts["platform"], facts["link_mtu"]) == (0, "4.0.0", "Fake", 247)


def test_watch_shows_changes_and_outlives_the_link(call, here: Served) -> None:
    async def meddle() -> None:
        device = here.device
        while len(device.store.received) < 1:
            await asyncio.sleep(0.01)
        device.store.saved.pop()
        device.store.connected = 1
        while len(device.store.received) < 2:
            await asyncio.sleep(0.01)
        await device.connection.disconnect()

    watcher = asyncio.run_coroutine_threadsafe(meddle(), here.loop)
    code, out, err = call("watch", "--json", "--interval", "0.2", "--count", "4")
    watcher.result(5)
    events = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [e["event"] for e in events[:8]] == ["appeared"] * 8
    assert {(e["event"], e["network"]["ssid"]) for e in events[8:]} == {
        ("gone", "Saved2"), ("changed", "Saved0"), ("changed", "Saved1"),
    }  # fmt: skip
    assert "Trying again" in err


def test_a_lost_bond_and_forget(call, here: Served) -> None:
    assert call("list")[0] == 0
    here.do(here.device.keys.delete_all())
    code, _, err = call("list")
    assert (code, "forget" in err) == (4, True)
    assert "02:57:50:00:00:01" in call("forget")[1]
    assert call("list")[0] == 0


def test_no_terminal_means_no_silent_yes(here: Served, capsys, monkeypatch) -> None:
    with pathlib.Path("/dev/null").open() as nothing:
        monkeypatch.setattr("sys.stdin", nothing)
        code = cli.main(["--via", f"virtual:{here.socket}", "list"])
    assert code == 4
    assert "--accept-comparison" in capsys.readouterr().err


def test_no_terminal_and_no_descriptor(call, monkeypatch) -> None:
    def no_terminal(_prompt: str) -> str:
        raise EOFError

    monkeypatch.setattr("getpass.getpass", no_terminal)
    code, _, err = call("add", "Scan0", "--security", "wpa2")
    assert (code, "--passphrase-fd" in err) == (2, True)


@pytest.mark.parametrize(
    "words",
    [
        [], ["list", "--mtu", "22"], ["switch"], ["move", "0"], ["delete", "-1"], ["add"],
        ["list", "--phone", "nokia"], ["watch", "--interval", "0"],
        ["add", "X", "--security", "wpa2-enterprise"],
    ],
)  # fmt: skip
def test_wrong_use(words) -> None:
    with pytest.raises(SystemExit) as exit_:
        cli.main(words)
    assert exit_.value.code == 2


@pytest.mark.parametrize("words", [["list", "--via", "pigeon"], ["add", "X", "--bssid", "02:00"]])
def test_wrong_use_found_later(words, capsys) -> None:
    assert cli.main(words) == 2
    assert capsys.readouterr().err


def test_a_passphrase_is_never_an_argument(capsys) -> None:
    with pytest.raises(SystemExit):
        cli.main(["add", "--help"])
    assert "--passphrase " not in capsys.readouterr().out


def test_names_cannot_steer_a_terminal(capsys) -> None:
    with served(Store(saved=[Net("\x1b[2Jgone\r\n\u202eevil")])) as here:
        assert cli.main(["--via", f"virtual:{here.socket}", "--accept-comparison", "list"]) == 0
    out = capsys.readouterr().out
    assert "\\x1b[2Jgone\\r\\n\\u202eevil" in out
    assert "\x1b" not in out
