"""The archive's table of message functions, called from C: in QEMU, and on this machine in 32 bits.
Every recorded message of the C service goes through it; where we decided to differ, the decision is
named in `tests/vectors/decisions.json`."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from harness.process import TREE

VECTORS = TREE / "tests" / "vectors"
BOARD, HOST = "thumbv7m-none-eabi", "i686-unknown-linux-gnu"
TYPES = {"invalid": 0, "list": 1, "add": 2, "edit": 3, "delete": 4, "stop": 5}


def read(name: str) -> dict[str, Any]:
    recorded: dict[str, Any] = json.loads((VECTORS / name).read_text())
    return recorded


RECORDED = read("provisioning.json")
DECISIONS = {
    kind: {vector: decision for decision in decisions for vector in decision["vectors"]}
    for kind, decisions in read("decisions.json").items()
    if isinstance(decisions, list)
}


def build(target: str, folder: Path) -> Path:
    """The program, linked with the archive of that target."""
    dist = TREE / "target" / "dist" / target
    archive = dist / "libwifi_provision.a"
    assert archive.is_file(), f"{archive} is not there; make it with `cargo xtask dist --target {target}`"
    own, measure = TREE / "ci" / "e2e" / "vectors", TREE / "ci" / "measure"
    kernel = kernel_folder()
    sources = [own / "serializer.c", measure / "size" / "harness_platform.c"]
    includes = [own, dist / "include", kernel / "include", measure / "board"]
    image = folder / "serializer"
    if target == BOARD:
        compiler = ["arm-none-eabi-gcc", "-mcpu=cortex-m3", "-mthumb", "-nostartfiles", "--specs=nano.specs"]
        compiler += ["-T", str(measure / "board" / "link.ld"), "-Wl,--no-warn-rwx-segments"]
        sources += [own / "harness_line_board.c", measure / "board" / "harness_board.c"]
        includes += [measure / "kernel", kernel / "portable/GCC/ARM_CM3"]
    else:
        compiler = ["gcc", "-m32"]
        sources += [own / "line_host.c"]
        includes += [TREE / "freertos-kernel" / "config", kernel / "portable/ThirdParty/GCC/Posix"]
    command = [*compiler, "-std=gnu11", "-Os", "-Wall", "-Wextra", "-ffunction-sections", "-fdata-sections", "-Wl,--gc-sections"]
    command += [f"-I{include}" for include in includes]
    subprocess.run([*command, *map(str, sources), str(archive), "-o", str(image)], check=True, timeout=120)
    return image


def kernel_folder() -> Path:
    """The kernel's headers, from the package that pins them."""
    manifest = TREE / "freertos-kernel" / "upstream" / "Cargo.toml"
    command = ["cargo", "metadata", "--format-version=1", "--locked", "--manifest-path", str(manifest)]
    packages = json.loads(subprocess.run(command, check=True, capture_output=True, timeout=120).stdout)["packages"]
    [package] = [one for one in packages if one["name"] == "freertos-next"]
    return Path(package["manifest_path"]).parent / "FreeRTOS-Kernel"


def runner(target: str, image: Path) -> list[str]:
    if target == HOST:
        return [str(image)]
    return [
        *("qemu-system-arm", "-M", "mps2-an385", "-kernel", str(image), "-display", "none", "-monitor", "none"),
        *("-serial", "stdio", "-semihosting-config", "enable=on,target=native"),
    ]


def question(request: dict[str, Any]) -> str:
    return f"q {request['kind']} {request['bytes_hex'] or '-'}"


def order(response: dict[str, Any]) -> str:
    says = response["input"]
    fields = [
        *(says["requestTypeValue"], says["status"], int(says["statusOnly"]), int(says.get("isSavedNetwork", 0))),
        *(says.get("ssid_hex") or "-", says.get("bssid_hex") or "-", says.get("security", 0)),
        *(int(says.get(flag, 0)) for flag in ("isHidden", "isConnected", "isLast")),
        *(says.get("index", 0), says.get("rssi", 0), response["bufferLength"]),
    ]
    return "s " + " ".join(map(str, fields))


Answers = dict[str, dict[str, str]]


@pytest.fixture(scope="module", params=[BOARD, HOST], ids=["qemu", "i686"])
def answers(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answers]:
    """What the archive said to every vector, by the vector's name."""
    image = build(request.param, tmp_path_factory.mktemp(request.param))
    asked = {one["id"]: question(one) for one in RECORDED["requests"]}
    asked |= {one["id"]: order(one) for one in RECORDED["responses"]}
    text = "\n".join(asked.values()) + "\nend\n"
    done = subprocess.run(runner(request.param, image), input=text, capture_output=True, text=True, timeout=120, check=True)
    lines = done.stdout.replace("\r", "").splitlines()
    assert len(lines) == len(asked), done.stdout[-500:]
    yield {name: dict(word.split("=", 1) for word in line.split()) for name, line in zip(asked, lines, strict=True)}


def test_every_response_is_written_byte_for_byte(answers: Answers) -> None:
    for one in RECORDED["responses"]:
        answer = answers[one["id"]]
        expected = {"sized": str(int(one["getSerializedSize"]["ok"])), "size": str(one["getSerializedSize"]["length"])}
        if one["serialize_ok"]:
            expected["output_hex"] = one["output_hex"]
        assert answer == expected, one["id"]


def test_every_request_is_read_as_recorded_or_decided(answers: Answers) -> None:
    wrong = {one["id"]: answers[one["id"]] for one in RECORDED["requests"] if not is_right(one, answers[one["id"]])}
    assert not wrong, json.dumps(wrong, indent=1)


def is_right(one: dict[str, Any], answer: dict[str, str]) -> bool:
    decision = DECISIONS["requests"].get(one["id"])
    accepted = decision["outcome"] == "accepted" if decision else one["class"] == "valid"
    fields = {name: value for name, value in answer.items() if name not in ("known", "type")}
    if not accepted:
        # What nobody may act on is refused here, or has an index the service finds out of range.
        return not fields or (decision is not None and decision["outcome"].startswith("status"))
    if answer["known"] != "1" or int(answer["type"]) != TYPES[one["kind"]]:
        return False
    expected = dict(one.get("decoded", {})) | (decision or {}).get("decoded", {})
    if decision and "security" in decision:
        expected["security"] = decision["security"]
    unused = UNUSED | ({"shouldConnect"} if expected.get("isProvisioned") else set())
    return all(fields[name] == as_text(value) for name, value in expected.items() if name in fields and name not in unused)


# What changes nothing: the scan's time and, out of range, its size; and whether to join a saved network.
UNUSED = frozenset({"scanSize", "scanTimeoutMS"})


def as_text(value: Any) -> str:
    return str(int(value)) if isinstance(value, (bool, int)) else str(value)
