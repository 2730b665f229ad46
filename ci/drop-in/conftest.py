"""The drop-in as C projects take it in: CMake, make, compilers and QEMU, from the outside."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Long enough for a first build on a slow machine; nothing here waits for time to pass.
DEADLINE = 1800

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def cargo_folder() -> Path:
    """Where cargo builds for all of these tests, one after the other."""
    folder = ROOT / "target/drop-in/cargo"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def run(cargo_folder: Path) -> Run:
    """Runs a program; what it said is in `stdout`, with what it said on stderr. With `fails`, it must fail."""

    def run(
        *command: str | Path, at: Path = ROOT, fails: bool = False, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        own = {"WIFI_PROVISION_CARGO_DIR": str(cargo_folder), "CARGO_TARGET_DIR": str(cargo_folder)}
        done = subprocess.run(
            [str(word) for word in command],
            cwd=at,
            env={**os.environ, **own, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=DEADLINE,
            check=False,
        )
        assert (done.returncode != 0) == fails, done.stdout
        return done

    return run


@pytest.fixture(scope="session")
def kernel(run: Run) -> Path:
    return Path(run("cargo", "run", "--quiet", "--package", "freertos-kernel").stdout.strip())


@pytest.fixture(scope="session")
def guide(run: Run, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder in which the guide was followed, and all that was printed."""
    folder = tmp_path_factory.mktemp("guide") / "firmware"
    return folder, run(ROOT / "ci/drop-in/guide.sh", folder).stdout


@pytest.fixture(scope="session")
def answers_are_right(run: Run) -> Callable[[Path], str]:
    """Runs an image in QEMU: its phone must like every answer. Gives what was printed."""

    def check(image: Path) -> str:
        machine = "-M mps2-an385 -display none -monitor none -serial stdio -semihosting"
        told = run("timeout", "120", "qemu-system-arm", *machine.split(), "-kernel", image).stdout
        assert "0 answers were wrong" in told
        return told

    return check
