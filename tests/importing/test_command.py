"""``chatdesk import`` as an operator meets it: what it prints, what it writes, how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from chatdesk.importing.cryptr import KEY_VARIABLE
from tests.importing import discord_database
from tests.importing.samples import lines, modmail_log, zendesk_ticket
from tests.test_cli import Terminal, terminal

__all__ = ["terminal"]


@pytest.fixture
def desk(terminal: Terminal) -> Terminal:
    assert terminal.run("config", "apply").status == 0
    return terminal


def test_from_a_trial_to_an_export(desk: Terminal) -> None:
    lines(desk.folder / "t.json", [zendesk_ticket(1), zendesk_ticket(2, status="open", priority="odd")])
    (desk.folder / "people.csv").write_text("ana@acme.example,slack:U7\n")
    trial = desk.run("import", "zendesk", "t.json", "--dry-run")
    assert trial.status == 1 and "2 tickets of zendesk would be taken, with 6 posts and 0 files" in trial.out
    done = desk.run("import", "zendesk", "t.json", "--report", "r.jsonl", "--people", "people.csv")
    assert done.status == 1, done
    assert "2 tickets of zendesk taken, with 6 posts and 0 files; 0 were here already" in done.out
    assert "1 of them are not over; they rest until somebody takes them up" in done.out
    assert "the desk has no priority “odd”: normal instead (1 times)" in done.out
    assert "not taken: ticket 1: file leak.txt: there is no folder of files beside the export" in done.err
    report = [json.loads(line) for line in (desk.folder / "r.jsonl").read_text().splitlines()]
    assert report[0] == {
        "kind": "counts", "source": "zendesk", "taken": 2, "known": 0, "open": 1, "forgotten": 0, "posts": 6,
        "files": 0, "not_taken": 2,
    }  # fmt: skip
    assert {"kind": "meaning", "theirs": "hold", "ours": "on_hold"} in report
    again = desk.run("import", "zendesk", "t.json")
    assert again.status == 0 and "0 tickets of zendesk taken" in again.out and "2 were here" in again.out
    assert desk.run("export", "out", "--format", "jsonl").status == 0
    known = (desk.folder / "out" / "people.jsonl").read_text()
    assert '"platform": "slack", "id": "U7", "name": "Ana Agent"' in known


def test_the_other_formats(desk: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    lines(desk.folder / "m.json", [modmail_log("beef")])
    assert desk.run("import", "modmail", "m.json").status == 0
    discord_database.make(desk.folder / "d.db")
    monkeypatch.setenv(KEY_VARIABLE, "another key")
    wrong = desk.run("import", "discord-tickets", "d.db")
    assert wrong.status == 2 and "is not the key it was encrypted with" in wrong.err
    assert "another key" not in wrong.out + wrong.err
    monkeypatch.delenv(KEY_VARIABLE)
    without = desk.run("import", "discord-tickets", "d.db")
    assert without.status == 1 and f"encrypted, and {KEY_VARIABLE} is not set" in without.err
    assert "2 tickets of discord-tickets taken" in without.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("zendesk", "nowhere"), "there is no nowhere"),
        (("zendesk", "t.json", "--desk", "x"), "there is no desk x"),
        (("zendesk", "t.json", "--report", "t.json"), "t.json is there already, and nothing is written over"),
        (("zendesk", "t.json", "--files", "nowhere"), "there is no folder nowhere"),
        (("zendesk", "t.json", "--people", "t.json"), "t.json line 1: write who they are there and here"),
        (("modmail", "t.json"), "this is no log of Modmail"),
        (("discord-tickets", "t.json"), "t.json is no SQLite database"),
        (("jsonl", "t.json"), "there is no tickets.jsonl"),
    ],
)
def test_what_cannot_be_begun(desk: Terminal, arguments: tuple[str, ...], said: str) -> None:
    lines(desk.folder / "t.json", [zendesk_ticket(1)])
    done = desk.run("import", *arguments)
    assert done.status == 2 and said in done.err and "Traceback" not in done.err, done


def test_without_a_desk(terminal: Terminal) -> None:
    lines(Path("t.json"), [zendesk_ticket(1)])
    done = terminal.run("import", "zendesk", "t.json")
    assert done.status == 2 and "there is no desk yet; `chatdesk config apply`" in done.err
