"""The verbs of ``/ticket`` and ``/desk``: what they are called, what they take, how they are typed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz, process


class Takes(StrEnum):
    """What follows a verb when it is typed, behind a ticket's number where the verb needs a ticket."""

    NOTHING = "nothing"
    TEXT = "text"
    """Free text, which may be missing."""
    VALUE = "value"
    """One value, all that follows."""
    VALUE_AND_TEXT = "value_and_text"
    """One word and then free text."""
    TEAM_AND_TEXT = "team_and_text"
    """A team, which may be missing, and then free text, which may be missing."""
    OTHER_AND_TEXT = "other_and_text"
    """Another ticket's number and then free text, which may be missing."""
    ACTION_AND_VALUE = "action_and_value"
    """``add`` or ``remove`` and one value."""


@dataclass(frozen=True, slots=True)
class Verb:
    """``argument`` is the name under which the value or text is known in CommandGiven."""

    name: str
    takes: Takes
    usage: str
    help: str
    argument: str = ""
    needs_ticket: bool = True
    hidden: bool = False
    """Only on buttons; not listed in the help."""


TICKET_VERBS: tuple[Verb, ...] = (
    Verb("open", Takes.TEXT, "open [what it is about]", "make a new ticket", "text", needs_ticket=False),
    Verb("claim", Takes.NOTHING, "claim [#ticket]", "take it yourself"),
    Verb("release", Takes.NOTHING, "release [#ticket]", "give it back to the team"),
    Verb("assign", Takes.VALUE, "assign [#ticket] @agent", "give it to somebody", "agent"),
    Verb("priority", Takes.VALUE, "priority [#ticket] <priority>", "set the priority", "priority"),
    Verb("status", Takes.VALUE, "status [#ticket] <status>", "set the status", "status"),
    Verb("resolve", Takes.TEXT, "resolve [#ticket] [what was done]", "mark it solved", "text"),
    Verb("close", Takes.TEXT, "close [#ticket] [what was done]", "end it", "text"),
    Verb(
        "close-request",
        Takes.TEXT,
        "close-request [#ticket] [what was done]",
        "ask the requester whether it may be closed",
        "text",
    ),
    Verb(
        "snooze",
        Takes.TEXT,
        "snooze [#ticket] <2d, tomorrow 9:00, reply, off>",
        "put it out of sight until then",
        "until",
    ),
    Verb("reopen", Takes.TEXT, "reopen [#ticket] [why]", "take it up again", "reason"),
    Verb(
        "escalate",
        Takes.TEAM_AND_TEXT,
        "escalate [#ticket] [team] [what is asked]",
        "ask another team",
        "reason",
    ),
    Verb("note", Takes.TEXT, "note [#ticket] <text>", "write something only staff can read", "text"),
    Verb("reply", Takes.TEXT, "reply [#ticket] <text>", "answer the requester", "text"),
    Verb("move", Takes.VALUE_AND_TEXT, "move [#ticket] <team> [why]", "hand it to another team", "team"),
    Verb("category", Takes.VALUE, "category [#ticket] <category>", "set the category", "category"),
    Verb("tag", Takes.ACTION_AND_VALUE, "tag [#ticket] [add|remove] <tag>", "add or remove a tag", "tag"),
    Verb("merge", Takes.OTHER_AND_TEXT, "merge [#ticket] #into", "bring it together with another", "into"),
    Verb("split", Takes.TEXT, "split [#ticket] [title]", "make a ticket of a message (reply to it)", "title"),
    Verb(
        "relate",
        Takes.OTHER_AND_TEXT,
        "relate [#ticket] #other [blocks|blocked by|caused by|causes|child|parent|remove]",
        "tie two tickets",
        "other",
    ),
    Verb(
        "update-all",
        Takes.TEXT,
        "update-all [#ticket] <text>",
        "answer its requester and those of its children",
        "text",
    ),
    Verb(
        "resolve-children", Takes.NOTHING, "resolve-children [#ticket]", "end its children too", hidden=True
    ),
    Verb("unmerge", Takes.NOTHING, "unmerge [#ticket]", "undo a merge within ten minutes"),
    Verb(
        "list",
        Takes.VALUE,
        "list [mine|team|unassigned|snoozed|all]",
        "show tickets",
        "which",
        needs_ticket=False,
    ),
    Verb("find", Takes.VALUE, "find <words>", "look for tickets", "words", needs_ticket=False),
    Verb("macro", Takes.VALUE, "macro [#ticket] [name]", "an answer and steps in one, shown first", "macro"),
    Verb("info", Takes.NOTHING, "info [#ticket]", "show everything about one"),
    Verb("sla", Takes.NOTHING, "sla [#ticket]", "what was promised, and when it is due"),
    Verb("people", Takes.ACTION_AND_VALUE, "people [#ticket] add|remove @person", "who takes part", "person"),
    Verb("help", Takes.TEXT, "help", "this list", "text", needs_ticket=False),
    Verb(
        "acknowledge", Takes.NOTHING, "acknowledge [#ticket]", "say that your team has seen it", hidden=True
    ),
    Verb("takeover", Takes.NOTHING, "takeover [#ticket]", "make it your team's", hidden=True),
    Verb("sendback", Takes.TEXT, "sendback [#ticket] [answer]", "give it back", "text", hidden=True),
    Verb("post-report", Takes.VALUE, "post-report", "post numbers", "value", needs_ticket=False, hidden=True),
    Verb("retry", Takes.VALUE, "retry <delivery>", "deliver again", "value", hidden=True),
    Verb("service", Takes.VALUE, "service [#ticket] <service>", "what is affected", "service", hidden=True),
    Verb("submit", Takes.NOTHING, "submit [#ticket]", "send a draft as it is", hidden=True),
    Verb("quote", Takes.NOTHING, "quote [#ticket]", "show an answer to the ticket's team", hidden=True),
    Verb("send-article", Takes.VALUE, "send-article [#ticket]", "answer with it", "value", hidden=True),
    Verb("solved", Takes.NOTHING, "solved [#ticket]", "an article was the answer", hidden=True),
    *(
        Verb(name, Takes.VALUE, name, told, "value", needs_ticket=False, hidden=True)
        for name, told in (
            ("article-edit", "change an article"),
            ("article-review", "look through a draft"),
            ("article-change", "change a draft"),
            ("article-publish", "publish a draft"),
            ("article-drop", "drop a draft"),
            ("article-keep", "say that an article is still right"),
            ("article-show", "read an article"),
            ("article-helpful", "say that an article helped"),
            ("article-not-helpful", "say that an article did not help"),
        )
    ),
    Verb("cancel", Takes.TEXT, "cancel [#ticket]", "give it up", "reason", hidden=True),
    Verb("send-macro", Takes.VALUE, "send-macro <macro>", "do what was shown", "macro", hidden=True),
    Verb("edit-macro", Takes.VALUE, "edit-macro <macro>", "change its answer", "macro", hidden=True),
    Verb("discard", Takes.NOTHING, "discard", "leave it", hidden=True),
    Verb("take-up", Takes.NOTHING, "take-up [#ticket]", "work on what was imported", hidden=True),
    Verb("suggest", Takes.NOTHING, "suggest [#ticket]", "what it may be about", hidden=True),
    Verb("summary", Takes.NOTHING, "summary [#ticket]", "have the assistant sum it up", hidden=True),
    Verb("draft", Takes.TEXT, "draft [#ticket] [what to say]", "have an answer drafted", "text", hidden=True),
    Verb("send-proposal", Takes.VALUE, "send-proposal <id>", "send a draft", "proposal", hidden=True),
    Verb("edit-proposal", Takes.VALUE, "edit-proposal <id>", "change a draft", "proposal", hidden=True),
    Verb("discard-proposal", Takes.VALUE, "discard-proposal <id>", "drop a draft", "proposal", hidden=True),
    Verb("accept", Takes.NOTHING, "accept [#ticket]", "agree that it is closed", hidden=True),
    Verb("decline", Takes.TEXT, "decline [#ticket]", "say that it is not solved", "reason", hidden=True),
    Verb(
        "rate", Takes.TEXT, "rate [#ticket] <1 to 5> [why]", "say how satisfied you are", "value", hidden=True
    ),
)

