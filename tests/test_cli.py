"""The commands as an operator meets them: what they print, where, and their exit status."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog
from ruamel.yaml import YAML
from sqlalchemy import Connection, insert, text
from typer.main import get_command

from chatdesk.cli import build, main
from chatdesk.contract.inbound import MessagePosted
from chatdesk.recording import RecordingDesk
from chatdesk.resources import resource
from chatdesk.settings import Settings
from chatdesk.store import desks, quarantine
from chatdesk.store.engine import open_engine
from chatdesk.store.tables import installations, tickets
from chatdesk.store.tables_outbox import deliveries, effects
from tests.command_line import without_variables
from tests.contract.test_codec import EVENTS
from tests.test_recording import AgreeableDesk

NOW = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)
DESK = "desk: acme\nteams:\n  support: {home: 'slack:#support'}\n  billing: {home: 'slack:#billing'}\n"


@dataclass(frozen=True, slots=True)
class Outcome:
    status: int
    out: str
    err: str


class Terminal:
    """A folder with a desk.yaml, and a prompt."""

    def __init__(self, folder: Path, captured: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._captured = captured

    def run(self, *arguments: str) -> Outcome:
        self._captured.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        out, err = self._captured.readouterr()
        return Outcome(int(ended.value.code or 0), out, err)

    def configure(self, text: str) -> None:
        (self.folder / "desk.yaml").write_text(text, encoding="utf-8")


@pytest.fixture
def terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Terminal]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    without_variables(monkeypatch)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(tmp_path)
    made = Terminal(tmp_path, capsys)
    made.configure(DESK)
    yield made
    root.handlers = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
def connection(terminal: Terminal) -> Iterator[Connection]:
    """The database, made and configured, for a test to put something into."""
    assert terminal.run("config", "apply").status == 0
    engine = open_engine(Settings(data_dir=terminal.folder / "data").database)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def _ticket_of_billing(connection: Connection) -> None:
    connection.execute(
        insert(tickets).values(
            desk="acme", number=1, title="t", description="", requester="p", status="open", team="billing",
            priority="normal", created_at=NOW, tags=[], fields=[], escalation_level=0, mode="reply",
            reopens=0, unread=False, version=0,
        )
    )  # fmt: skip
    connection.commit()


def test_every_command_has_help_with_an_example() -> None:
    found = 0
    waiting = [get_command(build())]
    while waiting:
        command = waiting.pop()
        below = list(getattr(command, "commands", {}).values())
        waiting += below
        found += not below
        assert command.help, command.name
        assert str(getattr(command, "epilog", "")).startswith("Example: chatdesk "), command.name
    assert found >= 19


def test_an_unknown_command(terminal: Terminal) -> None:
    outcome = terminal.run("nonsense")
    assert outcome.status == 2
    assert "No such command 'nonsense'" in outcome.err


def test_a_wrong_setting_is_one_line_that_names_the_variable(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHATDESK_LOG__LEVEL", "loud")
    outcome = terminal.run("run")
    assert outcome.status == 2
    assert outcome.err == (
        'CHATDESK_LOG__LEVEL: "loud" is not allowed; allowed are debug, info, warning or error\n'
    )


def test_nothing_to_run_without_a_token(terminal: Terminal) -> None:
    outcome = terminal.run("run")
    assert outcome.status == 2
    assert outcome.err == (
        "no platform has a token, so there is nothing to connect to; "
        "set CHATDESK_DISCORD__TOKEN or CHATDESK_SLACK__BOT_TOKEN\n"
    )


def test_config_check(terminal: Terminal) -> None:
    assert terminal.run("config", "check") == Outcome(
        0, "desk.yaml: desk acme is fine: 2 teams, 0 routes, 4 priorities, 0 categories\n", ""
    )
    terminal.configure(f"{DESK}routes:\n  - {{channel: 'slack:#a', team: suport}}\n")
    assert terminal.run("config", "check") == Outcome(
        2,
        "",
        'desk.yaml:6: route 1 names the team "suport"; teams are support, billing (did you mean support?)\n',
    )


def test_config_check_of_another_file(terminal: Terminal) -> None:
    example = resource("desk.example.yaml")
    checked = terminal.run("config", "check", str(example))
    assert checked.status == 0
    assert checked.out.splitlines()[-1].startswith(f"{example}: desk acme is fine: 5 teams")


def test_config_plan_apply_and_export(terminal: Terminal) -> None:
    assert terminal.run("config", "plan").out == "desk acme:\n  + desk acme: Acme\n"
    assert terminal.run("config", "export").err == (
        "no configuration is applied yet; say `chatdesk config apply`\n"
    )
    assert terminal.run("config", "apply").out == "desk acme:\n  + desk acme: Acme\n"
    assert terminal.run("config", "plan").out == "desk acme: nothing to change\n"
    terminal.configure(terminal.run("config", "export").out)
    assert terminal.run("config", "plan").out == "desk acme: nothing to change\n"
    assert "desks are acme" in terminal.run("config", "export", "--desk", "beta").err


def test_a_start_that_would_take_away_is_refused_until_it_is_applied(
    terminal: Terminal, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    _ticket_of_billing(connection)
    terminal.configure(DESK.replace("billing", "money"))
    monkeypatch.setenv("CHATDESK_DISCORD__TOKEN", "not-needed-here")
    monkeypatch.setenv("CHATDESK_LOG__LEVEL", "error")
    outcome = terminal.run("run")
    assert outcome.status == 2
    assert "- team billing  ← takes away what is in use: 1 unfinished ticket" in outcome.err
    assert "`chatdesk config apply`" in outcome.err
    assert terminal.run("config", "apply").status == 0
    applied = desks.load(connection, "acme")
    assert applied is not None
    assert [team.key for team in applied.teams] == ["support", "money"]


def test_the_schema_is_json(terminal: Terminal) -> None:
    assert '"$schema": "https://json-schema.org/draft/2020-12/schema"' in terminal.run("config", "schema").out


def test_db_upgrade_and_current(terminal: Terminal) -> None:
    assert "at revision none (empty)" in terminal.run("db", "current").out
    assert "(was at nothing)" in terminal.run("db", "upgrade").out
    assert "(was there already)" in terminal.run("db", "upgrade").out


def test_a_database_that_is_newer_than_the_code(terminal: Terminal, connection: Connection) -> None:
    connection.execute(text("UPDATE alembic_version SET version_num = 'f00000000000'"))
    connection.commit()
    for command in (("status",), ("db", "upgrade"), ("config", "plan"), ("delivery", "list")):
        outcome = terminal.run(*command)
        assert outcome.status == 2, command
        assert outcome.err.startswith("the database is newer than this chatdesk"), command
    assert "newer than this chatdesk" in terminal.run("doctor").out


def test_a_database_that_cannot_be_opened(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    (terminal.folder / "file").write_text("no database")
    monkeypatch.setenv("CHATDESK_DATABASE_URL", "sqlite:///file")
    outcome = terminal.run("status")
    assert (outcome.status, outcome.err) == (
        2,
        "CHATDESK_DATABASE_URL: sqlite:///file cannot be opened: file is not a database\n",
    )


def test_the_manifest_follows_the_settings(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATDESK_SLACK__TICKET_COMMAND", "/help")
    socket = YAML(typ="safe").load(terminal.run("manifest").out)
    assert socket["settings"]["socket_mode_enabled"] is True
    assert socket["features"]["slash_commands"][0]["command"] == "/help"
    assert terminal.run("manifest", "--http").err == (
        "CHATDESK_HTTP__PUBLIC_URL: is missing; in HTTP mode Slack must be told where to call\n"
    )
    monkeypatch.setenv("CHATDESK_HTTP__PUBLIC_URL", "https://desk.example.org/")
    http = YAML(typ="safe").load(terminal.run("manifest", "--http").out)
    assert http["settings"]["socket_mode_enabled"] is False
    assert http["settings"]["event_subscriptions"]["request_url"] == "https://desk.example.org/slack/events"
    assert http["settings"]["interactivity"]["request_url"] == "https://desk.example.org/slack/events"
    assert {command["url"] for command in http["features"]["slash_commands"]} == {
        "https://desk.example.org/slack/events"
    }


def test_doctor_says_what_to_do(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATDESK_SLACK__BOTTOKEN", "x")
    terminal.configure("desk: acme\n")
    outcome = terminal.run("doctor")
    assert outcome.status == 1
    assert outcome.out.splitlines() == [
        "wrong settings: no platform has a token: discord, slack; see README.md",
        "wrong settings: CHATDESK_SLACK__BOTTOKEN: nothing reads this variable; is it misspelt?",
        "wrong desk file: desk.yaml:1: the file needs teams",
        "ok    database sqlite:///data/chatdesk.sqlite3: empty; made ready at the first start",
        "3 to look at",
    ]


def test_doctor_asks_the_storage_of_files(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATDESK_FILES__URL", f"file://{terminal.folder}/bucket")
    assert f"ok    storage of files file://{terminal.folder}/bucket" in terminal.run("doctor").out
    monkeypatch.setenv("CHATDESK_FILES__URL", "az://container")
    assert "wrong storage of files: CHATDESK_FILES__URL: cannot be used" in terminal.run("doctor").out


def test_doctor_live_needs_a_place(terminal: Terminal) -> None:
    assert terminal.run("doctor", "--live").status == 2
    assert "is no channel" in terminal.run("doctor", "--live", "--scratch", "slack").err


def test_status(terminal: Terminal, connection: Connection) -> None:
    _ticket_of_billing(connection)
    assert terminal.run("status").out.splitlines() == [
        "database sqlite:///data/chatdesk.sqlite3",
        "desk acme (Acme), generation 1",
        "  tickets: 1 open",
        "deliveries: none",
        "quarantine: empty",
        "running: not known; with CHATDESK_HTTP__PORT set, this asks the running desk",
    ]


def test_status_names_the_shards(
    terminal: Terminal, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHATDESK_DISCORD__TOKEN", "x")
    monkeypatch.setenv("CHATDESK_DISCORD__SHARDS", "2")
    assert "discord: 2 shards, all of them the one process's" in terminal.run("status").out.splitlines()


def test_status_tells_what_waits_and_asks_the_running_desk(
    terminal: Terminal, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = {"desk": "acme", "platform": "slack", "id": "T1", "name": "Acme", "bot": "U1"}
    connection.execute(insert(installations).values(**installed, connected_at=NOW, paused="token revoked"))
    connection.execute(insert(effects).values(desk="acme", id="e", kind="x", payload={}, created_at=NOW))
    for number, platform in enumerate(("slack", "slack", "discord")):
        connection.execute(
            insert(deliveries).values(
                desk="acme", id=f"d{number}", effect="e", lane="l", platform=platform,
                installation="T1" if platform == "slack" else "9", state="waiting", attempts=0,
                uncertain=False, created_at=datetime.now(UTC) - timedelta(minutes=5), next_at=NOW, marked="",
            )
        )  # fmt: skip
    connection.commit()
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    monkeypatch.setenv("CHATDESK_HTTP__PORT", str(port))
    lines = terminal.run("status").out.splitlines()
    assert "  discord:9, never connected, 1 delivery waits, the oldest for 5 min" in lines
    assert (
        "  slack:T1 (Acme), paused: token revoked, last connected 2026-11-21 10:30 UTC, "
        "2 deliveries wait, the oldest for 5 min"
    ) in lines
    assert lines[-1] == f"running: no, nothing answers on port {port}"


def test_delivery(terminal: Terminal, connection: Connection) -> None:
    assert terminal.run("delivery", "list").out == "nothing has failed, and nothing waits for another try\n"
    assert terminal.run("delivery", "retry", "x").err == (
        "no failed delivery has the id x; see `chatdesk delivery list`\n"
    )
    assert terminal.run("delivery", "drop", "x").status == 2
    assert terminal.run("delivery", "retry").err == (
        "which? Give an id, or --ticket, --lane, --platform or --desk\n"
    )


def _lane_in_trouble(connection: Connection) -> None:
    """Of ticket 7: one failed, one that waits for another try, one behind it."""
    now = datetime.now(UTC)
    said: dict[str, object] = {"line": {"sentence": "plain", "gaps": []}, "controls": []}
    connection.execute(
        insert(effects).values(desk="acme", id="e", kind="line", ticket=7, payload=said, created_at=now)
    )
    for number, state, attempts, reason in (
        (1, "failed", 1, "the channel was deleted"),
        (2, "waiting", 3, "asked to wait 30 s"),
        (3, "waiting", 0, None),
    ):
        connection.execute(
            insert(deliveries).values(
                desk="acme", id=f"d{number}", effect="e", lane="thread:t", platform="slack",
                installation="T1", state=state, attempts=attempts, uncertain=False,
                created_at=now - timedelta(minutes=5),
                next_at=now + timedelta(seconds=20) if attempts > 1 else now, marked="", reason=reason,
            )
        )  # fmt: skip
    connection.commit()


def test_the_delivery_ledger_is_listed_by_state_lane_and_ticket(
    terminal: Terminal, connection: Connection
) -> None:
    _lane_in_trouble(connection)
    header, failed, retrying = terminal.run("delivery", "list").out.splitlines()
    assert " ".join(header.split()) == "id desk ticket what where state tries age next try reason"
    assert failed.split()[:9] == ["d1", "acme", "#7", "line", "slack", "thread:t", "failed", "1", "5"]
    assert failed.rstrip().endswith("the channel was deleted")
    assert "retrying" in retrying and "asked to wait 30 s" in retrying and "in 1" in retrying
    everything = terminal.run("delivery", "list", "--all", "--ticket", "7").out
    assert "1 before it in its lane" in everything and len(everything.splitlines()) == 4
    assert terminal.run("delivery", "list", "--ticket", "8").out == "nothing of that kind\n"
    waiting = terminal.run("delivery", "list", "--lane", "thread:t", "--state", "failed").out
    assert len(waiting.splitlines()) == 2
    assert "--limit lists more" in terminal.run("delivery", "list", "--limit", "1").out


def test_deliveries_are_tried_again_and_given_up_together(terminal: Terminal, connection: Connection) -> None:
    _lane_in_trouble(connection)
    assert terminal.run("delivery", "retry", "--ticket", "7").out == "2 deliveries will be tried again\n"
    states = connection.execute(text("SELECT id, state FROM delivery ORDER BY id")).all()
    assert [row.state for row in states] == ["waiting"] * 3
    connection.rollback()
    assert terminal.run("delivery", "drop", "d1").out == "d1 is given up\n"
    assert terminal.run("delivery", "drop", "--lane", "thread:t").out == "1 delivery given up\n"
    assert terminal.run("delivery", "drop", "d1").status == 2


def test_what_is_in_quarantine_is_listed_and_tried_again(terminal: Terminal, connection: Connection) -> None:
    assert terminal.run("quarantine", "list").out == "the quarantine is empty\n"
    message = next(event for event in EVENTS if isinstance(event, MessagePosted))
    held = quarantine.put(connection, message, "RuntimeError('broken')", NOW)
    connection.commit()
    listing = terminal.run("quarantine", "list").out
    assert held in listing and "MessagePosted" in listing and "broken" in listing
    assert terminal.run("quarantine", "retry", "other").err == (
        "not in quarantine: other; see `chatdesk quarantine list`\n"
    )
    assert terminal.run("quarantine", "retry").out == f"{held} handled\n1 handled, 0 failed again\n"
    assert terminal.run("quarantine", "list").out == "the quarantine is empty\n"


async def _record(file: Path) -> None:
    desk = RecordingDesk(AgreeableDesk(), file)
    for event in EVENTS:
        await desk.handle(event)


def test_what_was_recorded_is_replayed_without_a_trace(terminal: Terminal) -> None:
    asyncio.run(_record(terminal.folder / "events.jsonl"))
    outcome = terminal.run("replay", "events.jsonl")
    assert f"{len(EVENTS)} events, 0 failed" in outcome.out
    assert not (terminal.folder / "data").exists()
    assert terminal.run("replay", "nothing.jsonl").err == (
        "nothing.jsonl: cannot be read: No such file or directory\n"
    )
