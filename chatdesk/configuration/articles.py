"""Articles as Markdown files with front matter, in a folder beside ``desk.yaml``."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from chatdesk.configuration.nearest import known_are
from chatdesk.configuration.source import Source
from chatdesk.configuration.values import OneOrMore
from chatdesk.domain.knowledge import Article, Readers
from chatdesk.domain.organisation import Organisation
from chatdesk.errors import ConfigurationError

_FENCE = "---"


class ArticleFile(BaseModel):
    """What stands between the two ``---`` at the beginning of an article's file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str = Field(min_length=1, max_length=150)
    readers: Readers = Readers.PUBLIC
    category: str | None = None
    language: str = Field(default="en", max_length=20)
    keywords: OneOrMore[str] = []
    owner: str | None = None
    review_on: date | None = None


def read_articles(desk_file: Path, organisation: Organisation) -> tuple[Article, ...]:
    """Every ``*.md`` below a desk's folder. Raises ConfigurationError with every problem of every file."""
    if organisation.knowledge is None:
        raise ConfigurationError(f'desk "{organisation.desk}" has no knowledge: say so in {desk_file.name}')
    beside = desk_file if desk_file.is_dir() else desk_file.parent
    folder = beside / organisation.knowledge.folder
    if not folder.is_dir():
        raise ConfigurationError(f"{folder}: there is no such folder of articles")
    found: list[Article] = []
    problems: list[str] = []
    for file in sorted(folder.rglob("*.md")):
        key = file.relative_to(folder).with_suffix("").as_posix()
        try:
            found.append(_article(key, file, organisation))
        except ConfigurationError as error:
            problems += error.problems
    if problems:
        raise ConfigurationError(*problems)
    return tuple(found)


def _article(key: str, file: Path, organisation: Organisation) -> Article:
    source, body = _parted(key, file)
    try:
        matter = ArticleFile.model_validate(source.values)
    except ValidationError as error:
        raise ConfigurationError(*_problems(source, error)) from None
    known = [category.key for category in organisation.categories]
    if matter.category is not None and matter.category not in known:
        text = f'there is no category "{matter.category}"; {known_are("categories", matter.category, known)}'
        raise ConfigurationError(source.problem(["category"], text))
    if not body:
        raise ConfigurationError(f"{source.name}: has no text below its front matter")
    return Article(
        key=key,
        title=matter.title.strip(),
        body=body,
        readers=matter.readers,
        category=matter.category,
        language=matter.language,
        keywords=tuple(matter.keywords),
        owner=matter.owner,
        review_on=matter.review_on,
    )


def _parted(key: str, file: Path) -> tuple[Source, str]:
    """The front matter, on the lines where it stands, and the text."""
    name = f"{key}.md"
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise ConfigurationError(f"{name}: cannot be read as UTF-8 text") from None
    end = next((number for number, line in enumerate(lines) if number and line.rstrip() == _FENCE), None)
    if not lines or lines[0].rstrip() != _FENCE or end is None:
        raise ConfigurationError(f"{name}:1: has to begin with front matter: ---, title: …, ---")
    try:
        marked = YAML(typ="rt").load(io.StringIO("\n" + "\n".join(lines[1:end])))
        plain = YAML(typ="safe").load("\n".join(lines[1:end]))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = 1 if mark is None else mark.line + 1
        raise ConfigurationError(f"{name}:{line}: is not YAML: {error.problem}") from None
    return Source(name, plain or {}, marked), "\n".join(lines[end + 1 :]).strip()


def written(one: Article) -> str:
    """An article as a file that reads back as the same."""
    matter = {
        "title": one.title,
        "readers": one.readers.value,
        "keywords": list(one.keywords),
        "category": one.category,
        "language": one.language,
        "owner": one.owner,
        "review_on": one.review_on,
    }
    yaml = YAML(typ="rt")
    yaml.width = 10_000
    yaml.allow_unicode = True
    text = io.StringIO()
    yaml.dump({name: value for name, value in matter.items() if value}, text)
    return f"{_FENCE}\n{text.getvalue()}{_FENCE}\n{one.body}\n"


def write_articles(folder: Path, known: Sequence[Article]) -> Sequence[Path]:
    """A file for each article, as ``read_articles`` reads them; those that are there are written over."""
    made = []
    for one in known:
        file = folder / f"{one.key}.md"
        if not file.resolve().is_relative_to(folder.resolve()):
            raise ConfigurationError(f'"{one.key}" leads out of {folder}, so it is not written')
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(written(one), encoding="utf-8")
        made.append(file)
    return made


def _problems(source: Source, error: ValidationError) -> Sequence[str]:
    known = list(ArticleFile.model_fields)
    found = []
    for one in error.errors():
        path: list[str | int] = [step for step in one["loc"] if step in known] or [*one["loc"]]
        what = str(path[0]) if path else ""
        if one["type"] == "extra_forbidden":
            text = f'"{what}" is nothing that an article has; {known_are("its settings", what, known)}'
        elif one["type"] == "missing":
            text = f"{what} is missing"
        else:
            text = f"{what}: {one['msg'][0].lower()}{one['msg'][1:]}"
        found.append(source.problem(path, text))
    return found
