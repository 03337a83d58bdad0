"""The demo's second story: a VIP during an outage, on both platforms, with a clock that the story moves."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from chatdesk.clockwork import Sweep
from chatdesk.demo.clock import StoryClock
from chatdesk.demo.seats import (
    DiscordSeat,
    Matches,
    Seat,
    SlackSeat,
    says,
    thread_under,
    wait_for,
    wait_until_gone,
)
from chatdesk.demo.world import World
from chatdesk.housekeeping import sweeps


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody else writes of the same outage, and what they call it."""

    name: str
    platform: str
    text: str
    title: str


REPORTS = (
    Report("Cleo", "discord", "I get an error at the checkout", "Error at the checkout"),
    Report("Dan", "discord", "My basket is full and I may not pay", "May not pay"),
    Report("Sam", "slack", "The payment page stays white", "White payment page"),
    Report("Sue", "slack", "Three customers called: they see no way to pay", "Customers call"),
)


@dataclass(slots=True)
class Outage:
    """Who sits where, and what is remembered of the steps before."""

    here: World
    clock: StoryClock
    number: str = ""
    card: str = ""
    threads: dict[str, Seat] = field(default_factory=dict)
    """Each requester in the thread of what they wrote."""

    def in_slack(self, name: str, channel: str) -> SlackSeat:
        slack = self.here.slack
        return SlackSeat(slack.person(name), slack.channels[channel], slack.app.bot_user_id)

    def in_discord(self, name: str, channel: str) -> DiscordSeat:
        discord = self.here.discord
        return DiscordSeat(discord.person(name), discord.channels[channel], discord.application)

    @property
    def ben(self) -> Seat:
        return self.in_slack("ben", "operations")

    @property
    def thread(self) -> Seat:
        """Ben in the thread under the card."""
        return self.ben.under(self.card)

    @property
    def lea(self) -> Seat:
        return self.in_slack("lea", "duty")

    async def told_alone(self, name: str) -> Seat:
        """Somebody of the staff in their direct messages from the bot."""
        slack = self.here.slack
        human = slack.person(name)
        return SlackSeat(human, await human.dm_with_bot(), slack.app.bot_user_id)

    async def later(self, minutes: int) -> None:
        """So much time passes; the clockwork looks what is due."""
        self.clock.pass_by(timedelta(minutes=minutes))
        for sweep in sweeps():
            await self._look(sweep)

    async def _look(self, sweep: Sweep) -> None:
        bot, now = self.here.bot, self.clock.now()
        assert bot is not None
        await bot.writer.run(lambda connection: sweep.work(connection, now))

    async def report(self, customer: Seat, text: str, title: str) -> str:
        """Somebody writes, and makes a ticket of it; its number."""
        message = await customer.post(text)
        form = await customer.make_ticket(message)
        assert form.form_open, f"no form opened: {form}"
        sent = await customer.fill_in(**{"Title": title, "Affected service": "Shop"})
        number = re.search(r"#(\d+)", sent.text)
        assert number is not None, f"{customer.name} was told: {sent}"
        self.threads[customer.name] = await thread_under(customer, message)
        return number[1]


def _is_card(title: str) -> Matches:
    return lambda seen: title in seen.text and not {"Claim", "Release"}.isdisjoint(seen.controls)


def _is_line(title: str) -> Matches:
    """What a card becomes when its ticket is merged."""
    return lambda seen: title in seen.text and not seen.controls


async def the_shop_breaks(scene: Outage) -> None:
    said = await scene.in_slack("ana", "support").command("outage", service="Shop", state="on")
    assert "Shop is out of order" in said.text, f"Ana was told: {said}"


async def vera_reports(scene: Outage) -> None:
    scene.number = await scene.report(scene.in_discord("vera", "help"), "Nobody can pay!", "Nobody can pay")


async def it_is_raised(scene: Outage) -> None:
    card = await wait_for(scene.ben, _is_card("Nobody can pay"), "a card in #operations")
    scene.card = card.id
    await wait_for(
        scene.ben, lambda one: one.id == card.id and "Drop everything" in one.text, "the priority on the card"
    )
    info = await scene.ben.command("info", ticket=scene.number)
    assert "rule outage: priority high → urgent" in info.text, f"Ben was told: {info}"


async def it_is_routed(scene: Outage) -> None:
    info = await scene.ben.command("info", ticket=scene.number)
    assert "to Operations: rule outage" in info.text, f"Ben was told: {info}"
    await wait_for(scene.thread, says("This ticket is Ben's now"), "who has it")
    await wait_for(scene.threads["Vera"], says("Ben is looking after"), "who looks after it")
    await wait_for(await scene.told_alone("lea"), says("Nobody can pay"), "that a VIP waits")


async def it_is_nearly_due(scene: Outage) -> None:
    await scene.later(minutes=16)
    await wait_for(scene.thread, says("⏳ First reply is due"), "the warning")
    await wait_for(await scene.told_alone("ben"), says("First reply is due"), "the warning for Ben alone")


