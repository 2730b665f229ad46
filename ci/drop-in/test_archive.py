"""The archive itself: what it defines and asks for, that it stands beside another Rust library, and that C compilers of
three machines agree with it on every size."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Run

COMPILERS = {
    "thumbv7m-none-eabi": "arm-none-eabi-gcc -mcpu=cortex-m3 -mthumb",
    "riscv32imc-unknown-none-elf": "riscv64-unknown-elf-gcc -march=rv32imc_zicsr -mabi=ilp32 --specs=picolibc.specs",
    "i686-unknown-linux-gnu": "gcc -m32",
}

# Parts of ci/dist-undefined.txt that every build asks for; of the C library's, each takes what it needs.
CONTRACT = ("The kernel", "The data-transfer channel", "WiFi")


@pytest.fixture(scope="module", params=COMPILERS)
def made(request: pytest.FixtureRequest, run: Run, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    folder = tmp_path_factory.mktemp(request.param)
    run("cargo", "xtask", "dist", "--target", request.param, "--to", folder, "--as-is")
    return request.param, folder


# Passphrases and secrets that stand in sources, by their folder.
SPOKEN = {
    "demos": ("password0123", "password0124"),
    "tests/abi": ("password0123", "abcd1234"),
    "tests/protocomm": ("abcd1234", "secret123", "secret456"),
}


def compile_check(
    run: Run, root: Path, kernel: Path, made: tuple[str, Path], *flags: str, fails: bool = False
) -> str:
    target, folder = made
    port = run("cargo", "run", "--quiet", "--package", "freertos-kernel", "--", target).stdout.strip()
    includes = [folder / "include", root / "freertos-kernel/config", kernel / "include", port]
    words = [*COMPILERS[target].split(), "-std=gnu11", "-Wall", "-Wextra", "-Werror", *flags]
    words += [f"-I{include}" for include in includes]
    source, made_of_it = folder / "src/wifi_provision_check.c", folder / "check.o"
    return run(*words, "-c", source, "-o", made_of_it, fails=fails).stdout


def test_the_firmwares_compiler_agrees_on_sizes_offsets_and_values(
    run: Run, root: Path, kernel: Path, made: tuple[str, Path]
) -> None:
    facts = (made[1] / "include/wifi_provision_abi.h").read_text()
    for fact in ("sizeof( WIFINetworkProfile_t )", "offsetof( WIFIScanResult_t, cRSSI )", "( eWiFiTimeout )",
                 "sizeof( WIFISecurity_t )", "sizeof( TickType_t )", "sizeof( IotBleWifiProvResponse_t )"):  # fmt: skip
        assert f"{fact} == " in facts
    compile_check(run, root, kernel, made)


@pytest.mark.parametrize(
    "flag", ["-DwificonfigMAX_PASSPHRASE_LEN=64", "-DWIFI_PROVISION_TASK_PRIORITY=3"]
)
def test_what_does_not_agree_does_not_compile(
    run: Run, root: Path, kernel: Path, made: tuple[str, Path], flag: str
) -> None:
    assert "build it again" in compile_check(run, root, kernel, made, flag, fails=True)


def test_other_enums_do_not_compile(run: Run, root: Path, kernel: Path, made: tuple[str, Path]) -> None:
    other = "-fno-short-enums" if made[0].startswith("thumb") else "-fshort-enums"
    assert "build it again" in compile_check(run, root, kernel, made, other, fails=True)


def test_another_tick_rate_does_not_compile(
    run: Run, root: Path, kernel: Path, made: tuple[str, Path], tmp_path: Path
) -> None:
    text = (root / "freertos-kernel/config/FreeRTOSConfig.h").read_text()
    (tmp_path / "FreeRTOSConfig.h").write_text(re.sub(r"(define configTICK_RATE_HZ\s+)1000", r"\g<1>100", text))
    told = compile_check(run, root, kernel, made, f"-I{tmp_path}", fails=True)
    assert "the wifi_provision archive was built with 5000 here" in told
    assert "the wifi_provision archive was built with 120000 here" in told


@pytest.fixture(scope="module")
def with_everything(run: Run, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """Made with every feature there is."""
    target, folder = "thumbv7m-none-eabi", tmp_path_factory.mktemp("with-everything")
    features = ("--espressif", "--log", "--custom-serializer")
    run("cargo", "xtask", "dist", "--target", target, "--to", folder, *features, "--as-is")
    return target, folder


def test_an_archive_with_espressifs_protocol_brings_its_headers_fits_too_and_links(
    run: Run, root: Path, kernel: Path, tmp_path: Path
) -> None:
    target = "thumbv7m-none-eabi"
    run("cargo", "xtask", "dist", "--target", target, "--to", tmp_path, "--espressif", "--as-is")
    assert "WIFI_PROVISION_Reason_t" in (tmp_path / "include/wifi_provision_abi.h").read_text()
    flags = run("pkg-config", "--cflags-only-other", "wifi_provision", PKG_CONFIG_PATH=str(tmp_path)).stdout.split()
    compile_check(run, root, kernel, (target, tmp_path), *flags)
    assert "-DWIFI_PROVISION_ESPRESSIF=1" in compile_check(run, root, kernel, (target, tmp_path), fails=True)
    small = "-DWIFI_PROVISION_TASK_STACK_DEPTH=600"
    told = compile_check(run, root, kernel, (target, tmp_path), *flags, small, fails=True)
    assert "WIFI_PROVISION_TASK_STACK_DEPTH is too small" in told
    # A project of its own that orders it, with the platform of the demo.
    run("cmake", "-S", root / "demos/drop-in", "-B", tmp_path / "build", "-DWIFI_PROVISION_ESPRESSIF=ON", "-DWIFI_PROVISION_LOG=OFF",
        LDFLAGS="-Wl,--undefined=WIFI_PROVISION_ProtocommHandle")  # fmt: skip
    run("cmake", "--build", tmp_path / "build")
    image = tmp_path / "build/drop_in.elf"
    assert " T WIFI_PROVISION_ProtocommHandle" in run("arm-none-eabi-nm", image).stdout


def test_an_archive_without_espressifs_protocol_has_none_of_its_headers(made: tuple[str, Path]) -> None:
    headers = {header.name for header in (made[1] / "include").iterdir()}
    assert "wifi_provision_platform.h" in headers
    assert headers.isdisjoint({"wifi_provision_protocomm.h", "wifi_provision_reason.h"})


@pytest.mark.parametrize(
    "macro",
    ["configUSE_EVENT_GROUPS", "INCLUDE_vTaskDelete", "INCLUDE_vTaskDelay", "configSUPPORT_DYNAMIC_ALLOCATION"],
)
def test_a_kernel_without_what_is_needed_is_said(
    run: Run, root: Path, kernel: Path, made: tuple[str, Path], tmp_path: Path, macro: str
) -> None:
    text = (root / "freertos-kernel/config/FreeRTOSConfig.h").read_text()
    text = re.sub(rf"(define {macro}\s+)1", r"\g<1>0", text)
    static = "configSUPPORT_STATIC_ALLOCATION"
    (tmp_path / "FreeRTOSConfig.h").write_text(re.sub(rf"(define {static}\s+)0", r"\g<1>1", text))
    told = compile_check(run, root, kernel, made, f"-I{tmp_path}", fails=True)
    assert re.search(rf"wifi_provision .*{macro} 1 in FreeRTOSConfig.h", told)


def test_the_contract_is_asked_for_to_the_last_name_and_nothing_else(
    run: Run, root: Path, made: tuple[str, Path]
) -> None:
    parts: dict[str, set[str]] = {}
    title = ""
    for line in (root / "ci/dist-undefined.txt").read_text().splitlines():
        if line.startswith("#"):
            title = line.removeprefix("#").strip()
        elif line:
            parts.setdefault(title, set()).add(line.split()[0])
    contract = set().union(*(parts[title] for title in CONTRACT))
    others = set().union(*parts.values()) - contract
    listing = run("nm", "--undefined-only", "--format=posix", made[1] / "libwifi_provision.a").stdout
    asked = {line.split()[0] for line in listing.splitlines() if line.split()[1:2] == ["U"]}
    assert asked - others == contract


def test_only_the_interface_is_defined_for_others(run: Run, made: tuple[str, Path]) -> None:
    listing = run("nm", "--defined-only", "--extern-only", "--format=posix", made[1] / "libwifi_provision.a").stdout
    kinds = dict(line.split()[:2] for line in listing.splitlines() if len(line.split()) > 1)
    assert {name for name, kind in kinds.items() if kind == "W"} == {
        "WIFI_NetworkMove", "WIFI_NetworkReplace", "WIFI_PROVISION_Log",
    }  # fmt: skip
    strong = {name for name, kind in kinds.items() if kind != "W"}
    families = {"WIFI_PROVISION_": 7, "IotBleWifiProv_": 8}
    assert {family: sum(name.startswith(family) for name in strong) for family in families} == families
    assert len(strong) == sum(families.values()), strong


@pytest.fixture(scope="module")
def passphrases(root: Path) -> set[bytes]:
    """Passphrases and secrets that tests and demos use."""
    vectors = (root / "tests/vectors/provisioning.json").read_text()
    found = {bytes.fromhex(digits) for digits in re.findall(r'"password_hex": *"([0-9a-f]{16,})"', vectors)}
    networks = (root / "ci/e2e/harness/networks.py").read_text()
    written = re.finditer(r'Security\.\w+, "([^"{]+)"|^WRONG = "(.+)"', networks, re.M)
    found |= {text.encode() for found_one in written for text in found_one.groups(default="")}
    found |= {word.encode() for words in SPOKEN.values() for word in words}
    for folder, words in SPOKEN.items():
        sources = [path.read_bytes() for path in (root / folder).rglob("*") if path.is_file()]
        assert all(any(word.encode() in source for source in sources) for word in words), f"{folder} has others now"
    return found - {b""}


def leaked(archive: Path, secrets: set[bytes]) -> list[bytes]:
    held = archive.read_bytes()
    return sorted(secret for secret in secrets if secret in held)


def test_no_passphrase_of_tests_or_demos_is_in_the_archive(made: tuple[str, Path], passphrases: set[bytes]) -> None:
    assert {b"correct horse battery", b"battery staple horse"} <= passphrases
    assert leaked(made[1] / "libwifi_provision.a", passphrases) == []


def test_nor_in_the_archive_with_everything(
    with_everything: tuple[str, Path], passphrases: set[bytes], tmp_path: Path
) -> None:
    archive = with_everything[1] / "libwifi_provision.a"
    assert leaked(archive, passphrases) == []
    # That this can fail.
    (tmp_path / "leaky.a").write_bytes(archive.read_bytes() + b"abcd1234")
    assert leaked(tmp_path / "leaky.a", passphrases) == [b"abcd1234"]


@pytest.fixture(scope="module")
def other(run: Run, root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A second Rust library."""
    archive = tmp_path_factory.mktemp("other") / "libother.a"
    run("rustc", "--edition", "2024", "--target", "thumbv7m-none-eabi", "--crate-type", "staticlib", "-O",
        "-C", "panic=abort", root / "ci/drop-in/other_library.rs", "-o", archive)  # fmt: skip
    return archive


