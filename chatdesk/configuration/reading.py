"""Reading every desk that a process serves."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from pydantic import ValidationError

from chatdesk.configuration.checks import findings
from chatdesk.configuration.file import DeskFile
from chatdesk.configuration.meaning import organisation
from chatdesk.configuration.problems import sentences
from chatdesk.configuration.source import Source, read_source
from chatdesk.contract.vocabulary import Installation
from chatdesk.domain.organisation import Organisation
from chatdesk.errors import ConfigurationError


def read_desks(path: Path, platforms: Collection[str]) -> tuple[Organisation, ...]:
    """The desks of a file, or of a folder with a ``*.yaml`` for each.

    ``platforms`` are the names that channels and people may begin with; any where it is empty. Raises
    ConfigurationError with every problem of every file.
    """
    read: list[tuple[Source, DeskFile]] = []
    problems: list[str] = []
    for file in _files(path):
        try:
            source = read_source(file)
            read.append((source, _checked(source, platforms)))
        except ConfigurationError as error:
            problems += error.problems
    problems += _between(read)
    if problems:
        raise ConfigurationError(*problems)
    return tuple(organisation(file) for _, file in read)


def _files(path: Path) -> Sequence[Path]:
    if not path.is_dir():
        return [path]
    files = sorted([*path.glob("*.yaml"), *path.glob("*.yml")])
    if not files:
        raise ConfigurationError(
            f"{path}: this folder holds no *.yaml; each desk has a file of its own in it"
        )
    return files


def _checked(source: Source, platforms: Collection[str]) -> DeskFile:
    if source.values is None:
        raise ConfigurationError(f"{source.name}: is empty; begin with a copy of desk.example.yaml")
    try:
        file = DeskFile.model_validate(source.values, context={"platforms": platforms})
    except ValidationError as error:
        raise ConfigurationError(*sentences(source, error)) from None
    problems = [(source.line(path), source.problem(path, text)) for path, text in findings(file)]
    if problems:
        raise ConfigurationError(*(text for _, text in sorted(problems)))
    return file


def _between(read: Sequence[tuple[Source, DeskFile]]) -> list[str]:
    """What several desks must not share, and must say because there are several."""
    problems: list[str] = []
    desks: dict[str, str] = {}
    owners: dict[Installation, str] = {}
    for source, file in read:
        other = desks.setdefault(file.desk, source.name)
        if other != source.name:
            problems.append(source.problem(["desk"], f'desk "{file.desk}" is also in {other}'))
        if len(read) > 1 and not file.installations:
            problems.append(
                source.problem(
                    ["desk"], "with several desks each must name its installations, as slack:T0123"
                )
            )
        for index, installation in enumerate(file.installations):
            owner = owners.setdefault(installation, file.desk)
            if owner != file.desk:
                name = f"{installation.platform}:{installation.id}"
                problems.append(source.problem(["installations", index], f'{name} belongs to desk "{owner}"'))
    return problems