async def engineering_is_asked(scene: Outage) -> None:
    dora = scene.in_discord("dora", "engineering")
    card = await wait_for(dora, says("Nobody can pay"), "a card in #engineering")
    await wait_for(await thread_under(dora, card.id), says("due soon; please help"), "what is asked of them")
    await wait_for(scene.threads["Vera"], says("We have asked Engineering"), "that others help")


async def engineering_is_silent(scene: Outage) -> None:
    await scene.later(minutes=11)
    await wait_for(scene.thread, says("Engineering did not acknowledge in time"), "that they are silent")
    card = await wait_for(scene.lea, says("Nobody can pay"), "a card in #duty")
    asked = await wait_for(
        scene.lea.under(card.id), lambda one: "Acknowledge" in one.controls, "the question"
    )
    pressed = await scene.lea.under(card.id).press(asked.id, "Acknowledge")
    assert not pressed.error, pressed.error
    await wait_for(scene.threads["Vera"], says("Duty management has seen it"), "that somebody is on it")
    await wait_for(scene.lea.under(card.id), says("is on call and was told"), "who is on call")


async def four_others_report(scene: Outage) -> None:
    for one in REPORTS:
        sit = scene.in_slack if one.platform == "slack" else scene.in_discord
        await scene.report(sit(one.name.lower(), "help"), one.text, one.title)
        card = await wait_for(scene.ben, _is_card(one.title), f"{one.name}'s card")
        thread = scene.ben.under(card.id)
        line = await wait_for(thread, says("may be the same as"), "which ticket it may be")
        assert "the same outage" in line.text, line.text
        merged = await thread.press(line.id, f"Merge into #{scene.number}")
        assert not merged.error, merged.error


async def they_are_one(scene: Outage) -> None:
    for one in REPORTS:
        await wait_for(scene.thread, says(one.text, one.name), f"{one.name}'s words in Vera's ticket")
        await wait_for(scene.threads[one.name], says("together with others"), f"what {one.name} is told")
        await wait_for(scene.ben, _is_line(one.title), "a line for a card")


async def ben_answers_all(scene: Outage) -> None:
    await scene.thread.post("The payment provider is down. We are switching to the other one.")
    for name, thread in scene.threads.items():
        await wait_for(thread, says("switching to the other one", "Ben"), f"the answer for {name}")
        for other in REPORTS:
            if other.name != name:
                await wait_until_gone(thread, says(other.text), f"what {other.name} wrote")


async def it_was_in_time(scene: Outage) -> None:
    explained = await scene.ben.command("sla", ticket=scene.number)
    assert "✅ kept" in explained.text.partition("Resolution")[0], f"Ben was told: {explained}"


async def it_is_over(scene: Outage) -> None:
    said = await scene.in_slack("ana", "support").command("outage", service="Shop", state="off")
    assert not said.error, said.error
    done = await scene.ben.command("resolve", ticket=scene.number, text="fixed: Paying works again.")
    assert "resolved" in done.text, f"Ben was told: {done}"
    for name, thread in scene.threads.items():
        await wait_for(thread, says("Paying works again."), f"the resolution for {name}")
    await wait_for(scene.thread, says("Ben resolved this ticket"), "the same among the team")


async def they_rate_it(scene: Outage) -> None:
    await scene.thread.mention("close")
    for name, label in (("Vera", "😍 5"), ("Sam", "🙂 4")):
        asked = await wait_for(scene.threads[name], says("How satisfied are you"), f"the question to {name}")
        thanked = await scene.threads[name].press(asked.id, label)
        assert f"{label[-1]} of 5" in thanked.text, f"{name} was told: {thanked}"
        await wait_for(scene.thread, says(f"rated this ticket {label[-1]} of 5"), f"{name}'s rating")
    await wait_until_gone(scene.threads["Cleo"], says("How satisfied"), "a question so soon after the last")


STEPS: Sequence[tuple[str, Callable[[Outage], Awaitable[None]]]] = (
    ("The shop breaks; Ana says so with /desk outage", the_shop_breaks),
    ("Vera, a VIP, reports it in Discord's #help", vera_reports),
    ("It is raised to “Drop everything”: a rule for outages", it_is_raised),
    ("It is routed to Operations and given to Ben, who knows the shop; Lea hears of the VIP", it_is_routed),
    ("16 minutes later, before the promise is broken, Ben is warned", it_is_nearly_due),
    ("The warning asks Engineering, in Discord; Vera is told", engineering_is_asked),
    (
        "11 minutes of silence: duty management is asked, and who is on call told; Lea acknowledges",
        engineering_is_silent,
    ),
    (
        "Cleo and Dan in Discord, Sam and Sue in Slack report the same; Ben merges with a click",
        four_others_report,
    ),
    ("All of it is one conversation for the team; four cards became lines", they_are_one),
    ("Ben answers once: all five read it, and nobody another's words", ben_answers_all),
    ("/ticket sla: the first reply came in time", it_was_in_time),
    ("The outage is over; it is resolved for all five", it_is_over),
    ("Vera and Sam rate it; Cleo, who was asked today, is left alone", they_rate_it),
)
