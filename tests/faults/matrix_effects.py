"""Every kind of effect, as somebody brings it about: posts, cards, threads, whispers and the rest."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

from chatdesk.demo.seats import DiscordSeat, Matches, Seat, Seen, wait_for
from chatdesk_playground.faults import FaultKind
from tests.faults.support_matrix import OTHER, PLACES, Bench, Trial, times
from tests.scenarios.stage import Stage, Ticket, discord_seat, slack_seat

Begin = Callable[[Bench], Awaitable[Trial]]


@dataclass(frozen=True, slots=True)
class Effect:
    """A kind of effect, the requests that it makes on each platform, and how it is brought about."""

    begin: Begin
    requests: Mapping[str, str]
    lasting: frozenset[FaultKind] = PLACES
    """Which places of it can go away."""


def to_customer(bench: Bench) -> str:
    """The pair of platforms in which the one in trouble is the customer's."""
    return f"{bench.platform}-{OTHER[bench.platform]}"


def to_team(bench: Bench) -> str:
    return f"{OTHER[bench.platform]}-{bench.platform}"


def seats(ticket: Ticket) -> list[Seat]:
    return [ticket.agent, ticket.home, ticket.customer]


def place_of(seat: Seat) -> str:
    """The channel or thread of a seat."""
    assert hasattr(seat, "channel")
    return str(seat.channel)


async def written(bench: Bench) -> Trial:
    ticket, word = await bench.usual(to_customer(bench)), bench.word()
    return Trial(
        act=lambda: ticket.agent.post(word),
        shown=lambda: times(ticket.customer, word),
        seats=seats(ticket),
        place=place_of(ticket.customer),
    )


async def with_file(bench: Bench) -> Trial:
    ticket, word = await bench.usual(to_customer(bench)), bench.word()
    name = f"file{word}.txt".replace("word", "")

    async def shown() -> int:
        """Text and file, each of them once."""
        texts = await times(ticket.customer, word)
        with suppress(Exception):
            files = sum(name in one.files for one in await ticket.customer.see())
            return max(texts, files) if max(texts, files) > 1 else min(texts, files)
        return 0

    return Trial(
        act=lambda: ticket.agent.post(word, [(name, b"a log")]),
        shown=shown,
        seats=seats(ticket),
        place=place_of(ticket.customer),
    )


async def _said(bench: Bench) -> tuple[Ticket, str, str]:
    """A ticket in which a message was mirrored: its text and its id."""
    ticket, word = await bench.usual(to_customer(bench)), bench.word()
    message = await ticket.agent.post(word)
    await wait_for(ticket.customer, lambda one: word in one.text, word)
    await bench.settle()
    return ticket, word, message


async def edited(bench: Bench) -> Trial:
    ticket, _, message = await _said(bench)
    word = bench.word()
    return Trial(
        act=lambda: ticket.agent.edit(message, word),
        shown=lambda: times(ticket.customer, word),
        seats=seats(ticket),
        place=place_of(ticket.customer),
    )


async def deleted(bench: Bench) -> Trial:
    ticket, word, message = await _said(bench)

    async def shown() -> int:
        return 1 - await times(ticket.customer, word)

    return Trial(
        act=lambda: ticket.agent.delete(message),
        shown=shown,
        seats=seats(ticket),
        place=place_of(ticket.customer),
    )


async def reacted(bench: Bench) -> Trial:
    ticket, word, message = await _said(bench)

    async def shown() -> int:
        with suppress(Exception):
            return sum(word in one.text and "👀" in one.reactions for one in await ticket.customer.see())
        return 0

    return Trial(
        act=lambda: ticket.agent.react(message, "👀"),
        shown=shown,
        seats=seats(ticket),
        place=place_of(ticket.customer),
    )


async def _opened(stage: Stage, title: str) -> str:
    """Somebody asks for help and makes a ticket of it; the message."""
    message = await stage.customer.post(f"About {title}")
    opened = await stage.customer.make_ticket(message)
    assert opened.form_open, opened
    await stage.customer.fill_in(Title=title)
    return message


