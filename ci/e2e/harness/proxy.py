"""The companion's proxy as a program beside the world: what it says, and commands typed to it."""

import json
import os
import signal
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

from .broker import LOOPBACK, Broker
from .command_line import CommandLine
from .networks import Network
from .waiting import TooLate, until


def proxy_words(broker: Broker) -> list[str]:
    """`proxy` towards a broker, with TLS and the phone's own certificate."""
    certificates = broker.certificates
    return [
        "proxy", "--broker", f"{LOOPBACK}:{broker.tls_port}",
        "--ca", str(certificates.authority.certificate),
        "--cert", str(certificates.phone.certificate), "--key", str(certificates.phone.key),
    ]  # fmt: skip


class ProxyProcess:
    """`wifi-provision proxy` with the bonds of a person's command line, who has paired before."""

    def __init__(self, run: Path, person: CommandLine, broker: Broker, *options: str):
        self._reading, self._secrets = os.pipe()
        self._events: list[dict[str, Any]] = []
        self._results: list[dict[str, Any]] = []
        self._lock = threading.Lock()
        self._vanished = False
        command = person.command(*proxy_words(broker), "--json", *options)
        with (run / "proxy.log").open("ab") as log:
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True,
                pass_fds=(self._reading,), start_new_session=True,
            )  # fmt: skip
        self._said = run / "proxy-said.log"
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            with self._said.open("a") as log:
                log.write(line)
            said = {"at": time.monotonic(), **json.loads(line)}
            with self._lock:
                (self._events if said.get("command") == "proxy" else self._results).append(said)

    @property
    def events(self) -> list[dict[str, Any]]:
        """Everything it has said of itself."""
        with self._lock:
            return list(self._events)

    def mark(self) -> int:
        """The place after the last event, to look on from."""
        return len(self.events)

    def expect(self, event: str, within: float = 30, since: int = 0) -> dict[str, Any]:
        """Waits for an event."""

        def there() -> dict[str, Any] | None:
            self.check()
            return next((one for one in self.events[since:] if one["event"] == event), None)

        try:
            return until(f"the proxy says {event}", there, within)
        except TooLate as late:
            raise TooLate(f"{late}; it said {[one['event'] for one in self.events[since:]]}") from None

    def do(self, line: str, within: float = 60) -> dict[str, Any]:
        """Types a command and waits for its outcome."""
        with self._lock:
            before = len(self._results)
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

        def answered() -> dict[str, Any] | None:
            self.check()
            with self._lock:
                return self._results[before] if len(self._results) > before else None

        return until(f"`{line}` is answered", answered, within)

    def add(self, network: Network) -> dict[str, Any]:
        """Types `add`, and gives the passphrase where nobody sees it."""
        secret = ""
        if network.passphrase:
            os.write(self._secrets, network.passphrase.encode() + b"\n")
            secret = f" --passphrase-fd {self._reading}"
        return self.do(f"add '{network.ssid}' --security {network.security.words}{secret}")

    def check(self) -> None:
        """Raises when it has ended by itself."""
        code = self._process.poll()
        assert code is None, f"the proxy ended with {code}"

    def end(self) -> int:
        """Ctrl-C; its exit code."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
        try:
            return self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            raise

    def vanish(self) -> None:
        """The phone is out of range from one moment to the next: nothing says goodbye."""
        self._process.kill()
        self._process.wait(15)
        self._vanished = True

    def __enter__(self) -> "ProxyProcess":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        code = 0 if self._vanished else self.end()
        assert self._process.stdin is not None
        self._process.stdin.close()
        os.close(self._reading)
        os.close(self._secrets)
        self._reader.join(5)
        if kind is None:
            assert code == 0, f"the proxy ended with {code}"
