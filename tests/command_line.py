"""Commands as an operator gives them, on a desk in a folder of its own."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from chatdesk.cli import main
from chatdesk.store import schema
from chatdesk.store.engine import open_engine
from tests.desk.world import World


def without_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the environment that the tests run in is taken for settings."""
    for name in list(os.environ):
        if name.startswith("CHATDESK_"):
            monkeypatch.delenv(name)


async def desk_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """A desk that commands find when they are given here. Close it before."""
    without_variables(monkeypatch)
    monkeypatch.chdir(folder)
    address = f"sqlite:///{folder / 'desk.db'}"
    monkeypatch.setenv("CHATDESK_DATABASE_URL", address)
    engine = open_engine(address)
    schema.upgrade(engine)
    return await World.furnish(engine)


def given(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """A command's status, and all that it said."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    said = capsys.readouterr()
    return int(ended.value.code or 0), said.out + said.err
