"""What is missing is said in one sentence, when CMake configures."""

import shutil
from pathlib import Path

import pytest
from conftest import Run

PROJECT = """
cmake_minimum_required(VERSION 3.20)
project(probe LANGUAGES C)
find_package(wifi_provision REQUIRED PATHS $ENV{WIFI_PROVISION} NO_DEFAULT_PATH)
"""


def configure(
    run: Run, root: Path, folder: Path, flags: str, *more: str, fails: bool, **environment: str
) -> str:
    (folder / "CMakeLists.txt").write_text(PROJECT)
    told = run(
        "cmake", "-S", folder, "-B", folder / "build",
        "-DCMAKE_SYSTEM_NAME=Generic", "-DCMAKE_C_COMPILER=arm-none-eabi-gcc",
        "-DCMAKE_TRY_COMPILE_TARGET_TYPE=STATIC_LIBRARY", f"-DCMAKE_C_FLAGS={flags}",
        *more, fails=fails, WIFI_PROVISION=str(root), **environment,
    ).stdout  # fmt: skip
    return " ".join(told.split())


M3 = "-mcpu=cortex-m3 -mthumb"


@pytest.mark.parametrize(
    ("flags", "more", "sentence"),
    [
        (M3, [], "where FreeRTOSConfig.h lies is not known; set WIFI_PROVISION_FREERTOS_CONFIG_DIR"),
        (M3, ["-DWIFI_PROVISION_FREERTOS_CONFIG_DIR=/nowhere"], "/nowhere has no FreeRTOSConfig.h"),
        (M3, ["-DFREERTOS_KERNEL_PATH=/nowhere"], "/nowhere is no kernel tree"),
        (M3, ["-DWIFI_PROVISION_TARGET=thumbv4t-none-eabi"], "run `rustup target add thumbv4t-none-eabi`"),
        ("", [], "no Rust target is known for what"),
    ],
)
def test_what_is_missing_is_said(
    run: Run, root: Path, tmp_path: Path, flags: str, more: list[str], sentence: str
) -> None:
    assert sentence in configure(run, root, tmp_path, flags, *more, fails=True)


def test_a_kernel_of_the_environment_that_is_none_is_said_by_cargo_too(run: Run) -> None:
    told = run("cargo", "run", "--quiet", "--package", "freertos-kernel", fails=True, FREERTOS_KERNEL_PATH="/nowhere")
    assert "FREERTOS_KERNEL_PATH is /nowhere, but /nowhere/include/FreeRTOS.h is not there" in told.stdout


def test_headers_that_are_not_there_are_said(run: Run, root: Path, tmp_path: Path) -> None:
    config = f"-DWIFI_PROVISION_FREERTOS_CONFIG_DIR={root / 'demos/drop-in/config'}"
    told = configure(run, root, tmp_path, M3, config, "-DWIFI_PROVISION_INCLUDE=/nowhere", fails=True)
    assert "/nowhere of WIFI_PROVISION_INCLUDE is no folder" in told


QUEUE = "WIFI_PROVISION_QUEUE_SLOTS is 3; it must be 1, 2, 4, 8, 16, 32 or 64"


def test_a_queue_that_cannot_be_is_said(run: Run, root: Path, tmp_path: Path) -> None:
    config = f"-DWIFI_PROVISION_FREERTOS_CONFIG_DIR={root / 'demos/drop-in/config'}"
    assert QUEUE in configure(run, root, tmp_path, M3, config, "-DWIFI_PROVISION_QUEUE_SLOTS=3", fails=True)


@pytest.mark.parametrize(("slots", "fails"), [("1", False), ("4", False), ("3", True)])
def test_the_queue_of_the_environment(run: Run, tmp_path: Path, slots: str, fails: bool) -> None:
    told = run(
        "cargo", "run", "--quiet", "--locked", "--package", "xtask", "--",
        "dist", "--target", "thumbv7m-none-eabi", "--to", tmp_path, "--as-is",
        fails=fails, WIFI_PROVISION_QUEUE_SLOTS=slots,
    ).stdout  # fmt: skip
    assert (tmp_path / "libwifi_provision.a").is_file() != fails
    assert (QUEUE in told) == fails


def test_without_cargo_it_says_where_to_get_it(run: Run, root: Path, tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("cmake", "make", "arm-none-eabi-gcc", "arm-none-eabi-ar", "arm-none-eabi-ranlib"):
        found = shutil.which(name)
        assert found, f"{name} is missing"
        (tools / name).symlink_to(found)
    away = {"PATH": str(tools), "HOME": "/nowhere", "CARGO_HOME": "/nowhere"}
    # CMake looks into the system's folders as well, where a cargo may be.
    system = "-DCMAKE_FIND_USE_CMAKE_SYSTEM_PATH=OFF"
    told = configure(run, root, tmp_path, M3, system, fails=True, **away)
    assert "cargo is not there; install Rust with rustup" in told


ARM = "arm-none-eabi-gcc"
RISCV = "riscv64-unknown-elf-gcc"


@pytest.mark.parametrize(
    ("compiler", "flags", "target"),
    [
        (ARM, "-mthumb -mcpu=cortex-m0plus", "thumbv6m-none-eabi"),
        (ARM, "-mthumb -mcpu=cortex-m3", "thumbv7m-none-eabi"),
        (ARM, "-mthumb -mcpu=cortex-m4 -mfloat-abi=soft", "thumbv7em-none-eabi"),
        (ARM, "-mthumb -mcpu=cortex-m4 -mfloat-abi=hard -mfpu=fpv4-sp-d16", "thumbv7em-none-eabihf"),
        (ARM, "-mthumb -mcpu=cortex-m33 -mfloat-abi=hard", "thumbv8m.main-none-eabihf"),
        (RISCV, "-march=rv32imc -mabi=ilp32", "riscv32imc-unknown-none-elf"),
        (RISCV, "-march=rv32imac -mabi=ilp32", "riscv32imac-unknown-none-elf"),
        ("gcc", "-m32", "i686-unknown-linux-gnu"),
    ],
)
def test_the_rust_target_is_that_of_the_compilers_flags(
    run: Run, root: Path, tmp_path: Path, compiler: str, flags: str, target: str
) -> None:
    # It fails in any case: because the target is not installed, or at the kernel.
    more = (f"-DCMAKE_C_COMPILER={compiler}", "-DFREERTOS_KERNEL_PATH=/nowhere")
    assert f"wifi_provision: for {target}" in configure(run, root, tmp_path, flags, *more, fails=True)


def test_the_processor_of_the_toolchain_file_will_do(run: Run, root: Path, tmp_path: Path) -> None:
    more = ("-DCMAKE_SYSTEM_PROCESSOR=cortex-m3", "-DFREERTOS_KERNEL_PATH=/nowhere")
    assert "wifi_provision: for thumbv7m-none-eabi" in configure(run, root, tmp_path, "", *more, fails=True)
