"""The feature `defmt`: a firmware that logs with it, run in QEMU, its log decoded by defmt's own tool."""

import subprocess
from pathlib import Path

import pytest
from conftest import DEADLINE, Run

DECODER = "defmt-print@1.2.0"
TARGET = "thumbv7m-none-eabi"

LOG = """\
provisioning: List { max: 5 }
the phone is sent 49 bytes
provisioning: Success
provisioning: Save { connect: true }
the phone is sent 7 bytes
provisioning: Timeout
provisioning: Save { connect: true }
the phone is sent 7 bytes
provisioning: Success
provisioning: Refuse { kind: Save, status: NotSupported }
the phone is sent 7 bytes
provisioning: NotSupported
provisioning: Edit { from: 0, to: 1 }
the phone is sent 7 bytes
provisioning: Failure
provisioning: Delete { priority: 0 }
the phone is sent 7 bytes
provisioning: Success
security 0 is Some(Open)
security 1 is Some(Wep)
security 2 is Some(Wpa)
security 3 is Some(Wpa2)
security 4 is Some(Wpa2Enterprise)
security 5 is Some(Wpa3)
security 6 is None
"""


@pytest.fixture(scope="module")
def decoder(run: Run, root: Path) -> Path:
    tools = root / "target/drop-in/tools"
    # Without optimisation: it reads a dozen lines, and building it is what takes time here.
    run("cargo", "install", "--quiet", "--locked", "--debug", "--root", tools, DECODER)
    return tools / "bin/defmt-print"


def test_the_service_and_the_librarys_types_log_themselves(run: Run, cargo_folder: Path, decoder: Path) -> None:
    run("cargo", "build", "--locked", "--release", "--package", "demo-defmt", "--target", TARGET, DEFMT_LOG="info")
    image = cargo_folder / TARGET / "release/demo-defmt"
    machine = "timeout 120 qemu-system-arm -M mps2-an385 -display none -monitor none -semihosting -kernel"
    frames = subprocess.run([*machine.split(), image], capture_output=True, timeout=DEADLINE, check=True).stdout
    assert b"provisioning" not in frames, "the texts are not in the device"
    command = [decoder, "-e", image, "--log-format", "{s}"]
    told = subprocess.run(command, input=frames, capture_output=True, timeout=DEADLINE, check=True).stdout
    assert told.decode() == LOG
