"""Whether every place shows every message exactly once, in order, as it is now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Engine

from chatdesk.contract.vocabulary import Side
from chatdesk.demo.seats import Seen
from tests.faults import ledger
from tests.faults.people import EMOJI, Deed, Desk, Person, Words, by_name, names_in


@dataclass(slots=True)
class Verdict:
    """``sent`` counts messages that should have a copy elsewhere, and notes; each problem is a sentence."""

    sent: int = 0
    found: int = 0
    missing: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    disordered: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    """Old words, deleted messages that still stand, reactions, files, half-done commands."""

    @property
    def problems(self) -> list[str]:
        return [*self.missing, *self.doubled, *self.disordered, *self.wrong]


async def judge(desks: Sequence[Desk], engine: Engine) -> Verdict:
    """Look at every place as its people see it, and at the ledger."""
    verdict = Verdict()
    for desk in desks:
        at_customer = list(await desk.customer.seat.see())
        at_agent = list(await desk.agent.seat.see())
        _copies(verdict, desk, desk.customer, at_customer, at_agent)
        _copies(verdict, desk, desk.agent, at_agent, at_customer)
        _reactions(verdict, desk, at_customer, at_agent)
        _deeds(verdict, desk, engine, at_agent, at_customer)
    verdict.wrong += [f"still to be delivered: {ledger.pending(engine)}"] if ledger.pending(engine) else []
    verdict.wrong += [f"given up: {reason}" for reason in ledger.failed(engine)]
    verdict.wrong += ledger.leftovers(engine)
    return verdict


def _copies(
    verdict: Verdict, desk: Desk, author: Person, here: Sequence[Seen], there: Sequence[Seen]
) -> None:
    """What a person wrote, as it stands at the other side."""
    words = {one.name: one for one in author.written}
    copied = [one for one in there if one.by_bot]
    counted = Counter(name for one in copied for name in names_in(one.text) if name in words)
    texts = " ".join(one.text for one in copied)
    files = Counter(file for one in copied for file in one.files)
    for one in author.written:
        _one(verdict, desk, one, counted[one.name], files[one.file or ""], texts)
    wanted = [item for seen in here if not seen.by_bot for item in _items(seen, words)]
    stands = [item for seen in copied for item in _items(seen, words)]
    expected = [item for item in wanted if item in stands]
    if expected != [item for item in dict.fromkeys(stands) if item in wanted]:
        first = next(a for a, b in zip(expected, dict.fromkeys(stands), strict=False) if a != b)
        verdict.disordered.append(f"#{desk.number}: {first} by {author.seat.name} is not in its turn")


def _one(verdict: Verdict, desk: Desk, one: Words, copies: int, files: int, texts: str) -> None:
    what = f"#{desk.number}: {one.name}"
    if one.deleted:
        if copies or files:
            verdict.wrong.append(f"{what} was deleted and still stands")
        return
    verdict.sent += 1
    if not copies:
        verdict.missing.append(f"{what} is missing")
        return
    if copies > 1:
        verdict.doubled.append(f"{what} is there {copies} times")
    verdict.found += 1
    if one.text not in texts:
        verdict.wrong.append(f"{what} does not say {one.text!r}")
    if one.file and files != 1:
        kind = verdict.doubled if files else verdict.missing
        kind.append(f"{what}: its file is there {files} times")


def _items(seen: Seen, words: dict[str, Words]) -> list[str]:
    """The messages and files that stand in a message."""
    names = [name for name in names_in(seen.text) if name in words and not words[name].deleted]
    return [*names, *(file for file in seen.files if file.removesuffix(".txt") in words)]


def _reactions(verdict: Verdict, desk: Desk, at_customer: Sequence[Seen], at_agent: Sequence[Seen]) -> None:
    """A reaction shows on every copy exactly while somebody reacts on any of them."""
    wanted: set[tuple[str, str]] = set()
    for person, seen in ((desk.customer, at_customer), (desk.agent, at_agent)):
        names = {one.id: names_in(one.text) for one in seen}
        for (message, emoji), reacts in person.reactions.items():
            if reacts and len(names.get(message, [])) == 1:
                wanted.add((names[message][0], emoji))
    living = {name for name, words in by_name(desk).items() if not words.deleted}
    for side, seen in ((Side.CUSTOMER, at_customer), (Side.TEAM, at_agent)):
        for one in seen:
            for name in names_in(one.text):
                for emoji in EMOJI:
                    shows, should = emoji in one.reactions, (name, emoji) in wanted
                    if name in living and shows is not should:
                        state = "is missing from" if should else "still stands on"
                        verdict.wrong.append(f"#{desk.number}: {emoji} {state} {name} ({side})")


def _deeds(
    verdict: Verdict, desk: Desk, engine: Engine, at_agent: Sequence[Seen], at_customer: Sequence[Seen]
) -> None:
    """What was answered is there; what was not is wholly there or wholly absent; nothing is there twice."""
    tags = ledger.tags(engine, desk.number)
    inside = " ".join(one.text for one in at_agent if one.by_bot)
    outside = " ".join(one.text for one in at_customer)
    for done in desk.agent.done:
        what = f"#{desk.number}: {done.deed} {done.word}"
        match done.deed:
            case Deed.TAG:
                _whole(verdict, what, done.answered, done.word in tags, inside.count(f"the tag {done.word}"))
            case Deed.NOTE:
                there = ledger.knows(engine, done.word)
                _whole(verdict, what, done.answered, there, inside.count(done.word))
                if done.word in outside:
                    verdict.wrong.append(f"{what} is where customers read")
            case Deed.CLAIM:
                pass
    for label, kind in (("Claim", "claimed"), ("Release", "released")):
        asked = [done for done in desk.agent.done if done.deed is Deed.CLAIM and done.word == label]
        sure = sum(done.answered and not _refused(done.answer) for done in asked)
        times, lines = ledger.recorded(engine, desk.number, kind), inside.count(f"{kind} this ticket")
        if times != lines:
            verdict.wrong.append(f"#{desk.number}: {kind} {times} times and told {lines} times")
        if not sure <= times <= len(asked):
            verdict.wrong.append(f"#{desk.number}: {kind} {times} times; asked {len(asked)}, answered {sure}")


def _refused(answer: str) -> bool:
    return "already" in answer or "nobody has" in answer.casefold()


def _whole(verdict: Verdict, what: str, answered: bool, there: bool, told: int) -> None:
    verdict.sent += there or answered
    verdict.found += bool(told)
    if answered and not there:
        verdict.missing.append(f"{what} was answered and is not there")
    if there and not told:
        verdict.missing.append(f"{what} is done and nobody was told")
    if told and not there:
        verdict.wrong.append(f"{what} is told and not done")
    if told > 1:
        verdict.doubled.append(f"{what} was told {told} times")
