"""A device at the end of a pipe: `pipe.rs`, built by cargo."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


class Refused(Exception):
    """The device gave a request no answer."""


class Device:
    """The process, spoken to a line at a time."""

    def __init__(self, program, *security):
        self._process = subprocess.Popen(
            [program, *security], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def _order(self, line):
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().strip()

    def ask(self, endpoint, request, connection=1):
        """A request as the client writes it: its octets as Latin-1 text; so is the answer's."""
        words = self._order(f"ask {connection} {endpoint} {request.encode('latin-1').hex()}").split(" ")
        if words[0] != "answer":
            raise Refused
        return bytes.fromhex(words[1]).decode("latin-1")

    def work(self):
        assert self._order("work") == "done"

    def gone(self, connection=1):
        assert self._order(f"gone {connection}") == "done"

    def saved(self):
        names = self._order("saved").removeprefix("saved").strip()
        return [bytes.fromhex(name).decode() for name in names.split(",") if name]

    def close(self):
        self._process.stdin.close()
        self._process.wait(timeout=10)
        self._process.stdout.close()


@pytest.fixture(scope="session")
def program():
    command = ["cargo", "build", "--locked", "--features", "espressif"]
    command += ["--example", "protocomm_pipe", "--package", "wifi-provision", "--message-format=json"]
    built = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    lines = [line for line in built.stdout.splitlines() if '"protocomm_pipe"' in line]
    path = lines[-1].split('"executable":"')[1].split('"')[0]
    assert Path(path).is_file()
    return path


@pytest.fixture
def device(program):
    """Makes devices of a security; all are switched off at the end."""
    made = []

    def make(*security):
        made.append(Device(program, *security))
        return made[-1]

    yield make
    for one in made:
        one.close()
