"""The table of what is there is made from the code, and says neither too much nor too little."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatdesk_playground import table
from chatdesk_playground.discord import offered as discord_offered
from chatdesk_playground.discord.server import ENDPOINTS
from chatdesk_playground.slack import offered as slack_offered
from chatdesk_playground.slack.methods import all_methods

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "playground.md"


def words_in(package: str) -> Iterator[str]:
    """Every string that stands in the code of a package, but for what it says that it offers."""
    for path in (ROOT / "chatdesk_playground" / package).rglob("*.py"):
        if path.name == "offered.py":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def test_the_page_has_the_table_as_it_is_made_now() -> None:
    reference = os.environ.get("CHATDESK_REFERENCE_DIR")
    if reference is None:
        pytest.skip("CHATDESK_REFERENCE_DIR does not say where Discord's description of its API is")
    made = table.document(table.description_of(Path(reference)))
    page = PAGE.read_text()
    assert page == table.written(page, made), f"run {table.BEGIN.removeprefix('<!-- begin: ').rstrip(' ->')}"


def test_every_method_and_endpoint_that_is_registered_is_in_the_page() -> None:
    page = PAGE.read_text()
    for name, method in all_methods().items():
        assert f"| `{name}` | {'partly' if method.lacks else 'there'} | {method.lacks} |" in page
    for one in ENDPOINTS:
        assert f"| `{one.method} {one.path}` | {'partly' if one.lacks else 'there'} | {one.lacks} |" in page


def test_the_events_that_are_offered_are_those_that_the_code_sends() -> None:
    sent = set(words_in("discord")) & set(table.gateway_events())
    assert sent == set(discord_offered.GATEWAY_EVENTS)
    words = set(words_in("slack"))
    assert set(slack_offered.EVENTS) <= words
    assert not words & set(slack_offered.OTHER_EVENTS)
    assert set(slack_offered.INTERACTIONS) <= words
    assert not words & set(slack_offered.OTHER_INTERACTIONS)
