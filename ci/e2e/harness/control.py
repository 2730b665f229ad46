"""A request to a simulation's control socket: one line of JSON each way."""

import json
import socket
from pathlib import Path
from typing import Any


def ask(path: Path, what: str, **fields: Any) -> dict[str, Any]:
    """What it answers; `ValueError` with its words where it refuses."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(10)
        line.connect(str(path))
        line.sendall(json.dumps({"do": what, **fields}).encode() + b"\n")
        answer: dict[str, Any] = json.loads(line.makefile().readline())
    if not answer.pop("ok"):
        raise ValueError(answer["error"])
    return answer
