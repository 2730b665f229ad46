"""The tester's commands to the air: one JSON object a line, one JSON object back.

| command | meaning |
|---|---|
| {"do": "watch"} | counts steps anew, from 0; nothing is armed any more |
| {"do": "arm", "place": P, "kind": K, "at": N} | the same, and step N goes wrong; P: "line", "radio"; K: "drop", "delay", "duplicate", "withhold", "cut" |
| {"do": "status"} | "line", "radio": the steps so far, in words; "happened"; "phones": how many links there are |
| {"do": "mend"} | the device has a line to a controller again, a new one |

The answer has "ok": true, or "ok": false and "error": a sentence.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable
from typing import Any

from wifi_sim.air_trouble import Fault, Kind, Place, Trouble


class Control:
    """Serves testers."""

    def __init__(self, trouble: Trouble, mend: Callable[[], None], phones: Callable[[], int]) -> None:
        self._trouble = trouble
        self._mend = mend
        self._phones = phones

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One tester's lines."""
        with contextlib.suppress(ConnectionError):
            while line := await reader.readline():
                writer.write(self.answer(line))
                await writer.drain()
        writer.close()

    def answer(self, line: bytes) -> bytes:
        """The line that answers a line."""
        try:
            reply = {"ok": True, **self._do(json.loads(line))}
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            reply = {"ok": False, "error": f"not a command of the air's: {error!r}"}
        return json.dumps(reply).encode() + b"\n"

    def _do(self, command: dict[str, Any]) -> dict[str, Any]:
        match command.get("do"):
            case "watch":
                self._trouble.watch()
            case "arm":
                at = int(command["at"])
                self._trouble.arm(Fault(Place(command["place"]), Kind(command["kind"]), at))
            case "status":
                steps = {place.value: list(taken) for place, taken in self._trouble.steps.items()}
                return {**steps, "happened": self._trouble.happened, "phones": self._phones()}
            case "mend":
                self._mend()
            case _:
                raise ValueError('"do" is one of watch, arm, status, mend')
        return {}
