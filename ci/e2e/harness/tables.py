"""Tables that tests make: a pytest plugin. Each is printed at the end of the run it is made in, and kept in
`target/tables`, from where `cargo xtask test` prints them once more at its own end."""

import re
from collections.abc import Sequence

import pytest

from .process import TREE

FOLDER = TREE / "target" / "tables"


class Tables:
    """What tests have to show."""

    def __init__(self) -> None:
        self.shown: dict[str, list[str]] = {}

    def show(self, title: str, lines: Sequence[str]) -> None:
        """One table. A later one of the same title takes its place."""
        self.shown[title] = list(lines)
        FOLDER.mkdir(parents=True, exist_ok=True)
        name = re.sub(r"\W+", "-", title.lower())
        (FOLDER / f"{name}.txt").write_text("\n".join([title, *lines, ""]))


_KEY = pytest.StashKey[Tables]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_KEY] = Tables()


@pytest.fixture
def tables(request: pytest.FixtureRequest) -> Tables:
    return request.config.stash[_KEY]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for title, lines in config.stash[_KEY].shown.items():
        terminalreporter.section(title)
        for line in lines:
            terminalreporter.write_line(line)
