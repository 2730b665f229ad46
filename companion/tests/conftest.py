"""A simulated air and a stand-in device for each test that asks."""

from __future__ import annotations

import asyncio
import contextlib
import pathlib
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from fake_device import FakeDevice
from fake_store import Net, Store
from wifi_sim.air import Air


def networks(count: int, prefix: str) -> list[Net]:
    """Some networks."""
    return [Net(f"{prefix}{i}", bytes([2, 0, 0, 0, 0, i]), rssi=-40 - 4 * i) for i in range(count)]


@contextlib.asynccontextmanager
async def world(store: Store | None = None, mtu: int = 512) -> AsyncIterator[tuple[Air, FakeDevice]]:
    """The air and a device on it."""
    store = store or Store(saved=networks(3, "Saved"), scanned=networks(4, "Scan"))
    # Socket paths are short: pytest's own folders may be too deep.
    with tempfile.TemporaryDirectory(prefix="wp") as folder:
        async with Air(pathlib.Path(folder)) as air, FakeDevice(air.device_socket, store, mtu=mtu) as device:
            yield air, device


def run(test: Callable[[], Awaitable[None]], within: float = 50) -> None:
    """Run an asynchronous test, for so many seconds at most."""

    async def bounded() -> None:
        async with asyncio.timeout(within):
            await test()

    asyncio.run(bounded())


@pytest.fixture(autouse=True)
def no_home(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the user's own bonds."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
