"""The rules of the access points, without sockets."""

import pytest

from wifi_sim import access_points_modem as modem
from wifi_sim.access_points_defaults import DEFAULTS
from wifi_sim.access_points_world import AccessPoint, BadNetwork, World, changed, from_description

MAC = bytes.fromhex("525400123456")
OTHER = bytes.fromhex("525400123457")
SECRET = b"correct horse"


def world(**fields: object) -> tuple[World, list[str]]:
    said: list[str] = []
    description = {"ssid": "Home", "security": "wpa2", "passphrase": SECRET.decode(), **fields}
    one = World([from_description(description, 1)], said.append)
    one.hello(MAC)
    return one, said


def join(
    one: World, ssid: bytes = b"Home", security: int = 3, channel: int = 0, credential: bytes = SECRET
) -> object:
    return one.join(modem.Join(ssid, security, channel, credential))


def test_the_right_passphrase_joins() -> None:
    one, said = world()
    assert isinstance(join(one), AccessPoint)
    assert one.status()["joined"] == "Home"
    assert SECRET.decode() not in "".join(said)


@pytest.mark.parametrize(
    ("fields", "asked", "reason"),
    [
        ({}, {"ssid": b"Hom"}, modem.NOT_FOUND),
        ({}, {"ssid": b"Home\0"}, modem.NOT_FOUND),
        ({}, {"channel": 1}, modem.NOT_FOUND),
        ({"on": False}, {}, modem.NOT_FOUND),
        ({"rssi": -100}, {}, modem.NOT_FOUND),
        ({}, {"credential": SECRET + b"!"}, modem.AUTH_FAILED),
        ({}, {"credential": b""}, modem.AUTH_FAILED),
        ({}, {"security": 0, "credential": b""}, modem.SECURITY_MISMATCH),
        ({}, {"security": 5}, modem.SECURITY_MISMATCH),
        ({"security": "wpa3"}, {}, modem.SECURITY_MISMATCH),
        ({"security": "wpa2-enterprise"}, {"security": 4}, modem.NOT_SUPPORTED),
        ({"refuses": True}, {}, modem.REFUSED),
        ({"silent": True}, {}, None),
    ],
)
def test_why_a_network_is_not_joined(fields: dict, asked: dict, reason: int | None) -> None:
    one, _ = world(**fields)
    assert join(one, **asked) == reason
    assert one.joined is None


def test_a_mixed_network_takes_both_kinds_and_a_hidden_one_is_found_by_name() -> None:
    one, _ = world(security="wpa2/wpa3", hidden=True)
    assert isinstance(join(one, security=3), AccessPoint)
    assert isinstance(join(one, security=5), AccessPoint)


def test_a_failed_attempt_ends_the_former_association() -> None:
    one, _ = world()
    join(one)
    join(one, credential=b"wrong wrong")
    assert one.joined is None


def test_of_several_with_one_name_the_strongest_is_joined() -> None:
    one, _ = world(rssi=-80)
    one.add({"ssid": "Home", "security": "wpa2", "passphrase": SECRET.decode(), "rssi": -40, "channel": 1})
    one.add({"ssid": "Home", "security": "open", "rssi": -20})
    point = join(one)
    assert isinstance(point, AccessPoint) and point.rssi == -40


def test_switching_off_loses_the_device_and_a_new_passphrase_does_not() -> None:
    one, _ = world()
    join(one)
    assert one.change(b"Home", {"passphrase": "another one"}) is None
    assert one.joined is not None
    assert one.change(b"Home", {"on": False}) == modem.BEACONS_LOST
    assert one.joined is None
    assert one.change(b"Home", {"on": True}) is None


def test_a_bad_change_changes_nothing() -> None:
    one, _ = world()
    for fields in (
        {"on": 1},
        {"security": "wpa4"},
        {"rssi": "-5"},
        {"passphrase": "short"},
        {"color": "red"},
    ):
        with pytest.raises(BadNetwork):
            one.change(b"Home", {"refuses": True, **fields})
    assert not one.points[0].refuses
    with pytest.raises(BadNetwork):
        one.change(b"Away", {"on": False})


def test_the_list_holds_no_passphrase() -> None:
    one, _ = world()
    assert SECRET.decode() not in str([point.describe() for point in one.points])
    assert SECRET.decode() not in repr(one.points)


def ethernet(source: bytes = MAC, ports: tuple[int, int] = (1000, 80), protocol: int = 17) -> bytes:
    header = b"\xff" * 6 + source + b"\x08\x00" + bytes([0x45]) + bytes(8) + bytes([protocol]) + bytes(10)
    return header + ports[0].to_bytes(2, "big") + ports[1].to_bytes(2, "big") + bytes(20)


def test_frames_pass_only_while_joined_and_only_the_devices_own() -> None:
    one, _ = world()
    assert not one.passes(ethernet(), "up")
    assert not one.passes(ethernet(OTHER), "down")
    join(one)
    assert one.passes(ethernet(), "up")
    assert not one.passes(ethernet(OTHER), "up")
    assert one.passes(ethernet(OTHER), "down")
    assert not one.passes(b"short", "down")
    one.drop(modem.DEAUTHENTICATED)
    assert not one.passes(ethernet(OTHER), "down")
    assert one.status()["frames_passed"] == {"up": 1, "down": 1}
    assert one.status()["frames_dropped"] == {"up": 2, "down": 3}


def test_without_addresses_dhcp_alone_is_held_back() -> None:
    one, _ = world(no_address=True)
    join(one)
    assert not one.passes(ethernet(ports=(68, 67)), "up")
    assert not one.passes(ethernet(OTHER, ports=(67, 68)), "down")
    assert one.passes(ethernet(ports=(68, 67), protocol=6), "up")
    assert one.passes(ethernet(), "up")


def test_the_defaults_are_sound_and_of_every_kind() -> None:
    points = [from_description(one, number) for number, one in enumerate(DEFAULTS, 1)]
    assert {"open", "wpa2", "wpa3"} <= {point.security for point in points}
    assert any(len(point.ssid) == 32 for point in points)
    assert any(point.hidden for point in points)
    assert any(not point.ssid.isascii() for point in points)
    assert len({point.bssid for point in points}) == len(points)
    assert changed(points[0], {"rssi": -10}).rssi == -10