async def carded(bench: Bench) -> Trial:
    await bench.usual(to_team(bench))
    stage, title = Stage.of(bench.here, to_team(bench)), bench.word()
    watching = [stage.agent, stage.customer]
    asked: list[str] = []

    async def act() -> None:
        asked.append(await _opened(stage, title))

    async def shown() -> int:
        if (thread := await _thread(stage.customer, asked[0])) is not None:
            watching.append(thread)
        return await _count(stage.agent, lambda one: title in one.text and bool(one.controls))

    return Trial(act=act, shown=shown, seats=watching, place=place_of(stage.agent), is_thread=False)


async def _count(seat: Seat, matches: Matches) -> int:
    with suppress(Exception):
        return sum(matches(one) for one in await seat.see())
    return 0


def elsewhere(bench: Bench) -> Seat:
    """An agent of the platform in trouble, in a channel that has nothing to do with the ticket."""
    if bench.platform == "slack":
        return slack_seat(bench.here, bench.here.slack.ana, "general")
    return discord_seat(bench.here, bench.here.discord.dora, "general")


_PRIORITIES = ("urgent", "high", "low", "normal")


async def card_changed(bench: Bench) -> Trial:
    ticket = await bench.usual(to_team(bench))
    bench.word()
    priority = _PRIORITIES[bench.tried % len(_PRIORITIES)]

    def is_new(one: Seen) -> bool:
        return ticket.title in one.text and bool(one.controls) and priority.capitalize() in one.text

    return Trial(
        act=lambda: elsewhere(bench).command("priority", ticket=ticket.number, priority=priority),
        shown=lambda: _count(ticket.home, is_new),
        seats=seats(ticket),
        place=place_of(ticket.home),
        is_thread=False,
    )


async def thread_opened(bench: Bench) -> Trial:
    await bench.usual(to_customer(bench))
    stage, title = Stage.of(bench.here, to_customer(bench)), bench.word()
    watching: list[Seat] = [stage.customer, stage.agent]
    asked: list[str] = []

    async def act() -> None:
        asked.append(await _opened(stage, title))

    async def shown() -> int:
        with suppress(Exception):
            thread = await _thread(stage.customer, asked[0])
            return 0 if thread is None else await _count(thread, lambda one: one.by_bot and "#" in one.text)
        return 0

    place = place_of(stage.customer)
    return Trial(act=act, shown=shown, seats=watching, place=place, is_thread=False, stands_there=True)


async def _thread(seat: Seat, message: str) -> Seat | None:
    if not isinstance(seat, DiscordSeat):
        return seat.under(message)
    seen = await seat.human.messages(seat.channel)
    thread = next((one.thread_id for one in seen if one.id == message), None)
    return replace(seat, channel=thread) if thread else None


async def line_said(bench: Bench) -> Trial:
    ticket, word = await bench.usual(to_customer(bench)), bench.word()
    await ticket.agent.mention("reopen it is not over")
    await bench.settle()
    return Trial(
        act=lambda: ticket.agent.mention(f"resolve {word}"),
        shown=lambda: times(ticket.customer, word),
        seats=seats(ticket),
        place=place_of(ticket.customer),
    )


async def whispered(bench: Bench) -> Trial:
    ticket, word = await bench.usual(to_team(bench)), bench.word()
    person, reads = ticket.agent.user, ticket.agent
    if isinstance(ticket.agent, DiscordSeat):
        dora = bench.here.discord.dora
        reads = discord_seat(bench.here, dora, await dora.dm_with_bot())
    hint = "looks like an internal note"

    async def counted() -> int:
        there = 0 if reads is ticket.agent else await times(ticket.agent, hint)
        return await times(reads, hint) + there

    before = await counted()

    async def shown() -> int:
        return await counted() - before

    return Trial(
        act=lambda: ticket.agent.post(f"note : {word}"),
        shown=shown,
        seats=seats(ticket),
        place=place_of(ticket.agent),
        person=person,
        text=word,
        stands_there=True,
    )