DESK_VERBS: tuple[Verb, ...] = (
    Verb("link", Takes.VALUE, "link [code]", "say that two accounts are yours", "code", needs_ticket=False),
    Verb(
        "panel",
        Takes.TEXT,
        "panel [text]",
        "a message with a button for new tickets",
        "text",
        needs_ticket=False,
    ),
    Verb(
        "away", Takes.TEXT, "away [2h, tomorrow 9:00, who]", "be given nothing", "until", needs_ticket=False
    ),
    Verb("back", Takes.NOTHING, "back", "be given tickets again", needs_ticket=False),
    Verb(
        "oncall",
        Takes.TEXT,
        "oncall [@agent from friday 18:00 until monday 9:00, me, off] [team]",
        "who is on call, or is instead",
        "text",
        needs_ticket=False,
    ),
    Verb(
        "outage",
        Takes.VALUE,
        "outage [service on|off]",
        "say that a service is out of order",
        "service",
        needs_ticket=False,
    ),
    Verb(
        "report",
        Takes.TEXT,
        "report [30d] [team] [by team|category|channel|priority|tier|service|agent|article|day|week] [here]",
        "how a team works, in numbers",
        "text",
        needs_ticket=False,
    ),
    Verb("help", Takes.TEXT, "help", "this list", "text", needs_ticket=False),
)

