"""Articles are found by those who may read them, and answer requests before they are anybody's work."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from chatdesk.configuration.articles import read_articles
from chatdesk.contract.ports import Accepted
from chatdesk.contract.views import Menu
from chatdesk.contract.vocabulary import Side
from chatdesk.desk.sweeps import end_drafts, prune
from chatdesk.domain.effects import LineSaid
from chatdesk.domain.knowledge import Article, Knowledge, Readers
from chatdesk.domain.lifecycle import Status
from chatdesk.errors import ConfigurationError
from chatdesk.store import article_uses, articles, desks
from chatdesk.store.article_uses import Counts
from tests.desk.humans import ANA, CLEO, SAM, Human
from tests.desk.organisation import ACME, HELP, PUBLIC
from tests.desk.world import World

VPN = Article(
    "vpn/locked", "Get into the VPN again", "1. Open the portal\n2. Press **unlock**",
    keywords=("token", "locked"), category="account",
)  # fmt: skip
MAIL = Article("mail", "Größere Anhänge schicken", "The limit is 25 MB.\n\nUse the VPN for more.")
INSIDE = Article("vpn/inside", "VPN for admins", "The master token is in the safe", Readers.INTERNAL)


@pytest.fixture
async def desk(world: World) -> World:
    """A desk with three articles, of which one is for staff."""
    with_knowledge = replace(ACME, knowledge=Knowledge())
    world.organisation = with_knowledge

    def furnish(connection: object) -> None:
        desks.apply(connection, with_knowledge, world.clock.now())  # type: ignore[arg-type]

    await world.writer.run(furnish)
    for version in (replace(VPN, body="Old words"), VPN):
        await world.change(lambda tx: articles.apply(tx, [version, MAIL, INSIDE], world.clock.now()))  # noqa: B023
    return world


async def kb(world: World, who: Human, text: str) -> str:
    await world.type(who, PUBLIC if who is CLEO else HELP, text, command="kb")
    return world.accepted if isinstance(world.answer, Accepted) else world.refused


async def test_the_best_first_and_internal_ones_for_staff_alone(desk: World) -> None:
    assert [line.split("`")[1] for line in (await kb(desk, CLEO, "search vpn")).splitlines()] == [
        "vpn/locked", "mail",
    ]  # fmt: skip
    assert "🔒 **VPN for admins**" in await kb(desk, ANA, "search vpn admins")
    assert "No article says anything" in await kb(desk, CLEO, "search safe")
    assert "`mail`" in await kb(desk, CLEO, "search ANHANGE grossere")
    assert "`vpn/locked`" in await kb(desk, CLEO, "search tokne locked")
    assert "`vpn/locked`" in await kb(desk, CLEO, "search porttal")
    assert "Press **unlock**" in await kb(desk, CLEO, "show vpn/locked")
    await desk.type(CLEO, PUBLIC, "show vpn/inside", command="kb")
    assert "No article" in desk.refused
    assert "Old words" not in await kb(desk, CLEO, "list")
    assert "search <words>" in await kb(desk, CLEO, "help") and "retire" not in desk.accepted
    assert "retire <article>" in await kb(desk, ANA, "help")


async def test_a_requester_is_shown_the_article_first_and_it_is_enough(desk: World) -> None:
    source = desk.message(CLEO, PUBLIC, "My VPN token is locked, can you help?")
    await desk.ask_ticket(CLEO, source)
    await desk.settle()
    ticket = desk.ticket(1)
    assert ticket.status is Status.DRAFT
    assert desk.threads(1, Side.TEAM) == []
    line = next(
        one for one in desk.effects(1, Side.CUSTOMER)
        if isinstance(one, LineSaid) and one.line.sentence == "article"
    )  # fmt: skip
    assert "Press **unlock**" in desk.said(line.line)
    await desk.press(ANA, line.controls[0])
    assert desk.ticket(1).status is Status.CANCELLED
    await desk.press(CLEO, line.controls[0])
    assert "already answered" in desk.refused
    assert desk.look(article_uses.counts) == {"vpn/locked": Counts(shown=1, solved=1)}
    await desk.post(CLEO, desk.customer(1), "It is locked again after all")
    await desk.settle()
    assert desk.ticket(1).status is Status.OPEN
    assert "It is locked again after all" in desk.bodies(1, Side.TEAM)


async def test_a_requester_opens_it_anyway_or_says_nothing(desk: World) -> None:
    for _ in range(2):
        source = desk.message(CLEO, PUBLIC, "The VPN token is locked")
        await desk.ask_ticket(CLEO, source)
    await desk.give(CLEO, "submit", ticket="1")
    assert desk.ticket(1).status is Status.NEW
    assert desk.lines(1, Side.TEAM)[-1] == (
        "📖 May help: **Get into the VPN again** (`vpn/locked`) which the requester has seen"
    )
    assert desk.threads(1, Side.TEAM)
    await desk.tick(end_drafts, minutes=11)
    assert desk.ticket(2).status is Status.NEW
    assert desk.look(article_uses.counts) == {"vpn/locked": Counts(shown=2, anyway=2)}


async def test_what_is_mandatory_is_asked_for_beside_the_article(desk: World) -> None:
    demanding = replace(desk.organisation, required=("service",))
    await desk.writer.run(lambda connection: desks.apply(connection, demanding, desk.clock.now()))
    await desk.ask_ticket(CLEO, desk.message(CLEO, PUBLIC, "My VPN token is locked"))
    assert desk.sentences(1, Side.CUSTOMER)[-2:] == ["draft", "article"]
    await desk.give(CLEO, "service", ticket="1", service="VPN")
    assert desk.ticket(1).status is Status.NEW
    assert desk.look(article_uses.counts) == {"vpn/locked": Counts(shown=1, anyway=1)}


async def test_nobody_is_shown_what_is_not_likely_or_not_for_them(desk: World) -> None:
    for who, where, body in (
        (CLEO, PUBLIC, "The VPN is slow"),
        (CLEO, PUBLIC, "Where is the master safe of the admins?"),
        (SAM, HELP, "The printer is on fire"),
    ):
        await desk.ask_ticket(who, desk.message(who, where, body))
    await desk.ask_ticket(ANA, desk.message(CLEO, PUBLIC, "My VPN token is locked"))
    assert [one.status for one in desk.tickets()] == [Status.NEW] * 4


async def test_agents_answer_with_an_article_that_a_requester_may_read(desk: World) -> None:
    await desk.ask_ticket(ANA, desk.message(CLEO, PUBLIC, "My VPN token is locked, and the admins are away"))
    await desk.settle()
    line = next(one for one in desk.effects(1, Side.TEAM) if isinstance(one, LineSaid) and one.controls)
    assert desk.said(line.line) == (
        "📖 May help: 🔒 **VPN for admins** (`vpn/inside`), **Get into the VPN again** (`vpn/locked`)"
    )
    send, read = line.controls
    assert isinstance(read, Menu)
    await desk.press(CLEO, send)
    assert "write notes" in desk.refused
    await desk.press(CLEO, read, value=read.options[0].value)
    assert "already answered" in desk.refused
    await desk.press(ANA, read, value=read.options[0].value)
    assert "master token" in desk.accepted
    await desk.press(ANA, send)
    assert desk.bodies(1, Side.CUSTOMER) == [f"**{VPN.title}**\n\n{VPN.body}"]
    assert "was sent on #1 already" in await kb(desk, ANA, "send #1 vpn/locked")
    assert "for staff alone" in await kb(desk, ANA, "send #1 vpn/inside")
    assert desk.look(article_uses.counts) == {"vpn/locked": Counts(sent=1)}
    await desk.type(ANA, desk.team(1), "show mail", command="kb")
    assert [one.label for one in desk.answer.controls] == ["Send on #1", "Change it"]
    await desk.type(ANA, desk.team(1), "show vpn/inside", command="kb")
    assert [one.label for one in desk.answer.controls] == ["Change it"]


async def test_what_a_reader_says_counts_once(desk: World) -> None:
    await kb(desk, ANA, "show vpn/locked")
    for _ in range(2):
        await kb(desk, CLEO, "search vpn")
        (menu,) = desk.answer.controls
        assert isinstance(menu, Menu) and [one.label for one in menu.options] == [VPN.title, MAIL.title]
        await desk.press(CLEO, menu, value=menu.options[0].value)
        yes, no = desk.answer.controls
        await desk.press(ANA, yes)
        assert "Only the person" in desk.refused
        await desk.press(CLEO, yes)
        await desk.press(CLEO, no)
        await desk.press(CLEO, desk.answer.controls[0])
        assert "Press **unlock**" in desk.accepted
    assert desk.look(article_uses.counts) == {"vpn/locked": Counts(shown=1, not_helpful=1)}
    assert "vpn/locked                     1      0      0       0     1     0" in await kb(
        desk, ANA, "stats"
    )
    assert "Staff can" in await kb(desk, CLEO, "stats")


async def test_what_no_article_answers_is_remembered_without_names(desk: World) -> None:
    for who in (CLEO, SAM, SAM):
        await kb(desk, who, "search for the Coffee machines of Cleo 4711")
    await kb(desk, CLEO, "search coffee machine broken")
    for body in ("The coffee machine leaks", "The VPN token is locked"):
        await desk.ask_ticket(ANA, desk.message(CLEO, PUBLIC, body))
    assert "**3×** coffee machine (2× searched, 1× asked)\n" in await kb(desk, ANA, "gaps")
    assert "cleo" not in desk.accepted.casefold() and desk.accepted.count("**") == 2
    assert "Staff can" in await kb(desk, CLEO, "gaps")
    await desk.tick(prune, days=91)
    assert "Nothing was asked" in await kb(desk, ANA, "gaps")


def test_articles_are_read_from_files(tmp_path: Path) -> None:
    organisation = replace(ACME, knowledge=Knowledge("articles"))
    folder = tmp_path / "articles" / "vpn"
    folder.mkdir(parents=True)
    file = folder / "locked.md"
    file.write_text(
        "---\ntitle: Get into the VPN again\nkeywords: [token, locked]\ncategory: account\n---\n\n"
        "1. Open the portal\n2. Press **unlock**\n"
    )
    assert read_articles(tmp_path / "desk.yaml", organisation) == (VPN,)
    for text, problem in (
        ("# no front matter", "vpn/locked.md:1: has to begin with front matter"),
        ("---\ntitle: A\nreader: public\n---\nB", 'vpn/locked.md:3: "reader" is nothing that an article has'),
        ("---\nkeywords: a\n---\nB", "title is missing"),
        ("---\ntitle: A\ncategory: acount\n---\nB", "did you mean account"),
        ("---\ntitle: [\n---\nB", "is not YAML"),
        ("---\ntitle: A\n---\n", "has no text"),
    ):
        file.write_text(text)
        with pytest.raises(ConfigurationError) as raised:
            read_articles(tmp_path / "desk.yaml", organisation)
        assert problem in str(raised.value)
