"""How a virtual phone pairs: honestly, or as an attacker or a careless one would."""

from __future__ import annotations

import asyncio
import enum
from collections.abc import Awaitable, Callable

from bumble import smp
from bumble.pairing import PairingConfig, PairingDelegate

Compare = Callable[[str], Awaitable[bool]]
"""Shown six digits; answers whether the device shows the same."""


class Pairing(enum.Enum):
    """What the phone does when the device wants a secure link."""

    NUMERIC = "numeric"  # Secure Connections, six digits compared
    NONE = "none"  # never pairs
    JUST_WORKS = "just-works"  # Secure Connections without input and output
    LEGACY = "legacy"  # the old pairing, with a passkey
    LEGACY_JUST_WORKS = "legacy-just-works"  # the old pairing without input and output
    SHORT_KEY = "short-key"  # offers a key of seven bytes at most
    REJECT = "reject"  # says that the digits differ
    SILENT = "silent"  # never says anything about the digits


_SHORT_KEY = 7  # bytes
_FULL_KEY = 16  # bytes
_IO = PairingDelegate.IoCapability


async def accept(_digits: str) -> bool:
    """Takes the digits for equal without looking: for tests only."""
    return True


class _Delegate(PairingDelegate):
    def __init__(self, pairing: Pairing, compare: Compare) -> None:
        blind = pairing in (Pairing.JUST_WORKS, Pairing.LEGACY_JUST_WORKS)
        typing = pairing is Pairing.LEGACY
        super().__init__(
            io_capability=(
                _IO.NO_OUTPUT_NO_INPUT
                if blind
                else _IO.DISPLAY_OUTPUT_AND_KEYBOARD_INPUT
                if typing
                else _IO.DISPLAY_OUTPUT_AND_YES_NO_INPUT
            ),
            maximum_encryption_key_size=_SHORT_KEY if pairing is Pairing.SHORT_KEY else _FULL_KEY,
        )
        self._pairing = pairing
        self._compare = compare

    async def compare_numbers(self, number: int, digits: int) -> bool:
        shown = f"{number:0{digits}d}"
        if self._pairing is Pairing.SILENT:
            await asyncio.Event().wait()
        answer = await self._compare(shown)
        return answer and self._pairing is not Pairing.REJECT


def configuration(pairing: Pairing, compare: Compare) -> PairingConfig:
    """bumble's settings for this way of pairing."""
    legacy = pairing in (Pairing.LEGACY, Pairing.LEGACY_JUST_WORKS)
    blind = pairing in (Pairing.JUST_WORKS, Pairing.LEGACY_JUST_WORKS)
    return PairingConfig(
        sc=not legacy,
        mitm=not blind,
        bonding=True,
        delegate=_Delegate(pairing, compare),
        # The address kept with the bonds; the controller's own is new with every connection to the air.
        identity_address_type=PairingConfig.AddressType.RANDOM,
    )


class Session(smp.Session):
    """bumble's pairing session, refusing differing digits with the code the standard has for it."""

    def send_pairing_failed(self, error: smp.ErrorCode) -> None:
        comparing = self.pairing_method is smp.PairingMethod.NUMERIC_COMPARISON
        if comparing and error is smp.ErrorCode.CONFIRM_VALUE_FAILED:
            error = smp.ErrorCode.NUMERIC_COMPARISON_FAILED
        super().send_pairing_failed(error)


REASONS = {
    smp.ErrorCode.PASSKEY_ENTRY_FAILED: "the passkey was not entered",
    smp.ErrorCode.AUTHENTICATION_REQUIREMENTS: "the device insists on comparing six digits",
    smp.ErrorCode.CONFIRM_VALUE_FAILED: "the two sides computed different values",
    smp.ErrorCode.PAIRING_NOT_SUPPORTED: "the device does not pair now",
    smp.ErrorCode.ENCRYPTION_KEY_SIZE: "the key offered is too short",
    smp.ErrorCode.UNSPECIFIED_REASON: "the device gave no reason",
    smp.ErrorCode.REPEATED_ATTEMPTS: "there were too many attempts; wait a while",
    smp.ErrorCode.DHKEY_CHECK_FAILED: "the two sides computed different keys",
    smp.ErrorCode.NUMERIC_COMPARISON_FAILED: "the six digits were not confirmed",
}


def reason_in_words(code: int) -> str:
    """For people."""
    try:
        return REASONS[smp.ErrorCode(code)]
    except (KeyError, ValueError):
        return f"reason {code:#04x}"
