"""``chatdesk doctor``: is everything as it must be, and what to do where it is not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Annotated

import typer
from rich.text import Text
from sqlalchemy import Connection

from chatdesk import database
from chatdesk.assistant import trouble_with
from chatdesk.clocks import SystemClock
from chatdesk.commands.context import Surroundings, out, surroundings, terse_logs
from chatdesk.configuration.applying import plans
from chatdesk.contract.ports import Check
from chatdesk.contract.vocabulary import Platform
from chatdesk.courier.files import StorageAway
from chatdesk.domain.organisation import ChannelReference, Organisation
from chatdesk.domain.triage_policy import Mode
from chatdesk.errors import ChatdeskError, ConfigurationError, SettingsError
from chatdesk.settings import Settings, unknown_variables
from chatdesk.storage import open_files
from chatdesk.store import channels, classifiers, overview, quarantine, schema
from chatdesk.store.transaction import Transaction

_NOBODYS = "0" * 64
"""A file that nobody has; a storage that says so can be reached and read."""


def doctor(
    live: Annotated[
        bool,
        typer.Option(help="Also post, edit, customise, upload and delete in the scratch channels."),
    ] = False,
    scratch: Annotated[
        list[str] | None,
        typer.Option(metavar="PLATFORM:CHANNEL", help="A channel to try things in, such as slack:#scratch."),
    ] = None,
) -> None:
    """Examine settings, database, desk.yaml, tokens, scopes, intents, permissions and channels.

    Each line is ok, or says what to do. The exit status is 1 if something is wrong.
    """
    if live and not scratch:
        raise SettingsError("--live needs --scratch, a channel to try things in, such as slack:#scratch")
    places = dict(_scratch(text) for text in scratch or ())
    wrong = asyncio.run(_examine(places if live else {}))
    if wrong:
        raise typer.Exit(1)


def _scratch(text: str) -> tuple[Platform, str]:
    platform, colon, channel = text.partition(":")
    if not colon or not channel:
        raise SettingsError(f'--scratch: "{text}" is no channel; write it as slack:#scratch')
    return Platform(platform), channel


async def _examine(scratch: dict[Platform, str]) -> int:
    """How many checks found something wrong."""
    console = out()
    wrong = 0
    async for check in _checks(scratch):
        mark = Text("ok    ", "green") if check.ok else Text("wrong ", "bold red")
        console.print(mark + Text(check.subject + (f": {check.advice}" if check.advice else "")))
        wrong += not check.ok
    console.print("everything is fine" if not wrong else f"{wrong} to look at")
    return wrong


async def _checks(scratch: dict[Platform, str]) -> AsyncIterator[Check]:
    try:
        around = surroundings()
    except SettingsError as error:
        for problem in error.problems:
            yield Check("settings", False, problem)
        return
    terse_logs(around.settings)
    for check in _settings(around):
        yield check
    organisations, found = _desk_file(around)
    for check in [*found, *_database(around, organisations)]:
        yield check
    async for check in _files(around.settings):
        yield check
    async for check in _assistant(around.settings, organisations):
        yield check
    for platform, package in around.packages.items():
        section = around.settings.adapters[platform]
        if not package.enabled(section):
            continue
        adapter = package.build(section, SystemClock())
        async for check in adapter.check(platform in scratch, scratch.get(platform)):
            told = check.subject.casefold().startswith(platform)
            subject = check.subject if told else f"{platform}: {check.subject}"
            yield Check(subject, check.ok, check.advice)


def _settings(around: Surroundings) -> Iterator[Check]:
    sections = around.settings.adapters
    off = [str(name) for name, package in around.packages.items() if not package.enabled(sections[name])]
    if len(off) == len(around.packages):
        yield Check("settings", False, f"no platform has a token: {', '.join(off)}; see README.md")
    else:
        yield Check("settings", True, f"without a token and so off: {', '.join(off)}" if off else "")
    for name in unknown_variables(around.packages):
        yield Check(f"settings: {name}", False, "nothing reads this variable; is it misspelt?")


async def _files(settings: Settings) -> AsyncIterator[Check]:
    """Whether the storage beside the data directory answers, where there is one."""
    if settings.files.url is None:
        return
    try:
        await open_files(settings).bring(_NOBODYS)
    except SettingsError as error:
        yield Check("storage of files", False, str(error))
    except StorageAway as away:
        yield Check("storage of files", False, f"CHATDESK_FILES__URL: it does not answer: {away}")
    else:
        yield Check(f"storage of files {settings.files.url}", True)


async def _assistant(settings: Settings, organisations: Sequence[Organisation]) -> AsyncIterator[Check]:
    """Whether the language model's address answers, where a desk wants to ask it."""
    wanted = ", ".join(one.desk for one in organisations if one.assistant is not None)
    if not wanted:
        return
    if settings.assistant.url is None:
        yield Check("assistant", True, f"off without CHATDESK_ASSISTANT__URL; wanted by {wanted}")
        return
    trouble = await trouble_with(settings.assistant)
    advice = f"CHATDESK_ASSISTANT__URL: {trouble}" if trouble else f"asked by {wanted}"
    yield Check("assistant", trouble is None, advice)


