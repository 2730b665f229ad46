"""What can go wrong, each with a sentence, a mend and an exit code."""

from __future__ import annotations

from typing import ClassVar


class ProvisionError(Exception):
    """A failure a person can act on. `str()` says what happened, `mend` what to do."""

    exit_code: ClassVar[int] = 3
    kind: ClassVar[str] = "error"
    default_mend: ClassVar[str] = ""

    def __init__(self, message: str, mend: str | None = None) -> None:
        super().__init__(message)
        self.mend = self.default_mend if mend is None else mend


class WrongUse(ProvisionError):
    """What was asked makes no sense; nothing was sent."""

    exit_code = 2
    kind = "usage"
    default_mend = "See `wifi-provision --help`."


class DeviceRefused(ProvisionError):
    """The device answered a request with a status other than success.

    `reason` is its number for why, None where it gave none.
    """

    exit_code = 1
    kind = "refused"

    def __init__(self, message: str, status: int, mend: str | None = None, reason: int | None = None) -> None:
        super().__init__(message, mend)
        self.status = status
        self.reason = reason


class NotFound(ProvisionError):
    """No such device or network."""

    kind = "not-found"
    default_mend = (
        "Bring the device near and switch it on. It cannot be seen while another phone is connected."
    )


class Unreachable(ProvisionError):
    """The device, or the way to it, is not there."""

    kind = "unreachable"
    default_mend = "Check that the device is on and no other phone is connected to it, then try again."


class LinkLost(Unreachable):
    """The connection ended before the work was done."""

    kind = "link-lost"
    default_mend = "Try again; the device advertises again once it has noticed."


class TimedOut(ProvisionError):
    """The device is connected and does not answer."""

    kind = "timeout"
    default_mend = "Try again. If it happens again, restart the device."


class BadAnswer(ProvisionError):
    """The device sent something the protocol does not allow."""

    kind = "bad-answer"
    default_mend = (
        "The device's software may be of another generation: `wifi-provision info` shows its version."
    )


class AttributeRefused(ProvisionError):
    """The device refused to let an attribute be read or written."""

    kind = "attribute-refused"
    default_mend = "Pair with the device first."
    exit_code = 4

    def __init__(self, message: str, code: int, mend: str | None = None) -> None:
        super().__init__(message, mend)
        self.code = code


class PairingRefused(ProvisionError):
    """Pairing did not come about. `reason` is the protocol's code, None when there was none."""

    exit_code = 4
    kind = "pairing-refused"
    default_mend = "Start again and compare the six digits on both sides."

    def __init__(self, message: str, reason: int | None = None, mend: str | None = None) -> None:
        super().__init__(message, mend)
        self.reason = reason


class BondLost(PairingRefused):
    """We have a key for the device, and the device has none for us."""

    kind = "bond-lost"
    default_mend = "Run `wifi-provision forget` and pair again."
