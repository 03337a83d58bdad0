"""The demo's first story: one ticket from a customer's message in Discord to its end in Slack."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from chatdesk.demo.seats import DiscordSeat, Seat, Seen, SlackSeat, says, wait_for, wait_until_gone
from chatdesk.demo.world import World

INVOICE = ("invoice-0042.txt", b"Invoice 42\nShop subscription  19.00\nShop subscription  19.00\n")


class Scene:
    """Who sits where, and what they remember of the steps before."""

    def __init__(self, here: World) -> None:
        slack, discord = here.slack, here.discord
        self.here = here
        self._slack_bot = slack.app.bot_user_id
        self.help = DiscordSeat(discord.cleo, discord.channels["help"], discord.application)
        self.support = SlackSeat(slack.ana, slack.channels["support"], self._slack_bot)
        self.billing = SlackSeat(slack.bill, slack.channels["billing"], self._slack_bot)
        self.messages: dict[str, str] = {}

    @property
    def ana(self) -> Seat:
        """Ana in the ticket's thread under the card."""
        return self.support.under(self.messages["card"])

    @property
    def bill(self) -> Seat:
        """Bill in the escalation's thread."""
        return self.billing.under(self.messages["escalation"])

    @property
    def cleo(self) -> Seat:
        """Cleo in her ticket's thread."""
        return DiscordSeat(self.here.discord.cleo, self.messages["thread"], self.here.discord.application)


def _is_card(seen: Seen) -> bool:
    return "Claim" in seen.controls or "Release" in seen.controls


async def cleo_writes(scene: Scene) -> None:
    scene.messages["first"] = await scene.help.post("I was charged **twice** for `order 4711`, please help!")


async def cleo_makes_a_ticket(scene: Scene) -> None:
    form = await scene.help.make_ticket(scene.messages["first"])
    assert form.form_open, f"no form opened: {form}"
    sent = await scene.help.fill_in(Title="Charged twice")
    assert "#1" in sent.text, f"Cleo was told: {sent}"


async def a_card_appears(scene: Scene) -> None:
    card = await wait_for(scene.support, lambda one: "Charged twice" in one.text, "the card")
    assert _is_card(card), f"the card has {card.controls}"
    scene.messages["card"] = card.id


async def her_words_came_along(scene: Scene) -> None:
    copy = await wait_for(scene.ana, says("order 4711", "Cleo"), "Cleo's words")
    assert "*twice*" in copy.text, f"bold became {copy.text!r}"
    threads = await scene.here.discord.cleo.threads(scene.here.discord.channels["help"])
    scene.messages["thread"] = threads[0].id
    await wait_for(scene.cleo, says("#1"), "the line that names her ticket")


async def ana_claims(scene: Scene) -> None:
    pressed = await scene.support.press(scene.messages["card"], "Claim")
    assert not pressed.error, pressed.error
    await wait_for(
        scene.support, lambda one: "Ana" in one.text and "Release" in one.controls, "her name on the card"
    )
    await wait_for(scene.cleo, says("Ana is looking after this ticket"), "the line about Ana")


async def ana_answers(scene: Scene) -> None:
    await scene.ana.post("Hi Cleo, I am *looking into it*. Which card was charged?")
    answer = await wait_for(scene.cleo, says("Which card", "Ana"), "Ana's answer under her name")
    assert "*looking into it*" in answer.text or "**looking into it**" in answer.text, answer.text
    scene.messages["answer"] = answer.id


async def cleo_answers_and_edits(scene: Scene) -> None:
    message = await scene.cleo.post("The one that ends in 1234")
    await wait_for(scene.ana, says("ends in 1234", "Cleo"), "Cleo's answer")
    await scene.cleo.edit(message, "The one that ends in 4321, sorry")
    await wait_for(scene.ana, says("ends in 4321", "Cleo"), "the edit")


async def cleo_sends_a_file(scene: Scene) -> None:
    await scene.cleo.post("Here is the invoice", [INVOICE])
    copy = await wait_for(scene.ana, lambda one: INVOICE[0] in one.files, "the file")
    slack = scene.here.slack
    seen = await slack.ana.messages(slack.channels["support"], thread_ts=scene.messages["card"])
    file = next(one for message in seen if message.ts == copy.id for one in message.files)
    assert await slack.ana.download(file) == INVOICE[1], "the file arrived changed"


