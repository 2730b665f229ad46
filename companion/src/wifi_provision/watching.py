"""`watch`: list again and again, and say what is different."""

from __future__ import annotations

import asyncio
import datetime
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

from wifi_provision import show
from wifi_provision.client import Client, ListResult
from wifi_provision.errors import NotFound, ProvisionError, TimedOut, Unreachable
from wifi_provision.messages import NetworkInfo

_PATIENT = (NotFound, Unreachable, TimedOut)  # what passes by itself


class Output(Protocol):
    """Where words go; see `cli.Output`."""

    def progress(self, sentence: str) -> None: ...
    def result(self, value: dict[str, Any], lines: list[str]) -> None: ...


def changes(before: ListResult | None, after: ListResult) -> list[tuple[str, NetworkInfo]]:
    """What happened between two lists: appeared, gone or changed networks.

    A saved network's place counts as a change; a scanned one's strength does not.
    """
    old = _by_identity(before) if before is not None else {}
    new = _by_identity(after)
    events = [("gone", network) for key, network in old.items() if key not in new]
    for key, network in new.items():
        if key not in old:
            events.append(("appeared", network))
        elif _state(old[key]) != _state(network):
            events.append(("changed", network))
    return events


_Key = tuple[bool, str, bytes, int, int]


def _by_identity(result: ListResult) -> dict[_Key, NetworkInfo]:
    found: dict[_Key, NetworkInfo] = {}
    for network in result.networks:
        # The same network may be saved twice; number the twins.
        twin = 0
        while (key := (network.saved, network.ssid, network.bssid, int(network.security), twin)) in found:
            twin += 1
        found[key] = network
    return found


def _state(network: NetworkInfo) -> tuple[int, bool]:
    return network.index, network.connected


async def watch(
    connect: Callable[[], AbstractAsyncContextManager[Client]],
    interval: float,
    count: int | None,
    output: Output,
) -> None:
    """List every `interval` seconds, `count` times or for ever; connect again when the link is lost."""
    before: ListResult | None = None
    lists = 0
    while count is None or lists < count:
        try:
            async with connect() as client:
                while count is None or lists < count:
                    after = await client.list()
                    lists += 1
                    for event, network in changes(before, after):
                        _show(event, network, output)
                    before = after
                    if count is None or lists < count:
                        await asyncio.sleep(interval)
        except _PATIENT as error:
            if before is None:
                raise  # it never worked
            _lost(error, output)
            await asyncio.sleep(interval)


def _now() -> str:
    return datetime.datetime.now().astimezone().isoformat(timespec="seconds")


def _show(event: str, network: NetworkInfo, output: Output) -> None:
    time = _now()
    value = {"command": "watch", "time": time, "event": event, "network": show.as_dict(network)}
    output.result(value, [f"{time}  {event:<8}  {show.one_line(network)}"])


def _lost(error: ProvisionError, output: Output) -> None:
    output.progress(f"{error} Trying again …")