async def person_told(bench: Bench) -> Trial:
    ticket = await bench.usual(to_team(bench))
    if bench.platform == "slack":
        sue = bench.here.slack.sue
        reads: Seat = slack_seat(bench.here, sue, await sue.dm_with_bot())
    else:
        dan = bench.here.discord.dan
        reads = discord_seat(bench.here, dan, await dan.dm_with_bot())
    await ticket.agent.mention(f"people remove {reads.mention_of}")
    await bench.settle()
    before = len(await reads.see())

    async def shown() -> int:
        return len(await reads.see()) - before

    return Trial(
        act=lambda: ticket.agent.mention(f"people add {reads.mention_of}"),
        shown=shown,
        seats=seats(ticket),
        place=place_of(reads),
        person=reads.user,
    )


async def card_retired(bench: Bench) -> Trial:
    ticket = await bench.ticket(to_team(bench))
    team = "billing" if bench.platform == "slack" else "support"

    async def shown() -> int:
        return await _count(ticket.home, lambda one: one.id == ticket.card and not one.controls)

    return Trial(
        act=lambda: elsewhere(bench).command("move", ticket=ticket.number, team=team),
        shown=shown,
        seats=[*seats(ticket), slack_seat(bench.here, bench.here.slack.bill, "billing")],
        place=place_of(ticket.home),
        is_thread=False,
    )


async def reported(bench: Bench) -> Trial:
    """Numbers, with their picture, for everybody in the team's channel."""
    ticket = await bench.usual(to_team(bench))
    here = "here" if bench.platform == "slack" else "yes"

    async def counted() -> int:
        return await times(ticket.home, "Came in")

    before = await counted()

    async def shown() -> int:
        return await counted() - before

    return Trial(
        act=lambda: ticket.home.command("report", since="7d", here=here),
        shown=shown,
        seats=seats(ticket),
        place=place_of(ticket.home),
        is_thread=False,
    )


_POST = {"slack": "chat.postMessage", "discord": "POST /webhooks/*"}
_SAY = {"slack": "chat.postMessage", "discord": "POST /channels/*/messages"}
_CARD = {"slack": "chat.update", "discord": "PATCH /channels/*/messages/*"}
_THREAD_OF = "POST /channels/*/messages/*/threads"
_DM = frozenset({FaultKind.DM_CLOSED})
_ARCHIVED = frozenset({FaultKind.THREAD_ARCHIVED})

EFFECTS: Mapping[str, Effect] = {
    "post": Effect(written, _POST),
    "text-of-file": Effect(with_file, _POST),
    "file": Effect(with_file, {"slack": "files.completeUploadExternal"}),
    "upload": Effect(with_file, {"slack": "upload"}),
    "edit": Effect(edited, {"slack": "chat.update", "discord": "PATCH /webhooks/*"}),
    "delete": Effect(deleted, {"slack": "chat.delete", "discord": "DELETE /webhooks/*"}),
    "reaction": Effect(reacted, {"slack": "reactions.add", "discord": "PUT /channels/*/reactions/*"}),
    "card": Effect(carded, _SAY),
    "thread-of-card": Effect(carded, {"discord": _THREAD_OF}),
    "card-change": Effect(card_changed, _CARD),
    "thread": Effect(thread_opened, {"slack": "chat.postMessage", "discord": _THREAD_OF}),
    "opening": Effect(thread_opened, {"discord": "POST /channels/*/messages"}),
    "line": Effect(line_said, _SAY),
    "whisper": Effect(
        whispered, {"slack": "chat.postEphemeral", "discord": _SAY["discord"]}, _DM | _ARCHIVED
    ),
    "told": Effect(person_told, _SAY, _DM),
    "told-dm": Effect(person_told, {"slack": "conversations.open"}, _DM),
    "card-retired": Effect(card_retired, _CARD),
    "report": Effect(
        reported, {"slack": "files.completeUploadExternal", "discord": _SAY["discord"]}, frozenset()
    ),
}
"""By what the test is called. Where an effect takes several kinds of requests, each has a row."""
