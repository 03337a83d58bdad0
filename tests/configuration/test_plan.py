from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jsonschema
import pytest
from ruamel.yaml import YAML
from sqlalchemy import Connection, create_engine, insert

from chatdesk.configuration.applying import apply_all, apply_if_harmless, plans
from chatdesk.configuration.export import export
from chatdesk.configuration.file import DeskFile
from chatdesk.configuration.plan import plan
from chatdesk.configuration.reading import read_desks
from chatdesk.domain.organisation import Organisation
from chatdesk.errors import RefusedPlan
from chatdesk.store import desks
from chatdesk.store.desks import Usage
from chatdesk.store.tables import metadata, tickets
from tests.configuration.test_reading import PLATFORMS, WHOLE

NOW = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)


@pytest.fixture
def acme(tmp_path: Path) -> Organisation:
    path = tmp_path / "desk.yaml"
    path.write_text(WHOLE, encoding="utf-8")
    return read_desks(path, PLATFORMS)[0]


@pytest.fixture
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def _ticket(connection: Connection, team: str) -> None:
    connection.execute(
        insert(tickets).values(
            desk="acme", number=1, title="t", description="", requester="p", status="open", team=team,
            priority="low", created_at=NOW, tags=[], fields=[], escalation_level=0, mode="reply", reopens=0,
            unread=False, version=0,
        )
    )  # fmt: skip


def test_what_did_not_change_is_no_plan(acme: Organisation) -> None:
    assert str(plan(acme, acme, Usage())) == "desk acme: nothing to change"


def test_a_new_desk(acme: Organisation) -> None:
    assert str(plan(None, acme, Usage())) == "desk acme:\n  + desk acme: Acme Ltd"


def test_what_is_added_removed_and_changed_reads_as_in_the_file(acme: Organisation) -> None:
    support, billing = acme.teams
    changed = replace(
        support, members=support.members[1:], mode=billing.mode, answer_within=timedelta(hours=1)
    )
    new = replace(acme, teams=(changed, replace(billing, key="money")), services=("Shop", "App"), routes=())
    assert str(plan(acme, new, Usage())) == "\n".join(
        [
            "desk acme:",
            "  ~ services: +App",
            "  ~ team support: members −slack:U1; mode reply → internal; answer_within 4h → 1h",
            "  - team billing",
            "  + team money",
            "  - route discord:#help",
            "  - route slack:#help",
        ]
    )


def test_what_is_in_use_is_not_taken_away_silently(acme: Organisation) -> None:
    usage = Usage(3, teams={"billing": 1}, categories={"money/refund": 2}, priorities={"high": 3})
    new = replace(acme, teams=acme.teams[:1], categories=acme.categories[:1], priorities=acme.priorities[:1])
    made = plan(acme, new, usage)
    assert made.takes_away
    losses = {change.subject: change.loss for change in made.changes if change.loss}
    assert losses == {
        "team billing": "1 unfinished ticket",
        "category money/refund": "2 unfinished tickets",
        "priority high": "3 unfinished tickets",
    }


def test_a_team_that_holds_tickets_is_not_emptied_silently(acme: Organisation) -> None:
    support, billing = acme.teams
    new = replace(acme, teams=(replace(support, members=(), leads=()), billing))
    assert plan(acme, new, Usage(1, teams={"support": 1})).takes_away
    assert not plan(acme, new, Usage()).takes_away


def test_at_start_a_harmless_plan_is_applied(connection: Connection, acme: Organisation) -> None:
    apply_if_harmless(connection, [acme], NOW)
    apply_if_harmless(connection, [replace(acme, services=())], NOW)
    assert desks.load(connection, "acme") == replace(acme, services=())


def test_at_start_a_plan_that_takes_away_is_refused_and_changes_nothing(
    connection: Connection, acme: Organisation
) -> None:
    apply_if_harmless(connection, [acme], NOW)
    _ticket(connection, "billing")
    without = replace(acme, teams=acme.teams[:1])
    with pytest.raises(RefusedPlan, match=r"- team billing .*1 unfinished ticket"):
        apply_if_harmless(connection, [without], NOW)
    assert desks.load(connection, "acme") == acme
    apply_all(connection, [without], NOW)
    assert desks.load(connection, "acme") == without


def test_a_desk_that_no_file_describes_any_more(connection: Connection, acme: Organisation) -> None:
    apply_if_harmless(connection, [acme], NOW)
    _ticket(connection, "support")
    renamed = replace(acme, desk="acme2")
    assert [str(each.changes[0]) for each in plans(connection, [renamed])] == [
        "+ desk acme2: Acme Ltd",
        "- desk acme: no file describes it any more  ← takes away what is in use: 1 unfinished ticket",
    ]
    apply_all(connection, [renamed], NOW)
    assert [each.desk for each in desks.listed(connection)] == ["acme2"]


def test_an_exported_configuration_reads_back_the_same(tmp_path: Path, acme: Organisation) -> None:
    path = tmp_path / "exported.yaml"
    path.write_text(export(acme), encoding="utf-8")
    assert read_desks(path, PLATFORMS) == (acme,)


def test_an_export_says_nothing_that_is_the_default_anyway(tmp_path: Path) -> None:
    path = tmp_path / "desk.yaml"
    path.write_text("desk: acme\nteams:\n  support: {home: 'slack:#support'}\n", encoding="utf-8")
    assert export(read_desks(path, PLATFORMS)[0]) == (
        "desk: acme\nname: Acme\nteams:\n  support:\n    name: Support\n    home:\n      - slack:#support\n"
    )


def test_the_published_schema_accepts_what_we_accept() -> None:
    schema = DeskFile.model_json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(YAML(typ="safe").load(WHOLE), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"desk": "acme", "teams": {}}, schema)


def test_the_schema_tells_defaults_as_they_are_written() -> None:
    properties = DeskFile.model_json_schema()["properties"]
    assert properties["reopen_grace"]["default"] == "1w"
    assert properties["max_file"]["default"] == "25MiB"
