"""Leaving the virtual device running, its console in this terminal."""

import select
import shlex
import signal
import sys

from .waiting import PERIOD
from .world import World


def stay(world: World, phone: list[str], proxy: list[str]) -> None:
    """Shows the console and types what is typed here, until Ctrl-C or the end of the world.

    `phone` and `proxy` are commands of the companion.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    print(
        "\nThe device goes on running. In another terminal, be the phone:\n\n"
        f"    {shlex.join(phone)}\n\n"
        "or the phone that carries the device's MQTT while it has no WiFi, and takes the same commands\n"
        "(`delete 0`, `list`) while it does:\n\n"
        f"    {shlex.join(proxy)}\n\n"
        "When it pairs, compare the six digits and answer y here and there. `help` shows the\n"
        "device's own commands. Ctrl-C ends everything.\n",
        flush=True,
    )
    shown = world.console.mark()
    listening = True
    try:
        while True:
            world.check()
            text = world.console.text
            sys.stdout.write(text[shown:])
            sys.stdout.flush()
            shown = len(text)
            ready, _, _ = select.select([sys.stdin] if listening else [], [], [], PERIOD)
            if ready:
                line = sys.stdin.readline()
                # Without anyone at the terminal, the device runs on all the same.
                listening = line != ""
                world.console.type(line.replace("\n", "\r"))
    except KeyboardInterrupt:
        print("\nThe device is switched off.")
