"""Projects that are built: the demo, the guide's, and what makes them anew."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import Run

RIGHT = "0 answers were wrong"
ARCHIVE = "wifi_provision/libwifi_provision.a"

# What the service logs while the demo's phone plays and waits for it. What each request came to is logged when the phone
# has its answer and may print as well: there a line can be broken.
LIST, JOIN, DELETE = "list networks", "join a new network, then save it", "delete a saved network"
LOG = [
    "serving phones", LIST, JOIN, JOIN, "save a new network", LIST, "change the order of saved networks", LIST,
    DELETE, DELETE, LIST,
]  # fmt: skip
LINE = re.compile(f"provisioning: ({'|'.join(sorted(set(LOG)))})\r?$", re.MULTILINE)


def test_cmake_alone_builds_the_demo_and_its_phone_is_answered(run: Run, root: Path, tmp_path: Path) -> None:
    run("cmake", "-S", root / "demos/drop-in", "-B", tmp_path)
    run("cmake", "--build", tmp_path)
    told = run("ctest", "-V", at=tmp_path).stdout
    assert RIGHT in told
    assert LINE.findall(told) == LOG, "the service's log takes the way of the project's configPRINTF"
    archive, image = tmp_path / "wifi-provision" / ARCHIVE, tmp_path / "drop_in.elf"
    times = archive.stat().st_mtime_ns, image.stat().st_mtime_ns
    run("cmake", "--build", tmp_path)
    assert times == (archive.stat().st_mtime_ns, image.stat().st_mtime_ns), "nothing changed"


def test_the_guide_followed_to_the_letter_makes_two_firmwares_that_answer(guide: tuple[Path, str]) -> None:
    _, told = guide
    assert told.count(RIGHT) == 2, told


@pytest.fixture
def project(guide: tuple[Path, str], tmp_path: Path, kernel: Path, root: Path, monkeypatch) -> Iterator[Path]:
    """A copy of the guide's project, to change, where a path has a space."""
    folder = tmp_path / "my firmware"
    shutil.copytree(guide[0], folder, ignore=lambda *_: ["build"])
    monkeypatch.setenv("FREERTOS_KERNEL_PATH", str(kernel))
    monkeypatch.setenv("WIFI_PROVISION", str(root))
    yield folder


def built(folder: Path) -> str:
    return (folder / "build/wifi_provision/include/wifi_provision_abi.h").read_text()


def test_a_macro_of_the_project_makes_archive_and_image_anew(
    run: Run, project: Path, answers_are_right: Callable[[Path], None]
) -> None:
    run("cmake", "-S", ".", "-B", "build", at=project)
    run("cmake", "--build", "build", at=project)
    image = project / "build/my_firmware"
    before = image.read_bytes()
    config = project / "config/FreeRTOSConfig.h"
    text = config.read_text()
    more = "#define WIFI_PROVISION_TASK_STACK_DEPTH 2000\n#define IOT_BLE_WIFI_PROVISIONING_MAX_SAVED_NETWORKS 5\n"
    config.write_text(text.replace("#endif /* FREERTOS_CONFIG_H", more + "#endif /* FREERTOS_CONFIG_H"))
    run("cmake", "--build", "build", at=project)
    assert "( WIFI_PROVISION_TASK_STACK_DEPTH ) == 2000" in built(project)
    assert "( IOT_BLE_WIFI_PROVISIONING_MAX_SAVED_NETWORKS ) == 5" in built(project)
    assert image.read_bytes() != before
    answers_are_right(image)


def test_a_store_of_two_places_is_reordered_when_full(
    run: Run, project: Path, answers_are_right: Callable[[Path], None]
) -> None:
    config = project / "config/FreeRTOSConfig.h"
    less = "#define wificonfigMAX_NETWORK_PROFILES 2\n#endif /* FREERTOS_CONFIG_H"
    config.write_text(config.read_text().replace("#endif /* FREERTOS_CONFIG_H", less))
    run("cmake", "-S", ".", "-B", "build", at=project)
    run("cmake", "--build", "build", at=project)
    assert "( wificonfigMAX_NETWORK_PROFILES ) == 2" in built(project)
    answers_are_right(project / "build/my_firmware")


def test_the_projects_own_headers_are_used_and_watched(
    run: Run, project: Path, answers_are_right: Callable[[Path], None]
) -> None:
    own = project / "own"
    own.mkdir()
    # Not a header the build names: iot_wifi.h includes it.
    limits = own / "aws_wifi_config.h"
    limits.write_text("#define wificonfigMAX_PASSPHRASE_LEN ( 60 + 7 )\n")
    run("cmake", "-S", ".", "-B", "build", f"-DWIFI_PROVISION_INCLUDE={own}", at=project)
    run("cmake", "--build", "build", at=project)
    assert "( wificonfigMAX_PASSPHRASE_LEN ) == 67" in built(project)
    answers_are_right(project / "build/my_firmware")
    limits.write_text("#define wificonfigMAX_PASSPHRASE_LEN ( 60 + 3 )\n")
    run("cmake", "--build", "build", at=project)
    assert "( wificonfigMAX_PASSPHRASE_LEN ) == 63" in built(project)


def test_wide_enums_of_the_project_are_the_archives_too(
    run: Run, project: Path, answers_are_right: Callable[[Path], None]
) -> None:
    run("cmake", "-S", ".", "-B", "build", at=project, CFLAGS="-fno-short-enums")
    # The C library's own objects are not so compiled, which the linker would tell at length.
    run("cmake", "--build", "build", at=project)
    assert re.search(r"sizeof\( WIFISecurity_t \) == 4", built(project))
    answers_are_right(project / "build/my_firmware")


def test_an_archive_made_once_is_used_without_rust_and_only_where_it_fits(
    run: Run, project: Path, guide: tuple[Path, str], answers_are_right: Callable[[Path], None]
) -> None:
    made = guide[0] / "build/wifi-provision"
    lists = project / "CMakeLists.txt"
    lists.write_text(lists.read_text().replace("PATHS $ENV{WIFI_PROVISION} NO_DEFAULT_PATH", ""))
    where = f"-DCMAKE_PREFIX_PATH={made}"
    run("cmake", "-S", ".", "-B", "build", where, "-DWIFI_PROVISION_CARGO=/nowhere", at=project)
    assert "asking cargo" not in run("cmake", "--build", "build", at=project).stdout
    answers_are_right(project / "build/my_firmware")

    run("cmake", "-S", ".", "-B", "other", where, at=project, CFLAGS="-fno-short-enums")
    told = run("cmake", "--build", "other", at=project, fails=True).stdout
    assert "the wifi_provision archive was built with 1 here" in told