def _desk_file(around: Surroundings) -> tuple[Sequence[Organisation], list[Check]]:
    try:
        organisations = around.organisations()
    except ConfigurationError as error:
        return (), [Check("desk file", False, problem) for problem in error.problems]
    named = ", ".join(organisation.desk for organisation in organisations)
    return organisations, [Check(f"desk file {around.settings.desk_file}", True, f"desks: {named}")]


def _database(around: Surroundings, organisations: Sequence[Organisation]) -> Iterator[Check]:
    subject = f"database {around.settings.database_shown}"
    try:
        engine = database.connect(around.settings)
    except ChatdeskError as error:
        yield Check("database", False, str(error))
        return
    try:
        revision = schema.current(engine)
        if revision is None:
            yield Check(subject, True, "empty; made ready at the first start")
        elif not schema.check(engine):
            yield Check(subject, False, f"is at revision {revision}; say `chatdesk db upgrade`")
        else:
            yield Check(subject, True, f"at revision {revision}")
            with engine.connect() as connection:
                yield from _contents(connection, organisations)
    except schema.SchemaTooNew as error:
        yield Check(subject, False, str(error))
    finally:
        engine.dispose()


def _contents(connection: Connection, organisations: Sequence[Organisation]) -> Iterator[Check]:
    for plan in plans(connection, organisations) if organisations else ():
        if plan.takes_away:
            advice = "takes away what is in use; see `chatdesk config plan`"
            yield Check(f"desk {plan.desk}", False, advice)
    for organisation in organisations:
        tx = Transaction(connection, organisation.desk, organisation)
        yield from _channels(tx)
        yield from _classifier(tx)
    for each in overview.installed(connection):
        if each.paused:
            where = f"{each.installation.platform}:{each.installation.id}"
            waiting = overview.waiting_for(connection, each.installation)
            advice = (
                f"paused: {each.paused}; {waiting} deliveries wait. It is tried again every minute; "
                "a new token is taken up by a restart"
            )
            yield Check(f"installation {where}", False, advice)
    yield _deliveries(connection)
    held = quarantine.count(connection)
    advice = f"{held} events; see `chatdesk quarantine list`" if held else "empty"
    yield Check("quarantine", not held, advice)


def _deliveries(connection: Connection) -> Check:
    """What people wait for in vain, and the newest reason."""
    failed = [each for each in overview.troubles(connection) if each.state == "failed"]
    if not failed:
        return Check("deliveries", True, "none has failed")
    advice = f"{len(failed)} failed, such as: {failed[-1].reason}; see `chatdesk delivery list`"
    return Check("deliveries", False, advice)


def _classifier(tx: Transaction) -> Iterator[Check]:
    """Whether there is what a desk wants its tickets guessed by."""
    triage = tx.organisation.triage
    if triage is None or triage.mode is Mode.OFF:
        return
    known = classifiers.about(tx)
    advice = f"trained {known.trained_at:%Y-%m-%d} on {known.tickets} tickets" if known else _UNTRAINED
    yield Check(f"desk {tx.desk}: classifier", True, advice)


_UNTRAINED = "none yet, so nothing is guessed; `chatdesk triage train` makes one"


def _channels(tx: Transaction) -> Iterator[Check]:
    """What desk.yaml refers to, as far as the adapters have seen it when they were last connected."""
    seen = {each.installation.platform for each in overview.installed(tx.connection) if each.desk == tx.desk}
    for reference in _references(tx.organisation):
        if reference.platform not in seen:
            continue
        if channels.resolve(tx, reference) is None:
            advice = "not seen; is it spelt so, and is the bot in it? (looked up while chatdesk runs)"
            yield Check(f"channel {reference}", False, advice)
        else:
            yield Check(f"channel {reference}", True)


def _references(organisation: Organisation) -> Sequence[ChannelReference]:
    homes = [home for team in organisation.teams for home in team.homes]
    return list(dict.fromkeys([*homes, *(route.channel for route in organisation.routes)]))
