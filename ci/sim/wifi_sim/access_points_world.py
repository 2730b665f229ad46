"""The access points themselves: what there is, who is joined, which frames pass. No I/O."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from . import access_points_modem as modem

# Security by name: its number, and the numbers a device may join with.
SECURITY = {
    "open": (0, {0}),
    "wep": (1, {1}),
    "wpa": (2, {2}),
    "wpa2": (3, {3}),
    "wpa2-enterprise": (4, {4}),
    "wpa3": (5, {5}),
    "wpa2/wpa3": (5, {3, 5}),
}
# A network this weak is not heard at all.
INAUDIBLE = -95


class BadNetwork(ValueError):
    """A description of an access point that makes no sense; the text says why."""


def readable(ssid: bytes) -> str:
    """A name for people: one line, whatever its bytes are."""
    text = ssid.decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def address(mac: bytes) -> str:
    return ":".join(f"{byte:02x}" for byte in mac)


@dataclass
class AccessPoint:
    ssid: bytes
    bssid: bytes
    security: str = "open"
    passphrase: bytes = field(default=b"", repr=False)
    rssi: int = -50
    channel: int = 6
    on: bool = True
    hidden: bool = False
    refuses: bool = False
    silent: bool = False
    no_address: bool = False

    @property
    def name(self) -> str:
        return readable(self.ssid)

    @property
    def is_heard(self) -> bool:
        return self.on and self.rssi > INAUDIBLE

    def check(self) -> None:
        """Raises `BadNetwork`."""
        if not 1 <= len(self.ssid) <= 32:
            raise BadNetwork("an SSID is 1 to 32 bytes long")
        if len(self.bssid) != 6:
            raise BadNetwork("a BSSID is 6 bytes long")
        if self.security not in SECURITY:
            raise BadNetwork(f"security is one of {', '.join(SECURITY)}")
        if not -127 <= self.rssi <= 0:
            raise BadNetwork("RSSI is between -127 and 0 dBm")
        if not 1 <= self.channel <= 196:
            raise BadNetwork("a channel is between 1 and 196")
        if self.security in ("wpa", "wpa2", "wpa2/wpa3") and not 8 <= len(self.passphrase) <= 63:
            raise BadNetwork(f"{self.name}: a passphrase is 8 to 63 bytes long")

    def describe(self) -> dict[str, object]:
        """Everything but the passphrase."""
        return {
            "ssid": self.name,
            "ssid_hex": self.ssid.hex(),
            "bssid": address(self.bssid),
            **{name: getattr(self, name) for name in SWITCHES},
        }


SWITCHES = ("security", "rssi", "channel", "on", "hidden", "refuses", "silent", "no_address")
TYPES = {"security": str, "rssi": int, "channel": int}


def changed(point: AccessPoint, fields: dict[str, object]) -> AccessPoint:
    """The same access point with some fields changed. Raises `BadNetwork`."""
    values: dict[str, Any] = {}
    for name, value in fields.items():
        if name == "passphrase":
            if not isinstance(value, str):
                raise BadNetwork("passphrase is a string")
            values[name] = value.encode()
        elif name in SWITCHES:
            if type(value) is not TYPES.get(name, bool):
                raise BadNetwork(f"{name} is of type {TYPES.get(name, bool).__name__}")
            values[name] = value
        else:
            raise BadNetwork(f"an access point has no field {name}")
    after = replace(point, **values)
    after.check()
    return after


def from_description(description: dict[str, object], number: int) -> AccessPoint:
    """An access point from a `--networks` file or a control command. Raises `BadNetwork`."""
    fields = dict(description)
    ssid, ssid_hex = fields.pop("ssid", None), fields.pop("ssid_hex", None)
    bssid = fields.pop("bssid", None)
    try:
        name = bytes.fromhex(str(ssid_hex)) if ssid_hex is not None else str(ssid or "").encode()
        mac = (
            bytes.fromhex(str(bssid).replace(":", ""))
            if bssid
            else bytes([0x02, 0, 0, 0xA9, 0, number & 0xFF])
        )
    except ValueError as error:
        raise BadNetwork(f"not hexadecimal: {error}") from None
    return changed(AccessPoint(name, mac), fields)


class World:
    """All access points and the one station."""

    def __init__(self, points: list[AccessPoint], say: Callable[[str], None]):
        self.points = points
        self._say = say
        self.station: bytes | None = None
        self.joined: AccessPoint | None = None
        self.passed = {"up": 0, "down": 0}
        self.dropped = {"up": 0, "down": 0}

    # The station's side.

    def hello(self, mac: bytes) -> None:
        self.station = mac
        self._end()

    def audible(self) -> list[AccessPoint]:
        return [point for point in self.points if point.is_heard]

    def join(self, wanted: modem.Join) -> AccessPoint | int | None:
        """The access point that was joined, the reason why not, or None for no answer at all."""
        self._end()
        heard = [p for p in self.audible() if p.ssid == wanted.ssid and wanted.channel in (0, p.channel)]
        name = readable(wanted.ssid)
        if not heard:
            self._say(f'the device looked for "{name}", which is not there')
            return modem.NOT_FOUND
        fitting = [p for p in heard if wanted.security in SECURITY[p.security][1]]
        if not fitting:
            self._say(f'the device asked "{name}" for another kind of security')
            return modem.SECURITY_MISMATCH
        point = max(fitting, key=lambda p: p.rssi)
        if point.silent:
            self._say(f'"{name}" does not answer the device')
            return None
        if point.refuses:
            self._say(f'"{name}" refuses the device')
            return modem.REFUSED
        if point.security == "wpa2-enterprise":
            self._say(f'"{name}" wants an account')
            return modem.NOT_SUPPORTED
        if point.security != "open" and not hmac.compare_digest(point.passphrase, wanted.credential):
            self._say(f'"{name}" was given a wrong passphrase')
            return modem.AUTH_FAILED
        self.joined = point
        self._say(f'the device joined "{name}"')
        return point

    def leave(self) -> None:
        if self.joined:
            self._say(f'the device left "{self.joined.name}"')
        self._end()

    def gone(self) -> None:
        """The device was switched off or restarted."""
        if self.joined:
            self._say(f'the device is gone from "{self.joined.name}"')
        self._end()

    def _end(self) -> None:
        self.joined = None

    # The tester's side. Each returns the reason to report to the station when its link ended.

    def drop(self, reason: int) -> int | None:
        if not self.joined:
            return None
        self._say(f'"{self.joined.name}" drops the device')
        self._end()
        return reason

    def change(self, ssid: bytes, fields: dict[str, object]) -> int | None:
        """Changes all access points of a name. Raises `BadNetwork`."""
        places = [place for place, point in enumerate(self.points) if point.ssid == ssid]
        if not places:
            raise BadNetwork(f'there is no access point "{readable(ssid)}"')
        after = [changed(self.points[place], fields) for place in places]
        lost = None
        for place, point in zip(places, after, strict=True):
            before, self.points[place] = self.points[place], point
            if self.joined is before:
                self.joined = point
                if not point.is_heard:
                    lost = self.drop(modem.BEACONS_LOST)
                elif point.security != before.security:
                    lost = self.drop(modem.DEAUTHENTICATED)
        shown = [f"{name} {'changed' if name == 'passphrase' else value}" for name, value in fields.items()]
        self._say(f'"{readable(ssid)}": {", ".join(shown)}')
        return lost

    def add(self, description: dict[str, object]) -> None:
        """Raises `BadNetwork`."""
        point = from_description(description, len(self.points) + 1)
        self.points.append(point)
        self._say(f'"{point.name}" appears')

    # Frames.

    def passes(self, frame: bytes, way: str) -> bool:
        """Whether a frame from the device ("up") or to it ("down") goes through; counts it."""
        through = self._may_pass(frame, way)
        (self.passed if through else self.dropped)[way] += 1
        return through

    def _may_pass(self, frame: bytes, way: str) -> bool:
        if self.joined is None or len(frame) < 14:
            return False
        if way == "up" and frame[6:12] != self.station:
            return False
        return not (self.joined.no_address and is_dhcp(frame))

    def status(self) -> dict[str, object]:
        joined = self.joined
        return {
            "station": address(self.station) if self.station else None,
            "joined": joined.name if joined else None,
            "joined_ssid_hex": joined.ssid.hex() if joined else None,
            "bssid": address(joined.bssid) if joined else None,
            "frames_passed": dict(self.passed),
            "frames_dropped": dict(self.dropped),
        }


def is_dhcp(frame: bytes) -> bool:
    """IPv4, UDP, port 67 or 68 at either end."""
    if frame[12:14] != b"\x08\x00" or len(frame) < 34 or frame[23] != 17:
        return False
    start = 14 + 4 * (frame[14] & 15)
    ports = {
        int.from_bytes(frame[start : start + 2], "big"),
        int.from_bytes(frame[start + 2 : start + 4], "big"),
    }
    return bool(ports & {67, 68})
