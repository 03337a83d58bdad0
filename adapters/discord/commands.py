"""The commands that Discord shows: one table, its payload, and bringing Discord up to date with it.

They are declared as data rather than as decorated functions, because one path takes every interaction:
a verb is what the desk knows, and Discord is only told how to ask for its arguments.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from discord import AppCommandOptionType as OptionType
from discord import AppCommandType as CommandType

from adapters.discord.endpoints import DiscordClient
from chatdesk.contract.questions import ChoicesOf

CREATE_TICKET = "Create ticket"
ESCALATE_TICKET = "Escalate ticket"
SPLIT_TICKET = "Split ticket"


@dataclass(frozen=True, slots=True)
class Argument:
    """An option of a command. ``completes`` is what the desk is asked for while it is typed."""

    name: str
    description: str
    required: bool = False
    kind: OptionType = OptionType.string
    completes: ChoicesOf | None = None
    choices: tuple[str, ...] = ()
    longest: int | None = None


@dataclass(frozen=True, slots=True)
class Verb:
    """A subcommand."""

    name: str
    description: str
    arguments: tuple[Argument, ...] = ()


@dataclass(frozen=True, slots=True)
class VerbGroup:
    """Subcommands below a verb of their own; the group's name is the verb, theirs its ``action``."""

    name: str
    description: str
    verbs: tuple[Verb, ...]


@dataclass(frozen=True, slots=True)
class Command:
    name: str
    description: str
    verbs: tuple[Verb | VerbGroup, ...]


_LONG_TEXT = 3000
_TICKET = Argument("ticket", "Which ticket; the thread's own if left out", completes=ChoicesOf.TICKET)
_AGENT = Argument("agent", "Who", required=True, completes=ChoicesOf.AGENT)
_TEAM = Argument("team", "Which team", completes=ChoicesOf.TEAM)
_OTHER_TEAM = Argument("team", "Which team", required=True, completes=ChoicesOf.TEAM)
_CATEGORY = Argument("category", "Which category", required=True, completes=ChoicesOf.CATEGORY)
_PRIORITY = Argument("priority", "How urgent", required=True, completes=ChoicesOf.PRIORITY)
_STATUS = Argument("status", "Which status", required=True, completes=ChoicesOf.STATUS)
_TAG = Argument("tag", "Which tag", required=True, completes=ChoicesOf.TAG)
_MACRO = Argument("macro", "Which macro; all there are if left out", completes=ChoicesOf.MACRO)
_PERSON = Argument("person", "Who", required=True, kind=OptionType.user)
_REASON = Argument("reason", "Why", longest=_LONG_TEXT)
_RESOLUTION = Argument("text", "What was done", longest=_LONG_TEXT)
_CODE = Argument("code", "How it was solved", completes=ChoicesOf.CODE)
_FOLLOW_UP = Argument("follow_up", "What is still to be done, and when: 2w: ask again", longest=_LONG_TEXT)
_UNTIL = Argument("until", "2d, tomorrow 9:00, monday, reply, off", required=True, longest=60)
_TITLE = Argument("title", "Its title", longest=150)
_INTO = Argument("into", "The ticket that takes this one in", required=True, completes=ChoicesOf.TICKET)
_OTHER = Argument("other", "Which other ticket", required=True, completes=ChoicesOf.TICKET)
_TIE = Argument(
    "kind",
    "What this ticket is to the other",
    choices=("relates", "blocks", "blocked by", "caused by", "causes", "child of", "parent of"),
)
_WORDS = Argument("text", "What to say", required=True, longest=_LONG_TEXT)
_REPORT_BY = (
    "team", "category", "channel", "priority", "tier", "service", "agent", "article", "day", "week",
)  # fmt: skip
_WISH = Argument("text", "What the answer is to say", longest=1000)
_ARTICLE = Argument("article", "Which article", required=True, completes=ChoicesOf.ARTICLE, longest=200)
_LOOKED_FOR = Argument("words", "Words that stand in them", required=True, longest=200)

