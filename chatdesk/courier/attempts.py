"""One attempt at one delivery, from looking up what it shows to filing what became of it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy import Connection

from chatdesk.contract.ports import Adapter, Attempt, Clock, DeliveryFailed
from chatdesk.contract.vocabulary import Installation, Platform
from chatdesk.courier import merging, pictures, receipts
from chatdesk.courier.catching_up import Reader
from chatdesk.courier.choosing import Holds
from chatdesk.courier.fetching import Files, Profiles
from chatdesk.courier.files import FileStore
from chatdesk.courier.materialise import prepare
from chatdesk.courier.pace import Pace
from chatdesk.courier.pictures import Pictures
from chatdesk.courier.reports import Reports
from chatdesk.courier.showing import Impossible, Nothing, Prepared, Read, Show
from chatdesk.courier.watching import Outcome, Watch, outcome_of
from chatdesk.store import deliveries, installations
from chatdesk.store.deliveries import DeliveryRow
from chatdesk.store.ids import new_id
from chatdesk.store.writer import Writer

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Attempts:
    """Makes attempts at deliveries that are claimed already."""

    writer: Writer
    adapters: Mapping[Platform, Adapter]
    store: FileStore
    files: Files
    pictures: Pictures
    profiles: Profiles
    reader: Reader
    clock: Clock
    reports: Reports
    pace: Pace
    holds: Holds
    watch: Watch

    async def try_out(self, row: DeliveryRow) -> None:
        """Try a delivery to a paused installation; the pause is over if the platform dealt with it."""
        if await self.make(row):
            where = row.installation
            log.info("an installation works again", platform=where.platform, installation=where.id)
            await self.writer.run(
                partial(_resume, installation=where, reports=self.reports, at=self.clock.now())
            )

    async def make(self, row: DeliveryRow) -> bool:
        """Try a delivery once and file the result, whatever it is.

        Whether the platform dealt with it: took it, or refused it for a reason other than our credentials.
        """
        was_dealt_with = False
        with self.watch.attempt(row) as noted:
            try:
                was_dealt_with = await self._try(row)
                noted.outcome = Outcome.DONE
            except DeliveryFailed as failure:
                noted.outcome = outcome_of(failure)
                was_dealt_with = noted.outcome is Outcome.REFUSED
                await self._failed(row, failure)
            except TimeoutError:
                noted.outcome = Outcome.UNCERTAIN
                await self._failed(row, DeliveryFailed(uncertain=True))
            except Exception as error:
                await self._broke(row, error)
        return was_dealt_with

    async def _try(self, row: DeliveryRow) -> bool:
        """Whether the platform was asked."""
        prepared = await self._prepared(row)
        match prepared.outcome:
            case Show():
                show = await self._illustrated(row, prepared.outcome, prepared.done)
                await self._show(row, show, prepared.done)
            case Read(thread):
                await self.reader.read(self.adapters[row.installation.platform], thread)
                await self.writer.run(partial(deliveries.finish, row=row, message=None, now=self.clock.now()))
            case Nothing():
                await self._drop(row, prepared.outcome)
            case Impossible(reason):
                log.warning("not deliverable", delivery=row.id, desk=row.desk, lane=row.lane, reason=reason)
                await self.writer.run(
                    partial(
                        receipts.impossible,
                        row=row,
                        reason=reason,
                        reports=self.reports,
                        now=self.clock.now(),
                    )
                )
        return isinstance(prepared.outcome, Show | Read)

    async def _prepared(self, row: DeliveryRow) -> Prepared:
        """What to show, looked up again where something had to be fetched for it."""
        await self._find_company(row)
        look_up = partial(prepare, row=row, files=self.store, now=self.clock.now())
        first = await self.writer.read(look_up)
        learnt = await self.profiles.refresh(row.desk, first.identities, row.installation)
        if first.attachments:
            tried_for = self.clock.now() - (row.tried_at or row.created_at)
            give_up = row.attempts >= self.pace.fetches and tried_for >= self.pace.fetch_for
            async with asyncio.timeout(self.pace.attempt_within):
                await self.files.fetch(row.desk, first.attachments, first.file_rules, give_up=give_up)
        return await self.writer.read(look_up) if learnt or first.attachments else first

    async def _find_company(self, row: DeliveryRow) -> None:
        """Let posts that have waited for long behind this one share its message."""
        if not merging.may_have_company(row, self.pace, self.clock.now()):
            return
        room = self.adapters[row.installation.platform].limits.merged_characters
        found = await self.writer.read(
            partial(merging.company, row=row, room=room, least=self.pace.merge_from)
        )
        if found:
            await self._record(row, merging.STEP, " ".join(found))

    async def _illustrated(self, row: DeliveryRow, show: Show, done: Mapping[str, str]) -> Show:
        """With the picture that was wanted beside it, where there can be one."""
        if show.picture is None:
            return show
        digest = await self.pictures.drawn(show.picture, done.get(pictures.STEP))
        if digest is None:
            return show
        await self._record(row, pictures.STEP, digest)
        return replace(show, effect=self.pictures.beside(show.effect, digest))

    async def _show(self, row: DeliveryRow, show: Show, done: Mapping[str, str]) -> None:
        attempt = Attempt(
            id=row.id,
            uncertain=row.uncertain,
            since=row.tried_at or row.created_at,
            after=show.after,
            done=done,
            record=partial(self._record, row),
        )
        adapter = self.adapters[row.installation.platform]
        async with asyncio.timeout(self.pace.attempt_within):
            receipt = await adapter.deliver(show.effect, show.at, attempt)
        await self.writer.run(
            partial(
                receipts.shown,
                row=row,
                show=show,
                receipt=receipt,
                reports=self.reports,
                now=self.clock.now(),
            )
        )

    async def _record(self, row: DeliveryRow, name: str, value: str) -> None:
        await self.writer.run(
            partial(deliveries.record_step, desk=row.desk, delivery=row.id, name=name, value=value)
        )

    async def _drop(self, row: DeliveryRow, nothing: Nothing) -> None:
        notes = log.bind(delivery=row.id, desk=row.desk, lane=row.lane, effect=type(row.effect).__name__)
        if nothing.forbidden:
            notes.error("refused to show what must not be shown there", reason=nothing.reason)
        else:
            notes.debug("nothing to show", reason=nothing.reason)
        await self.writer.run(partial(deliveries.drop, row=row, reason=nothing.reason, now=self.clock.now()))

    async def _failed(self, row: DeliveryRow, failure: DeliveryFailed) -> None:
        notes = log.bind(delivery=row.id, desk=row.desk, lane=row.lane, attempts=row.attempts)
        now = self.clock.now()
        if failure.revoked:
            reason = failure.permanent or "its credentials are no longer valid"
            notes.error("an installation is paused", installation=row.installation.id, reason=reason)
            await self.writer.run(partial(_pause, row=row, reason=reason, reports=self.reports, at=now))
        elif failure.permanent is not None and await self.writer.run(partial(merging.part, row=row, now=now)):
            notes.info("each is tried alone", reason=failure.permanent)
        elif failure.permanent is not None:
            notes.warning("not deliverable", reason=failure.permanent)
            await self._give_up(row, failure)
        else:
            wait = self._wait(row, failure)
            if failure.everywhere:
                self.holds.hold(row.installation, now + wait)
            notes.info("tried again later", seconds=wait.total_seconds(), uncertain=failure.uncertain)
            await self.writer.run(
                partial(
                    deliveries.retry_later,
                    row=row,
                    at=now + wait,
                    uncertain=failure.uncertain,
                    counted=True,
                    reason=_why(failure),
                )
            )

    def _wait(self, row: DeliveryRow, failure: DeliveryFailed) -> timedelta:
        if failure.retry_after is None:
            return self.pace.wait(row.attempts)
        return timedelta(seconds=max(failure.retry_after, 0))

    async def _broke(self, row: DeliveryRow, error: Exception) -> None:
        """An error of ours, or of an adapter's: as if the platform had not answered, but not for ever."""
        reference = new_id()
        log.error(
            "an attempt broke",
            reference=reference,
            delivery=row.id,
            desk=row.desk,
            lane=row.lane,
            exc_info=error,
        )
        if row.attempts < self.pace.errors_of_ours:
            return await self._failed(row, DeliveryFailed(uncertain=True))
        reason = f"something went wrong on our side (reference {reference})"
        return await self._failed(row, DeliveryFailed(permanent=reason))

    async def _give_up(self, row: DeliveryRow, failure: DeliveryFailed) -> None:
        await self.writer.run(
            partial(
                receipts.failed,
                row=row,
                reason=failure.permanent or "",
                standing=failure.copies,
                reports=self.reports,
                now=self.clock.now(),
            )
        )


def _why(failure: DeliveryFailed) -> str:
    """Why a try failed that is repeated, for the operator."""
    if failure.uncertain:
        return "no answer; it may have arrived, and is looked for"
    if failure.retry_after is not None:
        return f"asked to wait {failure.retry_after:g} s"
    return "the platform could not be reached or failed"


def _pause(connection: Connection, row: DeliveryRow, reason: str, reports: Reports, at: datetime) -> None:
    if installations.pause(connection, row.installation, reason):
        reports.paused(connection, row.installation, at)
    deliveries.retry_later(connection, row, at, uncertain=False, counted=False)


def _resume(connection: Connection, installation: Installation, reports: Reports, at: datetime) -> None:
    if installations.resume(connection, installation):
        reports.resumed(connection, installation, at)
