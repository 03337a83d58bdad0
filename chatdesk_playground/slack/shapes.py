"""Rules from which Block Kit's shapes are made: each says what is wrong with one value, in Slack's words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from chatdesk_playground.slack.wire import JsonObject, JsonValue

Rule: TypeAlias = Callable[[JsonValue, str], list[str]]


@dataclass(frozen=True, slots=True)
class Shape:
    """Which fields an object must have and may have, and the rule for each."""

    required: Mapping[str, Rule]
    optional: Mapping[str, Rule] = field(default_factory=dict)

    def problems(self, value: JsonObject, pointer: str) -> list[str]:
        """All that is wrong, each with the JSON pointer of the place."""
        found = [
            complaint(f"missing required field: {name}", pointer)
            for name in self.required
            if value.get(name) is None
        ]
        rules = {**self.required, **self.optional, "type": anything}
        for name, part in value.items():
            if name not in rules:
                found.append(complaint(f"invalid additional property: {name}", pointer))
            elif part is not None:
                found += rules[name](part, f"{pointer}/{name}")
        return found


def complaint(what: str, pointer: str) -> str:
    """One problem as `response_metadata.messages` spells it."""
    return f"{what} [json-pointer:{pointer}]"


def anything(value: JsonValue, pointer: str) -> list[str]:
    """No rule."""
    return []


def string(most: int, least: int = 0) -> Rule:
    """A string of at least `least` and at most `most` characters."""

    def check(value: JsonValue, pointer: str) -> list[str]:
        if not isinstance(value, str):
            return [complaint("must be a string", pointer)]
        if len(value) > most:
            return [complaint(f"must be less than {most + 1} characters", pointer)]
        if len(value) < least:
            return [complaint(f"must be more than {least - 1} characters", pointer)]
        return []

    return check


def one_of(*allowed: str) -> Rule:
    """One of some words."""

    def check(value: JsonValue, pointer: str) -> list[str]:
        return [] if value in allowed else [complaint("must be a valid enum value", pointer)]

    return check


def text_object(most: int, *, markdown: bool = False) -> Rule:
    """A text object of at most `most` characters; mrkdwn only where it is allowed."""
    kinds = ("plain_text", "mrkdwn") if markdown else ("plain_text",)

    def check(value: JsonValue, pointer: str) -> list[str]:
        if not isinstance(value, Mapping):
            return [complaint("must provide an object", pointer)]
        if value.get("type") not in kinds:
            return [complaint(f"unsupported type: {value.get('type')}", f"{pointer}/type")]
        unknown = set(value) - {"type", "text", "emoji", "verbatim"}
        if unknown:
            return [complaint(f"invalid additional property: {name}", pointer) for name in sorted(unknown)]
        if value.get("text") is None:
            return [complaint("missing required field: text", pointer)]
        return string(most, 1)(value["text"], f"{pointer}/text")

    return check


def shaped(shape: Shape) -> Rule:
    """An object of one shape."""

    def check(value: JsonValue, pointer: str) -> list[str]:
        if not isinstance(value, Mapping):
            return [complaint("must provide an object", pointer)]
        return shape.problems(value, pointer)

    return check


def listed(rule: Rule, most: int, least: int = 1) -> Rule:
    """An array whose items follow a rule."""

    def check(value: JsonValue, pointer: str) -> list[str]:
        if not isinstance(value, Sequence) or isinstance(value, str):
            return [complaint("must be an array", pointer)]
        if len(value) > most:
            return [complaint(f"no more than {most} items allowed", pointer)]
        if len(value) < least:
            return [complaint(f"must have at least {least} items", pointer)]
        return [problem for index, item in enumerate(value) for problem in rule(item, f"{pointer}/{index}")]

    return check


def variants(shapes: Mapping[str, Shape]) -> Rule:
    """An object whose `type` names its shape."""

    def check(value: JsonValue, pointer: str) -> list[str]:
        if not isinstance(value, Mapping):
            return [complaint("must provide an object", pointer)]
        kind = value.get("type")
        if not isinstance(kind, str):
            return [complaint("missing required field: type", pointer)]
        if kind not in shapes:
            return [complaint(f"unsupported type: {kind}", f"{pointer}/type")]
        return shapes[kind].problems(value, pointer)

    return check
