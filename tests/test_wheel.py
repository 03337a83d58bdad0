"""The wheel, installed where the checkout cannot be seen, is whole."""

from __future__ import annotations

import re
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ``bin`` of an environment with the wheel and, besides it, our dependencies alone.

    They are lent from this environment by a ``.pth`` line, whose own ``.pth`` files (such as the one of an
    editable install) Python does not follow.
    """
    folder = tmp_path_factory.mktemp("wheel")
    _run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder), cwd=ROOT)
    (wheel,) = folder.glob("*.whl")
    environment = folder / "environment"
    venv.create(environment, with_pip=False)
    python = environment / "bin" / "python"
    install = ("install", "--quiet", "--no-index", "--no-deps", str(wheel))
    _run(sys.executable, "-m", "pip", "--python", str(python), *install, cwd=folder)
    packages = Path(
        _run(str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder)
    )
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return environment / "bin"


def _run(*command: str, cwd: Path) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()


def test_it_is_the_wheel_that_is_imported(installed: Path, tmp_path: Path) -> None:
    where = _run(str(installed / "python"), "-c", "import chatdesk; print(chatdesk.__file__)", cwd=tmp_path)
    assert Path(where).is_relative_to(installed.parent)


def test_help(installed: Path, tmp_path: Path) -> None:
    assert "chatdesk demo" in _run(str(installed / "chatdesk"), "--help", cwd=tmp_path)


def test_the_database_is_made_by_the_migrations_in_the_wheel(installed: Path, tmp_path: Path) -> None:
    assert "at revision" in _run(str(installed / "chatdesk"), "db", "upgrade", cwd=tmp_path)
    assert (tmp_path / "data" / "chatdesk.sqlite3").is_file()


def test_the_manifest_travels_in_the_wheel(installed: Path, tmp_path: Path) -> None:
    assert "socket_mode_enabled: true" in _run(str(installed / "chatdesk"), "manifest", cwd=tmp_path)


def test_the_document_travels_in_the_wheel(installed: Path, tmp_path: Path) -> None:
    written = _run(str(installed / "chatdesk"), "config", "document", cwd=tmp_path)
    assert written == (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8").strip()


def test_the_demo_plays_whole(installed: Path, tmp_path: Path) -> None:
    """A ticket from its first word to its end, and a VIP during an outage."""
    lines = _run(str(installed / "chatdesk"), "demo", cwd=tmp_path).splitlines()
    assert {"Charged twice", "A VIP during an outage"} <= set(lines)
    told = re.fullmatch(r"story: (\d+) of (\d+) steps", lines[-1])
    assert told is not None, lines[-1]
    assert told[1] == told[2]
