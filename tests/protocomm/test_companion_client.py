"""The companion's own client against the endpoints."""

import asyncio
import contextlib
import os

import pytest
from conftest import Refused
from wifi_provision.errors import AttributeRefused, DeviceRefused, PairingRefused, WrongUse
from wifi_provision.espressif import commands
from wifi_provision.espressif.client import EspressifClient
from wifi_provision.options import parse

SECURITIES = [("1", "abcd1234"), ("2", "wifiprov", "abcd1234")]


def carried(board):
    async def carry(endpoint, request):
        answer = board.ask(endpoint, request.decode("latin-1"))
        board.work()
        return answer.encode("latin-1")

    return EspressifClient(carry)


@pytest.mark.parametrize("security", SECURITIES, ids=["1", "2"])
def test_scan_a_wrong_passphrase_and_the_right_one(device, security):
    board = device(*security)

    async def scenario():
        client = carried(board)
        assert await client.open("abcd1234") == int(security[0])
        found = await client.scan()
        assert len(found) == 9
        assert (found[0].name, found[0].rssi, found[0].security) == ("Home", -50, "wpa2")
        for name, passphrase, reason in (("Home", "secret124", 1), ("Nowhere", "secret123", 2)):
            with pytest.raises(DeviceRefused) as refusal:
                await client.provision(name, passphrase, 5)
            assert refusal.value.reason == reason
        assert board.saved() == []
        await client.provision("Home", "secret123", 5)
        assert board.saved() == ["Home"]

    asyncio.run(scenario())


@pytest.mark.parametrize("security", SECURITIES, ids=["1", "2"])
def test_a_wrong_secret(device, security):
    with pytest.raises((PairingRefused, Refused)):
        asyncio.run(carried(device(*security)).open("abcd1235"))


class FakeLink:
    """The endpoints as a phone reaches them: written and read by UUID."""

    def __init__(self, board):
        self._carry = carried(board)._carry
        self._answers = {}

    async def request_mtu(self, wish):
        return wish

    async def discover(self):
        pass

    def has(self, uuid):
        return uuid in NAMES

    async def write(self, uuid, value):
        try:
            self._answers[uuid] = await self._carry(NAMES[uuid], value)
        except Refused:
            raise AttributeRefused("The device refused (ATT error 0x04).", 4, "") from None

    async def read(self, uuid, *, whole=False):
        assert whole
        return self._answers[uuid]


NAMES = {
    f"021aff{digits}-0382-4aea-bff4-6b3f1c5adfb4": name
    for digits, name in (
        ("4f", "prov-ctrl"),
        ("50", "prov-scan"),
        ("51", "prov-session"),
        ("52", "prov-config"),
        ("53", "proto-ver"),
    )
}


class Said:
    """What the command line would say."""

    json = False

    def __init__(self):
        self.results = []

    def progress(self, sentence):
        pass

    tell = progress

    def result(self, value, lines):
        self.results.append((value, lines))


def typed(text):
    reading, writing = os.pipe()
    os.write(writing, text.encode() + b"\n")
    os.close(writing)
    return reading


def command(board, *words, secret="abcd1234"):
    options = parse(["--protocol", "espressif", "--secret-fd", str(typed(secret)), *words])
    said = Said()

    @contextlib.asynccontextmanager
    async def linked(_options, _output):
        yield FakeLink(board)

    asyncio.run(commands.run(options, said, linked))
    return said.results[0]


def test_the_commands(device):
    board = device("1", "abcd1234")
    value, lines = command(board, "list")
    assert value["networks"][0]["ssid"] == "Home"
    assert "Home" in lines[1]
    value, lines = command(board, "add", "Home", "--passphrase-fd", str(typed("secret123")))
    assert value == {"command": "add", "ssid": "Home", "connected": True}
    assert board.saved() == ["Home"]
    with pytest.raises(PairingRefused, match="secret"):
        command(board, "list", secret="abcd1235")


@pytest.mark.parametrize("words", [["delete", "0"], ["switch", "1"], ["add", "Home", "--no-connect"]])
def test_what_the_protocol_cannot_do(words):
    with pytest.raises(WrongUse):
        command(None, *words)