async def cleo_reacts(scene: Scene) -> None:
    await scene.cleo.react(scene.messages["answer"], "👍")
    await wait_for(scene.ana, lambda one: "Which card" in one.text and "👍" in one.reactions, "the 👍")


async def ana_notes(scene: Scene) -> None:
    await scene.ana.post("note: she is right, the payment provider answered twice")
    await scene.ana.post("I found the second charge and ask Billing to return it.")
    await wait_for(scene.cleo, says("ask Billing", "Ana"), "the answer after the note")
    await wait_until_gone(scene.cleo, says("payment provider"), "the internal note")


async def ana_escalates(scene: Scene) -> None:
    form = await scene.support.press(scene.messages["card"], "Escalate")
    assert not form.error, form.error
    await scene.here.slack.ana.wait_for_modal(lambda view: bool(view.submit))
    sent = await scene.support.fill_in(**{"What do you ask of them?": "Please refund the second charge"})
    assert not sent.field_errors, sent.field_errors
    card = await wait_for(scene.billing, lambda one: "Charged twice" in one.text, "a card in #billing")
    scene.messages["escalation"] = card.id
    await wait_for(scene.cleo, says("asked Billing"), "the line that it was escalated")
    await wait_for(scene.bill, says("payment provider"), "the history, notes included")


async def bill_acknowledges(scene: Scene) -> None:
    asked = await wait_for(scene.bill, lambda one: "Acknowledge" in one.controls, "the question")
    pressed = await scene.bill.press(asked.id, "Acknowledge")
    assert not pressed.error, pressed.error
    await wait_for(scene.ana, says("acknowledged this for Billing"), "Billing's acknowledgement")
    await wait_for(scene.cleo, says("Billing has seen it"), "that Billing has seen it")


async def bill_sends_it_back(scene: Scene) -> None:
    await scene.bill.mention("sendback Refunded, 5 days until it is on the card")
    await wait_for(scene.ana, says("sent this back from Billing"), "Billing's answer")
    await wait_until_gone(scene.cleo, says("5 days until"), "what Billing wrote among staff")


async def ana_resolves(scene: Scene) -> None:
    done = await scene.support.command("resolve", ticket="1", text="fixed: The second charge is refunded.")
    assert "resolved" in done.text, f"Ana was told: {done}"
    await wait_for(scene.cleo, says("The second charge is refunded."), "the resolution")


async def ana_closes(scene: Scene) -> None:
    await scene.ana.mention("close")
    await wait_for(scene.cleo, says("This ticket is closed"), "that it is closed")
    await wait_for(scene.support, lambda one: "Reopen" in one.controls, "Reopen on the card")
    await wait_for(scene.cleo, says("How satisfied are you"), "the question how it was")


async def a_stranger_is_refused(scene: Scene) -> None:
    dan = DiscordSeat(
        scene.here.discord.dan, scene.here.discord.channels["help"], scene.here.discord.application
    )
    refused = await dan.command("close", ticket="1")
    assert "no ticket #1" in refused.text, f"Dan was told: {refused}"


STEPS: Sequence[tuple[str, Callable[[Scene], Awaitable[None]]]] = (
    ("Cleo, a customer, writes in Discord's #help", cleo_writes),
    ("She makes a ticket of it with the message's menu", cleo_makes_a_ticket),
    ("A card appears in Slack's #support", a_card_appears),
    ("Her words stand in its thread, under her name", her_words_came_along),
    ("Ana claims it with the button; Cleo is told", ana_claims),
    ("Ana answers in the thread; Cleo reads it in hers, under Ana's name", ana_answers),
    ("Cleo answers and edits; the copy in Slack follows", cleo_answers_and_edits),
    ("Cleo sends a file; Ana downloads the same bytes", cleo_sends_a_file),
    ("Cleo's 👍 appears on Ana's message", cleo_reacts),
    ("Ana writes an internal note; it stays inside", ana_notes),
    ("Ana escalates to Billing with a form; the whole history goes along", ana_escalates),
    ("Bill acknowledges; both sides are told", bill_acknowledges),
    ("Bill sends it back with an answer for the staff", bill_sends_it_back),
    ("Ana resolves it with a command; Cleo reads what was done", ana_resolves),
    ("Ana closes it by mentioning the bot; Cleo is asked how it was", ana_closes),
    ("Dan, who has nothing to do with it, is refused", a_stranger_is_refused),
)
