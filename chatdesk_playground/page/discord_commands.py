"""What is typed of a Discord command: ``/ticket priority priority: high ticket: 7``, and what may follow."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from chatdesk_playground.discord.deeds import BOOLEAN, CHANNEL, GROUP, MENTIONABLE, SUBCOMMAND, USER
from chatdesk_playground.discord.state import Command
from chatdesk_playground.discord.wire import Body, bodies_of, number_of, text_of
from chatdesk_playground.page.model import Option, Suggestion


@dataclass(frozen=True, slots=True)
class Line:
    """A command as far as it is typed. ``options`` are those that the command has."""

    path: str
    options: tuple[Body, ...]
    values: dict[str, str]
    focused: Body | None = None
    """The option whose value is being typed."""


def read(commands: Sequence[Command], typed: str) -> Line | None:
    """The command, as far as it is known; None while its name is not whole."""
    words = typed.removeprefix("/").split(" ")
    body = next((one.body for one in commands if one.name == words[0]), None)
    if body is None:
        return None
    path = [words[0]]
    options = bodies_of(body.get("options"))
    rest = words[1:]
    while rest and (inner := _nested(options, rest[0])) is not None:
        path.append(rest.pop(0))
        options = bodies_of(inner.get("options"))
    values = _values(options, " ".join(rest))
    last = list(values)[-1] if values else ""
    focused = next((one for one in options if text_of(one, "name") == last), None)
    return Line(" ".join(path), options, values, focused)


def _nested(options: Sequence[Body], word: str) -> Body | None:
    kinds = (SUBCOMMAND, GROUP)
    return next(
        (one for one in options if text_of(one, "name") == word and number_of(one, "type") in kinds), None
    )


def _values(options: Sequence[Body], typed: str) -> dict[str, str]:
    names = "|".join(re.escape(text_of(one, "name")) for one in options)
    if not names:
        return {}
    pieces = re.split(rf"(?:^|(?<=\s))({names}):", typed)
    return {name: value.strip() for name, value in zip(pieces[1::2], pieces[2::2], strict=True)}


def suggestions(commands: Sequence[Command], typed: str) -> Sequence[Suggestion]:
    """Names that may follow; values are asked of the app, or are in ``choices``."""
    line = read(commands, typed)
    if line is None or typed == f"/{line.path}":
        word = typed.removeprefix("/")
        return [
            Suggestion(f"/{one.name} ", f"/{one.name}", text_of(one.body, "description"))
            for one in sorted(commands, key=lambda one: one.name)
            if one.name.startswith(word.split(" ")[0])
        ]
    typing = "" if typed.endswith(" ") else typed.rpartition(" ")[2]
    begun = typed[: len(typed) - len(typing)]
    found = []
    for option in line.options:
        name = text_of(option, "name")
        if name in line.values or not name.startswith(typing):
            continue
        nested = number_of(option, "type") in (SUBCOMMAND, GROUP)
        shown = name if nested else f"{name}:"
        found.append(Suggestion(f"{begun}{shown} ", shown, text_of(option, "description")))
    return found


def choices(option: Body, people: Sequence[Option], channels: Sequence[Option]) -> Sequence[Option] | None:
    """The values that an option may have; None where the app is to be asked, or anything may be typed."""
    fixed = bodies_of(option.get("choices"))
    if fixed:
        return [Option(text_of(one, "name"), str(one.get("value"))) for one in fixed]
    match number_of(option, "type"):
        case kind if kind in (USER, MENTIONABLE):
            return people
        case kind if kind == CHANNEL:
            return channels
        case kind if kind == BOOLEAN:
            return [Option("True", "True"), Option("False", "False")]
    return None


def complete_value(line: Line, typed: str, found: Sequence[Option]) -> Sequence[Suggestion]:
    """The line with each of the values that have in them what is being typed."""
    if line.focused is None:
        return []
    wanted = line.values[text_of(line.focused, "name")].casefold()
    fitting = [one for one in found if wanted in one.label.casefold() or wanted in one.value.casefold()]
    return completed(line, typed, fitting)


def completed(line: Line, typed: str, found: Sequence[Option]) -> Sequence[Suggestion]:
    """The line with each of these values, which are known to fit."""
    if line.focused is None:
        return []
    name = text_of(line.focused, "name")
    begun = typed[: typed.rindex(f"{name}:") + len(name) + 1]
    return [Suggestion(f"{begun} {one.value} ", one.label) for one in found]
