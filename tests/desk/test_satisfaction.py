"""Requesters say how satisfied they are."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from chatdesk.contract.actions import FormKind, OpenForm, RunVerb
from chatdesk.contract.ports import Accepted, Refused
from chatdesk.contract.views import Button
from chatdesk.contract.vocabulary import Side
from chatdesk.domain.effects import LineSaid
from chatdesk.domain.lifecycle import Status
from chatdesk.domain.satisfaction import Satisfaction
from chatdesk.store import ratings
from chatdesk.store.engine import open_engine
from chatdesk.store.ratings import Rating
from tests.desk.humans import ANA, CLEO, DAN, LEA, SAM
from tests.desk.organisation import ACME, HELP, PUBLIC, SUPPORT
from tests.desk.world import World

ASKING = replace(ACME, satisfaction=Satisfaction(share=100, cool_down=timedelta(days=14), low=2))


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    opened = await World.furnish(open_engine(database_url), ASKING)
    yield opened
    await opened.close()


async def closed(world: World, number: int = 1) -> None:
    """A ticket of Cleo's that was answered and closed."""
    assert await world.ticket_from(CLEO, PUBLIC) == number
    await world.post(ANA, world.team(number), "A new toner")
    await world.give(ANA, "close", ticket=str(number))


def asked(world: World, number: int) -> tuple[Button, ...]:
    said = [one for one in world.effects(number, Side.CUSTOMER) if isinstance(one, LineSaid)]
    lines = [one for one in said if one.line.sentence == "rating_asked"]
    return tuple(one for line in lines for one in line.controls if isinstance(one, Button))


def rating(world: World, number: int = 1) -> Rating:
    found = world.look(lambda tx: ratings.of_ticket(tx, number))
    assert found is not None
    return found


async def test_five_buttons_one_rating_that_can_be_changed(world: World) -> None:
    await closed(world)
    buttons = asked(world, 1)
    assert [one.label for one in buttons] == ["😡 1", "🙁 2", "😐 3", "🙂 4", "😍 5"]
    assert rating(world).score is None
    for index, score in ((3, 4), (4, 5), (4, 5)):
        await world.press(CLEO, buttons[index])
        assert rating(world).score == score
    assert world.accepted.startswith("Thank you! You gave #1 5 of 5.")
    assert isinstance(world.answer, Accepted)
    (button,) = world.answer.controls
    assert button.action == OpenForm(FormKind.RATING, 1)
    given = [dict(one.data) for one in world.history(1) if one.kind == "rated"]
    assert given == [{"after": "4"}, {"before": "4", "after": "5"}]
    assert world.lines(1, Side.TEAM)[-2:] == [
        "⭐ Cleo rated this ticket 4 of 5",
        "⭐ Cleo rated this ticket 5 of 5",
    ]
    assert world.told(LEA) == []


@pytest.mark.parametrize("value", ["", "   ", "0", "6", "-1", "4.5", "five", "٣"])
async def test_a_blank_is_no_rating(world: World, value: str) -> None:
    await closed(world)
    await world.give(CLEO, "rate", ticket="1", value=value)
    assert world.refused == "Please give #1 a rating from 1 (bad) to 5 (great)."
    assert rating(world).score is None


async def test_the_form_asks_for_a_rating_and_takes_a_comment(world: World) -> None:
    await closed(world)
    form = await world.open_form(CLEO, FormKind.RATING, 1)
    await world.submit(CLEO, form, value="", comment="it was awful")
    assert isinstance(world.answer, Refused) and set(world.answer.fields) == {"value"}
    assert rating(world).score is None
    await world.submit(CLEO, form, value="4", comment="  ")
    assert (rating(world).score, rating(world).comment) == (4, None)
    again = await world.open_form(CLEO, FormKind.RATING, 1)
    assert getattr(again.fields[0], "value", "") == "4"
    await world.submit(CLEO, again, value="4", comment="Quick!")
    assert rating(world).comment == "Quick!"
    assert "> Quick!" in world.lines(1, Side.TEAM)[-1]


async def test_low_ratings_are_told_to_the_lead(world: World) -> None:
    await closed(world)
    await world.type(LEA, SUPPORT, "list")
    world.forget()
    await world.type(CLEO, world.customer(1), "rate 2 it took a week")
    assert world.told(LEA) == ["📉 Cleo rated **#1** The printer is on fire 2 of 5\n\n> it took a week"]
    await world.give(CLEO, "rate", ticket="1", value="1")
    assert len(world.told(LEA)) == 1, "she knows already"
    assert "took a week" not in str(world.lines(1, Side.CUSTOMER))


async def test_only_requesters_rate_and_only_what_is_over(world: World) -> None:
    await closed(world)
    await world.post(DAN, world.customer(1), "me too")
    for who in (ANA, DAN):
        await world.give(who, "rate", ticket="1", value="5")
        assert world.refused == "You may not rate #1. Its requester can."
    await world.give(ANA, "reopen", ticket="1")
    await world.give(CLEO, "rate", ticket="1", value="5")
    assert world.refused == "#1 is open; you can rate it once it is closed."


async def test_nobody_is_asked_too_often_or_about_nothing(world: World) -> None:
    await closed(world)
    await closed(world, 2)
    assert asked(world, 2) == ()
    world.clock.advance(days=14)
    await closed(world, 3)
    assert len(asked(world, 3)) == 5
    world.clock.advance(days=15)
    assert await world.ticket_from(CLEO, PUBLIC) == 4
    await world.give(ANA, "close", ticket="4")
    assert world.ticket(4).status is Status.CLOSED
    assert asked(world, 4) == (), "nobody answered, so there is nothing to rate"


async def test_each_requester_of_what_was_merged_rates_their_own(world: World) -> None:
    await world.ticket_from(CLEO, PUBLIC, "Mail is down")
    await world.ticket_from(SAM, HELP, "No mail since nine")
    await world.give(ANA, "merge", ticket="2", into="1")
    await world.settle()
    await world.post(ANA, world.team(1), "It is back")
    await world.give(SAM, "rate", ticket="2", value="5")
    assert world.refused == "#2 is open; you can rate it once it is closed."
    await world.give(ANA, "close", ticket="1")
    assert [one.action for one in asked(world, 1)][::5] == [RunVerb("rate", 1, "1"), RunVerb("rate", 2, "1")]
    await world.give(SAM, "rate", ticket="2", value="2", comment="Five hours!")
    assert (rating(world, 2).score, rating(world, 1).score) == (2, None)
    assert "Sam rated this ticket 2 of 5" in world.lines(1, Side.TEAM)[-1]
    assert "Five hours" not in str(world.lines(1, Side.CUSTOMER))
    form = await world.open_form(SAM, FormKind.RATING, 2)
    await world.submit(SAM, form, value="4")
    assert rating(world, 2).score == 4
