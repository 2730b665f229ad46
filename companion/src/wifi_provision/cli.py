"""The command line `wifi-provision`."""

from __future__ import annotations

import asyncio
import json
import logging
import signal
import sys
from typing import Any

from wifi_provision import commands
from wifi_provision.errors import ProvisionError
from wifi_provision.options import Options, parse
from wifi_provision.show import error_as_dict

_PROGRAM_FAULT = 70  # what sysexits calls an internal software error


class Output:
    """Results on standard output, progress and questions on standard error."""

    def __init__(self, options: Options) -> None:
        self.json = options.json
        self._quiet = options.quiet

    def progress(self, sentence: str) -> None:
        """What is being done."""
        if not self._quiet:
            self.tell(sentence)

    def tell(self, sentence: str) -> None:
        """What a person must see."""
        print(sentence, file=sys.stderr, flush=True)

    def result(self, value: dict[str, Any], lines: list[str]) -> None:
        """The outcome: an object for scripts, or lines for people."""
        if self.json:
            print(json.dumps({"ok": True, **value}, ensure_ascii=False), flush=True)
        else:
            print("\n".join(lines), flush=True)

    def error(self, error: ProvisionError) -> None:
        """What went wrong and the mend."""
        if self.json:
            print(json.dumps({"ok": False, "error": error_as_dict(error)}, ensure_ascii=False), flush=True)
        self.tell(f"Error: {error}")
        if error.mend:
            self.tell(f"  {error.mend}")


async def _run(options: Options, output: Output) -> int:
    task = asyncio.current_task()
    assert task is not None
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, task.cancel)  # hang up properly
    try:
        await commands.run(options, output)
    except ProvisionError as error:
        output.error(error)
        return error.exit_code
    return 0


def main(argv: list[str] | None = None) -> int:
    """Run one command; the exit code is documented in the README."""
    options = parse(argv)
    output = Output(options)
    # The Bluetooth stacks log packets, and packets hold passphrases.
    logging.basicConfig(level=logging.CRITICAL)
    try:
        return asyncio.run(_run(options, output))
    except (asyncio.CancelledError, KeyboardInterrupt):
        return 0 if options.command in ("watch", "proxy") else 130
    except BrokenPipeError:
        return 0
    except Exception as error:
        output.tell(f"Error: a fault in this program ({type(error).__name__}). Please report it.")
        if options.trace:
            raise
        return _PROGRAM_FAULT


if __name__ == "__main__":
    sys.exit(main())
