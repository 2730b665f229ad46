"""A program of the virtual world: started, watched, ended."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

from .waiting import until

PR_SET_PDEATHSIG = 1
TREE = Path(__file__).resolve().parents[3]


class Ended(RuntimeError):
    """A program that should be running is not."""


class Process:
    """One program with its output in ``<run>/<name>.log``."""

    def __init__(self, name: str, command: list[str], run: Path):
        self.name = name
        self.log = run / f"{name}.log"
        environment = dict(os.environ)
        environment["PYTHONPATH"] = str(TREE / "ci" / "sim")
        environment["PYTHONUNBUFFERED"] = "1"
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                command, cwd=run, env=environment, stdin=subprocess.DEVNULL, stdout=log,
                stderr=subprocess.STDOUT, preexec_fn=_die_with_us, start_new_session=True,
            )

    @classmethod
    def simulator(cls, module: str, run: Path) -> "Process":
        """A module of ``ci/sim``, told where its sockets belong."""
        name = module.rpartition(".")[2].replace("_", "-")
        return cls(name, [sys.executable, "-m", module, "--run", str(run)], run)

    @property
    def pid(self) -> int:
        return self._process.pid

    def check(self) -> None:
        """Raises when the program has ended."""
        code = self._process.poll()
        if code is not None:
            tail = self.log.read_text(errors="replace")[-2000:]
            raise Ended(f"{self.name} ended with {code}; the end of {self.log}:\n{tail}")

    def listens(self, path: Path, within: float = 15) -> None:
        """Waits until the program accepts connections at a socket path."""

        def there() -> bool:
            self.check()
            return path.exists() and is_listening(path)

        until(f"{self.name} listens at {path.name}", there, within)

    def end(self, within: float = 5) -> None:
        """Asks the program to end; kills it when it does not."""
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(within)
            except subprocess.TimeoutExpired:
                self.kill()

    def kill(self) -> None:
        """Ends the program at once, as a power cut does."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()


def _die_with_us() -> None:
    """In the child: ends it when we end, even when we are killed. A Ctrl-C is for us alone."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def is_listening(path: Path) -> bool:
    """Whether a unix socket is in the listening state; looks in the kernel's table, since
    connecting would be a connection the program serves."""
    flag_listening = 0x10000
    for line in Path("/proc/net/unix").read_text().splitlines()[1:]:
        fields = line.split()
        if len(fields) >= 8 and fields[7] == str(path):
            return bool(int(fields[3], 16) & flag_listening)
    return False


def fits_socket_path(path: Path) -> bool:
    """Whether the system takes this path as a socket's."""
    probe = socket.socket(socket.AF_UNIX)
    try:
        probe.connect(str(path))
    except FileNotFoundError:
        return True
    except OSError:
        return False
    finally:
        probe.close()
    return True