KB_VERBS: tuple[Verb, ...] = (
    Verb("search", Takes.TEXT, "search <words>", "find articles", "text", needs_ticket=False),
    Verb("show", Takes.VALUE, "show <article>", "read one", "article", needs_ticket=False),
    Verb("list", Takes.NOTHING, "list", "those changed last", needs_ticket=False),
    Verb("new", Takes.TEXT, "new [title]", "write one", "text", needs_ticket=False),
    Verb("edit", Takes.VALUE, "edit <article>", "change one", "article", needs_ticket=False),
    Verb("retire", Takes.VALUE, "retire <article>", "let nobody find it", "article", needs_ticket=False),
    Verb(
        "history", Takes.VALUE, "history <article> [version]", "what it said", "article", needs_ticket=False
    ),
    Verb("drafts", Takes.NOTHING, "drafts", "what waits to be published", needs_ticket=False),
    Verb("send", Takes.VALUE, "send [#ticket] <article>", "answer a requester with one", "article"),
    Verb("review", Takes.NOTHING, "review", "what is to be looked through", needs_ticket=False),
    Verb("gaps", Takes.NOTHING, "gaps", "what is asked that none answers", needs_ticket=False),
    Verb("stats", Takes.NOTHING, "stats", "what became of those that were shown", needs_ticket=False),
    Verb("help", Takes.TEXT, "help", "this list", "text", needs_ticket=False),
)

ASSIST_VERBS: tuple[Verb, ...] = (
    Verb("summary", Takes.NOTHING, "summary [#ticket]", "have the assistant sum it up"),
    Verb("draft", Takes.TEXT, "draft [#ticket] [what to say]", "have it draft an answer", "text"),
    Verb("suggest", Takes.NOTHING, "suggest [#ticket]", "what it may be about, others like it, articles"),
    Verb("help", Takes.TEXT, "help", "this list", "text", needs_ticket=False),
)

COMMANDS: Mapping[str, tuple[Verb, ...]] = {
    "ticket": TICKET_VERBS,
    "desk": DESK_VERBS,
    "kb": KB_VERBS,
    "assist": ASSIST_VERBS,
}


def verb_named(command: str, name: str) -> Verb | None:
    return next((verb for verb in COMMANDS.get(command, ()) if verb.name == name), None)


def nearest(typed: str, allowed: Sequence[str]) -> str | None:
    """The allowed word that is most like what was typed, if any is like it at all."""
    found = process.extractOne(typed, allowed, scorer=fuzz.ratio, processor=str.casefold, score_cutoff=60)
    return None if found is None else str(found[0])


