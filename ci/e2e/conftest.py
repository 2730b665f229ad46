"""The virtual world for the tests: one to a module, with the board on and its service ready."""

import logging
from collections.abc import Iterator

import pytest
from harness.leaks import RUNS
from harness.world import World, run_directory

# The test that looks through what all the others have left.
LAST = "test_no_log_of_any_run_holds_a_passphrase"

# What pytest has caught of each test's output, by the test's name.
CAUGHT: list[tuple[str, str]] = []

pytest_plugins = ["harness.tables"]


@pytest.fixture(scope="module")
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    name = request.module.__name__.removeprefix("test_")
    with World(name) as world:
        world.power_on()
        yield world
        world.check()
        assert world.leaks() == []


@pytest.fixture(scope="session", autouse=True)
def phones_log() -> Iterator[None]:
    """What the phones' libraries log in this process goes to a file, too."""
    run = run_directory("phones")
    RUNS.append(run)
    handler = logging.FileHandler(run / "phones.log")
    logging.getLogger().addHandler(handler)
    yield
    logging.getLogger().removeHandler(handler)
    handler.close()


@pytest.fixture
def caught() -> list[tuple[str, str]]:
    """What pytest has caught of the output of all tests so far, each with its name."""
    return CAUGHT


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.name == LAST)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    CAUGHT.extend((f"{report.nodeid}, {title}", text) for title, text in report.sections)
