"""The access points as a process, with the real network behind them."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from wifi_sim import access_points_modem as modem
from wifi_sim.access_points_page import TEXT, Page
from wifi_sim.access_points_relay import __file__ as RELAY

MAC = bytes.fromhex("525400123456")
SECRET = "correct horse battery"
PATIENCE = 15.0


def until(what: str, is_so: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end, f"{what}: not within {PATIENCE} s"
        time.sleep(0.01)


def connect(path: Path) -> socket.socket:
    line = socket.socket(socket.AF_UNIX)
    line.settimeout(PATIENCE)
    line.connect(str(path))
    return line


class Points:
    """The process, and a device made of Python."""

    def __init__(self, run: Path):
        self.run = run
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
        self.log = run / "log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "wifi_sim.access_points", "--run", str(run)],
                env=environment,
                stdout=log,
                stderr=log,
            )
        until("the network behind is there", lambda: b"network behind" in self.log.read_bytes())

    def control(self, **command: object) -> dict:
        with connect(self.run / "ap-ctl.sock") as line:
            line.sendall(json.dumps(command).encode() + b"\n")
            return json.loads(line.makefile().readline())

    def children(self) -> set[int]:
        """The processes it started, and theirs."""
        found = {self.process.pid}
        parents = {}
        for status in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                fields = status.read_text().rpartition(")")[2].split()
                parents[int(status.parent.name)] = int(fields[1])
        while more := {child for child, parent in parents.items() if parent in found} - found:
            found |= more
        return found - {self.process.pid}


class Device:
    """The device's two lines."""

    def __init__(self, run: Path):
        self._line = connect(run / "radio.sock")
        self._deframer = modem.Deframer()
        self._reports: list[bytes] = []
        assert self.report() == bytes([0]) + modem.report_ready()
        self._wire = connect(run / "eth.sock")

    def report(self) -> bytes:
        while not self._reports:
            data = self._line.recv(4096)
            assert data, "the radio hung up"
            self._reports += self._deframer.feed(data)
        return self._reports.pop(0)

    def ask(self, payload: bytes) -> bytes:
        self._line.sendall(modem.frame(payload))
        return self.report()

    def hello(self) -> None:
        assert self.ask(bytes([1, 0, 1]) + MAC) == bytes([1]) + modem.report_hello()

    def join(self, credential: str = SECRET) -> bytes:
        secret = credential.encode()
        return self.ask(bytes([2, 2, 4]) + b"Home" + bytes([3, 0, len(secret)]) + secret)

    def send(self, frame: bytes) -> None:
        self._wire.sendall(len(frame).to_bytes(4, "big") + frame)

    def receive(self, within: float) -> bytes | None:
        self._wire.settimeout(within)
        try:
            length = int.from_bytes(self._wire.recv(4, socket.MSG_WAITALL), "big")
            return self._wire.recv(length, socket.MSG_WAITALL)
        except TimeoutError:
            return None

    def hang_up(self) -> None:
        self._line.close()
        self._wire.close()


def dhcp_discover() -> bytes:
    options = bytes.fromhex("63825363350101ff")
    bootp = bytes([1, 1, 6, 0]) + b"\1\2\3\4" + bytes(20) + MAC + bytes(10 + 64 + 128) + options
    udp = (
        (68).to_bytes(2, "big")
        + (67).to_bytes(2, "big")
        + (8 + len(bootp)).to_bytes(2, "big")
        + bytes(2)
        + bootp
    )
    header = (
        bytes([0x45, 0])
        + (20 + len(udp)).to_bytes(2, "big")
        + bytes(4)
        + bytes([64, 17])
        + bytes(2)
        + bytes(4)
        + b"\xff" * 4
    )
    total = sum(int.from_bytes(header[at : at + 2], "big") for at in range(0, 20, 2))
    total = (total & 0xFFFF) + (total >> 16)
    header = header[:10] + (0xFFFF - total).to_bytes(2, "big") + header[12:]
    return b"\xff" * 6 + MAC + b"\x08\x00" + header + udp


@pytest.fixture
def points() -> Iterator[Points]:
    with tempfile.TemporaryDirectory(prefix="ap") as folder:
        it = Points(Path(folder))
        yield it
        it.process.kill()
        it.process.wait()


def test_an_address_is_offered_to_a_joined_device_alone(points: Points) -> None:
    device = Device(points.run)
    device.hello()
    device.send(dhcp_discover())
    until("the frame was dropped", lambda: points.control(do="status")["frames_dropped"]["up"] == 1)
    assert device.join("wrong passphrase")[1:] == modem.report_join_failed(modem.AUTH_FAILED)
    assert device.join()[1] == 3
    device.send(dhcp_discover())
    offer = device.receive(PATIENCE)
    assert offer is not None and offer[14 + 20 + 8 + 16 : 14 + 20 + 8 + 20] == bytes([10, 0, 2, 15])
    assert points.control(do="set", ssid="Home", no_address=True)["ok"]
    device.send(dhcp_discover())
    assert device.receive(0.5) is None
    assert SECRET not in points.log.read_text()


def test_a_drop_is_reported_and_a_restarted_device_starts_anew(points: Points) -> None:
    device = Device(points.run)
    device.hello()
    device.join()
    assert points.control(do="drop", reason="beacons")["ok"]
    assert device.report() == bytes([0]) + modem.report_lost(modem.BEACONS_LOST)
    device.join()
    assert points.control(do="status")["joined"] == "Home"
    device.hang_up()
    until("the device is gone", lambda: points.control(do="status")["joined"] is None)
    again = Device(points.run)
    again.hello()
    assert again.join()[1] == 3


def test_a_line_that_is_no_command_gets_an_error_sentence(points: Points) -> None:
    for command in (
        {"do": "dance"},
        {"do": "set", "on": True},
        {"do": "set", "ssid": "Nobody", "on": True},
        {"do": "drop"},
    ):
        answer = points.control(**command)
        assert not answer["ok"] and len(answer["error"]) > 10
    with connect(points.run / "ap-ctl.sock") as line:
        line.sendall(b"nonsense\n{}\n[1]\n")
        reader = line.makefile()
        assert all(json.loads(reader.readline())["ok"] is False for _ in range(3))


def test_a_message_nobody_knows_is_refused_and_garbage_is_not_answered(points: Points) -> None:
    device = Device(points.run)
    device._line.sendall(b"garbage\0more\0\0")
    assert device.ask(bytes([7, 99])) == bytes([7]) + modem.report_refused()


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_it_leaves_no_process_behind(points: Points, end: signal.Signals) -> None:
    children = points.children()
    assert children, "the network behind is a process"
    device = Device(points.run)
    device.hello()
    points.process.send_signal(end)
    code = points.process.wait(PATIENCE)
    assert code == (0 if end != signal.SIGKILL else -signal.SIGKILL)

    def gone() -> bool:
        states = []
        for child in children:
            with contextlib.suppress(OSError):
                states.append(Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[0])
        return all(state == "Z" for state in states)

    until("the children are gone", gone)
    assert "Traceback" not in points.log.read_text()


def test_the_relay_brings_the_page() -> None:
    page = Page(0, lambda _: None)
    try:
        request = b"GET / HTTP/1.0\r\n\r\n"
        relay = subprocess.run(
            [sys.executable, "-I", "-S", RELAY, str(page.port)],
            input=request,
            capture_output=True,
            timeout=PATIENCE,
        )
        assert relay.stdout.endswith(b"\r\n\r\n" + TEXT)
        assert page.fetched == 1
    finally:
        page.close()
