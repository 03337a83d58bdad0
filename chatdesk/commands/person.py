"""``chatdesk person``: what a desk holds of a person, and erasing it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated

import typer
from sqlalchemy import Engine

from chatdesk.clocks import SystemClock
from chatdesk.commands.context import complain, opened, say, surroundings
from chatdesk.contract.vocabulary import IdentityId, Platform
from chatdesk.courier.files import StorageAway
from chatdesk.erasing import Found, Report, erase, find
from chatdesk.errors import ChatdeskError
from chatdesk.storage import open_files
from chatdesk.store import desks, erasing
from chatdesk.store.engine import for_reading
from chatdesk.store.transaction import Transaction

app = typer.Typer(help="What is held of a person.", no_args_is_help=True)

Who = Annotated[str, typer.Argument(metavar="PLATFORM:ID", help="An account, such as slack:U123.")]
Desk = Annotated[str | None, typer.Option(help="Only in this desk; in every one if left out.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


@app.callback()
def person() -> None:
    """What is held of a person."""


@app.command(name="erase", epilog="Example: chatdesk person erase slack:U024BE7LH")
def erase_(who: Who, desk: Desk = None, yes: Yes = False) -> None:
    """Take everything that a person wrote, and who they are, out of the desk and off the platforms' copies.

    Shows first what would go, and asks. Tickets, counts and times stay. A running desk takes the copies away;
    it need not run now. It cannot be undone, and backups that were made before still hold everything.
    """
    identity = _identity(who)
    settings = surroundings().settings
    with opened(settings) as engine:
        found = find(engine, identity, desk)
        if not found:
            _unknown(engine, identity, desk, who)
            return
        _show(found)
        _refuse_staff(found)
        if not yes:
            _ask()
        try:
            report = erase(engine, open_files(settings), found, SystemClock().now())
        except StorageAway as away:
            raise ChatdeskError(f"erased, but for files: the storage does not answer: {away}") from None
    _tell(report, found)


def _identity(who: str) -> IdentityId:
    platform, _, account = who.partition(":")
    if not platform or not account:
        raise ChatdeskError(f'"{who}" is no account; write PLATFORM:ID, such as slack:U024BE7LH')
    return IdentityId(Platform(platform), account)


def _unknown(engine: Engine, who: IdentityId, desk: str | None, typed: str) -> None:
    """Nobody is known by it: perhaps because they were erased. Raises ChatdeskError if not."""
    was_erased = False
    with for_reading(engine).connect() as connection:
        for organisation in desks.listed(connection):
            tx = Transaction(connection, organisation.desk, organisation)
            at = erasing.erased_at(tx, who) if desk in (None, organisation.desk) else None
            if at is not None:
                was_erased = True
                waiting, failed = erasing.awaiting(tx)
                say(
                    f"desk {organisation.desk}: {typed} was erased on {at:%Y-%m-%d %H:%M} UTC. Of all that "
                    f"was ever erased, {waiting} messages are still to be taken off platforms, and {failed} "
                    "could not be; `chatdesk delivery list` says why"
                )
    if not was_erased:
        raise ChatdeskError(f"nobody is known as {typed}")


def _show(found: Sequence[Found]) -> None:
    for one in found:
        has, known = one.known.has, one.known
        accounts = ", ".join(f"{each.platform}:{each.id}" for each in known.identities)
        say(f"desk {one.organisation.desk}: {known.name} ({accounts})")
        say(
            f"  would go: the words of {has.posts} posts and {has.files} files, {has.copies} copies of them "
            f"on platforms, title and description of {has.tickets} tickets, {has.reactions} reactions, their "
            "name, picture and accounts"
        )
        say(f"  would stay, as somebody's: {has.tickets} tickets and {has.history} entries of history")
        for platform, count in known.standing.items():
            say(
                f"  would stay on {platform}: {count} messages that they wrote there themselves; only they "
                "or an administrator there can delete those"
            )


def _refuse_staff(found: Sequence[Found]) -> None:
    for one in found:
        if one.known.is_staff:
            raise ChatdeskError(
                f"{one.known.name} works for desk {one.organisation.desk}; take them out of its teams "
                "(desk.yaml, the group or the role) first, or they are known again at once"
            )


def _ask() -> None:
    if not sys.stdin.isatty():
        raise ChatdeskError("nothing was erased: there is nobody to ask; say --yes")
    if not typer.confirm("Erase it all? This cannot be undone.", default=False):
        raise ChatdeskError("nothing was erased")


def _tell(report: Report, found: Sequence[Found]) -> None:
    say(f"erased in {len(found)} {'desk' if len(found) == 1 else 'desks'}, with {report.files} files")
    if report.kept:
        say(f"{report.kept} files are kept, because others attached the very same")
    say(
        f"{report.effects} changes on platforms are left to the running desk; "
        "`chatdesk delivery list` names those that a platform refuses"
    )
    if not report.compact:
        complain(
            "the database was in use and could not be compacted; unused pages may hold words for a while"
        )
