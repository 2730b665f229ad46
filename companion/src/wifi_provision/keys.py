"""The phone's memory: its own address and key, and a bond for each device it has paired with.

One JSON file, readable by its owner only. Nothing of it is ever printed or logged.
"""

from __future__ import annotations

import asyncio
import json
import os
import pathlib
import secrets
import tempfile
from typing import Any

from bumble import hci
from bumble.keys import KeyStore, PairingKeys

from wifi_provision.errors import WrongUse

_VERSION = 1
_OWNER_ONLY = 0o600


def default_path() -> pathlib.Path:
    """Where the command line keeps its bonds."""
    home = os.environ.get("XDG_CONFIG_HOME") or pathlib.Path.home() / ".config"
    return pathlib.Path(home) / "wifi-provision" / "keys.json"


class Keys(KeyStore):
    """Bonds in a file, or with `path` None in memory."""

    def __init__(self, path: pathlib.Path | None = None) -> None:
        self._path = path
        self._lock = asyncio.Lock()
        self._bonds: dict[str, dict[str, Any]] = {}
        self.address = hci.Address.generate_static_address()
        self.irk = secrets.token_bytes(16)
        if path is not None:
            self._load(path)

    def _load(self, path: pathlib.Path) -> None:
        try:
            text = path.read_text("utf-8")
        except FileNotFoundError:
            return
        except OSError as error:
            raise WrongUse(f"The key file {path} cannot be read: {error.strerror}.") from error
        try:
            data = json.loads(text)
            if data["version"] != _VERSION:
                raise ValueError("version")
            self.address = hci.Address(data["phone"]["address"], hci.Address.RANDOM_DEVICE_ADDRESS)
            self.irk = bytes.fromhex(data["phone"]["irk"])
            self._bonds = dict(data["bonds"])
        except (ValueError, KeyError, TypeError) as error:
            raise WrongUse(
                f"The key file {path} is not one of this program's.",
                "Name another with --keys, or delete it and pair again.",
            ) from error

    def _save(self) -> None:
        if self._path is None:
            return
        data = {
            "version": _VERSION,
            "phone": {"address": self.address.to_string(False), "irk": self.irk.hex()},
            "bonds": self._bonds,
        }
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # A new file beside the old one, then a rename: a cut leaves one or the other. mkstemp gives 0600.
        handle, name = tempfile.mkstemp(dir=self._path.parent, prefix=".keys-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                os.fchmod(file.fileno(), _OWNER_ONLY)
                json.dump(data, file, indent=1)
                file.flush()
                os.fsync(file.fileno())
            pathlib.Path(name).replace(self._path)
        except BaseException:
            pathlib.Path(name).unlink(missing_ok=True)
            raise

    def known(self) -> list[str]:
        """The devices we have a bond with."""
        return [name.removesuffix("/P") for name in self._bonds]

    def forget(self, address: str | None) -> list[str]:
        """Drop one bond, or with None all; the addresses dropped."""
        gone = [
            name
            for name in self._bonds
            if address is None or name.removesuffix("/P").lower() == address.removesuffix("/P").lower()
        ]
        for name in gone:
            del self._bonds[name]
        if gone:
            self._save()
        return [name.removesuffix("/P") for name in gone]

    # --- what bumble asks -----------------------------------------------------------------------

    async def delete(self, name: str) -> None:
        async with self._lock:
            if self._bonds.pop(name, None) is not None:
                self._save()

    async def update(self, name: str, keys: PairingKeys) -> None:
        async with self._lock:
            self._bonds[name] = keys.to_dict()
            self._save()

    async def get(self, name: str) -> PairingKeys | None:
        bond = self._bonds.get(name)
        return None if bond is None else PairingKeys.from_dict(bond)

    async def get_all(self) -> list[tuple[str, PairingKeys]]:
        return [(name, PairingKeys.from_dict(bond)) for name, bond in self._bonds.items()]
