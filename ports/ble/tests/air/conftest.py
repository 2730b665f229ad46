"""The BLE half on the simulated air. Needs `ci/sim` and `ci/e2e` on the Python path, and cargo."""

import device
import pytest

pytest_plugins = ["harness.tables"]


@pytest.fixture(scope="session")
def host() -> str:
    return device.build()
