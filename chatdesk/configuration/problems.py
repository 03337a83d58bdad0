"""pydantic's findings as sentences that name the line, what is wrong, and what is allowed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from chatdesk.configuration import file_on_call, file_sla
from chatdesk.configuration.file import CategoryFile, DeskFile, FieldFile, PriorityFile, RouteFile, TeamFile
from chatdesk.configuration.file_assistant import AssistantFile
from chatdesk.configuration.file_automation import section_at, settings_of
from chatdesk.configuration.file_endings import SatisfactionFile
from chatdesk.configuration.file_knowledge import KnowledgeFile
from chatdesk.configuration.file_triage import TriageFile
from chatdesk.configuration.nearest import known_are
from chatdesk.configuration.sections import ONE_OF
from chatdesk.configuration.source import Source, Step

_SECTIONS: Mapping[str, type[BaseModel]] = {
    "teams": TeamFile,
    "routes": RouteFile,
    "priorities": PriorityFile,
    "categories": CategoryFile,
    "satisfaction": SatisfactionFile,
    "knowledge": KnowledgeFile,
    "triage": TriageFile,
    "assistant": AssistantFile,
}
_EXPECTED = {
    "dict_type": "must be a mapping (name: value)",
    "model_type": "must be a mapping (name: value)",
    "list_type": "must be a list",
    "string_type": "must be a text; put it in quotes",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "too_short": "must not be empty",
    "string_pattern_mismatch": "may have lower-case letters, digits, - and _, at most 40 of them",
}


def sentences(source: Source, error: ValidationError) -> list[str]:
    """One line per finding, in the order of the file."""
    found = [(source.line(_path(detail)), _problem(source, detail)) for detail in error.errors()]
    return [text for _, text in sorted(found, key=lambda item: item[0])]


def subject(path: Sequence[Step]) -> tuple[str, Sequence[Step]]:
    """What a path is about, in words (``route 2``), and what of the path is left after that."""
    match path:
        case ["categories", str(key), *rest]:
            keys = [key]
            while len(rest) >= 2 and rest[0] == "sub":
                keys.append(str(rest[1]))
                rest = rest[2:]
            return f"category {'/'.join(keys)}", rest
        case ["agents", int(index), *rest]:
            return f"agent {index + 1}", rest
        case ["routes" | "priorities" as section, int(index), *rest]:
            return f"{ONE_OF[section]} {index + 1}", rest
        case [str(section), str(key), *rest] if section in ONE_OF:
            return f"{ONE_OF[section]} {key}", rest
    return "", path


def _path(detail: ErrorDetails) -> list[Step]:
    return [step for step in detail["loc"] if step != "[key]"]


def _problem(source: Source, detail: ErrorDetails) -> str:
    path = _path(detail)
    about, rest = subject(path)
    if detail["type"] == "missing":
        return source.problem(path, f"{about or 'the file'} needs {rest[-1] if rest else path[-1]}")
    if detail["type"] == "extra_forbidden":
        text = f'"{path[-1]}" is not known here; {_allowed(path)}'
    else:
        names = " ".join(str(step) for step in rest if isinstance(step, str))
        text = f"{names}: {_complaint(detail)}" if names else _complaint(detail)
    return source.problem(path, f"{about}: {text}" if about else text)


def _allowed(path: Sequence[Step]) -> str:
    automatic = section_at(path) or file_sla.section_at(path) or file_on_call.section_at(path)
    if automatic is not None:
        return known_are("settings", str(path[-1]), settings_of(automatic))
    kind = _SECTIONS.get(str(path[0]), DeskFile) if len(path) > 1 else DeskFile
    if kind is CategoryFile and len(path) >= 3 and path[-3] == "fields":
        kind = FieldFile
    return known_are("settings", str(path[-1]), kind.model_fields)


def _complaint(detail: ErrorDetails) -> str:
    context = detail.get("ctx", {})
    given = detail["input"]
    match detail["type"]:
        case "value_error":
            return str(context["error"])
        case "enum" | "literal_error":
            allowed = re.findall(r"'([^']*)'", str(context["expected"]))
            return f'"{given}" is not allowed; {known_are("allowed", str(given), allowed)}'
        case "too_long":
            return f"has {context['actual_length']} entries; {context['max_length']} are the most"
    expected = _EXPECTED.get(detail["type"], detail["msg"])
    return expected if isinstance(given, list | dict) or given is None else f'"{given}" {expected}'
