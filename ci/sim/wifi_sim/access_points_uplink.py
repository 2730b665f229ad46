"""The network behind the access points: QEMU's user network, in a process of its own.

It gives addresses by DHCP (10.0.2.15, gateway 10.0.2.2) and passes TCP connections to fixed guest
addresses on to ports of this machine. (QEMU could cut off everything else, but its leases then lack
the gateway and the name server, which a device has to cope with.)
"""

import asyncio
import ctypes
import os
import shlex
import shutil
import signal
import sys
from pathlib import Path

RELAY = Path(__file__).with_name("access_points_relay.py")
PR_SET_PDEATHSIG = 1


class Failed(RuntimeError):
    """The network cannot be had; the text says what to do."""


def forward_option(guest: str, port: int) -> str:
    """One `guestfwd` of QEMU: from `address:port` of the guest's network to a port of ours."""
    words = [sys.executable, "-I", "-S", str(RELAY), str(port)]
    command = " ".join(shlex.quote(word) for word in words).replace(",", ",,")
    return f"guestfwd=tcp:{guest}-cmd:{command}"


def command(socket: Path, forwards: list[tuple[str, int]]) -> list[str]:
    program = shutil.which("qemu-system-arm")
    if program is None:
        raise Failed("qemu-system-arm is not installed; `cargo xtask setup` installs it")
    user = ",".join(["user,id=user,ipv6=off", *(forward_option(guest, port) for guest, port in forwards)])
    return [
        program,
        *("-M", "none", "-nodefaults", "-no-user-config", "-display", "none", "-monitor", "none"),
        *("-netdev", user),
        *(
            "-netdev",
            "stream,id=points,server=off,addr.type=unix,addr.path=" + str(socket).replace(",", ",,"),
        ),
        *("-netdev", "hubport,hubid=0,id=port0,netdev=user"),
        *("-netdev", "hubport,hubid=0,id=port1,netdev=points"),
    ]


def die_with_us() -> None:
    """In the child: ends it when we end, even when we are killed."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


async def start(socket: Path, forwards: list[tuple[str, int]], log: Path) -> asyncio.subprocess.Process:
    """Starts it. It connects to the socket, which must be listening."""
    parent = os.getpid()

    def prepare() -> None:
        die_with_us()
        if os.getppid() != parent:
            os._exit(1)

    with log.open("ab") as output:
        return await asyncio.create_subprocess_exec(
            *command(socket, forwards),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            # A Ctrl-C is for us, who end it in order.
            start_new_session=True,
            preexec_fn=prepare,
        )
