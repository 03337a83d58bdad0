"""The command line: ``chatdesk …``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.metadata import version

import typer

from chatdesk.commands import configuration, database, delivery, knowledge, person, quarantine, rules, sla
from chatdesk.commands.backup import backup, restore
from chatdesk.commands.context import complain, say
from chatdesk.commands.demo import demo
from chatdesk.commands.doctor import doctor
from chatdesk.commands.exporting import export
from chatdesk.commands.importing import import_
from chatdesk.commands.manifest import manifest
from chatdesk.commands.playground import playground
from chatdesk.commands.replaying import replay
from chatdesk.commands.report import report
from chatdesk.commands.running import record, run
from chatdesk.commands.status import status
from chatdesk.commands.triage import app as triage
from chatdesk.errors import ChatdeskError

REFUSED = 2
"""The exit status where something outside has to be put right first."""


def build() -> typer.Typer:
    """Every command, with an example each."""
    app = typer.Typer(
        name="chatdesk",
        help="A help desk that lives in Slack and Discord.",
        epilog="Example: chatdesk demo",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    app.command(epilog="Example: chatdesk run")(run)
    app.command(epilog="Example: chatdesk doctor --live --scratch slack:#scratch")(doctor)
    app.command(epilog="Example: chatdesk status")(status)
    app.add_typer(configuration.app, name="config", epilog="Example: chatdesk config check")
    app.add_typer(database.app, name="db", epilog="Example: chatdesk db upgrade")
    app.add_typer(rules.app, name="rules", epilog="Example: chatdesk rules replay --since 30d")
    app.add_typer(sla.app, name="sla", epilog="Example: chatdesk sla replay --since 30d")
    app.command(epilog="Example: chatdesk report --since 30d --by team")(report)
    app.add_typer(triage, name="triage", epilog="Example: chatdesk triage train --since 365d")
    app.add_typer(knowledge.app, name="kb", epilog="Example: chatdesk kb apply")
    app.command(epilog="Example: chatdesk backup desk-monday.tar")(backup)
    app.command(epilog="Example: chatdesk restore desk-monday.tar")(restore)
    app.command(epilog="Example: chatdesk export ticket-1042.html --ticket 1042 --public")(export)
    app.command(name="import", epilog="Example: chatdesk import zendesk export --dry-run")(import_)
    app.add_typer(person.app, name="person", epilog="Example: chatdesk person erase slack:U024BE7LH")
    app.command(epilog="Example: chatdesk manifest > slack-app.yaml")(manifest)
    app.add_typer(delivery.app, name="delivery", epilog="Example: chatdesk delivery list")
    app.add_typer(quarantine.app, name="quarantine", epilog="Example: chatdesk quarantine list")
    app.command(epilog="Example: chatdesk record events.jsonl")(record)
    app.command(epilog="Example: chatdesk replay events.jsonl")(replay)
    app.command(epilog="Example: chatdesk demo")(demo)
    app.command(epilog="Example: chatdesk playground --port 8025")(playground)
    app.callback(invoke_without_command=True)(_version)
    return app


def _version(
    show: bool = typer.Option(False, "--version", help="Print the version and end.", is_eager=True),
) -> None:
    """A help desk that lives in Slack and Discord: a message becomes a ticket where it was written."""
    if show:
        say(f"chatdesk {version('chatdesk')}")
        raise typer.Exit


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and end the process with its status."""
    try:
        build()(args=list(sys.argv[1:] if arguments is None else arguments), prog_name="chatdesk")
    except ChatdeskError as error:
        complain(str(error))
        sys.exit(REFUSED)
