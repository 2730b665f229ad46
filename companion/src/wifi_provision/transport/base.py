"""What the client needs of a connection, whatever carries it."""

from __future__ import annotations

import abc
import dataclasses
from collections.abc import Callable

Listener = Callable[[bytes], None]


@dataclasses.dataclass(frozen=True)
class Found:
    """A device seen while scanning. `rssi` is in dBm."""

    address: str
    name: str
    rssi: int


@dataclasses.dataclass(frozen=True)
class Service:
    """A service in the device's table: its characteristics, and which of them can notify."""

    uuid: str
    characteristics: tuple[tuple[str, bool], ...]

    def notifying(self) -> list[str]:
        """The characteristics that can notify."""
        return [uuid for uuid, notifies in self.characteristics if notifies]


class Link(abc.ABC):
    """A connection to one device. UUIDs are lower-case text.

    Pairs by itself when the device asks for it, as phones do. Every method raises a
    ProvisionError: LinkLost when the connection is gone, AttributeRefused, PairingRefused.
    """

    peer: str

    @property
    @abc.abstractmethod
    def mtu(self) -> int:
        """The ATT MTU in force, in bytes."""

    @property
    @abc.abstractmethod
    def services(self) -> list[Service]:
        """The device's services in the order of its table; filled by `discover`."""

    @property
    @abc.abstractmethod
    def lost(self) -> str | None:
        """Why the connection ended, in words; None while it lives."""

    @abc.abstractmethod
    async def wait_lost(self) -> None:
        """Return once the connection has ended."""

    @abc.abstractmethod
    async def discover(self) -> None:
        """Read the device's table of services."""

    @abc.abstractmethod
    async def read(self, uuid: str, *, whole: bool = False) -> bytes:
        """One read, or with `whole` as many as a long value takes."""

    @abc.abstractmethod
    async def write(self, uuid: str, value: bytes) -> None:
        """A write with response."""

    @abc.abstractmethod
    async def subscribe(self, uuid: str, listener: Listener) -> None:
        """Enable notifications; `listener` is called with each value, in order."""

    @abc.abstractmethod
    async def request_mtu(self, wish: int) -> int:
        """Negotiate the MTU where the platform lets an application do so; the MTU in force."""

    @abc.abstractmethod
    async def close(self) -> None:
        """Disconnect. Harmless when already disconnected."""

    def has(self, uuid: str) -> bool:
        """Whether the device has this characteristic."""
        return any(uuid == found for service in self.services for found, _ in service.characteristics)
