"""The virtual world for the tests: one to a module, with the board on and its service ready."""

from collections.abc import Iterator

import pytest
from harness.world import World

pytest_plugins = ["harness.tables"]


@pytest.fixture(scope="module")
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    name = request.module.__name__.removeprefix("test_")
    with World(name) as world:
        world.power_on()
        yield world
        world.check()
        assert world.leaks() == []
