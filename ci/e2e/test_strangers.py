"""Phones without an authenticated, encrypted link get nothing, at every attribute."""

import asyncio

import pytest
from bumble.pairing import PairingConfig
from harness.phone import COMPARISON
from harness.stranger import JUST_WORKS, LEGACY, LEGACY_JUST_WORKS, SHORT_KEY, Attempt, stranger
from harness.world import World

# Characteristics of the three services (5 + 5 + 5) and their configuration descriptors (1 + 2 + 2),
# each read and written.
ATTEMPTS = 2 * (15 + 5)

WEAK = {"just-works": JUST_WORKS, "legacy": LEGACY, "legacy-just-works": LEGACY_JUST_WORKS, "short-key": SHORT_KEY}


def assert_all_refused(attempts: list[Attempt]) -> None:
    open_ones = [attempt for attempt in attempts if not attempt.was_refused]
    assert not open_ones, f"these were not refused for want of security: {open_ones}"
    assert len(attempts) == ATTEMPTS, attempts


async def try_everything(world: World, pairing: PairingConfig | None) -> tuple[str | None, list[Attempt]]:
    async with stranger(world.run / "air-phone.sock") as guest:
        peer = await guest.connect()
        outcome = None
        if pairing is not None:
            outcome = await guest.pair(pairing)
            if guest.connection is None:  # the device hung up on it
                peer = await guest.connect()
        return outcome, await guest.try_everything(peer)


def test_an_unpaired_phone_is_refused_at_every_attribute(world: World) -> None:
    _, attempts = asyncio.run(try_everything(world, None))
    assert_all_refused(attempts)


@pytest.mark.parametrize("pairing", WEAK.values(), ids=WEAK.keys())
def test_a_phone_that_pairs_too_weakly_is_refused_at_every_attribute(world: World, pairing: PairingConfig) -> None:
    mark = world.console.mark()
    outcome, attempts = asyncio.run(try_everything(world, pairing))
    assert_all_refused(attempts)
    assert outcome is not None and outcome.startswith("refused"), outcome
    assert world.console.seen(COMPARISON, since=mark) is None, "the console asked for a comparison"
