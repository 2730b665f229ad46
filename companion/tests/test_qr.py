"""The QR code as a picture."""

import io
import pathlib
import stat

import pytest

from wifi_provision import cli

SHOWN = '{"ver":"v1","name":"PROV_000001","username":"wifiprov","pop":"h3etjyuac4","transport":"ble"}'


def test_a_picture_for_its_owner(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = tmp_path / "code.png"
    monkeypatch.setattr("sys.stdin", io.StringIO(SHOWN + "\n"))
    assert cli.main(["qr", str(picture)]) == 0
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert stat.S_IMODE(picture.stat().st_mode) == 0o600
    said = capsys.readouterr()
    assert "PROV_000001" in said.out
    assert "h3etjyuac4" not in said.out + said.err


OTHER = ["", "{", "[]", '{"ver":"v2","name":"x"}', '{"ver":"v1"}', SHOWN + " " * 600]


@pytest.mark.parametrize("text", OTHER)
def test_other_text_is_refused(
    text: str, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    assert cli.main(["qr", str(tmp_path / "code.png")]) == 2
    assert "protocomm" in capsys.readouterr().err
    assert not (tmp_path / "code.png").exists()
