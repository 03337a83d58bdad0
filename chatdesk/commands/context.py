"""What commands have in common: settings, the database for one look, output."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table
from sqlalchemy import Connection, Engine

from chatdesk import database
from chatdesk.configuration.reading import read_desks
from chatdesk.domain.organisation import Organisation
from chatdesk.logs import configure_logs
from chatdesk.settings import LogFormat, LogLevel, Packages, Settings, installed_adapters, load_settings
from chatdesk.store.engine import for_reading


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a command finds around it."""

    settings: Settings
    packages: Packages

    def organisations(self) -> tuple[Organisation, ...]:
        """What the desk file says. Raises ConfigurationError."""
        return read_desks(self.settings.desk_file, set(self.packages))


def surroundings() -> Surroundings:
    """Raises SettingsError."""
    packages = installed_adapters()
    return Surroundings(load_settings(packages), packages)


def service_logs(settings: Settings) -> None:
    """For a command that runs until it is told to end."""
    configure_logs(settings.log, settings.secrets())


def terse_logs(settings: Settings) -> None:
    """For a command that answers and ends: what goes wrong, and nothing else."""
    quiet = settings.log.model_copy(update={"format": LogFormat.CONSOLE, "level": LogLevel.ERROR})
    configure_logs(quiet, settings.secrets())


@contextmanager
def opened(settings: Settings) -> Iterator[Engine]:
    """The database, for as long as the block lasts. Raises ChatdeskError where it is of another revision."""
    engine = database.open_as_it_is(settings)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def transaction(settings: Settings) -> Iterator[Connection]:
    with opened(settings) as engine, engine.begin() as connection:
        yield connection


@contextmanager
def reading(settings: Settings) -> Iterator[Connection]:
    """One state of the database, for as long as it takes: the desk goes on writing meanwhile."""
    with opened(settings) as engine, for_reading(engine).connect() as connection:
        yield connection


def out() -> Console:
    """Where answers go. Never guesses at markup or highlights in what people wrote."""
    return Console(highlight=False, markup=False, emoji=False, soft_wrap=True)


def say(text: str) -> None:
    out().print(text)


def complain(text: str) -> None:
    print(text, file=sys.stderr)


def table(*columns: str) -> Table:
    return Table(*columns, box=None, pad_edge=False, header_style="bold")
