"""The companion's own client against the endpoints."""

import asyncio

import pytest
from conftest import Refused
from wifi_provision.errors import DeviceRefused, PairingRefused
from wifi_provision.espressif.client import EspressifClient

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
