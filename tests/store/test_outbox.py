"""The outbox: a delivery for each thread, order in a lane, a blocked lane blocks nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Connection, func, select

from chatdesk.contract.actions import FormKind, OpenForm, RunVerb
from chatdesk.contract.inbound import Connected
from chatdesk.contract.outbound import Visibility
from chatdesk.contract.shards import Sharding
from chatdesk.contract.views import Button, Menu, Option, Style
from chatdesk.contract.vocabulary import IdentityId, Installation, MessageRef, Place, Platform
from chatdesk.desk import directory
from chatdesk.domain.effects import (
    CardChanged,
    CardMoved,
    CatchUpWanted,
    Effect,
    LineReplaced,
    LineSaid,
    MemberChanged,
    PersonTold,
    PostChanged,
    PostReacted,
    PostWritten,
    ReportSaid,
    SourceMarked,
    ThreadEnded,
    ThreadWanted,
    Whispered,
)
from chatdesk.domain.lines import Line, markup, person, words
from chatdesk.domain.metrics import By
from chatdesk.store import deliveries, effect_rows, installations, lanes, outbox
from chatdesk.store.deliveries import DeliveryRow, DeliveryState
from chatdesk.store.lanes import LaneRef
from chatdesk.store.parts import Part
from chatdesk.store.tables_outbox import deliveries as rows
from chatdesk.store.tables_outbox import effects
from chatdesk.store.transaction import Transaction
from tests.store.support import NOW, PLATFORMS, SLACK, thread, transaction

LINE = Line("claimed", (person("actor", "p1"), words("title", "a *b*"), markup("link", "[a](b)")))
CONTROLS = (
    Button("Claim", RunVerb("claim", 7), Style.PRIMARY),
    Menu("Status", RunVerb("status", 7), (Option("Open", "open"),), chosen="open"),
    Button("Note", OpenForm(FormKind.NOTE, 7)),
)
ANA = IdentityId(Platform("discord"), "42")
REF = MessageRef(Place(SLACK, "C1"), "C1:1.2")
EVERY_EFFECT: tuple[Effect, ...] = (
    CardChanged(),
    CardMoved(LINE),
    ThreadWanted("t", LINE, Visibility.PRIVATE, (ANA,), REF),
    ThreadWanted("t", LINE, Visibility.DM, (ANA,), None),
    CatchUpWanted(),
    PostWritten("post"),
    PostChanged("post"),
    PostReacted("post", "👍"),
    LineSaid(LINE, CONTROLS),
    LineReplaced("effect", LINE, CONTROLS),
    Whispered(ANA, LINE, True, CONTROLS, REF),
    PersonTold(ANA, LINE, CONTROLS),
    ReportSaid("digest", NOW, NOW + timedelta(days=7), ("support",)),
    ReportSaid("report", NOW, NOW, None, By.TEAM, ANA, Place(SLACK, "C1")),
    SourceMarked(REF, "⏳", True),
    ThreadEnded(False),
    MemberChanged(ANA, True),
)


def due_lanes(connection: Connection, later: timedelta = timedelta()) -> list[str]:
    return [lane.lane for lane in lanes.due(connection, PLATFORMS, NOW + later, 100).now]


def claim(connection: Connection, lane: str) -> DeliveryRow:
    row = lanes.claim(connection, LaneRef("acme", lane), PLATFORMS, NOW)
    assert row is not None
    return row


@pytest.mark.parametrize("effect", EVERY_EFFECT, ids=lambda effect: type(effect).__name__)
def test_every_effect_is_read_as_it_was_written(effect: Effect) -> None:
    assert effect_rows.parsed(effect_rows.kind_of(type(effect)), effect_rows.written(effect)) == effect


def test_an_effect_is_delivered_once_to_each_thread(tx: Transaction) -> None:
    outbox.write(tx, PostWritten("p"), [thread("a"), thread("b")], NOW)
    assert due_lanes(tx.connection) == ["thread:a", "thread:b"]
    assert claim(tx.connection, "thread:a").effect == PostWritten("p")
    assert claim(tx.connection, "thread:b").ticket == 1


def test_a_lane_keeps_its_order_and_has_one_attempt_in_flight(tx: Transaction) -> None:
    for name in ("first", "second"):
        outbox.write(tx, PostWritten(name), [thread("a")], NOW)
    first = claim(tx.connection, "thread:a")
    assert first.effect == PostWritten("first")
    assert due_lanes(tx.connection) == []
    assert lanes.claim(tx.connection, LaneRef("acme", "thread:a"), PLATFORMS, NOW) is None
    deliveries.finish(tx.connection, first, "m1", NOW)
    assert claim(tx.connection, "thread:a").effect == PostWritten("second")


def test_a_head_that_waits_blocks_its_own_lane_alone(tx: Transaction) -> None:
    outbox.write(tx, PostWritten("first"), [thread("a"), thread("b")], NOW)
    outbox.write(tx, PostWritten("second"), [thread("a")], NOW)
    later = NOW + timedelta(minutes=1)
    deliveries.retry_later(tx.connection, claim(tx.connection, "thread:a"), later, False, True)
    assert due_lanes(tx.connection) == ["thread:b"]
    assert lanes.due(tx.connection, PLATFORMS, NOW, 100).next_at == later
    assert "thread:a" in due_lanes(tx.connection, timedelta(minutes=1))


def test_what_was_in_flight_is_uncertain_after_a_restart(tx: Transaction) -> None:
    outbox.write(tx, PostWritten("p"), [thread("a")], NOW)
    claim(tx.connection, "thread:a")
    assert lanes.recover(tx.connection) == 1
    again = claim(tx.connection, "thread:a")
    assert again.uncertain
    assert again.attempts == 2
    assert again.tried_at == NOW


def test_a_changed_card_is_absorbed_by_one_that_was_never_tried(tx: Transaction) -> None:
    for _ in range(3):
        outbox.write(tx, CardChanged(), [thread("a"), thread("b")], NOW)
    assert tx.connection.execute(select(func.count()).select_from(rows)).scalar_one() == 2
    claim(tx.connection, "thread:a")
    outbox.write(tx, CardChanged(), [thread("a"), thread("b")], NOW)
    assert tx.connection.execute(select(func.count()).select_from(rows)).scalar_one() == 3


def test_a_paused_installation_and_a_platform_that_is_off_wait(tx: Transaction) -> None:
    connected = Connected(SLACK, "Acme", IdentityId(SLACK.platform, "B1"), NOW)
    directory.connected(tx, connected, NOW)
    outbox.write(tx, PostWritten("p"), [thread("a")], NOW)
    installations.pause(tx.connection, SLACK, "its token was revoked")
    assert due_lanes(tx.connection) == []
    assert lanes.claim(tx.connection, LaneRef("acme", "thread:a"), PLATFORMS, NOW) is None
    directory.connected(tx, connected, NOW)
    assert due_lanes(tx.connection) == ["thread:a"]
    assert lanes.due(tx.connection, (Platform("discord"),), NOW, 10).now == ()


def test_of_a_divided_platform_only_what_is_in_our_shards_is_due(tx: Transaction) -> None:
    """Whatever the ids of other platforms look like."""
    servers = [Installation(Platform("discord"), str(number << 22)) for number in (4, 5, 1 << 40)]
    for number, server in enumerate(servers):
        outbox.write(tx, LineSaid(LINE), [thread(f"d{number}", installation=server)], NOW)
    outbox.write(tx, LineSaid(LINE), [thread("slack")], NOW)
    sharding = Sharding(2, 22)

    def due(*shards: int) -> list[str]:
        parts = [Part(servers[0].platform, sharding, frozenset(shards))]
        found = lanes.due(tx.connection, PLATFORMS, NOW, 100, parts=parts).now
        for lane in found:
            here = lane.installation.platform != servers[0].platform or (
                sharding.shard_of(lane.installation) in shards
            )
            assert here
        return [lane.lane.removeprefix("thread:") for lane in found]

    assert due(0) == ["d0", "d2", "slack"]
    assert due(1) == ["d1", "slack"]
    assert due() == ["slack"]
    assert due(0, 1) == ["d0", "d1", "d2", "slack"]
    lane = LaneRef("acme", "thread:d1")
    elsewhere = [Part(servers[0].platform, sharding, frozenset({0}))]
    assert lanes.claim(tx.connection, lane, PLATFORMS, NOW, elsewhere) is None
    assert lanes.claim(tx.connection, lane, PLATFORMS, NOW) is not None
    assert lanes.left_behind(tx.connection, PLATFORMS, elsewhere) == []
    assert lanes.left_behind(tx.connection, PLATFORMS) == [servers[1]]


def test_steps_are_remembered_and_replaced(tx: Transaction) -> None:
    deliveries.record_step(tx.connection, "acme", "d", "upload", "F1")
    deliveries.record_step(tx.connection, "acme", "d", "upload", "F2")
    deliveries.record_step(tx.connection, "acme", "d", "post", "1.2")
    assert deliveries.steps(tx.connection, "acme", "d") == {"upload": "F2", "post": "1.2"}


def test_a_failed_delivery_is_tried_again_in_its_old_turn(tx: Transaction) -> None:
    outbox.write(tx, PostWritten("first"), [thread("a")], NOW)
    outbox.write(tx, PostWritten("second"), [thread("a")], NOW)
    failed = claim(tx.connection, "thread:a")
    deliveries.fail(tx.connection, failed, "the channel is gone", NOW)
    assert not outbox.retry(transaction(tx.connection, "other"), failed.id, NOW)
    assert outbox.retry(tx, failed.id, NOW)
    assert not outbox.retry(tx, failed.id, NOW)
    assert claim(tx.connection, "thread:a").effect == PostWritten("first")


def test_delivered_effects_are_forgotten_after_a_month_and_failed_ones_kept(tx: Transaction) -> None:
    outbox.write(tx, PostWritten("done"), [thread("a")], NOW)
    outbox.write(tx, PostWritten("failed"), [thread("b")], NOW)
    outbox.write(tx, PostWritten("waiting"), [thread("c")], NOW)
    deliveries.finish(tx.connection, claim(tx.connection, "thread:a"), None, NOW)
    deliveries.fail(tx.connection, claim(tx.connection, "thread:b"), "gone", NOW)
    assert outbox.prune(tx.connection, NOW + timedelta(days=30)) == 0
    assert outbox.prune(tx.connection, NOW + timedelta(days=32)) == 1
    assert sorted(tx.connection.execute(select(effects.c.post)).scalars()) == ["failed", "waiting"]


def test_posts_that_wait_too_long_are_found_until_somebody_was_told(tx: Transaction) -> None:
    outbox.write(tx, PostWritten("p"), [thread("a")], NOW)
    outbox.write(tx, CardChanged(), [thread("b")], NOW)
    assert deliveries.unmarked_posts(tx.connection, NOW - timedelta(seconds=1)) == []
    (slow,) = deliveries.unmarked_posts(tx.connection, NOW)
    assert slow.state is DeliveryState.WAITING
    deliveries.mark(tx.connection, slow, deliveries.Mark.SLOW)
    assert deliveries.unmarked_posts(tx.connection, NOW) == []
