"""Reports: reckoned when they are delivered, drawn once, told without a picture where there can be none."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from chatdesk.contract.outbound import Outbound, OutgoingFile, PostLine, TellPerson
from chatdesk.contract.ports import Attempt, DeliveryFailed, Receipt
from chatdesk.contract.vocabulary import Place
from chatdesk.desk import picture
from chatdesk.desk.numbers import Report
from chatdesk.domain.effects import ReportSaid
from chatdesk.store import outbox
from chatdesk.store.transaction import Transaction
from tests.courier.support import BEN, PATIENCE, SystemClock, World, until, world
from tests.store.support import SLACK

HOME = Place(SLACK, "C1")


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        yield made


def drawing(images: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Instead of matplotlib, which takes a second to load; ``images`` are the titles of what was drawn."""

    def drawn(reports: Sequence[tuple[str, Report]]) -> bytes:
        images.extend(title for title, _ in reports)
        return b"a picture"

    monkeypatch.setattr(picture, "drawn", drawn)


async def report(desk: World, to_ben: bool = False) -> None:
    now = SystemClock().now()
    effect = ReportSaid("report", now - timedelta(days=7), now, None, None, BEN if to_ben else None, HOME)

    def write(tx: Transaction) -> None:
        lane = outbox.person_lane(BEN) if to_ben else "place:slack:C1"
        outbox.write_at(tx, effect, SLACK, None if to_ben else HOME.id, lane, now)

    await desk.do(write)


async def delivered(desk: World) -> None:
    async with desk.running() as courier:
        await courier.drain(PATIENCE)


def file_of(effect: Outbound) -> OutgoingFile | None:
    assert isinstance(effect, PostLine | TellPerson)
    return effect.file


async def test_what_was_drawn_is_kept_for_the_next_try(desk: World, monkeypatch: pytest.MonkeyPatch) -> None:
    images: list[str] = []
    drawing(images, monkeypatch)

    async def busy_once(effect: Outbound, at: Place, attempt: Attempt) -> Receipt | None:
        if len(desk.slack.tried) == 1:
            raise DeliveryFailed(retry_after=0.01)
        return None

    desk.slack.hook = busy_once
    await report(desk)
    async with desk.running():
        await until(lambda: bool(desk.slack.taken))
    [said] = desk.slack.shown()
    file = file_of(said)
    assert isinstance(said, PostLine) and "Came in" in said.text
    assert file is not None and (file.name, file.path.read_bytes()) == ("report.png", b"a picture")
    assert len(desk.slack.tried) == 2 and len(images) == 1


async def test_what_cannot_be_drawn_keeps_no_numbers_back(
    desk: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(reports: Sequence[tuple[str, Report]]) -> bytes:
        raise ValueError("no such font")

    monkeypatch.setattr(picture, "drawn", broken)
    await report(desk)
    await delivered(desk)
    monkeypatch.setattr(picture, "is_possible", lambda: False)
    await report(desk)
    await delivered(desk)
    assert [file_of(said) for said in desk.slack.shown()] == [None, None]


async def test_who_takes_no_direct_messages_is_reported(desk: World, monkeypatch: pytest.MonkeyPatch) -> None:
    drawing([], monkeypatch)

    async def closed(effect: Outbound, at: Place, attempt: Attempt) -> Receipt | None:
        raise DeliveryFailed(permanent="they do not accept direct messages")

    desk.slack.hook = closed
    await report(desk, to_ben=True)
    await delivered(desk)
    assert desk.reports.failed == ["ReportSaid: they do not accept direct messages"]
