"""``docs/walk.md`` as a test: the same steps under the same names, in one story.

Each step does what the document tells, looks at it where a person would, and looks into the tables where the
document speaks of them.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection

from chatdesk.contract.vocabulary import AudienceKind, Side
from chatdesk.demo.seats import DiscordSeat, Seat, SlackSeat, says, wait_for, wait_until_gone
from chatdesk.demo.world import World
from chatdesk.domain.lifecycle import Status
from chatdesk.store import copies, desks, escalations, history, posts, threads, tickets
from chatdesk.store.transaction import Transaction
from chatdesk_playground.faults import Fault, FaultKind
from tests.scenarios.stage import discord_seat, slack_seat, thread_under

WALK = Path(__file__).parent.parent.parent / "docs" / "walk.md"
INVOICE = ("invoice.txt", b"Invoice 42, twice")

R = TypeVar("R")


@dataclass
class Walk:
    """Who sits where, and the messages that later steps come back to."""

    here: World
    help: DiscordSeat
    support: SlackSeat
    billing: SlackSeat
    messages: dict[str, str] = field(default_factory=dict)

    @classmethod
    def through(cls, here: World) -> Walk:
        return cls(
            here,
            discord_seat(here, here.discord.cleo, "help"),
            slack_seat(here, here.slack.ana, "support"),
            slack_seat(here, here.slack.bill, "billing"),
        )

    @property
    def ana(self) -> Seat:
        return self.support.under(self.messages["card"])

    async def cleo(self) -> Seat:
        return await thread_under(self.help, self.messages["request"])

    async def look(self, work: Callable[[Transaction], R]) -> R:
        """Read the tables as a use case does."""

        def reading(connection: Connection) -> R:
            organisation = desks.load(connection, "acme")
            assert organisation is not None
            return work(Transaction(connection, "acme", organisation))

        assert self.here.bot is not None
        return await self.here.bot.writer.read(reading)


async def cleo_asks_and_makes_a_ticket_of_it(walk: Walk) -> None:
    walk.messages["request"] = await walk.help.post("I was charged **twice** for `order 4711`")
    await walk.here.quiet()
    assert await walk.look(lambda tx: tickets.load(tx, 1)) is None, "a help desk in a busy channel is quiet"
    form = await walk.help.make_ticket(walk.messages["request"])
    assert form.form_open, form


async def the_desk_one_event_one_transaction(walk: Walk) -> None:
    sent = await walk.help.fill_in(Title="Charged twice")
    assert "#1" in sent.text, sent
    ticket = await walk.look(lambda tx: tickets.load(tx, 1))
    assert ticket is not None and (ticket.team, ticket.status) == ("support", Status.NEW)
    (post,) = await walk.look(lambda tx: posts.of_ticket(tx, 1))
    assert (post.audience.kind, post.audience.party) == (AudienceKind.PARTY, 1)
    assert post.source is not None and walk.messages["request"] in post.source.id
    sides = [thread.side for thread in await walk.look(lambda tx: threads.of_ticket(tx, 1))]
    assert sides == [Side.CUSTOMER, Side.TEAM]
    assert (await walk.look(lambda tx: history.of_ticket(tx, 1)))[0].kind == "created"


async def the_courier_effects_become_messages(walk: Walk) -> None:
    card = await wait_for(walk.support, lambda one: "Claim" in one.controls, "the card")
    assert "Charged twice" in card.text and "Cleo" in card.text
    walk.messages["card"] = card.id
    copy = await wait_for(walk.ana, says("order 4711", "Cleo"), "Cleo's words under her name")
    assert "*twice*" in copy.text and "`order 4711`" in copy.text
    await wait_for(await walk.cleo(), says("#1"), "Cleo's thread under her message")
    await walk.here.quiet()
    (post,) = await walk.look(lambda tx: posts.of_ticket(tx, 1))
    _, team = await walk.look(lambda tx: threads.of_ticket(tx, 1))
    assert team.card is not None and team.place is not None
    (standing,) = await walk.look(lambda tx: copies.of_post(tx, post.id, team))
    assert copy.id in standing.ref.id


async def ana_works_it(walk: Walk) -> None:
    pressed = await walk.support.press(walk.messages["card"], "Claim")
    assert not pressed.error, pressed
    await wait_for(walk.ana, says("Ana claimed this ticket"), "the line for the staff")
    await wait_for(walk.support, lambda one: "Release" in one.controls, "the card, edited in place")
    cleo = await walk.cleo()
    await wait_for(cleo, says("Ana is looking after this ticket"), "the line for Cleo")
    walk.messages["answer"] = await walk.ana.post("Which card was charged?")
    await wait_for(cleo, says("Which card", "Ana"), "the answer under Ana's name")
    await walk.ana.post("note: the provider answered twice")
    await walk.ana.post("Note she is right")
    asked = await wait_for(walk.ana, lambda one: one.only_me and "Discard" in one.controls, "the question")
    await walk.ana.press(asked.id, "Discard")
    await walk.here.quiet()
    seen = " ".join(one.text for one in await cleo.see())
    assert "provider" not in seen and "she is right" not in seen


async def edits_files_reactions(walk: Walk) -> None:
    cleo = await walk.cleo()
    mine = await cleo.post("The one that ends in 1234")
    await wait_for(walk.ana, says("1234", "Cleo"), "her answer")
    await cleo.edit(mine, "The one that ends in 4321")
    await wait_for(walk.ana, says("4321", "Cleo"), "the edit")
    await wait_until_gone(walk.ana, says("1234"), "the old words")
    await cleo.post("Here is the invoice", [INVOICE])
    await wait_for(walk.ana, lambda one: INVOICE[0] in one.files, "the file")
    kept = [path for path in (walk.here.settings.data_dir / "files").rglob("*") if path.is_file()]
    assert [path.read_bytes() for path in kept] == [INVOICE[1]]
    answer = await wait_for(cleo, says("Which card"), "Ana's question")
    await cleo.react(answer.id, "👍")
    await wait_for(
        walk.ana, lambda one: one.id == walk.messages["answer"] and "👍" in one.reactions, "the reaction"
    )


async def escalation(walk: Walk) -> None:
    cleo = await walk.cleo()
    await walk.support.press(walk.messages["card"], "Escalate")
    await walk.here.slack.ana.wait_for_modal(lambda view: bool(view.submit))
    sent = await walk.support.fill_in(**{"What do you ask of them?": "Please refund the second charge"})
    assert not sent.field_errors, sent
    card = await wait_for(walk.billing, says("Charged twice"), "the card in #billing")
    bill = walk.billing.under(card.id)
    await wait_for(bill, says("the provider answered twice"), "the conversation, notes included")
    await wait_for(cleo, says("Expect an answer by"), "when Cleo may expect an answer")
    (asked,) = await walk.look(lambda tx: escalations.of_ticket(tx, 1))
    assert asked.due_at > asked.asked_at
    question = await wait_for(bill, lambda one: "Acknowledge" in one.controls, "the question")
    await bill.press(question.id, "Acknowledge")
    await wait_for(walk.ana, says("Bill acknowledged this for Billing"), "the acknowledgement")
    await wait_for(cleo, says("Billing has seen it"), "that Billing has seen it")


async def the_end(walk: Walk) -> None:
    cleo = await walk.cleo()
    done = await walk.support.command("resolve", ticket="1", text="The second charge is refunded.")
    assert "#1" in done.text, done
    await wait_for(cleo, says("The second charge is refunded."), "what was done")
    await walk.ana.mention("close")
    await wait_for(cleo, says("This ticket is closed"), "the end")
    card = await wait_for(walk.support, lambda one: "Reopen" in one.controls, "Reopen on the card")
    assert card.id == walk.messages["card"] and "The second charge is refunded." in card.text
    entries = await walk.look(lambda tx: history.of_ticket(tx, 1))
    written = " ".join(f"{entry.kind} {entry.data}" for entry in entries)
    for words in ("twice", "Cleo", "Ana", "refund", "invoice"):
        assert words not in written, "the history holds ids and values only"


async def when_something_goes_wrong(walk: Walk) -> None:
    """Discord's answer is lost and the bot stops before it learns more. The rest is in test_trouble.py."""
    await walk.support.press(walk.messages["card"], "Reopen")
    cleo = await walk.cleo()
    await wait_for(cleo, says("open again"), "that it is open again")
    await walk.here.quiet()
    control = walk.here.discord.playground.control
    await control.misbehave(Fault(FaultKind.ERROR_AFTER, "POST /webhooks/*/*", status=503))
    await walk.ana.post("One more thing")
    await wait_for(cleo, says("One more thing", "Ana"), "the words whose answer was lost")
    await walk.here.stop_bot()
    await walk.here.start_bot()
    await walk.ana.post("That was all")
    await wait_for(cleo, says("That was all"), "what comes behind it")
    assert sum("One more thing" in one.text for one in await cleo.see()) == 1


STEPS: Sequence[Callable[[Walk], Awaitable[None]]] = (
    cleo_asks_and_makes_a_ticket_of_it,
    the_desk_one_event_one_transaction,
    the_courier_effects_become_messages,
    ana_works_it,
    edits_files_reactions,
    escalation,
    the_end,
    when_something_goes_wrong,
)


async def test_a_walk(here: World) -> None:
    walk = Walk.through(here)
    for step in STEPS:
        await step(walk)


def test_the_steps_are_those_of_the_document() -> None:
    headings = re.findall(r"^## (?:\d+\. )?(.+)$", WALK.read_text(encoding="utf-8"), re.MULTILINE)
    names = ["_".join(re.findall(r"\w+", heading.lower())) for heading in headings]
    assert [step.__name__ for step in STEPS] == names
