"""A hand on the simulated access points."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .control import ask
from .networks import KNOWN
from .waiting import PERIOD, Deadline, TooLate


class AccessPoints:
    """The tester's commands of `wifi_sim.access_points_control`."""

    def __init__(self, run: Path):
        self._path = run / "ap-ctl.sock"

    def _do(self, what: str, **fields: Any) -> dict[str, Any]:
        return ask(self._path, what, **fields)

    def status(self) -> dict[str, Any]:
        """Who is joined, frames passed and dropped, pages fetched."""
        return self._do("status")

    def joined(self) -> str | None:
        """The network the device is on, as the access points see it."""
        name = self.status()["joined_ssid_hex"]
        return None if name is None else bytes.fromhex(name).decode()

    def pages(self) -> int:
        """How many pages the device has fetched."""
        return int(self.status()["pages_fetched"])

    def add(self, ssid: str, **fields: Any) -> None:
        self._do("add", ssid=ssid, **fields)

    def drop(self, reason: str = "deauthenticated") -> None:
        """Ends the association."""
        self._do("drop", reason=reason)

    @contextmanager
    def changed(self, ssid: str, **fields: Any) -> Iterator[None]:
        """An access point is different for a while."""
        [before] = [point for point in self._do("list")["networks"] if point["ssid"] == ssid]
        former = {name: KNOWN[ssid] if name == "passphrase" else before[name] for name in fields}
        self._do("set", ssid=ssid, **fields)
        try:
            yield
        finally:
            self._do("set", ssid=ssid, **former)

    async def wait_joined(self, ssid: str | None, within: float = 30) -> None:
        """Waits until the device is on a network, or with None on none."""
        deadline = Deadline(within)
        while (now := self.joined()) != ssid:
            if deadline.is_over():
                raise TooLate(f"the device is on {now!r} and not on {ssid!r} after {within:g} s")
            await asyncio.sleep(PERIOD)
