"""The BLE half on the simulated air. Needs `ci/sim` on the Python path, and cargo."""

import device
import pytest


@pytest.fixture(scope="session")
def host() -> str:
    return device.build()
