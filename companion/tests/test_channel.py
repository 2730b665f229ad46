"""Splitting and joining messages."""

from __future__ import annotations

import pytest

from wifi_provision.channel import LONGEST_MESSAGE, Reassembly, chunk_size, chunks, is_small
from wifi_provision.errors import BadAnswer

R3 = bytes.fromhex("a7617703616720617267486f6d654e6574616246000000000000616d697365637265743132336171036179f5")
P1 = bytes.fromhex(
    "aa617702617300617267486f6d654e6574616246a0b1c2d3e4f56171036166f4617038636165f5616700616cf4"
)


def test_the_worked_example_in_writes() -> None:
    assert [len(c) for c in chunks(R3, chunk_size(23))] == [20, 20, 4]
    assert b"".join(chunks(R3, 20)) == R3


@pytest.mark.parametrize(
    ("length", "sizes"), [(0, [0]), (19, [19]), (20, [20, 0]), (21, [20, 1]), (40, [20, 20, 0])]
)
def test_the_last_chunk_is_short(length, sizes) -> None:
    assert [len(c) for c in chunks(bytes(length), 20)] == sizes


def test_a_chunk_has_a_size() -> None:
    with pytest.raises(ValueError, match="at least one"):
        chunks(b"x", 0)


@pytest.mark.parametrize(("length", "ours", "ios"), [(19, True, True), (20, False, True), (21, False, False)])
def test_the_two_thresholds(length, ours, ios) -> None:
    assert is_small(bytes(length), 20, full_chunk_is_small=False) is ours
    assert is_small(bytes(length), 20, full_chunk_is_small=True) is ios


def test_the_worked_example_in_reads() -> None:
    whole = Reassembly()
    assert whole.add(P1[:20], 20) is None
    assert whole.add(P1[20:40], 20) is None
    assert whole.add(P1[40:], 20) == P1


def test_an_exact_multiple_ends_with_nothing() -> None:
    whole = Reassembly()
    assert whole.add(bytes(20), 20) is None
    assert whole.add(b"", 20) == bytes(20)
    assert whole.add(b"x", 20) == b"x"


def test_a_message_without_end_is_cut() -> None:
    whole = Reassembly()
    with pytest.raises(BadAnswer):
        for _ in range(LONGEST_MESSAGE):
            assert whole.add(bytes(20), 20) is None
    assert whole.add(b"x", 20) == b"x"
