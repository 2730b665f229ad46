"""The virtual board: QEMU with its wires to the world."""

import shutil
import socket
from pathlib import Path

from .console import Console
from .process import Process
from .waiting import until

# Where the machine has RAM that the firmware may use: start and size.
RAM = ((0x0000_0000, 0x0040_0000), (0x2000_0000, 0x0040_0000))

FLASH_BYTES = 16 * 1024 * 1024
# Where `ports/mps2-an385/src/mqtt.rs` looks for the MQTT settings.
SETTINGS_AT = FLASH_BYTES - 64 * 1024
SETTINGS_BYTES = 8 * 1024


class Board:
    """One mps2-an385 with its flash. Powering it off and on keeps the flash."""

    def __init__(self, run: Path, firmware: Path):
        self._run = run
        self._firmware = firmware
        self._flash = run / "flash.bin"
        self._qemu: Process | None = None
        self.console = Console(run)
        if not firmware.is_file():
            raise FileNotFoundError(f"{firmware} is not there; make it with `cargo xtask firmware`")
        if shutil.which("qemu-system-arm") is None:
            raise FileNotFoundError("qemu-system-arm is not installed; `cargo xtask setup` does it")
        self.blank_flash()

    def blank_flash(self) -> None:
        """The flash as it leaves the factory: every bit one."""
        self._flash.write_bytes(b"\xff" * FLASH_BYTES)

    def provision(self, settings: bytes) -> None:
        """Writes MQTT settings into flash, as production does; with none, takes them out."""
        assert self._qemu is None, "the board is on"
        assert len(settings) <= SETTINGS_BYTES
        with self._flash.open("r+b") as flash:
            flash.seek(SETTINGS_AT)
            flash.write(settings.ljust(SETTINGS_BYTES, b"\xff"))

    @property
    def is_on(self) -> bool:
        return self._qemu is not None

    def power_on(self) -> None:
        assert self._qemu is None, "the board is on already"
        self._qemu = Process("qemu", self._command(), self._run)
        qemu = self._qemu

        def listens() -> bool:
            qemu.check()
            return self.console.has_reader()

        until("QEMU listens to its console", listens, 15)

    def power_off(self) -> None:
        """Cuts the power: nothing of the firmware runs any more, not even half an instruction."""
        self.console.hang_up()
        if self._qemu is not None:
            self._qemu.kill()
            self._qemu = None

    def flash(self, size: int = FLASH_BYTES) -> bytes:
        """What the flash holds at this instant, or its first ``size`` bytes."""
        with self._flash.open("rb") as flash:
            return flash.read(size)

    def memory(self) -> bytes:
        """What the board's RAM holds at this instant, code and data: the machine is stopped for it. The
        flash is a file and not among it."""
        dumps = [self._run / f"ram-{start:08x}.bin" for start, _ in RAM]
        commands = ["stop"]
        commands += [f"pmemsave {start:#x} {size:#x} {dump.name}" for (start, size), dump in zip(RAM, dumps, strict=True)]
        self._monitor(*commands, "cont")
        held = b"".join(dump.read_bytes() for dump in dumps)
        assert len(held) == sum(size for _, size in RAM), "QEMU did not write all of it"
        for dump in dumps:
            dump.unlink()
        return held

    def _monitor(self, *commands: str) -> None:
        """Has QEMU's monitor carry commands out, one after the other."""
        prompt = b"(qemu) "
        with socket.socket(socket.AF_UNIX) as monitor:
            monitor.settimeout(30)
            monitor.connect(str(self._run / "monitor.sock"))
            for command in ("", *commands):
                if command:
                    monitor.sendall(command.encode() + b"\n")
                said = b""
                while not said.endswith(prompt):
                    part = monitor.recv(4096)
                    assert part, f"QEMU's monitor hung up at '{command}'"
                    said += part

    def check(self) -> None:
        """Raises when QEMU has ended by itself."""
        if self._qemu is not None:
            self._qemu.check()

    def _command(self) -> list[str]:
        run = self._run

        def wire(name: str, path: Path, *options: str) -> list[str]:
            chardev = ",".join(["socket", f"id={name}", f"path={path}", *options])
            return ["-chardev", chardev, "-serial", f"chardev:{name}"]

        return [
            "qemu-system-arm",
            *("-M", "mps2-an385,memory-backend=psram"),
            *("-object", f"memory-backend-file,id=psram,size={FLASH_BYTES},mem-path={self._flash},share=on"),
            *("-kernel", str(self._firmware)),
            *("-display", "none", "-no-user-config"),
            *("-monitor", f"unix:{run / 'monitor.sock'},server=on,wait=off"),
            # The firmware ends the machine with a code when something it relies on did not hold.
            *("-semihosting-config", "enable=on,target=native"),
            # UART0 console, UART1 Bluetooth controller, UART2 the WiFi chip's commands.
            *("-chardev", f"pipe,id=console,{self.console.options}", "-serial", "chardev:console"),
            *wire("air", run / "air-device.sock"),
            *wire("radio", run / "radio.sock"),
            # Ethernet: the WiFi chip's frames.
            *("-netdev", f"stream,id=wifi,server=off,addr.type=unix,addr.path={run / 'eth.sock'}"),
            *("-net", "nic,model=lan9118,netdev=wifi"),
        ]