@pytest.mark.parametrize("log", ["ON", "OFF"])
def test_another_rust_library_stands_in_the_same_image(
    run: Run, root: Path, other: Path, tmp_path: Path, log: str, answers_are_right: Callable[[Path], str]
) -> None:
    run("cmake", "-S", root / "demos/drop-in", "-B", tmp_path, f"-DWIFI_PROVISION_LOG={log}",
        f"-DCMAKE_C_STANDARD_LIBRARIES={other}", LDFLAGS="-Wl,--undefined=other_library")  # fmt: skip
    run("cmake", "--build", tmp_path)
    image = tmp_path / "drop_in.elf"
    names = run("arm-none-eabi-nm", image).stdout
    assert " T other_library" in names
    assert " T WIFI_PROVISION_Start" in names
    assert ("provisioning: " in answers_are_right(image)) == (log == "ON")


def test_as_cargo_makes_it_the_library_would_collide(
    run: Run, other: Path, cargo_folder: Path, with_everything: tuple[str, Path]
) -> None:
    """That the test above can fail."""
    # One for this target is there: it was built for the fixture, if for no test before.
    plain = cargo_folder / with_everything[0] / "release/libwifi_provision.a"
    link = ("arm-none-eabi-ld", "-r", "--whole-archive", plain, other, "-o", "/dev/null")
    assert "multiple definition" in run(*link, fails=True).stdout
