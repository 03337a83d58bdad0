"""When a rule holds: what is asked about a ticket, and what is known of one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Condition:
    """Everything that is asked must hold; of several values, any. What is not asked does not matter."""

    status: tuple[str, ...] = ()
    priority: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    """Holds for what is below it in the tree, too."""
    team: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    service: tuple[str, ...] = ()
    tag: tuple[str, ...] = ()
    tier: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()
    """Channels as ``desk.yaml`` writes them."""
    words: tuple[str, ...] = ()
    """Whole words, in any case, in the title, the request, or the message that just came."""
    fields: tuple[tuple[str, str], ...] = ()
    """Answers to what a category asked."""
    open: tuple[str, ...] = ()
    """Calendars in whose hours it is now."""
    closed: tuple[str, ...] = ()
    """Calendars out of whose hours it is now."""
    assigned: bool | None = None
    escalated: bool | None = None
    outage: bool | None = None
    """Whether the affected service is out of order."""
    unhappy: bool | None = None
    due_within: timedelta | None = None
    """How near the date is that was answered to the question ``deadline``."""

    @property
    def names_calendars(self) -> bool:
        return bool(self.open or self.closed)

    def __str__(self) -> str:
        return ", ".join(_asked(self)) or "always"


ALWAYS = Condition()
"""Nothing is asked."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a ticket when rules are asked. ``fired``: rules that did something to it before."""

    status: str
    priority: str
    team: str | None = None
    category: str | None = None
    type: str | None = None
    service: str | None = None
    tags: tuple[str, ...] = ()
    tier: str | None = None
    language: str | None = None
    channels: frozenset[str] = frozenset()
    calendars: frozenset[str] = frozenset()
    """Those in whose hours it is."""
    text: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    assigned: bool = False
    assignee: frozenset[str] = frozenset()
    """Their accounts, as ``desk.yaml`` writes them."""
    escalated: bool = False
    outage: bool = False
    unhappy: bool = False
    deadline: datetime | None = None
    fired: frozenset[str] = frozenset()


def holds(condition: Condition, facts: Facts, now: datetime) -> bool:
    return all(_answers(condition, facts, now))


def narrowed(condition: Condition, text: str) -> Condition:
    """The condition with only those words that stand in the text, to say why it held."""
    return replace(condition, words=words_in(condition.words, text)) if condition.words else condition


def _answers(asked: Condition, facts: Facts, now: datetime) -> Iterator[bool]:
    """An answer for each thing that is asked."""
    yield from (
        value in wanted
        for wanted, value in (
            (asked.status, facts.status),
            (asked.priority, facts.priority),
            (asked.team, facts.team),
            (asked.type, facts.type),
            (asked.service, facts.service),
            (asked.tier, facts.tier),
            (asked.language, facts.language),
        )
        if wanted
    )
    yield from (
        wanted is value
        for wanted, value in (
            (asked.assigned, facts.assigned),
            (asked.escalated, facts.escalated),
            (asked.outage, facts.outage),
            (asked.unhappy, facts.unhappy),
        )
        if wanted is not None
    )
    if asked.category:
        yield any(_is_below(facts.category, one) for one in asked.category)
    if asked.tag:
        yield not set(asked.tag).isdisjoint(facts.tags)
    if asked.channel:
        yield not facts.channels.isdisjoint(asked.channel)
    if asked.open:
        yield not facts.calendars.isdisjoint(asked.open)
    if asked.closed:
        yield not facts.calendars.issuperset(asked.closed)
    if asked.words:
        yield bool(words_in(asked.words, facts.text))
    if asked.due_within is not None:
        yield facts.deadline is not None and facts.deadline - now <= asked.due_within
    answered = {(key, value.casefold()) for key, value in facts.fields}
    yield from ((key, value.casefold()) in answered for key, value in asked.fields)


def _is_below(category: str | None, above: str) -> bool:
    return category is not None and (category == above or category.startswith(f"{above}/"))


def words_in(words: tuple[str, ...], text: str) -> tuple[str, ...]:
    """Those of the words or phrases that stand in the text as whole words, whatever their case."""
    found = {" ".join(match.group().split()) for match in _pattern(words).finditer(text.casefold())}
    return tuple(word for word in words if " ".join(word.casefold().split()) in found)


@lru_cache(maxsize=256)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    phrases = sorted((word.casefold().split() for word in words), key=len, reverse=True)
    either = "|".join(r"\s+".join(re.escape(part) for part in phrase) for phrase in phrases)
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)")


def _asked(condition: Condition) -> Iterator[str]:
    """What is asked, as it would be read aloud."""
    for name in (
        "status", "priority", "category", "team", "type", "service", "tag", "tier", "language", "channel",
        "words", "open", "closed",
    ):  # fmt: skip
        if values := getattr(condition, name):
            yield f"{name} {' or '.join(values)}"
    yield from (f"{key} {value}" for key, value in condition.fields)
    for name in ("assigned", "escalated", "outage", "unhappy"):
        wanted = getattr(condition, name)
        if wanted is not None:
            yield name if wanted else f"not {name}"
    if condition.due_within is not None:
        yield f"due within {condition.due_within}"
