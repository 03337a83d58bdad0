"""Articles are written in chat, kept as drafts, published by those who may, and every version stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from chatdesk.contract.actions import FormKind, RunVerb
from chatdesk.contract.ports import Accepted, Refused
from chatdesk.contract.questions import Choices, ChoicesOf
from chatdesk.contract.views import Button, Control, Form, Menu
from chatdesk.contract.vocabulary import Side
from chatdesk.desk import erasing
from chatdesk.desk.article_reviews import remind
from chatdesk.domain.article_editing import mark_of
from chatdesk.domain.effects import LineSaid
from chatdesk.domain.knowledge import Article, Knowledge, Readers
from chatdesk.store import article_drafts, articles, desks
from chatdesk.store.articles import Conflict, OnConflict, Unresolved
from chatdesk.store.transaction import Transaction
from tests.desk.humans import ANA, BEN, CLEO, LEA, Human
from tests.desk.organisation import ACME, BILLING, HELP, PUBLIC, SUPPORT
from tests.desk.world import World

VPN = Article("vpn", "Get into the VPN again", "1. Open the portal\n2. Press **unlock**", keywords=("token",))
SAID = {"title": "Print on both sides", "text": "Choose **duplex**.", "keywords": "printer, paper"}


@pytest.fixture
async def desk(world: World) -> World:
    """A desk with one article, which came from a file."""
    world.organisation = replace(ACME, knowledge=Knowledge())

    def furnish(connection: object) -> None:
        desks.apply(connection, world.organisation, world.clock.now())  # type: ignore[arg-type]

    await world.writer.run(furnish)
    await world.change(lambda tx: articles.apply(tx, [VPN], world.clock.now()))
    return world


async def kb(desk: World, who: Human, text: str) -> str:
    await desk.type(who, PUBLIC if who is CLEO else HELP, text, command="kb")
    return desk.accepted if isinstance(desk.answer, Accepted) else f"refused: {desk.refused}"


async def form(desk: World, who: Human, text: str) -> Form:
    await kb(desk, who, text)
    assert isinstance(desk.answer, Accepted) and desk.answer.form is not None, desk.answer
    return desk.answer.form


def control(desk: World, label: str) -> Control:
    return next(one for one in desk.answer.controls if one.label == label)


async def test_a_lead_writes_and_changes_articles_and_their_versions_stay(desk: World) -> None:
    shown = await form(desk, LEA, "new")
    await desk.submit(LEA, shown, **SAID, readers="public")
    assert "Published: Print on both sides (`print-on-both-sides`), version 1." in desk.accepted.replace(
        "**", ""
    )
    assert "`print-on-both-sides`" in await kb(desk, CLEO, "search paper")
    shown = await form(desk, LEA, "edit vpn")
    assert [field.name for field in shown.fields] == ["title", "text", "keywords", "category", "readers"]
    assert {field.value for field in shown.fields[:3]} == {VPN.title, VPN.body, "token"}  # type: ignore[union-attr]
    await desk.submit(LEA, shown, **SAID, readers="internal")
    assert "version 2" in desk.accepted and "A file knows it, too" in desk.accepted
    assert "No article" in await kb(desk, CLEO, "search unlock")
    told = await kb(desk, ANA, "history vpn")
    assert "**2** · 21 Nov 10:30 UTC · Lea: +1 −2 lines, title, readers, keywords" in told
    assert "**1** · 21 Nov 10:30 UTC · a file: written" in told
    assert "Press **unlock**" in await kb(desk, ANA, "history vpn 1")
    assert "has no version 7" in await kb(desk, ANA, "history vpn 7")
    assert "Retired" in await kb(desk, LEA, "retire vpn")
    assert "No article" in await kb(desk, ANA, "search vpn")
    assert "**3** · 21 Nov 10:30 UTC · Lea: retired" in await kb(desk, ANA, "history vpn")
    assert "did you mean" in (await kb(desk, LEA, "edit vpm")).casefold() or "There are" in desk.refused


async def test_others_draft_and_only_leads_publish(desk: World) -> None:
    for refused in ("edit vpn", "new", "history vpn", "drafts", "retire vpn"):
        assert await kb(desk, CLEO, refused) == "refused: You may not do that. " + (
            "A lead or an admin can." if refused.startswith("retire") else "Staff can."
        )
    assert "A lead or an admin can" in await kb(desk, ANA, "retire vpn")
    shown = await form(desk, ANA, "new")
    await desk.submit(ANA, shown, **SAID, readers="public")
    assert "Kept as a draft" in desk.accepted and "Publish" not in {one.label for one in desk.answer.controls}
    for nobody in (CLEO, LEA):
        assert "No article" in await kb(desk, nobody, "search duplex paper")
    await kb(desk, LEA, "drafts")
    menu = control(desk, "Look through")
    assert isinstance(menu, Menu)
    await desk.press(CLEO, menu, value=menu.options[0].value)
    assert "Staff can" in desk.refused
    await desk.press(LEA, menu, value=menu.options[0].value)
    assert "Choose **duplex**." in desk.accepted
    publish, change = control(desk, "Publish"), control(desk, "Change it")
    await desk.press(BEN, publish)
    assert "A lead or an admin can" in desk.refused
    await desk.press(ANA, change)
    assert isinstance(desk.answer, Accepted) and desk.answer.form is not None
    await desk.submit(ANA, desk.answer.form, **{**SAID, "text": "Choose *duplex* twice."}, readers="public")
    await desk.press(LEA, publish)
    assert "version 1" in desk.accepted
    assert desk.told(ANA) == ["📖 Lea published **Print on both sides**: `/kb show print-on-both-sides`"]
    assert "twice" in await kb(desk, CLEO, "show print-on-both-sides")
    await desk.press(LEA, publish)
    assert "published or dropped already" in desk.refused


async def test_who_changes_what_another_changed_meanwhile_loses_nothing(desk: World) -> None:
    first, second = await form(desk, LEA, "edit vpn"), await form(desk, LEA, "edit vpn")
    await desk.submit(LEA, first, title="One", text="of them", readers="public")
    await desk.submit(LEA, second, title="Other", text="of them", readers="public")
    assert "changed by somebody else meanwhile" in desk.accepted
    assert [one.article.title for one in desk.look(article_drafts.listed)] == ["Other"]
    assert "One" in await kb(desk, CLEO, "show vpn")


async def test_an_article_is_begun_from_a_solved_ticket_without_names_and_notes(desk: World) -> None:
    number = await desk.ticket_from(CLEO, PUBLIC, "Cleo here, the scanner of cleo@example.org is stuck")
    await desk.post(ANA, desk.team(number), f"Pull the lever, {CLEO.mention}. Regards, Ana")
    await desk.post(ANA, desk.team(number), "note: Cleo always breaks it")
    await desk.give(ANA, "resolve", ticket=str(number), text="The lever was pulled.")
    shown = await desk.open_form(ANA, FormKind.ARTICLE, number)
    text = next(field.value for field in shown.fields if field.name == "text")  # type: ignore[union-attr]
    assert text == (
        "## Question\n\n… here, the scanner of … is stuck\n\n"
        "## Answer\n\nPull the lever, …. Regards, …\n\nThe lever was pulled."
    )
    desk.forget()
    await desk.submit(LEA, shown, **SAID, readers="internal")
    assert "asked for it" in desk.refused
    await desk.submit(ANA, shown, **SAID, readers="internal")
    (draft,) = desk.look(article_drafts.listed)
    assert (draft.ticket, draft.article.readers) == (number, Readers.INTERNAL)
    assert desk.lines(number, Side.TEAM) == [
        "📝 Ana drafted an article: **Print on both sides**. A lead or an admin publishes it."
    ]
    assert desk.lines(number, Side.CUSTOMER) == []
    await desk.press(LEA, Button("Publish", RunVerb("article-publish", number, draft.id)))
    assert "📖 Lea published **Print on both sides**" in desk.lines(number, Side.TEAM)[-1]
    assert "No article" in await kb(desk, CLEO, "search duplex paper")


async def test_files_and_chat_are_brought_together_only_as_somebody_says(desk: World) -> None:
    now = desk.clock.now()
    await desk.submit(LEA, await form(desk, LEA, "edit vpn"), **SAID, readers="public")
    await desk.submit(LEA, await form(desk, LEA, "new"), title="Only here", text="Text", readers="public")
    newer = replace(VPN, body="1. Another portal")
    made = desk.look(lambda tx: articles.changes(tx, [newer]))
    assert (made.conflicts, made.only_here) == ((("vpn", Conflict.EDITED),), ("only-here",))
    with pytest.raises(Unresolved):
        await desk.change(lambda tx: articles.apply(tx, [newer], now))
    await desk.change(lambda tx: articles.apply(tx, [newer], now, OnConflict.KEEP))
    assert "duplex" in await kb(desk, ANA, "show vpn")
    await desk.change(lambda tx: articles.apply(tx, [newer], now, OnConflict.TAKE_FILES))
    assert "Another portal" in await kb(desk, ANA, "show vpn")
    assert desk.look(lambda tx: articles.changes(tx, [newer])).conflicts == ()
    await kb(desk, LEA, "retire vpn")
    made = desk.look(lambda tx: articles.changes(tx, [newer]))
    assert (made.added, made.conflicts) == ((), (("vpn", Conflict.RETIRED),))
    await desk.change(lambda tx: articles.apply(tx, [newer], now, OnConflict.TAKE_FILES))
    await desk.submit(LEA, await form(desk, LEA, "edit vpn"), **SAID, readers="public")
    assert desk.look(lambda tx: articles.changes(tx, [])).conflicts == (("vpn", Conflict.FILE_GONE),)
    here = [one.article for one in desk.look(articles.listed)]
    await desk.change(lambda tx: articles.apply(tx, here, now))
    assert desk.look(lambda tx: articles.changes(tx, here)).only_here == ()


async def test_owners_are_reminded_once_a_week_of_what_is_to_be_looked_through(desk: World) -> None:
    old = [
        replace(VPN, key=key, owner=owner, review_on=date(2026, 1, 1))
        for key, owner in (("hers", "slack:lea"), ("theirs", "billing"), ("nobodys", "x@example.org"))
    ]
    later = replace(VPN, key="later", review_on=date(2030, 1, 1))
    await desk.change(lambda tx: articles.apply(tx, [*old, later], desk.clock.now()))
    await kb(desk, LEA, "list")
    desk.clock.advance(days=(7 - desk.clock.now().weekday()) % 7)
    assert await desk.tick(remind) == 3
    assert desk.told(LEA) == [
        "📅 Articles to be looked through, with `/kb review`:\n\n- **Get into the VPN again** (`hers`)\n"
    ]
    said = [
        one.place or "" for one in desk.shown()
        if isinstance(one.effect, LineSaid) and one.effect.line.sentence == "articles_due"
    ]  # fmt: skip
    assert sorted(said) == [BILLING.place.id, SUPPORT.place.id]
    assert await desk.tick(remind, days=1) == 0
    told = await kb(desk, ANA, "review")
    assert "(`hers`), since 2026-01-01, Lea" in told and "later" not in told
    right, change = desk.answer.controls
    assert isinstance(right, Menu) and isinstance(change, Menu)
    hers = next(one.value for one in right.options if one.value == mark_of("hers"))
    await desk.press(ANA, right, value=hers)
    assert "A lead or an admin can" in desk.refused
    await desk.press(LEA, right, value=hers)
    assert "`hers` is still right" in desk.accepted
    assert "hers" not in await kb(desk, ANA, "review")
    await desk.press(LEA, change, value=mark_of("theirs"))
    assert isinstance(desk.answer, Accepted) and desk.answer.form is not None
    desk.clock.advance(days=6)
    assert await desk.tick(remind) == 2
    assert await desk.tick(remind, days=7 * 27) == 3


async def test_requesters_learn_nothing_of_internal_articles_and_drafts(desk: World) -> None:
    secret = replace(VPN, key="vpn-secret", title="Secret VPN of the safe", readers=Readers.INTERNAL)
    await desk.change(lambda tx: articles.apply(tx, [VPN, secret], desk.clock.now()))
    await desk.submit(ANA, await form(desk, ANA, "new"), **{**SAID, "text": "secretly"}, readers="public")
    (draft,) = desk.look(article_drafts.listed)
    heard = []
    for typed in (
        *("search secret vpn safe", "search duplex", "show vpn-secret", "show secret safe", "list", "review"),
        *("edit vpn-secret", "history vpn-secret", "drafts", "gaps", "stats", "send #1 vpn-secret"),
    ):
        heard.append(await kb(desk, CLEO, typed))
        heard += [
            option.label for one in desk.answer.controls if isinstance(one, Menu) for option in one.options
        ]
    number = await desk.ticket_from(CLEO, PUBLIC, "The secret VPN of the safe is closed")
    for verb, value in (
        *((name, mark_of("vpn-secret")) for name in ("article-show", "article-edit", "article-keep")),
        *((f"article-{name}", draft.id) for name in ("review", "change", "publish", "drop")),
        ("send-article", mark_of("vpn-secret")),
    ):
        await desk.press(CLEO, Button(verb, RunVerb(verb, number, value)))
        assert isinstance(desk.answer, Refused), verb
        heard.append(desk.refused)
    asked = Choices(ChoicesOf.ARTICLE, "", CLEO.actor, PUBLIC)
    heard += [one.label for one in await desk.desk.ask(asked)]
    heard += desk.lines(number, Side.CUSTOMER) + desk.bodies(number, Side.CUSTOMER)
    assert any("vpn: Get into" in one for one in heard)
    assert not any("Secret VPN of" in one or "secretly" in one for one in heard)
    await desk.press(ANA, Button("Read", RunVerb("article-show", 0, mark_of("vpn-secret"))))
    assert "Secret VPN of the safe" in desk.accepted


async def test_who_is_erased_leaves_no_words_in_drafts_and_gaps(desk: World) -> None:
    number = await desk.ticket_from(CLEO, PUBLIC, "Zebra printing")
    await desk.give(ANA, "resolve", ticket=str(number), text="Use the other tray")
    shown = await desk.open_form(ANA, FormKind.ARTICLE, number)
    await desk.submit(ANA, shown, **SAID, readers="internal")
    assert "zebra printing" in await kb(desk, ANA, "gaps")

    def erase(tx: Transaction) -> None:
        known = erasing.find(tx, CLEO.identity)
        assert known is not None
        erasing.erase(tx, known, desk.clock.now())

    hers = replace(VPN, owner=f"{CLEO.identity.platform}:{CLEO.identity.id}")
    await desk.change(lambda tx: articles.apply(tx, [hers], desk.clock.now()))
    await desk.change(erase)
    assert [one.article.owner for one in desk.look(articles.listed)] == [None]
    assert "Nothing was asked" in await kb(desk, ANA, "gaps")
    assert "no drafts" in await kb(desk, ANA, "drafts")


async def test_a_merged_ticket_is_answered_where_its_conversation_is(desk: World) -> None:
    for body in ("Printing on both sides", "No print at all"):
        await desk.ticket_from(CLEO, PUBLIC, body)
    await desk.type(ANA, desk.team(2), "merge #1")
    await desk.settle()
    before = len(desk.posts(2))
    assert "#2 was merged into #1" in await kb(desk, ANA, "send #2 vpn")
    assert len(desk.posts(2)) == before
    assert "Sent on #1" in await kb(desk, ANA, "send #1 vpn")
