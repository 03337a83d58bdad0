"""What `chatdesk playground` says where it cannot begin."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from chatdesk.cli import main
from chatdesk.commands import playground


def refusal(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with pytest.raises(SystemExit) as ended:
        main(["playground", *arguments])
    assert ended.value.code == 2
    return capsys.readouterr().err.strip()


def test_without_its_extra_one_line_says_how_to_get_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(playground, "find_spec", lambda name: None)
    assert refusal(capsys) == 'The page needs NiceGUI: pip install "chatdesk[playground]"'


def test_one_platform_or_both(capsys: pytest.CaptureFixture[str]) -> None:
    said = refusal(capsys, "--slack-only", "--discord-only")
    assert said == "--slack-only and --discord-only leave nothing over; say one of them."


def test_a_folder_that_is_broken_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "playground.json").write_text("{")
    said = refusal(capsys, "--port", "0", "--data", str(tmp_path))
    assert said == (
        f"{tmp_path}: playground.json cannot be read; begin with another folder or empty this one."
    )


def test_a_port_that_is_taken_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = refusal(capsys, "--port", str(port))
    assert said == f"port {port}: Address already in use; say another with --port, or 0 for any"


def test_a_folder_that_cannot_be_made_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said = refusal(capsys, "--port", "0", "--data", str(tmp_path / "file"))
    assert said == f"--data {tmp_path / 'file'}: File exists"


def test_a_desk_that_has_a_mistake_is_refused_with_its_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "desk.yaml").write_text("desk: acme\nteams: {}\n")
    desk, data = str(tmp_path / "desk.yaml"), str(tmp_path / "data")
    said = refusal(capsys, "--port", "0", "--desk", desk, "--data", data)
    assert said == "desk.yaml:2: teams: must not be empty"
