"""What a session with the broker tells, and to whom."""

from __future__ import annotations

import dataclasses
from typing import Protocol


@dataclasses.dataclass(frozen=True)
class Received:
    """A message from the broker. With QoS 1, it waits for `Broker.acknowledge`."""

    topic: str
    payload: bytes
    qos: int
    mid: int
    connection: int  # which connection of this session brought it


@dataclasses.dataclass(frozen=True)
class Failure:
    """Why the broker did not take a message, in its words; `lasting` if it never will."""

    reason: str
    lasting: bool


class Listener(Protocol):
    """Who hears of the session. Called in the event loop, in the order things happen."""

    def on_connected(self, session_present: bool) -> None: ...
    def on_refused(self, sentence: str) -> None: ...
    def on_unreachable(self, sentence: str) -> None: ...
    def on_lost(self, sentence: str) -> None: ...
    def on_taken_over(self) -> None: ...
    def on_published(self, key: int, failure: Failure | None) -> None: ...
    def on_subscribed(self, mid: int, codes: list[int]) -> None: ...
    def on_unsubscribed(self, mid: int) -> None: ...
    def on_message(self, message: Received) -> None: ...
