"""``docs/configuration.md``, made of prose and of what the settings say of themselves.

The prose is ``document.md``. A line ``<!-- settings: TeamFile -->`` in it becomes the table of that section's
settings, and the heading above it is where other tables link to.
"""

from __future__ import annotations

import re
import types
from collections.abc import Iterator, Mapping
from datetime import timedelta
from enum import StrEnum
from importlib.resources import files
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from chatdesk.configuration.file import DeskFile
from chatdesk.configuration.values import write_duration
from chatdesk.configuration.written import OrAlone, Written

_PLACE = re.compile(r"^<!-- settings: (\w+) -->$")
_HEADING = re.compile(r"^#+ (.+)$")

Anchors = Mapping[str, str]


def document() -> str:
    """The whole of docs/configuration.md."""
    text = (files("chatdesk.configuration") / "document.md").read_text(encoding="utf-8")
    sections = {section.__name__: section for section in sections_of(DeskFile)}
    anchors = _anchors(text)
    lines: list[str] = []
    for line in text.splitlines():
        place = _PLACE.match(line)
        lines += _table(sections[place[1]], anchors) if place else [line]
    return "\n".join(lines) + "\n"


def sections_of(section: type[BaseModel]) -> list[type[BaseModel]]:
    """A section and all below it, each once, in the order of the file."""
    found: dict[type[BaseModel], None] = {section: None}
    todo = [section]
    while todo:
        for annotation in _annotations(todo.pop(0)).values():
            for below in _sections_in(annotation):
                if below not in found:
                    found[below] = None
                    todo.append(below)
    return list(found)


def _annotations(section: type[BaseModel]) -> Mapping[str, object]:
    hints = get_type_hints(section, include_extras=True)
    return {name: hints[name] for name in section.model_fields}


def _sections_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _sections_in(argument)


def _anchors(text: str) -> Anchors:
    """Under which heading each section's settings stand, as links name it."""
    anchors: dict[str, str] = {}
    heading = ""
    prose = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)  # where # begins a comment
    for line in prose.splitlines():
        if found := _HEADING.match(line):
            heading = re.sub(r"[^\w -]", "", found[1].lower()).replace(" ", "-")
        elif place := _PLACE.match(line):
            anchors[place[1]] = heading
    return anchors


def _table(section: type[BaseModel], anchors: Anchors) -> list[str]:
    annotations = _annotations(section)
    rows = [
        f"| `{field.alias or name}` | {_kind(annotations[name], anchors)} | {field.description or ''} "
        f"| {_default(field)} |"
        for name, field in section.model_fields.items()
    ]
    return ["| setting | what is written | meaning | default |", "|---|---|---|---|", *rows]


def _kind(annotation: Any, anchors: Anchors) -> str:
    """What may be written, in words."""
    if get_origin(annotation) is Annotated:
        inner, *metadata = get_args(annotation)
        written = next((each.kind for each in metadata if isinstance(each, Written)), None)
        if written is not None:
            return written
        if any(isinstance(each, OrAlone) for each in metadata):
            return f"{_kind(get_args(inner)[0], anchors)}, one or more"
        return _kind(inner, anchors)
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Union, types.UnionType):
        return " or ".join(_kind(one, anchors) for one in arguments if one is not type(None))
    if origin is Literal:
        return ", ".join(f"`{one}`" for one in arguments)
    if origin is list:
        return f"list of {_kind(arguments[0], anchors)}"
    if origin is dict:
        return f"{_kind(arguments[0], anchors)}: {_kind(arguments[1], anchors)}"
    return _simple(annotation, anchors)


def _simple(annotation: type, anchors: Anchors) -> str:
    if issubclass(annotation, BaseModel):
        words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", annotation.__name__.removesuffix("File")).lower()
        return f"[{words}](#{anchors[annotation.__name__]})"
    if issubclass(annotation, StrEnum):
        return ", ".join(f"`{one.value}`" for one in annotation)
    names: Mapping[type, str] = {bool: "`true`, `false`", int: "number", float: "number", str: "text"}
    return names[annotation]


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "must be there"
    return _shown(field.get_default(call_default_factory=True, validated_data={}))


def _shown(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(_shown(one) for one in value)
    if isinstance(value, BaseModel):
        return f"`{value.key}`" if hasattr(value, "key") else ""
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, timedelta):
        return f"`{write_duration(value)}`"
    return "" if value in (None, {}) else f"`{value}`"
