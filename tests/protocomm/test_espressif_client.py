"""Espressif's own Python client, unchanged, against the endpoints: its security and provisioning modules."""

import pytest
from conftest import Refused
from rmaker_tools.common import prov
from rmaker_tools.common.security import Security0, Security1, Security2

SECURITIES = {
    "security 0": (("0",), lambda: Security0(False)),
    "security 1": (("1", "abcd1234"), lambda: Security1("abcd1234", False)),
    "security 1 without a secret": (("1", ""), lambda: Security1("", False)),
    "security 2": (("2", "wifiprov", "abcd1234"), lambda: Security2(1, "wifiprov", "abcd1234", False)),
}


def sends_a_short_key(client):
    """Once in 256 times the client's public key begins with a zero, which it leaves out; the protocol has devices
    refuse such a key, and the client's user tries again."""
    return isinstance(client, Security2) and client.srp6a_ctx.A.bit_length() <= 8 * 383


def shake_hands(device, make, connection=1):
    """The client's own state machine, as its command line drives it."""
    client = make()
    request = client.security_session(None)
    while sends_a_short_key(client):
        client = make()
        request = client.security_session(None)
    while request is not None:
        answer = device.ask("prov-session", request, connection)
        request = client.security_session(answer)
    return client


@pytest.fixture(params=SECURITIES.values(), ids=SECURITIES.keys())
def opened(device, request):
    arguments, client = request.param
    board = device(*arguments)
    return board, shake_hands(board, client)


def scan(board, client):
    answer = board.ask("prov-scan", prov.scan_start_request(client, blocking=True))
    prov.scan_start_response(client, answer)
    state = prov.scan_status_response(client, board.ask("prov-scan", prov.scan_status_request(client)))
    assert state["finished"]
    found = []
    for start in range(0, state["count"], 4):
        count = min(4, state["count"] - start)
        answer = board.ask("prov-scan", prov.scan_result_request(client, start, count))
        found += prov.scan_result_response(client, answer)
    return found


def provision(board, client, ssid, passphrase):
    answer = board.ask("prov-config", prov.config_set_config_request(client, ssid, passphrase))
    assert prov.config_set_config_response(client, answer) == 0
    answer = board.ask("prov-config", prov.config_apply_config_request(client))
    assert prov.config_apply_config_response(client, answer) == 0
    assert state(board, client) == "connecting"
    board.work()
    return state(board, client)


def state(board, client):
    answer = board.ask("prov-config", prov.config_get_status_request(client))
    return prov.config_get_status_response(client, answer)


def test_a_whole_provisioning(opened):
    board, client = opened
    found = scan(board, client)
    assert len(found) == 9
    assert found[0]["ssid"] == "Home"
    assert found[0]["rssi"] == -50
    assert found[0]["auth"] == "WPA2_PSK"
    assert provision(board, client, "Home", "secret123") == "connected"
    assert board.saved() == ["Home"]


def test_a_wrong_passphrase_leaves_the_session_open(opened, capsys):
    board, client = opened
    assert provision(board, client, "Home", "secret124") == "failed"
    assert "Incorrect Password" in capsys.readouterr().out
    assert provision(board, client, "Nowhere", "secret123") == "failed"
    assert "Incorrect SSID" in capsys.readouterr().out
    assert board.saved() == []
    prov.ctrl_reset_response(client, board.ask("prov-ctrl", prov.ctrl_reset_request(client)))
    assert state(board, client) == "disconnected"
    assert provision(board, client, "Home", "secret123") == "connected"
    assert board.saved() == ["Home"]


def test_provisioning_again(opened):
    board, client = opened
    assert provision(board, client, "Home", "secret123") == "connected"
    prov.ctrl_reprov_response(client, board.ask("prov-ctrl", prov.ctrl_reprov_request(client)))
    assert state(board, client) == "disconnected"
    assert board.saved() == ["Home"]


def test_the_session_ends_with_its_connection(opened):
    board, client = opened
    board.gone()
    with pytest.raises(Refused):
        state(board, client)


@pytest.mark.parametrize(
    "arguments, client",
    [
        (("1", "abcd1234"), lambda: Security1("abcd1235", False)),
        (("1", "abcd1234"), lambda: Security1("", False)),
        (("2", "wifiprov", "abcd1234"), lambda: Security2(1, "wifiprov", "abcd1235", False)),
        (("2", "wifiprov", "abcd1234"), lambda: Security2(1, "wifipros", "abcd1234", False)),
        (("2", "wifiprov", "abcd1234"), lambda: Security1("abcd1234", False)),
        (("1", "abcd1234"), lambda: Security2(1, "wifiprov", "abcd1234", False)),
        (("1", "abcd1234"), lambda: Security0(False)),
    ],
)
def test_a_wrong_secret_is_refused(device, arguments, client):
    with pytest.raises(Refused):
        shake_hands(device(*arguments), client)


def test_old_nonces_are_refused(device):
    """A client of patch version 0, which uses one nonce again and again, gets no further than its first request."""
    board = device("2", "wifiprov", "abcd1234")
    client = shake_hands(board, lambda: Security2(0, "wifiprov", "abcd1234", False))
    answer = board.ask("prov-config", prov.config_get_status_request(client))
    with pytest.raises(Exception, match="^$"):
        client.decrypt_data(answer.encode("latin-1"))
    with pytest.raises(Refused):
        state(board, client)