TICKET = Command(
    "ticket",
    "Work with tickets",
    (
        Verb(
            "open",
            "Open a new ticket",
            (
                Argument("title", "What it is about, in one line", longest=200),
                Argument("category", "Which category", completes=ChoicesOf.CATEGORY),
            ),
        ),
        Verb("claim", "Take a ticket yourself", (_TICKET,)),
        Verb("release", "Give a ticket back to the team", (_TICKET,)),
        Verb("assign", "Give a ticket to an agent", (_AGENT, _TICKET)),
        Verb("priority", "Change how urgent a ticket is", (_PRIORITY, _TICKET)),
        Verb("status", "Change a ticket's status", (_STATUS, _TICKET)),
        Verb("resolve", "Say that it is done", (_RESOLUTION, _CODE, _FOLLOW_UP, _TICKET)),
        Verb("close", "Close a ticket for good", (_RESOLUTION, _CODE, _FOLLOW_UP, _TICKET)),
        Verb(
            "close-request",
            "Ask the requester whether it may be closed",
            (_RESOLUTION, _CODE, _FOLLOW_UP, _TICKET),
        ),
        Verb("snooze", "Put a ticket out of sight for a while", (_UNTIL, _TICKET)),
        Verb("reopen", "Open a ticket again", (_REASON, _TICKET)),
        Verb("escalate", "Bring in another team", (_TEAM, _REASON, _TICKET)),
        Verb("note", "Write a note that the customer does not see", (_WORDS, _TICKET)),
        Verb("reply", "Write to the customer", (_WORDS, _TICKET)),
        Verb("move", "Give a ticket to another team", (_OTHER_TEAM, _TICKET)),
        Verb("category", "Change what a ticket is about", (_CATEGORY, _TICKET)),
        Verb(
            "tag",
            "Add or remove a tag",
            (_TAG, Argument("action", "Add it, or remove it", choices=("add", "remove")), _TICKET),
        ),
        VerbGroup(
            "people",
            "Who takes part in a ticket",
            (
                Verb("add", "Let a person take part", (_PERSON, _TICKET)),
                Verb("remove", "Let a person no longer take part", (_PERSON, _TICKET)),
            ),
        ),
        Verb("macro", "An answer and steps in one, shown to you first", (_MACRO, _TICKET)),
        VerbGroup(
            "relate",
            "Bring tickets together or take them apart",
            (
                Verb("merge", "Bring this ticket together with another", (_INTO, _TICKET)),
                Verb("unmerge", "Undo a merge within ten minutes", (_TICKET,)),
                Verb("split", "Make a ticket of the requester's last message", (_TITLE, _TICKET)),
                Verb("link", "Tie a ticket to another", (_OTHER, _TIE, _TICKET)),
                Verb("unlink", "Undo a tie", (_OTHER, _TICKET)),
                Verb("update", "Answer its requester and those of its children", (_WORDS, _TICKET)),
            ),
        ),
        Verb("list", "List tickets", (Argument("which", "Which ones, such as mine, team or open"),)),
        Verb("find", "Look for tickets", (_LOOKED_FOR,)),
        Verb("info", "Show a ticket", (_TICKET,)),
        Verb("sla", "What was promised for a ticket, and when it is due", (_TICKET,)),
        Verb("help", "What you can do here"),
    ),
)

DESK = Command(
    "desk",
    "The help desk itself",
    (
        Verb(
            "link",
            "Link your accounts on both platforms",
            (Argument("code", "The code that you were sent in your other account"),),
        ),
        Verb(
            "away",
            "Be given no tickets for a while",
            (Argument("until", "2h, tomorrow 9:00, or who; until you are back if left out", longest=100),),
        ),
        Verb("back", "Be given tickets again"),
        Verb(
            "oncall",
            "Who is on call now and next, or who is instead",
            (
                Argument("agent", "Who is on call instead; me, or off", completes=ChoicesOf.AGENT),
                Argument("from", "friday 18:00; now if left out", longest=60),
                Argument("until", "tomorrow 9:00; until off if left out", longest=60),
                _TEAM,
            ),
        ),
        Verb(
            "outage",
            "Say that a service is out of order, or works again",
            (
                Argument("service", "Which service; all that are out of order if left out", longest=100),
                Argument("state", "Out of order, or working again", choices=("on", "off")),
            ),
        ),
        Verb(
            "report",
            "How a team works, in numbers and a picture",
            (
                Argument("since", "How far back, such as 24h, 30d or 8w", longest=20),
                Argument("team", "Which team; all that you lead if left out", completes=ChoicesOf.TEAM),
                Argument(
                    "by",
                    "A row for each of these",
                    choices=_REPORT_BY,
                ),
                Argument("here", "For everybody who reads this channel of staff", choices=("yes",)),
            ),
        ),
        Verb("panel", "Post a message here with a button that opens a ticket"),
    ),
)

