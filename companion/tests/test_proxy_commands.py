"""Commands typed to a proxy, and how it ends."""

from __future__ import annotations

import asyncio
import json
import os
import pathlib
import signal
import sys
import tempfile

import pytest
from harness.broker import Broker
from harness.certificates import Certificates

from conftest import networks, run
from fake_mqtt import PUBLISH, FakeMqttDevice
from fake_store import Store
from proxied import proxied
from wifi_provision import cli
from wifi_provision.proxy.address import host_and_port
from wifi_provision.proxy.lines import Lines
from wifi_sim.air import Air


def test_commands_go_over_the_same_connection() -> None:
    async def test() -> None:
        async with proxied() as here:
            assert await here.device.connect() == 2
            assert await here.device.subscribe("t") == 1
            here.type("list\ndelete 1\n\nmove 0 9\nfly\ndelete\nmove 'a\nlist --via adapter\ninfo\n")
            async with asyncio.timeout(10):
                while len(here.heard.results) < 3 or len(here.heard.errors) < 5:
                    await asyncio.sleep(0.01)
            assert [one["command"] for one in here.heard.results] == ["list", "delete", "info"]
            assert [net.ssid for net in here.device.store.saved] == ["Saved0", "Saved2"]
            assert [error.exit_code for error in here.heard.errors] == [1, 2, 2, 2, 2]
            assert "Fly" not in str(here.heard.errors[1]) and here.heard.errors[1].mend
            here.hang_up()  # the proxy goes on
            await here.off_loop(here.observer.publish, "t", b"still here")
            assert (await here.device.take(PUBLISH))["k"] == b"still here"
            assert here.heard.names().count("device-connected") == 1

    run(test)


def test_the_channel_for_provisioning_is_open_while_a_command_runs() -> None:
    async def test() -> None:
        async with proxied() as here:
            assert await here.device.connect() == 2
            opened, closed = "control 01", "control 00"
            assert opened not in here.device.log
            here.type("info\ndelete 9\n")
            async with asyncio.timeout(10):
                while here.device.log.count(closed) < 2:
                    await asyncio.sleep(0.01)
            said = [line for line in here.device.log if line in (opened, closed)]
            assert said == [opened, closed] * 2

    run(test)


def test_a_network_is_added_through_the_proxy() -> None:
    async def test() -> None:
        reading, writing = os.pipe()
        async with proxied() as here:
            os.write(writing, b"secret123\n")
            here.type(f"add 'A new one' --security wpa2 --passphrase-fd {reading}\n")
            async with asyncio.timeout(10):
                while not here.heard.results:
                    await asyncio.sleep(0.01)
            assert here.device.store.saved[0].ssid == "A new one"
            assert "secret123" not in str(here.heard.said + here.heard.results + here.heard.events)
        os.close(reading)
        os.close(writing)

    run(test)


def test_quit_hangs_up_in_order() -> None:
    async def test() -> None:
        async with proxied() as here:
            assert await here.device.connect() == 2
            here.type("quit\n")
            async with asyncio.timeout(10):
                while "disconnected 0x13" not in here.device.log:
                    await asyncio.sleep(0.01)
            assert here.device.log[-3:] == ["mqtt control 00", "control 00", "disconnected 0x13"]
            # The broker writes it down when it comes to it.
            async with asyncio.timeout(10):
                while "Received DISCONNECT" not in here.broker.log:
                    await asyncio.sleep(0.01)

    run(test)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_hangs_up_in_order(number: signal.Signals) -> None:
    async def test() -> None:
        with tempfile.TemporaryDirectory(prefix="wp") as folder:
            directory = pathlib.Path(folder)
            store = Store(saved=networks(1, "Saved"))
            certificates = Certificates.make(directory / "certificates", "127.0.0.1")
            with Broker(directory, certificates) as broker:
                async with Air(directory) as air, FakeMqttDevice(air.device_socket, store) as device:
                    process = await asyncio.create_subprocess_exec(
                        sys.executable, "-m", "wifi_provision.cli", "proxy", "--json",
                        "--broker", f"127.0.0.1:{broker.plain_port}", "--plain",
                        "--via", f"virtual:{air.phone_socket}", "--accept-comparison",
                        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
                    )  # fmt: skip
                    await device.proxy()
                    assert await device.connect() == 2
                    process.send_signal(number)
                    output, _ = await asyncio.wait_for(process.communicate(), 10)
                    assert process.returncode == 0
                    events = [json.loads(line)["event"] for line in output.splitlines()]
                    assert events[:3] == ["device-connected", "session-wanted", "session-opened"]
                    assert device.log[-3:] == ["mqtt control 00", "control 00", "disconnected 0x13"]

    run(test)


def test_lines_of_a_pipe_a_file_and_nothing(tmp_path: pathlib.Path) -> None:
    async def all_of(descriptor: int) -> list[str]:
        lines, found = Lines(descriptor), []
        while (line := await lines.next()) is not None:
            found.append(line)
        return found

    async def test() -> None:
        reading, writing = os.pipe()
        os.write(writing, b"one\n two \r\n\nthree")
        os.close(writing)
        assert await all_of(reading) == ["one", "two", "", "three"]
        os.close(reading)
        assert await all_of(reading) == []
        file = tmp_path / "commands"
        file.write_bytes(b"one\ntwo\n" * 2000)
        for path, count in ((file, 4000), (pathlib.Path("/dev/null"), 0)):
            descriptor = os.open(path, os.O_RDONLY)
            assert len(await all_of(descriptor)) == count
            os.close(descriptor)

    run(test)


@pytest.mark.parametrize(
    ("text", "plain", "address"),
    [
        ("broker", False, ("broker", 8883)), ("broker", True, ("broker", 1883)),
        ("10.0.0.1:1", False, ("10.0.0.1", 1)), ("[::1]:99", False, ("::1", 99)),
        ("[::1]", True, ("::1", 1883)),
    ],
)  # fmt: skip
def test_addresses(text: str, plain: bool, address: tuple[str, int]) -> None:
    assert host_and_port(text, plain) == address


@pytest.mark.parametrize(
    "words",
    [
        ["--broker", "x:0"], ["--broker", "x:99999"], ["--broker", ":1"], ["--broker", "x:y"],
        ["--broker", "::1"], ["--broker", "[::1"], ["--broker", "[::1]9"],
        ["--broker", "x", "--ca", "/nonexistent"], ["--broker", "x", "--ca", "/dev/null"],
        ["--broker", "x", "--cert", "/dev/null"],
        ["--broker", "x", "--cert", "/dev/null", "--key", "/dev/null"],
        ["--broker", "x", "--plain", "--ca", "/dev/null"], ["--broker", "x", "--password-fd", "0"],
    ],
)  # fmt: skip
def test_wrong_use(words: list[str], capsys) -> None:
    assert cli.main(["proxy", "--via", "virtual:/nonexistent", *words]) == 2
    assert "Error: " in capsys.readouterr().err


def test_a_broker_has_to_be_named() -> None:
    with pytest.raises(SystemExit) as exit_:
        cli.main(["proxy"])
    assert exit_.value.code == 2
