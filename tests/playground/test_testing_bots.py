"""docs/testing-bots.md, exactly as it stands there, in a pytest of its own."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from pathlib import Path

import pytest

from chatdesk_playground.for_tests import SlackWorkspace

PAGE = Path(__file__).parents[2] / "docs" / "testing-bots.md"


def test_the_tests_of_the_page_pass_as_they_stand(tmp_path: Path) -> None:
    examples = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    for number, example in enumerate(examples):
        (tmp_path / f"test_{number}.py").write_text(example, encoding="utf-8")
    command = (sys.executable, "-m", "pytest", "-W", "error::pytest.PytestUnraisableExceptionWarning")
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(examples)} passed" in done.stdout
    assert "Task was destroyed" not in done.stderr


def test_the_plugin_alone_imports_nothing_of_a_playground() -> None:
    heavy = "{'aiohttp', 'uvicorn', 'starlette'}"
    look = f"import sys, chatdesk_playground.pytest_plugin; print({heavy}.isdisjoint(sys.modules))"
    done = subprocess.run((sys.executable, "-c", look), capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"


def test_what_would_block_an_event_loop_is_refused(slack_workspace: SlackWorkspace) -> None:
    async def both() -> str:
        lunch = slack_workspace.channel("lunch", ana := slack_workspace.person("ana"))
        with pytest.raises(RuntimeError, match="await it instead"):
            slack_workspace.run(ana.post(lunch, "blocked"))
        return (await ana.post(lunch, "awaited")).text

    assert asyncio.run(both()) == "awaited"
