"""``chatdesk config``: check, plan, apply, rota, export, schema, document."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from chatdesk.clocks import SystemClock
from chatdesk.commands.context import say, surroundings, transaction
from chatdesk.configuration.applying import apply_all, plans
from chatdesk.configuration.document import document as written_document
from chatdesk.configuration.doubts import doubts
from chatdesk.configuration.export import export
from chatdesk.configuration.file import DeskFile
from chatdesk.configuration.plan import together
from chatdesk.configuration.reading import read_desks
from chatdesk.configuration.rotas import watches_of
from chatdesk.errors import ChatdeskError
from chatdesk.store import desks

app = typer.Typer(help="The organisation's configuration, desk.yaml.", no_args_is_help=True)


@app.command(epilog="Example: chatdesk config check new-desk.yaml")
def check(
    file: Annotated[
        Path | None, typer.Argument(help="A file, or a folder, instead of what CHATDESK_DESK_FILE names.")
    ] = None,
) -> None:
    """Read desk.yaml and say what is wrong with it, line by line. Touches nothing.

    What is allowed and yet hardly meant, such as a time when nobody is on call, is a warning.
    """
    around = surroundings()
    path = file or around.settings.desk_file
    for organisation in read_desks(path, set(around.packages)):
        counts = ", ".join(
            f"{len(items)} {what}"
            for what, items in (
                ("teams", organisation.teams),
                ("routes", organisation.routes),
                ("priorities", organisation.priorities),
                ("categories", organisation.categories),
            )
        )
        for doubt in doubts(organisation, SystemClock().now()):
            say(f"{path}: warning: {doubt}")
        say(f"{path}: desk {organisation.desk} is fine: {counts}")


@app.command(epilog="Example: chatdesk config plan")
def plan() -> None:
    """Print the difference between desk.yaml and what is applied. Changes nothing.

    A line with an arrow takes away something that is in use; a start is refused until it is applied.
    """
    around = surroundings()
    wanted = around.organisations()
    with transaction(around.settings) as connection:
        say(together(plans(connection, wanted)))


@app.command(epilog="Example: chatdesk config apply")
def apply() -> None:
    """Apply desk.yaml, also where it takes away something that is in use."""
    around = surroundings()
    wanted = around.organisations()
    with transaction(around.settings) as connection:
        text = together(plans(connection, wanted))
        apply_all(connection, wanted, SystemClock().now())
    say(text)


@app.command(epilog="Example: chatdesk config rota --weeks 2")
def rota(weeks: Annotated[int, typer.Option(min=1, max=52, help="How far ahead.")] = 4) -> None:
    """Print who is on call in the next weeks, as desk.yaml says it; `/desk oncall` shows who is instead."""
    around = surroundings()
    start = SystemClock().now()
    for organisation in around.organisations():
        for line in watches_of(organisation, start, start + timedelta(weeks=weeks)):
            say(line)


@app.command(name="export", epilog="Example: chatdesk config export > desk.yaml")
def export_(
    desk: Annotated[str | None, typer.Option(help="Which desk, where there are several.")] = None,
) -> None:
    """Print what is applied as a desk.yaml."""
    with transaction(surroundings().settings) as connection:
        known = {organisation.desk: organisation for organisation in desks.listed(connection)}
    if not known:
        raise ChatdeskError("no configuration is applied yet; say `chatdesk config apply`")
    if desk is None and len(known) > 1:
        raise ChatdeskError(f"there are several desks; say --desk with one of {', '.join(known)}")
    chosen = known.get(desk or next(iter(known)))
    if chosen is None:
        raise ChatdeskError(f'there is no desk "{desk}"; desks are {", ".join(known)}')
    say(export(chosen).rstrip())


@app.command(epilog="Example: chatdesk config schema > desk.schema.json")
def schema() -> None:
    """Print the JSON schema of desk.yaml, for an editor to complete and check by."""
    described = {"$schema": "https://json-schema.org/draft/2020-12/schema", **DeskFile.model_json_schema()}
    say(json.dumps(described, indent=2, ensure_ascii=False))


@app.command(epilog="Example: chatdesk config document > configuration.md")
def document() -> None:
    """Print what desk.yaml may say, every setting with its meaning and its default, as Markdown."""
    say(written_document().rstrip())
