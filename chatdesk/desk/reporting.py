"""``/desk report``: the numbers of teams for their staff, as a table and as a picture."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from textwrap import shorten

from chatdesk.contract import sentences_reports
from chatdesk.contract.actions import RunVerb
from chatdesk.contract.ports import Accepted, Answer
from chatdesk.contract.sentences import Markup
from chatdesk.contract.views import Button
from chatdesk.contract.vocabulary import Actor, PlaceKind, Side, Where
from chatdesk.desk import picture
from chatdesk.desk.act import Act, Followed, ToBeRead, refuse
from chatdesk.desk.numbers import report
from chatdesk.desk.numbers_shown import code_block, shown
from chatdesk.desk.report_asked import Asked, arguments_again, asked_for
from chatdesk.desk.report_said import day, whose_of
from chatdesk.domain.effects import ReportSaid
from chatdesk.domain.metrics import By, Period
from chatdesk.store import channels, outbox, people, threads
from chatdesk.store.numbers import Remark, count_since, remarks
from chatdesk.store.transaction import Transaction

Arguments = Mapping[str, str]

MOST_TICKETS = 3000
"""As many as are reckoned well within the three seconds that platforms wait for an answer."""
MOST_REMARKS = 5
LONGEST_REMARK = 150
MOST_CHARACTERS = 1800
"""As many as fit into one message of every platform, with a sentence behind."""


def numbers(act: Act, arguments: Arguments) -> Answer:
    """Checked here; reckoned by a reader, since it may take longer than anybody who writes should wait."""
    asked = asked_for(act, arguments)
    if asked.here:
        return _posted(act, asked)
    raise ToBeRead(lambda tx: _answer(replace(act, tx=tx), asked))


def post(act: Act, arguments: Arguments) -> Answer:
    """The same once more, for everybody, by a button beside what somebody was told alone."""
    return _posted(act, asked_for(act, {**arguments_again(arguments.get("value", "")), "here": "yes"}))


def _posted(act: Act, asked: Asked) -> Answer:
    """For everybody who reads the place, if they are staff."""
    if act.where is None or not _is_of_staff(act.tx, act.where):
        raise refuse(sentences_reports.NOT_AMONG_STAFF.say())
    place = act.where.place
    lane = f"place:{place.platform}:{place.id}"
    outbox.write_at(act.tx, _effect(asked, act.now), place.installation, place.id, lane, act.now)
    missing = "" if picture.is_possible() else f" {sentences_reports.NO_PICTURE.say()}"
    return Accepted(f"{sentences_reports.POSTED_HERE.say()}{missing}")


def _answer(act: Act, asked: Asked) -> Answer | Followed:
    """The table at once; the picture, or both where there is much to reckon, in a direct message."""
    count = count_since(act.tx, act.now - asked.since, asked.teams)
    if count > MOST_TICKETS:
        return Followed(Accepted(sentences_reports.MANY_FOLLOW.say(count=count)), _telling(act, asked))
    table = _table(act, asked)
    said = "\n".join(_remarks(act, asked, MOST_CHARACTERS - len(table)))
    controls = (
        (Button("Post it here", RunVerb("post-report", 0, asked.again())),)
        if _may_be_posted(act, asked)
        else ()
    )
    if not picture.is_possible():
        return Accepted(f"{table}\n{said}{sentences_reports.NO_PICTURE.say()}", controls=controls)
    told = f"{table}\n{said}{sentences_reports.PICTURE_FOLLOWS.say()}"
    return Followed(Accepted(told, controls=controls), _telling(act, asked))


def _may_be_posted(act: Act, asked: Asked) -> bool:
    return asked.by is not By.AGENT and act.where is not None and _is_of_staff(act.tx, act.where)


def _remarks(act: Act, asked: Asked, room: int) -> Iterator[str]:
    """What requesters said lately, for who leads those whom they said it of."""
    found = remarks(act.tx, act.now - asked.since, act.now, asked.teams, MOST_REMARKS) if asked.leads else ()
    listed = [_remark(one) for one in found]
    while listed and sum(map(len, listed)) > room:
        listed.pop()
    if listed:
        yield sentences_reports.REMARKS.say()
        yield from listed
        yield ""


def _remark(one: Remark) -> str:
    comment = shorten(one.comment, LONGEST_REMARK, placeholder=" …")
    return f"- {sentences_reports.REMARK.say(score=one.score, number=one.ticket, comment=comment)}"


def _table(act: Act, asked: Asked) -> str:
    organisation, start = act.tx.organisation, act.now - asked.since
    return sentences_reports.REPORT.say(
        team=whose_of(organisation, asked.teams),
        start=day(organisation, start),
        end=day(organisation, act.now),
        table=Markup(code_block(shown(report(act.tx, Period(start, act.now), asked.by, asked.teams)))),
    )


def _telling(act: Act, asked: Asked) -> Callable[[Transaction], None]:
    """Writes what is told to whoever asked, in a transaction of its own."""

    where = act.where if act.where is not None and _is_of_staff(act.tx, act.where) else None
    asked_in = where.place if where is not None else None

    def write(tx: Transaction) -> None:
        if act.identity is not None and act.installation is not None:
            # Whom we write to is known to us, so that they can be erased.
            people.meet(tx, Actor(act.identity, None, act.installation), act.installation, act.now)
            effect = replace(_effect(asked, act.now), to=act.identity, asked_in=asked_in)
            outbox.write_at(tx, effect, act.installation, None, outbox.person_lane(act.identity), act.now)

    return write


def _effect(asked: Asked, now: datetime) -> ReportSaid:
    return ReportSaid("report", now - asked.since, now, asked.teams, asked.by)


def _is_of_staff(tx: Transaction, where: Where) -> bool:
    """Whether a place is a team's home channel, or the thread of a ticket that staff alone read."""
    sides = {thread.side for thread in threads.at_place(tx, where.place)}
    if where.kind is PlaceKind.DM or Side.CUSTOMER in sides:
        return False
    if sides:
        return True
    organisation = tx.organisation
    for_customers = any(channels.matches(tx, route.channel, where.channel) for route in organisation.routes)
    homes = (home for team in organisation.teams for home in team.homes)
    return not for_customers and any(channels.matches(tx, home, where.channel) for home in homes)
