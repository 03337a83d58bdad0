"""``chatdesk triage`` as an operator meets it."""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from chatdesk.domain.classifier import Target
from chatdesk.domain.triage_measures import Count, Example, Measured
from chatdesk.store import classifiers
from chatdesk.store.classifiers import Classifier, Report
from chatdesk.training import fitting
from chatdesk.training.fitting import Trained
from tests.command_line import desk_in, given
from tests.desk.humans import ANA, CLEO
from tests.desk.organisation import PUBLIC
from tests.desk.test_guessing import MODEL
from tests.test_cli import DESK, Terminal, connection, terminal

__all__ = ["connection", "terminal"]


@pytest.fixture
async def _desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A desk with one finished ticket, and a classifier that was trained elsewhere."""
    world = await desk_in(tmp_path, monkeypatch)
    world.clock.time = now = datetime.now(UTC) - timedelta(hours=2)
    number = await world.ticket_from(CLEO, PUBLIC)
    await world.give(ANA, "resolve", ticket=str(number), text="Done")
    total, billing = Count(None, 20, 10, 9), Count("billing", 12, 10, 9)
    report = Report(20, 0.8, (Measured(Target.CATEGORY, 80, 0.6, total, (billing,)),))
    about = Classifier(now, now - timedelta(days=365), 100, report)
    await world.change(lambda tx: classifiers.put(tx, about, MODEL))
    await world.close()


def triage(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    return given(capsys, "triage", *arguments)


@pytest.mark.usefixtures("_desk")
def test_it_is_shown_kept_when_nothing_better_was_learned_and_forgotten(
    capsys: pytest.CaptureFixture[str],
) -> None:
    status, shown = triage(capsys, "show")
    assert status == 0 and "desk acme: 100 finished tickets since" in shown
    assert ["category", "20", "10", "(50%)", "90%", "60%"] in [line.split() for line in shown.splitlines()]
    assert "nobody was told anything since then" in shown
    status, learned = triage(capsys, "train", "--since", "30d")
    assert (
        status == 0
        and "category is not guessed: 0 of the older tickets have one, and 60 are the fewest" in learned
    )
    assert "too few tickets to learn from" in learned and "trained before stays" in learned
    [desk] = json.loads(triage(capsys, "train", "--json", "--desk", "acme")[1])
    assert (desk["tickets"], [one["guessed"] for one in desk["targets"]]) == (1, [False, False, False])
    [desk] = json.loads(triage(capsys, "show", "--json")[1])
    assert desk["targets"][0]["precision"] == 0.9 and desk["since_then"][0]["said"] == 0
    assert triage(capsys, "train", "--desk", "other") == (2, "no such desk: acme are known\n")
    assert triage(capsys, "train", "--since", "soon")[0] == 2
    assert triage(capsys, "forget") == (0, "desk acme: deleted\n")
    assert "no classifier is trained yet" in triage(capsys, "show")[1]


@pytest.mark.usefixtures("_desk")
def test_the_desk_goes_on_while_it_is_learned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def learn(found: Sequence[Example], threshold: float, default_priority: str) -> Trained:
        elsewhere = sqlite3.connect(tmp_path / "desk.db", timeout=0)
        elsewhere.execute("BEGIN IMMEDIATE")
        elsewhere.execute("UPDATE ticket SET title = 'changed meanwhile'")
        elsewhere.commit()
        elsewhere.close()
        return Trained(MODEL, (), len(found))

    monkeypatch.setattr(fitting, "trained", learn)
    status, learned = triage(capsys, "train")
    assert status == 0 and "desk acme: 1 finished tickets" in learned


@pytest.mark.usefixtures("_desk")
def test_training_without_scikit_learn_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "sklearn", None)
    assert triage(capsys, "train") == (2, "training needs scikit-learn: pip install 'chatdesk[triage]'\n")


def test_doctor_says_that_none_is_trained(terminal: Terminal, connection: Connection) -> None:
    del connection
    assert "classifier" not in terminal.run("doctor").out
    terminal.configure(f"{DESK}triage: {{mode: apply}}\n")
    assert "ok    desk acme: classifier: none yet, so nothing is guessed" in terminal.run("doctor").out
