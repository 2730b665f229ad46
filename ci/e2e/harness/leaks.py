"""Whether a passphrase stands in what a run has left behind: consoles, logs, what the companion said."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from .networks import KNOWN_SECRETS

# Folders of this session's runs.
RUNS: list[Path] = []

# The flash holds what is saved; nobody reads it as a log.
NO_LOGS = ("flash.bin",)


def forms(secret: bytes) -> Iterator[bytes]:
    """As it may be written: plain, in hexadecimal digits, in hexadecimal octets, as a list of numbers."""
    yield secret
    for digits in (secret.hex(), secret.hex(" "), secret.hex(":")):
        yield digits.encode()
        yield digits.upper().encode()
    yield ", ".join(map(str, secret)).encode()


def names_in(text: bytes) -> list[str]:
    """Whose passphrases stand in a text."""
    return sorted(name for secret, name in KNOWN_SECRETS.items() if any(form in text for form in forms(secret)))


def written(run: Path) -> Iterator[Path]:
    """What a run has written, but for its flash."""
    files = (path for path in sorted(run.rglob("*")) if path.is_file() and not path.is_symlink())
    return (path for path in files if path.name not in NO_LOGS)


def leaks(run: Path) -> list[str]:
    """Where a passphrase of the tests stands in what a run has written."""
    return [
        f"{path.relative_to(run)} holds the passphrase of {name}"
        for path in written(run)
        for name in names_in(path.read_bytes())
    ]


def leaks_of_all_runs() -> list[str]:
    """The same of every run of this session that is still there."""
    return [f"{run.name}: {leak}" for run in dict.fromkeys(RUNS) for leak in leaks(run)]


def leaks_in_output(said: Iterable[tuple[str, str]]) -> list[str]:
    """The same of what was said under a title each."""
    return [
        f"{title}: holds the passphrase of {name}"
        for title, text in said
        for name in names_in(text.encode(errors="replace"))
    ]
