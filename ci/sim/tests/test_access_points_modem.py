"""The modem protocol from the modem's side. The same bytes stand in the device's own tests
(`ports/wifi/src/modem/driver_tests.rs`), so that the two ends cannot drift apart unnoticed."""

import random

import pytest

from wifi_sim import access_points_modem as modem

MAC = bytes([1, 2, 3, 4, 5, 6])


@pytest.mark.parametrize(
    ("payload", "sequence", "command"),
    [
        (bytes([1, 0, 1]) + MAC, 1, modem.Hello(1, MAC)),
        (bytes([2, 1]), 2, modem.Scan()),
        (
            bytes([3, 2, 4]) + b"home" + bytes([3, 6, 10]) + b"passphrase",
            3,
            modem.Join(b"home", 3, 6, b"passphrase"),
        ),
        (bytes([4, 3]), 4, modem.Leave()),
        (bytes([5, 4]), 5, modem.Signal()),
    ],
)
def test_commands_are_read_and_nothing_like_them_is(
    payload: bytes, sequence: int, command: modem.Command
) -> None:
    assert modem.parse_command(payload) == (sequence, command)
    for cut in range(len(payload)):
        with pytest.raises(modem.Malformed):
            modem.parse_command(payload[:cut])
    with pytest.raises(modem.Malformed):
        modem.parse_command(payload + b"\0")


def test_what_is_too_long_or_unknown_is_refused() -> None:
    for payload in (
        bytes([1, 2, 33]) + bytes(33) + bytes([0, 0, 0]),
        bytes([1, 2, 1, 65, 0, 0, 64]) + bytes(64),
        bytes([1, 5]),
    ):
        with pytest.raises(modem.Malformed):
            modem.parse_command(payload)


def test_a_found_network_has_the_bytes_the_device_expects() -> None:
    assert modem.report_found(b"x", bytes([7] * 6), 3, -1, 11) == bytes(
        [1, 1, 120, 7, 7, 7, 7, 7, 7, 3, 0xFF, 11]
    )


def test_a_credential_is_never_shown() -> None:
    assert "passphrase" not in repr(modem.Join(b"home", 3, 6, b"passphrase"))


def test_payloads_of_every_length_come_through() -> None:
    dice = random.Random(1)
    deframer = modem.Deframer()
    for length in range(600):
        payload = bytes(dice.choice((0, 1, 255)) for _ in range(length))
        assert deframer.feed(modem.frame(payload)) == [payload]
    assert modem.Deframer().feed(modem.frame(bytes(range(1, 255)) * 2)) == [bytes(range(1, 255)) * 2]
    assert deframer.garbage == 0


def test_garbage_costs_nothing_but_itself() -> None:
    dice = random.Random(2)
    for _ in range(500):
        deframer = modem.Deframer()
        deframer.feed(dice.randbytes(dice.randrange(3000)))
        assert deframer.feed(modem.frame(b"good"))[-1] == b"good"


def test_a_changed_bit_is_noticed() -> None:
    good = modem.frame(b"a payload\0with a zero")
    for bit in range(len(good) * 8):
        changed = bytearray(good)
        changed[bit // 8] ^= 1 << (bit % 8)
        assert set(modem.Deframer().feed(bytes(changed))) <= {b"a payload\0with a zero"}
