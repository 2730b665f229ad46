"""What can be asked of a device in a session."""

from __future__ import annotations

import asyncio
import dataclasses
import json
from collections.abc import Awaitable, Callable

from wifi_provision.errors import BadAnswer, DeviceRefused, TimedOut
from wifi_provision.espressif.fields import Fields, message
from wifi_provision.espressif.session import Session, open_1, open_2
from wifi_provision.messages import REASONS

Carry = Callable[[str, bytes], Awaitable[bytes]]
USER = "wifiprov"
_PAGE = 4  # networks that fit an answer
_OURS = 100  # where the numbers of our own reasons begin
_THEIRS = {0: 1, 1: 2}  # Espressif's reasons, by the numbers of ours
_POLL = 0.5  # seconds
_SECURITIES = ("open", "wep", "wpa", "wpa2", "wpa/wpa2", "wpa2-enterprise", "wpa3", "wpa2/wpa3")
_CONNECTED, _CONNECTING, _DISCONNECTED, _FAILED = range(4)


@dataclasses.dataclass(frozen=True)
class Seen:
    """A network in the device's range."""

    ssid: bytes
    rssi: int
    channel: int
    bssid: bytes
    security: str

    @property
    def name(self) -> str:
        """For people."""
        return self.ssid.decode(errors="replace")


class EspressifClient:
    """A device, over whatever carries bytes to an endpoint and its answer back."""

    def __init__(self, carry: Carry) -> None:
        self._carry = carry
        self._session: Session | None = None

    async def open(self, secret: str, user: str = USER) -> int:
        """Opens a session of the security the device wants; gives which. Raises PairingRefused."""
        try:
            version = json.loads(await self._carry("proto-ver", b"---"))["prov"]
            security, patch = int(version["sec_ver"]), int(version.get("sec_patch_ver", 0))
        except (ValueError, KeyError, TypeError) as error:
            raise BadAnswer("The device does not say which version it speaks.") from error

        async def ask(request: bytes) -> bytes:
            return await self._carry("prov-session", request)

        if security == 1:
            self._session = await open_1(ask, secret)
        elif security == 2 and patch == 1:
            self._session = await open_2(ask, user, secret)
        else:
            raise BadAnswer(f"The device wants security {security}, patch {patch}, which is not safe.", "")
        return security

    async def _ask(self, endpoint: str, request: bytes) -> Fields:
        assert self._session is not None, "there is no session"
        return Fields(self._session.decrypt(await self._carry(endpoint, self._session.encrypt(request))))

    async def scan(self) -> list[Seen]:
        """Networks in range, strongest first."""
        start = message((10, message((1, 1), (3, 5), (4, 120))))
        _succeeded(await self._ask("prov-scan", start), 2, "scan")
        count = (await self._ask("prov-scan", message((1, 2)))).part(13).number(2)
        found: list[Seen] = []
        while len(found) < count:
            page = message((1, len(found)), (2, min(_PAGE, count - len(found))))
            answer = await self._ask("prov-scan", message((1, 4), (14, page)))
            entries = answer.part(15).parts(1)
            if not entries:
                break
            found += [_seen(entry) for entry in entries]
        return found

    async def provision(self, ssid: str, passphrase: str, within: float) -> None:
        """Lets the device join a network and keep it first. Raises DeviceRefused with the reason."""
        # A try that failed before must not stand in the way.
        await self._ask("prov-ctrl", message((1, 1), (11, b"")))
        config = message((1, ssid.encode()), (2, passphrase.encode()))
        answer = await self._ask("prov-config", message((1, 2), (12, config)))
        _succeeded(answer.part(13), 1, f"take {ssid}")
        _succeeded((await self._ask("prov-config", message((1, 4)))).part(15), 1, f"join {ssid}")
        deadline = asyncio.get_running_loop().time() + within
        while asyncio.get_running_loop().time() < deadline:
            state = (await self._ask("prov-config", message((10, b"")))).part(11)
            if state.number(2) == _CONNECTED:
                return
            if state.number(2) == _FAILED:
                told = state.number(10)
                reason = told - _OURS if told > _OURS else _THEIRS.get(told, 0)
                why = REASONS.get(reason, "joining failed")
                raise DeviceRefused(f"The device did not join {ssid}: {why}.", 1, None, reason)
            await asyncio.sleep(_POLL)
        raise TimedOut(f"The device has not joined {ssid} within {within:g} seconds.")


def _succeeded(answer: Fields, field: int, what: str) -> None:
    if (status := answer.number(field)) != 0:
        raise DeviceRefused(f"The device did not {what} (status {status}).", status)


def _seen(entry: Fields) -> Seen:
    rssi, security = entry.number(3), entry.number(5)
    return Seen(
        ssid=entry.data(1),
        rssi=rssi - 2**64 if rssi >= 2**63 else rssi,
        channel=entry.number(2),
        bssid=entry.data(4),
        security=_SECURITIES[security] if security < len(_SECURITIES) else "unknown",
    )
