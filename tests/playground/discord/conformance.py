"""Checks recorded requests, and what was answered, against Discord's own OpenAPI description.

discord.py sends some ids as integers where Discord documents strings, and permissions as strings where it
documents integers. Discord accepts both, so a body is put into the documented form before it is checked. Of a
multipart request the `payload_json` is the body.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from chatdesk_playground.discord.backend import RecordedRequest

SMALLEST_SNOWFLAKE = 10**17
PERMISSION_KEYS = frozenset({"permissions", "allow", "deny", "default_member_permissions"})
_DOCUMENT = "urn:discord"
_METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True, slots=True)
class Described:
    """One operation of the description; `pointer` is where it stands in the document."""

    method: str
    template: str
    pattern: re.Pattern[str]
    pointer: str
    operation: Mapping[str, object]


class Description:
    """Discord's description, read once."""

    def __init__(self, reference: Path) -> None:
        path = reference / "discord" / "openapi.json"
        document: Mapping[str, object] = json.loads(path.read_text(encoding="utf-8"))
        resource = DRAFT202012.create_resource(document)
        self._registry = Registry[bool | Mapping[str, Any]]().with_resource(_DOCUMENT, resource)
        self._operations = sorted(_operations(document), key=lambda item: item.template.count("{"))

    def violations(self, requests: Iterable[RecordedRequest]) -> list[str]:
        """What is wrong with these requests, a line each."""
        return [line for request in requests if request.was_read for line in self._of_request(request)]

    def answer_violations(self, requests: Iterable[RecordedRequest]) -> list[str]:
        """What is wrong with what these requests were answered, a line each."""
        return [line for request in requests if request.was_read for line in self._of_answer(request)]

    def _of_request(self, request: RecordedRequest) -> list[str]:
        described = self._find(request)
        if described is None:
            return [f"{request.method} {request.path}: no such operation"]
        lines = self._of_query(request, described)
        body = _child(described.operation, "requestBody")
        if not body:
            return lines
        if request.body is None:
            return (
                [*lines, f"{described.method} {described.template}: no body"]
                if body.get("required")
                else lines
            )
        kind = next(
            kind for kind in _child(body, "content") if kind in ("application/json", "multipart/form-data")
        )
        pointer = f"{described.pointer}/requestBody/content/{_escaped(kind)}/schema"
        error = self._error(pointer, as_documented(request.body))
        return lines if error is None else [*lines, _line(described, error)]

    def _of_query(self, request: RecordedRequest, described: Described) -> list[str]:
        lines = []
        parameters = described.operation.get("parameters")
        for index, parameter in enumerate(parameters if isinstance(parameters, list) else ()):
            name = parameter.get("name")
            if parameter.get("in") != "query" or name not in request.query:
                continue
            text = request.query[name]
            pointer = f"{described.pointer}/parameters/{index}/schema"
            readings: list[object] = [text, int(text)] if text.isdigit() else [text]
            readings += [text in ("1", "true", "True")] if text in ("0", "1", "true", "false", "True") else []
            if all(self._error(pointer, reading) is not None for reading in readings):
                lines.append(f"{described.method} {described.template}: ?{name}={text} is not as described")
        return lines

    def _of_answer(self, request: RecordedRequest) -> list[str]:
        described = self._find(request)
        if described is None:
            return []
        answers = _child(described.operation, "responses")
        if str(request.status) not in answers:
            known = ", ".join(answers)
            wrong = f"{request.status} is none of its answers ({known})"
            return [f"{described.method} {described.template}: {wrong}"] if request.status < 400 else []
        content = _child(_child(answers, str(request.status)), "content")
        if "application/json" not in content:
            return []
        kind = _escaped("application/json")
        pointer = f"{described.pointer}/responses/{request.status}/content/{kind}/schema"
        error = self._error(pointer, request.response)
        return [] if error is None else [f"answer to {_line(described, error)}"]

    def _find(self, request: RecordedRequest) -> Described | None:
        return next(
            (
                item
                for item in self._operations
                if item.method == request.method and item.pattern.fullmatch(request.path)
            ),
            None,
        )

    def _error(self, pointer: str, value: object) -> ValidationError | None:
        schema = {"$ref": f"{_DOCUMENT}#{pointer}"}
        validator = Draft202012Validator(schema, registry=self._registry)
        found: ValidationError | None = best_match(validator.iter_errors(value))
        return found


def _operations(document: Mapping[str, object]) -> list[Described]:
    found = []
    for template, methods in _child(document, "paths").items():
        pattern = re.compile(re.sub(r"\\{[^}]+\\}", "[^/]+", re.escape(template)))
        for method, operation in methods.items() if isinstance(methods, dict) else ():
            if method in _METHODS:
                pointer = f"/paths/{_escaped(template)}/{method}"
                found.append(Described(method.upper(), template, pattern, pointer, operation))
    return found


def _child(node: Mapping[str, object], key: str) -> Mapping[str, object]:
    value = node.get(key)
    return value if isinstance(value, dict) else {}


def _escaped(part: str) -> str:
    """A part of a JSON pointer inside of a URI fragment."""
    return part.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D")


def _line(described: Described, error: ValidationError) -> str:
    where = "/".join(str(part) for part in error.absolute_path) or "body"
    return f"{described.method} {described.template}: {where}: {error.message[:300]}"


def as_documented(value: object, key: str = "") -> object:
    """Ids as strings, which is whatever is as large as a snowflake and those of attachments; permissions as
    integers."""
    if key in PERMISSION_KEYS and isinstance(value, str) and value.isdigit():
        return int(value)
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return str(value) if value >= SMALLEST_SNOWFLAKE else value
    if isinstance(value, list):
        return [as_documented(item, key) for item in value]
    if isinstance(value, dict):
        return {
            name: str(item) if key == "attachments" and name == "id" else as_documented(item, name)
            for name, item in value.items()
        }
    return value


def violations(requests: Sequence[RecordedRequest], reference: Path) -> list[str]:
    """What is wrong with these requests, by the description in `<reference>/discord/openapi.json`."""
    return Description(reference).violations(requests)
