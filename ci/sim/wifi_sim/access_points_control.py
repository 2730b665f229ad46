"""The tester's commands: one JSON object a line, one JSON object back.

| command | meaning |
|---|---|
| {"do": "list"} | "networks": all access points, without passphrases |
| {"do": "set", "ssid": S, ...} | changes fields of the access points of that name |
| {"do": "add", "ssid": S, ...} | one more access point |
| {"do": "drop", "reason": R} | ends the association; R: "beacons" or "deauthenticated" |
| {"do": "status"} | who is joined, frames passed and dropped, pages fetched |

Fields: on, passphrase, security, rssi, channel, hidden, refuses, silent (answers no attempt to
join), no_address (no DHCP). Names that are not UTF-8 go as "ssid_hex" instead of "ssid".
The answer has "ok": true, or "ok": false and "error": a sentence.
"""

import json
from collections.abc import Callable
from typing import Any

from . import access_points_modem as modem
from .access_points_world import BadNetwork, World

REASONS = {"beacons": modem.BEACONS_LOST, "deauthenticated": modem.DEAUTHENTICATED}


class Control:
    def __init__(self, world: World, lost: Callable[[int], None], extra: Callable[[], dict[str, Any]]):
        self._world = world
        self._lost = lost
        self._extra = extra

    def answer(self, line: bytes) -> bytes:
        """The line that answers a line."""
        try:
            command = json.loads(line)
            if not isinstance(command, dict):
                raise BadNetwork("a command is a JSON object")
            reply = {"ok": True, **self._do(command)}
        except (BadNetwork, ValueError) as error:
            reply = {"ok": False, "error": str(error)}
        return json.dumps(reply, ensure_ascii=False).encode() + b"\n"

    def _do(self, command: dict[str, Any]) -> dict[str, Any]:
        what = command.pop("do", None)
        match what:
            case "list":
                return {"networks": [point.describe() for point in self._world.points]}
            case "set":
                self._report(self._world.change(_name(command), command))
            case "add":
                self._world.add(command)
            case "drop":
                reason = REASONS.get(command.get("reason", "deauthenticated"))
                if reason is None:
                    raise BadNetwork(f"reason is one of {', '.join(REASONS)}")
                if self._world.joined is None:
                    raise BadNetwork("nobody is joined")
                self._report(self._world.drop(reason))
            case "status":
                return {**self._world.status(), **self._extra()}
            case _:
                raise BadNetwork('"do" is one of list, set, add, drop, status')
        return {}

    def _report(self, reason: int | None) -> None:
        if reason is not None:
            self._lost(reason)


def _name(command: dict[str, Any]) -> bytes:
    if "ssid_hex" in command:
        return bytes.fromhex(str(command.pop("ssid_hex")))
    if "ssid" in command:
        return str(command.pop("ssid")).encode()
    raise BadNetwork("which access point? name its ssid")