@dataclass(frozen=True, slots=True)
class Typed:
    """A typed command told apart. ``verb`` may be a word that is no verb."""

    verb: str
    ticket: int | None
    arguments: Mapping[str, str]


_TICKET = re.compile(r"^\\?#\s?(\d{1,9})(?:\s+|$)")
_ANY_TICKET = re.compile(r"\\?#\s?(\d{1,9})\b")
_BARE_NUMBER = re.compile(r"^(\d{1,9})(?:\s+|$)")


def parse(command: str, text: str, team_words: Sequence[str] = ()) -> Typed:
    """Tell what was typed behind a command apart. ``team_words``: the teams' keys and names in lower case."""
    word, *following = text.split(maxsplit=1) or [""]
    rest = following[0].rstrip() if following else ""
    if not word:
        return Typed("help", None, {})
    word, rest = _in_two_words(command, word.casefold(), rest)
    verb = verb_named(command, word)
    if verb is None:
        return Typed(word, None, {})
    if verb.takes is Takes.OTHER_AND_TEXT:
        return _two_tickets(verb, rest)
    ticket, rest = _ticket(rest, verb)
    return Typed(verb.name, ticket, _arguments(verb, rest, team_words))


def _in_two_words(command: str, word: str, rest: str) -> tuple[str, str]:
    """``close request`` is meant as ``close-request``, and must not close anything."""
    second, *following = rest.split(maxsplit=1) or [""]
    joined = verb_named(command, f"{word}-{second.casefold()}")
    if joined is None or joined.hidden:
        return word, rest
    return joined.name, following[0] if following else ""


def _two_tickets(verb: Verb, rest: str) -> Typed:
    """Of two numbers the first is the ticket; of one, it is the other, and the ticket is the thread's."""
    numbers = _ANY_TICKET.findall(rest)[:2] or [
        found.group(1) for found in (_BARE_NUMBER.match(rest),) if found is not None
    ]
    if not _ANY_TICKET.search(rest):
        rest = _BARE_NUMBER.sub("", rest)
    text = " ".join(_ANY_TICKET.sub(" ", rest, count=2).split())
    ticket = int(numbers[0]) if len(numbers) == 2 else None
    return Typed(verb.name, ticket, _given({verb.argument: numbers[-1] if numbers else "", "text": text}))


def _ticket(rest: str, verb: Verb) -> tuple[int | None, str]:
    if not verb.needs_ticket:
        return None, rest
    match = _TICKET.match(rest)
    if match is None and verb.takes is not Takes.TEXT:
        match = _BARE_NUMBER.match(rest)
    return (int(match.group(1)), rest[match.end() :]) if match else (None, rest)


def _arguments(verb: Verb, rest: str, team_words: Sequence[str]) -> Mapping[str, str]:
    match verb.takes:
        case Takes.NOTHING | Takes.OTHER_AND_TEXT:
            return {}
        case Takes.TEXT | Takes.VALUE:
            return {verb.argument: rest} if rest else {}
        case Takes.VALUE_AND_TEXT:
            value, text = _team_and_text(rest, team_words)
            if value is None:
                value, _, text = rest.partition(" ")
            return _given({verb.argument: value, "reason": text.strip()})
        case Takes.TEAM_AND_TEXT:
            team, text = _team_and_text(rest, team_words)
            return _given({"team": team or "", "reason": text})
        case Takes.ACTION_AND_VALUE:
            action, _, value = rest.partition(" ")
            if action.casefold() in ("add", "remove"):
                return _given({"action": action.casefold(), verb.argument: value.strip()})
            return _given({verb.argument: rest})


def _team_and_text(rest: str, team_words: Sequence[str]) -> tuple[str | None, str]:
    """A team's name may have several words, so the longest that fits counts."""
    folded = rest.casefold()
    for team in sorted(team_words, key=len, reverse=True):
        if folded == team or folded.startswith((team + " ", team + "\n", team + ":", team + ",")):
            return rest[: len(team)], rest[len(team) :].lstrip(" :,\n")
    return None, rest


def _given(arguments: Mapping[str, str]) -> Mapping[str, str]:
    return {name: value for name, value in arguments.items() if value}
