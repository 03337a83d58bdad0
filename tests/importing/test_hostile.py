"""Whatever stands in an export, it is taken or named: nothing of it stops the rest."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete

from chatdesk.importing import modmail, own, zendesk
from chatdesk.importing.records import Source
from chatdesk.store import desks
from chatdesk.store.engine import open_engine
from chatdesk.store.tables import metadata
from tests.desk.organisation import ACME
from tests.importing.samples import lines, modmail_log, zendesk_ticket
from tests.importing.support import take

NOW = datetime(2026, 11, 21, tzinfo=UTC)
ODD = ("", "x" * 300, "\x00", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "-1", "🦀", "\ud800")
anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.sampled_from(ODD)
    | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def own_ticket(number: int) -> dict[str, object]:
    return {
        "desk": "old", "number": number, "title": "Title", "description": "words", "status": "closed",
        "priority": "normal", "type": None, "category": None, "service": "VPN", "team": "support",
        "tags": ["a"], "fields": {"k": "v"}, "requester": "p1", "requester_name": "Rita", "assignee": "p2",
        "assignee_name": "Ann", "escalation_level": 0, "platform": "slack",
        "created_at": "2025-01-01T00:00:00+00:00", "first_response_at": "2025-01-01T00:00:00+00:00",
        "resolved_at": "2025-01-01T00:00:00+00:00", "closed_at": "2025-01-01T00:00:00+00:00",
        "last_post_at": None, "reopens": 0, "resolution_code": None, "resolution": "done",
        "follow_up": "call",
        "follow_up_at": "2027-01-01T00:00:00+00:00", "follows": None, "merged_into": None, "rating": 3,
        "rating_comment": "ok", "rated_at": "2025-01-01T00:00:00+00:00", "link": None,
        "participants": {"p2": 1},
    }  # fmt: skip


@st.composite
def spoilt(draw: st.DrawFn, whole: dict[str, object]) -> dict[str, object]:
    """The record with something else in one or two places, or without them."""
    made = copy.deepcopy(whole)
    for _ in range(draw(st.integers(1, 2))):
        where: dict[str, object] | list[object] = made
        while True:
            keys = list(where) if isinstance(where, dict) else list(range(len(where)))
            if not keys:
                break
            key = draw(st.sampled_from(keys))
            inner = where[key]  # type: ignore[index, call-overload]
            if isinstance(inner, dict | list) and inner and draw(st.booleans()):
                where = inner
                continue
            where[key] = draw(anything)  # type: ignore[index, call-overload]
            break
    return made


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    made = open_engine(f"sqlite:///{tmp_path_factory.mktemp('hostile') / 'chatdesk.db'}")
    metadata.create_all(made)
    yield made
    made.dispose()


def read_own(file: Path) -> Source:
    file = file.rename(file.with_name("tickets.jsonl"))
    return own.read(file.parent)


@pytest.mark.parametrize(
    ("read", "make"),
    [
        (zendesk.read, zendesk_ticket),
        (modmail.read, lambda number: modmail_log(f"k{number}")),
        (read_own, own_ticket),
    ],
    ids=["zendesk", "modmail", "jsonl"],
)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_one_spoilt_record_is_taken_or_named(
    engine: Engine,
    tmp_path_factory: pytest.TempPathFactory,
    read: Callable[[Path], Source],
    make: Callable[[int], dict[str, object]],
    data: st.DataObject,
) -> None:
    with engine.begin() as connection:
        for table in metadata.sorted_tables:
            connection.execute(delete(table))
        desks.apply(connection, ACME, NOW)
    folder = tmp_path_factory.mktemp("export")
    records = [make(1), data.draw(spoilt(make(2))), make(3)]
    report = take(engine, ACME, read(lines(folder / "records.json", records)), NOW)
    whole = report.taken + sum(one.what in ("ticket", "1 objects") for one in report.lost) + report.known
    assert report.taken >= 2 and whole == 3, report
    written = [json.loads(line.encode()) for line in report.as_lines()]
    assert written[0]["taken"] == report.taken and len(written) > len(report.lost)
