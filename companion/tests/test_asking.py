"""The question about the six digits, on a terminal."""

from __future__ import annotations

import asyncio
import os
import sys

import pytest

from conftest import run
from wifi_provision import asking
from wifi_provision.errors import WrongUse


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch):
    """A terminal; gives what types on it."""
    ours, theirs = os.openpty()
    terminal = os.fdopen(theirs, "r")
    monkeypatch.setattr(sys, "stdin", terminal)
    yield lambda text: os.write(ours, text.encode())
    terminal.close()
    os.close(ours)


@pytest.mark.parametrize(
    ("lines", "answer"),
    [(["y"], True), (["YES"], True), (["n"], False), (["", "what?", "y"], True), (["\x04"], False)],
)
def test_answers(typed, lines, answer) -> None:
    told: list[str] = []

    async def test() -> None:
        asked = asyncio.create_task(asking.comparison(False, told.append)("012345"))
        for line in lines:
            await asyncio.sleep(0)
            typed(line if line == "\x04" else line + "\n")
        assert await asyncio.wait_for(asked, 5) is answer

    run(test)
    assert all("012345" in sentence for sentence in told)


def test_the_question_does_not_outlive_the_connection(typed) -> None:
    async def test() -> None:
        asked = asyncio.create_task(asking.comparison(False, lambda _: None)("012345"))
        await asyncio.sleep(0.01)
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked
        typed("y\n")

    run(test)


@pytest.mark.parametrize(
    ("data", "expected"), [(b"a b\n", "a b"), (b"x\r\ny", "x"), ("ü".encode(), "ü"), (b"", "")]
)
def test_a_descriptor(data, expected) -> None:
    read, write = os.pipe()
    os.write(write, data)
    os.close(write)
    assert asking.passphrase_from(read) == expected
    os.close(read)


def test_bad_descriptors() -> None:
    read, write = os.pipe()
    os.write(write, b"secret\xff\n")
    os.close(write)
    with pytest.raises(WrongUse) as raised:
        asking.passphrase_from(read)
    os.close(read)
    assert "secret" not in str(raised.value)
    with pytest.raises(WrongUse):
        asking.passphrase_from(read)
