"""The protocol's messages as values. Encoding is in `encode`, decoding in `decode`."""

from __future__ import annotations

import dataclasses
import enum

SSID_LIMIT = 32  # bytes
PASSPHRASE_LIMIT = 63  # bytes
PASSPHRASE_LEAST = 8  # bytes, for WPA and later
BSSID_SIZE = 6
NO_BSSID = bytes(BSSID_SIZE)
NOT_SAVED = -1


class MessageType(enum.IntEnum):
    """Key `w`. A response is its request plus one."""

    LIST = 1
    LIST_RESPONSE = 2
    SAVE = 3
    SAVE_RESPONSE = 4
    EDIT = 5
    EDIT_RESPONSE = 6
    DELETE = 7
    DELETE_RESPONSE = 8

    @property
    def response(self) -> MessageType:
        """The type that answers this request."""
        return MessageType(self + 1)


class Status(enum.IntEnum):
    """Key `s`."""

    SUCCESS = 0
    FAILURE = 1
    TIMEOUT = 2
    NOT_SUPPORTED = 3

    @property
    def words(self) -> str:
        """For people."""
        return ("success", "failure", "timed out", "not supported by the device")[self]


class Security(enum.IntEnum):
    """Key `q`."""

    OPEN = 0
    WEP = 1
    WPA = 2
    WPA2 = 3
    WPA2_ENTERPRISE = 4
    WPA3 = 5
    UNKNOWN = 6

    @property
    def words(self) -> str:
        """For people, and the names `--security` takes."""
        return ("open", "wep", "wpa", "wpa2", "wpa2-enterprise", "wpa3", "unknown")[self]


@dataclasses.dataclass(frozen=True)
class LastTry:
    """What became of the network a phone had saved or joined last: `reason` is why it was not, None if it was.

    Any phone's: a phone that lost its link before it was told finds its network's name here.
    """

    ssid: str
    reason: int | None = None
    ssid_exact: bool = True

    @property
    def words(self) -> str:
        """For people."""
        if self.reason is None:
            return "done as asked"
        return REASONS.get(self.reason, "it could not be joined")


@dataclasses.dataclass(frozen=True)
class NetworkInfo:
    """One network of a list. `index` is its priority, 0 first, or NOT_SAVED for a scanned one.

    `last` ends the group of saved or of scanned networks; None from devices that do not say.
    `ssid_exact` is false when the device's bytes were not UTF-8 and `ssid` only resembles them.
    """

    ssid: str
    bssid: bytes
    security: Security
    hidden: bool
    rssi: int
    connected: bool
    index: int
    last: bool | None
    ssid_exact: bool = True
    status: Status = Status.SUCCESS  # devices send no other with a network, and the SDKs would take it
    last_try: LastTry | None = None  # on the last of a list, from devices that say so

    @property
    def saved(self) -> bool:
        """Whether the device has this network saved."""
        return self.index != NOT_SAVED


@dataclasses.dataclass(frozen=True)
class StatusOnly:
    """A response that is only a status."""

    type: MessageType
    status: Status
    reason: int | None = None
    last_try: LastTry | None = None


# Why a network could not be joined, by the number devices of this library give.
REASONS = {
    1: "the passphrase is wrong",
    2: "no such network is in reach",
    3: "the network gave no address",
    4: "it is protected in another way than was asked for, or one the device cannot do",
    5: "the access point does not want the device",
    6: "the access point did not answer in time",
    7: "the connection was lost at once",
    8: "it could not be saved",
}


Response = NetworkInfo | StatusOnly


@dataclasses.dataclass(frozen=True)
class ListRequest:
    """Ask for the saved networks and a scan of at most `maximum`. `time` is ignored by devices."""

    maximum: int
    time: int
    type = MessageType.LIST


@dataclasses.dataclass(frozen=True)
class SaveNetwork:
    """Save a new network, after a successful connection if `connect`."""

    ssid: str
    passphrase: str = dataclasses.field(repr=False)
    security: Security
    connect: bool = True
    bssid: bytes = NO_BSSID
    type = MessageType.SAVE


@dataclasses.dataclass(frozen=True)
class ConnectSaved:
    """Connect to a saved network. `known` is what a list said of it, for phones that repeat it."""

    index: int
    known: NetworkInfo | None = None
    type = MessageType.SAVE


@dataclasses.dataclass(frozen=True)
class MoveNetwork:
    """Give the network with priority `index` the priority `new_index`."""

    index: int
    new_index: int
    type = MessageType.EDIT


@dataclasses.dataclass(frozen=True)
class DeleteNetwork:
    """Forget a saved network."""

    index: int
    type = MessageType.DELETE


Request = ListRequest | SaveNetwork | ConnectSaved | MoveNetwork | DeleteNetwork
