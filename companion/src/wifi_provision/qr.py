"""The QR code Espressif's apps scan, from the text a device shows, as a picture."""

from __future__ import annotations

import json
import pathlib

import segno

from wifi_provision.errors import WrongUse

_LONGEST = 512  # characters of the text


def draw(text: str, to: pathlib.Path) -> str:
    """Writes the code as PNG, for its owner alone: it holds the device's secret. Gives the device's name."""
    name = _name(text)
    code = segno.make(text.strip(), error="m", micro=False)
    try:
        to.touch(mode=0o600)
        with to.open("wb") as file:
            code.save(file, kind="png", scale=8, border=4)
    except OSError as error:
        raise WrongUse(f"{to} cannot be written: {error.strerror or error}.", "Name another file.") from error
    return name


def _name(text: str) -> str:
    """The device's name in the text, which must be what a device shows."""
    mend = 'Give it the line that begins with {"ver" as the device\'s console shows it after `protocomm`.'
    try:
        payload = json.loads(text) if len(text) <= _LONGEST else None
    except ValueError:
        payload = None
    if not isinstance(payload, dict) or payload.get("ver") != "v1":
        raise WrongUse("That is not the text of a device's QR code.", mend)
    name = payload.get("name")
    if not isinstance(name, str) or not name:
        raise WrongUse("The text names no device.", mend)
    return name