KB = Command(
    "kb",
    "Articles that answer what people ask",
    (
        Verb("search", "Find articles", (Argument("text", "What it is about", required=True, longest=200),)),
        Verb("show", "Read an article", (_ARTICLE,)),
        Verb("list", "The articles changed last"),
        Verb("new", "Write an article"),
        Verb("edit", "Change an article", (_ARTICLE,)),
        Verb("retire", "Let nobody find an article any more", (_ARTICLE,)),
        Verb(
            "history",
            "What an article said before",
            (_ARTICLE, Argument("version", "Which version, in full; all in short if left out", longest=10)),
        ),
        Verb("drafts", "The drafts that wait to be published"),
        Verb("send", "Answer a requester with an article", (_ARTICLE, _TICKET)),
        Verb("review", "Articles that are to be looked through"),
        Verb("gaps", "What people ask that no article answers"),
        Verb("stats", "What became of articles that were shown"),
    ),
)

ASSIST = Command(
    "assist",
    "What a ticket may be about",
    (
        Verb("suggest", "Others like it, articles, what it may be about; only you see it", (_TICKET,)),
        Verb("summary", "Have the assistant sum a ticket up; only you see it", (_TICKET,)),
        Verb("draft", "Have the assistant draft an answer, which you may send", (_WISH, _TICKET)),
    ),
)

COMMANDS = (TICKET, DESK, KB, ASSIST)
MESSAGE_MENUS = (CREATE_TICKET, ESCALATE_TICKET, SPLIT_TICKET)


def completion_of(argument: str) -> ChoicesOf | None:
    """What the desk is asked for while an argument of this name is typed."""
    if argument in (_INTO.name, _OTHER.name):
        return ChoicesOf.TICKET
    return next((of for of in ChoicesOf if of == argument), None)


def payload() -> list[dict[str, object]]:
    """The commands as Discord is told them."""
    menus: list[dict[str, object]] = [
        {"type": CommandType.message.value, "name": name} for name in MESSAGE_MENUS
    ]
    return [_command(command) for command in COMMANDS] + menus


def _command(command: Command) -> dict[str, object]:
    return {
        "type": CommandType.chat_input.value,
        "name": command.name,
        "description": command.description,
        "options": [_verb_or_group(verb) for verb in command.verbs],
    }


def _verb_or_group(verb: Verb | VerbGroup) -> dict[str, object]:
    if isinstance(verb, Verb):
        kind, options = OptionType.subcommand, [_argument(argument) for argument in verb.arguments]
    else:
        kind, options = OptionType.subcommand_group, [_verb_or_group(below) for below in verb.verbs]
    return {"type": kind.value, "name": verb.name, "description": verb.description, "options": options}


def _argument(argument: Argument) -> dict[str, object]:
    option: dict[str, object] = {
        "type": argument.kind.value,
        "name": argument.name,
        "description": argument.description,
        "required": argument.required,
    }
    if argument.completes is not None:
        option["autocomplete"] = True
    if argument.choices:
        option["choices"] = [{"name": choice, "value": choice} for choice in argument.choices]
    if argument.longest is not None:
        option["max_length"] = argument.longest
    return option


_TOLD = ("type", "name", "description", "required", "autocomplete", "max_length")


def _essence(commands: Sequence[Mapping[str, object]]) -> list[object]:
    """What a list of commands says, whether we wrote it or Discord gave it back with defaults filled in."""
    return sorted((_essence_of(command) for command in commands), key=str)


def _essence_of(entry: Mapping[str, object]) -> tuple[object, ...]:
    told = tuple(entry.get(name) or None for name in _TOLD)
    options = entry.get("options") or ()
    choices = entry.get("choices") or ()
    assert isinstance(options, Sequence) and isinstance(choices, Sequence)
    return (
        told,
        tuple(_essence_of(option) for option in options),
        tuple((choice["name"], choice["value"]) for choice in choices),
    )


async def registered(client: DiscordClient, application: int) -> bool:
    """Whether Discord shows exactly these commands."""
    there = await client.http.get_global_commands(application)
    return _essence(there) == _essence(payload())


async def synchronise(client: DiscordClient, application: int) -> bool:
    """Tell Discord the commands if it has others; whether it had.

    Only then, because Discord limits how many are created in a day.
    """
    if await registered(client, application):
        return False
    await client.http.bulk_upsert_global_commands(application, payload())
    return True
