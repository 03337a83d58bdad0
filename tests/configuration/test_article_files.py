"""Articles written as files read back as the same, whatever stands in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from chatdesk.configuration.articles import read_articles, write_articles
from chatdesk.domain.knowledge import Article, Knowledge, Readers
from chatdesk.errors import ConfigurationError
from tests.desk.organisation import ACME

WRITTEN = (
    Article("plain", "Plain", "Text"),
    Article(
        "deep/down", 'null: # "x" — yes', "---\nnot: matter\n---\n\n- a\n", Readers.INTERNAL, "account", "de",
        ("1", "no", "größe, klein", "#"), "slack:U1", date(2027, 3, 1),
    ),
    Article("title", "2026-01-01", "1. Eins\n2. *zwei*"),
)  # fmt: skip


def test_what_is_written_reads_back(tmp_path: Path) -> None:
    organisation = replace(ACME, knowledge=Knowledge("articles"))
    (tmp_path / "articles").mkdir()
    wanted = [replace(one, body=one.body.strip()) for one in WRITTEN]
    assert len(write_articles(tmp_path / "articles", wanted)) == 3
    found = read_articles(tmp_path / "desk.yaml", organisation)
    assert sorted(found, key=lambda one: one.key) == sorted(wanted, key=lambda one: one.key)


def test_no_key_leads_out_of_the_folder(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="leads out of"):
        write_articles(tmp_path / "articles", [replace(WRITTEN[0], key="../other")])
