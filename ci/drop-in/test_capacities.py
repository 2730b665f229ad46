"""Capacities ordered by the environment or by CMake: archive and firmware have the same, or it does not build."""

import re
from pathlib import Path

import pytest
from conftest import Run

TARGET = "thumbv7m-none-eabi"
ORDERED = {
    "WIFI_PROVISION_MAX_SAVED_NETWORKS": "5",
    "WIFI_PROVISION_MAX_SCAN_NETWORKS": "6",
    "WIFI_PROVISION_MAX_PASSPHRASE_BYTES": "70",
}
MACROS = {
    "IOT_BLE_WIFI_PROVISIONING_MAX_SAVED_NETWORKS": "5",
    "IOT_BLE_WIFI_PROVISIONIG_MAX_SCAN_NETWORKS": "6",
    "wificonfigMAX_PASSPHRASE_LEN": "70",
}

# All that is compiled of it is what the service brings along: the proof that the archive fits.
PROJECT = """
cmake_minimum_required(VERSION 3.20)
project(probe LANGUAGES C)
find_package(wifi_provision REQUIRED PATHS $ENV{WHERE} NO_DEFAULT_PATH)
add_library(probe STATIC)
target_include_directories(probe PRIVATE $ENV{INCLUDES})
target_link_libraries(probe PRIVATE wifi_provision)
"""


def dist(run: Run, folder: Path, *, fails: bool = False, **environment: str) -> str:
    return run(
        "cargo", "run", "--quiet", "--locked", "--package", "xtask", "--",
        "dist", "--target", TARGET, "--to", folder, "--as-is",
        fails=fails, **environment,
    ).stdout  # fmt: skip


def build(
    run: Run, root: Path, kernel: Path, folder: Path, where: Path, *options: str, fails: bool = False, **environment: str
) -> str:
    """A project that finds the service there."""
    folder.mkdir()
    (folder / "CMakeLists.txt").write_text(PROJECT)
    config = root / "freertos-kernel/config"
    port = run("cargo", "run", "--quiet", "--package", "freertos-kernel", "--", TARGET).stdout.strip()
    run(
        "cmake", "-S", folder, "-B", folder / "build",
        "-DCMAKE_SYSTEM_NAME=Generic", "-DCMAKE_C_COMPILER=arm-none-eabi-gcc",
        "-DCMAKE_TRY_COMPILE_TARGET_TYPE=STATIC_LIBRARY", "-DCMAKE_C_FLAGS=-mcpu=cortex-m3 -mthumb",
        f"-DWIFI_PROVISION_FREERTOS_CONFIG_DIR={config}", *options,
        WHERE=str(where), INCLUDES=f"{config};{kernel}/include;{port}", **environment,
    )  # fmt: skip
    return run("cmake", "--build", folder / "build", fails=fails).stdout


@pytest.fixture(scope="module")
def ordered(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ordered")
    dist(run, folder, **ORDERED)
    return folder


def test_those_of_the_environment_are_in_the_archive_and_reach_the_firmwares_compiler(
    run: Run, root: Path, kernel: Path, ordered: Path, tmp_path: Path
) -> None:
    facts = (ordered / "include/wifi_provision_abi.h").read_text()
    flags = run("pkg-config", "--cflags-only-other", "wifi_provision", PKG_CONFIG_PATH=str(ordered)).stdout.split()
    for name, value in MACROS.items():
        assert f"( {name} ) == {value}" in facts
    assert flags == [f"-D{name}={value}" for name, value in MACROS.items()]
    build(run, root, kernel, tmp_path / "probe", ordered)
    # That this can fail.
    description = ordered / "wifi_provision.pc"
    text = description.read_text()
    description.write_text(re.sub(" -D.*", "", text))
    assert "was built with 70 here" in build(run, root, kernel, tmp_path / "other", ordered, fails=True)
    description.write_text(text)


def test_those_ordered_with_cmake_reach_the_firmwares_compiler(
    run: Run, root: Path, kernel: Path, tmp_path: Path
) -> None:
    options = [f"-D{variable}={value}" for variable, value in ORDERED.items()]
    build(run, root, kernel, tmp_path / "probe", root, *options)
    facts = (tmp_path / "probe/build/wifi_provision/include/wifi_provision_abi.h").read_text()
    for name, value in MACROS.items():
        assert f"( {name} ) == {value}" in facts


def test_those_of_the_environment_stay_when_cmake_configures_again(
    run: Run, root: Path, kernel: Path, tmp_path: Path
) -> None:
    build(run, root, kernel, tmp_path / "probe", root, **ORDERED)
    # By itself, from an environment that says nothing of them.
    run("cmake", tmp_path / "probe/build", WHERE=str(root), INCLUDES="")
    cache = (tmp_path / "probe/build/CMakeCache.txt").read_text()
    for variable, value in ORDERED.items():
        assert f"{variable}:STRING={value}" in cache
    run("cmake", "--build", tmp_path / "probe/build", "--target", "wifi_provision_build")
    facts = (tmp_path / "probe/build/wifi_provision/include/wifi_provision_abi.h").read_text()
    for name, value in MACROS.items():
        assert f"( {name} ) == {value}" in facts


@pytest.mark.parametrize("what", ["firmware", "image --board esp32c3"])
def test_a_boards_firmware_has_what_the_headers_say(run: Run, what: str) -> None:
    command = ("cargo", "run", "--quiet", "--locked", "--package", "xtask", "--", *what.split())
    told = run(*command, fails=True, WIFI_PROVISION_MAX_PASSPHRASE_BYTES="70").stdout
    assert "WIFI_PROVISION_MAX_PASSPHRASE_BYTES is set, and the board's C code has what the headers say" in told


def test_one_that_a_header_defines_otherwise_does_not_build(run: Run, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "aws_wifi_config.h").write_text("#define wificonfigMAX_PASSPHRASE_LEN 63\n")
    told = dist(run, tmp_path / "dist", fails=True, WIFI_PROVISION_INCLUDE=str(own), **ORDERED)
    assert "WIFI_PROVISION_MAX_PASSPHRASE_BYTES is not what the project's headers and flags define" in told


def test_one_that_is_no_number_is_said(run: Run, tmp_path: Path) -> None:
    told = dist(run, tmp_path / "dist", fails=True, WIFI_PROVISION_MAX_SAVED_NETWORKS="many")
    assert 'WIFI_PROVISION_MAX_SAVED_NETWORKS is "many"; it must be a whole number' in told.replace("\\", "")
