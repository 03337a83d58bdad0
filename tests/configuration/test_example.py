"""desk.example.yaml, which everybody begins with: it says every setting there is."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import jsonschema
from pydantic import BaseModel

from chatdesk.configuration.document import sections_of
from chatdesk.configuration.export import export
from chatdesk.configuration.file import DeskFile
from chatdesk.configuration.reading import read_desks
from chatdesk.configuration.source import read_source
from chatdesk.resources import resource

Setting = tuple[type[BaseModel], str]

LEFT_OUT: Mapping[Setting, str] = {}
"""What the example does not say, and why."""


def test_it_says_every_setting() -> None:
    example = DeskFile.model_validate(read_source(resource("desk.example.yaml")).values)
    said = set(_said(example))
    known = [(section, name) for section in sections_of(DeskFile) for name in section.model_fields]
    missing = [one for one in known if one not in said and one not in LEFT_OUT]
    assert [f"{section.__name__}.{name}" for section, name in missing] == []
    assert [one for one in LEFT_OUT if one in said] == []


def test_editors_find_nothing_wrong_with_it() -> None:
    """By the schema that they are given, in which dates are texts."""
    written = json.loads(json.dumps(read_source(resource("desk.example.yaml")).values, default=str))
    jsonschema.validate(written, DeskFile.model_json_schema(by_alias=True))


def test_it_is_exported_as_it_was_read(tmp_path: Path) -> None:
    (example,) = read_desks(resource("desk.example.yaml"), ())
    exported = tmp_path / "desk.yaml"
    exported.write_text(export(example), encoding="utf-8")
    assert read_desks(exported, ()) == (example,)


def _said(value: object) -> Iterator[Setting]:
    """Every setting that is written somewhere below a value."""
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            if name in value.model_fields_set:
                yield type(value), name
            yield from _said(getattr(value, name))
    elif isinstance(value, Mapping):
        for below in value.values():
            yield from _said(below)
    elif isinstance(value, list | tuple):
        for below in value:
            yield from _said(below)
