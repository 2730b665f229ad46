"""The networks of the tests: access points the world has, as a phone would save them."""

import dataclasses

from wifi_provision import Security
from wifi_provision.messages import SaveNetwork

# Every passphrase the tests have used, and what for; no log may hold one.
KNOWN_SECRETS: dict[bytes, str] = {}


def use(passphrase: str, what_for: str) -> None:
    """Notes a passphrase a device is given; whoever gives one that is in no `Network` says so."""
    if passphrase:
        KNOWN_SECRETS.setdefault(passphrase.encode(), what_for)


@dataclasses.dataclass(frozen=True)
class Network:
    """A network a person knows."""

    ssid: str
    security: Security
    passphrase: str = dataclasses.field(default="", repr=False)

    def __post_init__(self) -> None:
        use(self.passphrase, self.ssid)

    def save(self, *, connect: bool) -> SaveNetwork:
        return SaveNetwork(self.ssid, self.passphrase, self.security, connect)

    def but(self, passphrase: str) -> "Network":
        """The same with another passphrase."""
        return dataclasses.replace(self, passphrase=passphrase)


def numbered(count: int) -> list[Network]:
    """Networks nobody has, to fill a store with."""
    return [Network(f"Number {number}", Security.WPA2, f"password {number:04d}") for number in range(count)]


# As `wifi_sim.access_points` has them.
HOME = Network("Home", Security.WPA2, "correct horse battery")
WORKSHOP = Network("Workshop", Security.WPA3, "planes and chisels")
CAFE = Network("Cafe", Security.OPEN)
ZURICH = Network("Café Zürich ☕", Security.WPA2, "zwei Espresso, bitte")
LONGEST = Network("exactly-32-bytes-of-network-name", Security.WPA2, "thirty-two")
CELLAR = Network("Cellar", Security.WPA2, "nobody sees this")  # hidden
ABSENT = Network("Holiday flat", Security.WPA2, "far, far away")
WRONG = "battery staple horse"

FILLER = "ten letters " * 5 + "abc"  # 63 bytes, to cut from
MOVED = "moved the planes"  # what Workshop's becomes

numbered(8)  # notes theirs
use(WRONG, "a wrong attempt")
use(MOVED, "the changed Workshop")
use(FILLER[:8], "requests of some length")

# Passphrases of what is on the air, by name.
KNOWN = {network.ssid: network.passphrase for network in (HOME, WORKSHOP, CAFE, ZURICH, LONGEST, CELLAR)}
