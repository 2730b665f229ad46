"""A project that defines `IotBleWifiProv_GetSerializer` itself: its message format is used, if the archive was made for that."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Run


@pytest.fixture
def project(root: Path, tmp_path: Path) -> Path:
    """A demo whose phone and whose application speak text."""
    folder = tmp_path / "text"
    shutil.copytree(root / "demos/drop-in", folder)
    shutil.copy(root / "ci/drop-in/text_phone.c", folder / "phone.c")
    lists = folder / "CMakeLists.txt"
    lists.write_text(lists.read_text().replace("../.. wifi-provision", f'"{root}" wifi-provision'))
    return folder


def build(run: Run, project: Path, kernel: Path, option: str, *, fails: bool = False) -> str:
    run("cmake", "-S", project, "-B", project / "build", f"-DWIFI_PROVISION_CUSTOM_SERIALIZER={option}",
        FREERTOS_KERNEL_PATH=str(kernel))  # fmt: skip
    return run("cmake", "--build", project / "build", fails=fails).stdout


def test_a_serializer_of_the_project_is_used(
    run: Run, project: Path, kernel: Path, answers_are_right: Callable[[Path], None]
) -> None:
    build(run, project, kernel, "ON")
    answers_are_right(project / "build/drop_in.elf")


def test_an_archive_not_made_for_it_does_not_link_with_one(run: Run, project: Path, kernel: Path) -> None:
    told = build(run, project, kernel, "OFF", fails=True)
    assert "multiple definition of `IotBleWifiProv_GetSerializer'" in told


def test_it_may_be_replaced_and_is_there_otherwise(run: Run, tmp_path: Path) -> None:
    run("cargo", "xtask", "dist", "--target", "thumbv7m-none-eabi", "--to", tmp_path, "--as-is", "--custom-serializer")
    listing = run("nm", "--defined-only", "--extern-only", "--format=posix", tmp_path / "libwifi_provision.a").stdout
    kinds = dict(line.split()[:2] for line in listing.splitlines() if len(line.split()) > 1)
    assert {name for name, kind in kinds.items() if kind == "W"} == {
        "IotBleWifiProv_GetSerializer", "WIFI_NetworkMove", "WIFI_NetworkReplace", "WIFI_PROVISION_Log",
    }  # fmt: skip
