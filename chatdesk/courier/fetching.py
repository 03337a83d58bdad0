"""What is fetched from platforms before something can be shown: files, names and pictures."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy import Connection

from chatdesk.contract.ports import Adapter, Clock, DeliveryFailed
from chatdesk.contract.vocabulary import IdentityId, Installation, Platform, Profile
from chatdesk.courier.files import FileRefused, FileStore, StorageAway, readable_size
from chatdesk.courier.reports import FileReport
from chatdesk.domain.files import FileRules
from chatdesk.domain.ticket import Attachment, AttachmentState
from chatdesk.store import attachments, desks, people
from chatdesk.store.people import Identity
from chatdesk.store.transaction import in_turn
from chatdesk.store.writer import Writer

PROFILE_WITHIN = 10.0
ASK_AGAIN = timedelta(minutes=10)
"""How long a profile that could not be had is not asked for again."""

log = structlog.get_logger(__name__)


class Files:
    """Copies attachments into our own storage, each once, however many deliveries wait for it."""

    def __init__(
        self,
        writer: Writer,
        adapters: Mapping[Platform, Adapter],
        store: FileStore,
        clock: Clock,
        report: FileReport,
    ) -> None:
        self._writer = writer
        self._adapters = adapters
        self._store = store
        self._clock = clock
        self._report = report
        self._running: dict[tuple[str, str], asyncio.Task[None]] = {}

    async def fetch(
        self, desk: str, wanted: Iterable[Attachment], rules: FileRules, *, give_up: bool
    ) -> None:
        """Have these files tried, and brought here that we have already.

        Raises DeliveryFailed where trying again may help, unless it is time to ``give_up``.
        """
        for attachment in wanted:
            try:
                await asyncio.shield(self._shared(desk, attachment, rules))
            except DeliveryFailed as failure:
                if not give_up:
                    raise DeliveryFailed(retry_after=failure.retry_after) from failure
                await self._fail(desk, attachment, "it could not be fetched")
            except StorageAway as away:  # ours comes back, and until then nobody's file is given up
                log.warning("the storage of files is away", error=str(away))
                raise DeliveryFailed() from away

    async def close(self) -> None:
        """Stop what is being fetched; it is fetched anew later."""
        running = list(self._running.values())
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def _shared(self, desk: str, attachment: Attachment, rules: FileRules) -> asyncio.Task[None]:
        key = (desk, attachment.id)
        if key not in self._running:
            task = asyncio.create_task(self._fetch(desk, attachment, rules))
            task.add_done_callback(lambda _: self._running.pop(key, None))
            self._running[key] = task
        return self._running[key]

    async def _fetch(self, desk: str, attachment: Attachment, rules: FileRules) -> None:
        if attachment.digest is not None:
            await self._store.bring(attachment.digest)
            return None
        state = await self._writer.read(partial(attachments.state_of, desk=desk, attachment=attachment.id))
        if state is not AttachmentState.WAITING:
            return None
        ref = attachment.ref
        adapter = self._adapters.get(ref.installation.platform)
        if adapter is None:
            return await self._fail(desk, attachment, f"{ref.installation.platform} is switched off")
        if ref.size > rules.largest:
            return await self._fail(desk, attachment, f"it is larger than {readable_size(rules.largest)}")
        if kind := rules.refuses(ref.name, ref.media_type):
            return await self._fail(desk, attachment, f"files of the kind {kind} are not passed on here")
        try:
            stored = await self._store.store(adapter.open_file(ref), rules.largest)
        except FileRefused as refusal:
            return await self._fail(desk, attachment, str(refusal))
        except DeliveryFailed as failure:
            if failure.permanent is None:
                raise
            return await self._fail(desk, attachment, failure.permanent)
        await self._writer.run(
            partial(
                attachments.stored,
                desk=desk,
                attachment=attachment.id,
                digest=stored.digest,
                size=stored.size,
            )
        )
        return None

    async def _fail(self, desk: str, attachment: Attachment, reason: str) -> None:
        log.warning("a file could not be fetched", attachment=attachment.id, reason=reason)
        await self._writer.run(partial(self._note_failed, desk=desk, attachment=attachment.id, reason=reason))

    def _note_failed(self, connection: Connection, desk: str, attachment: str, reason: str) -> None:
        """Told once, however many deliveries gave it up."""
        if attachments.state_of(connection, desk, attachment) is AttachmentState.WAITING:
            attachments.failed(connection, desk, attachment, reason)
            self._report(connection, desk, attachment, self._clock.now())


class Profiles:
    """Asks platforms for names and pictures. What cannot be had is done without."""

    def __init__(self, writer: Writer, adapters: Mapping[Platform, Adapter], clock: Clock) -> None:
        self._writer = writer
        self._adapters = adapters
        self._clock = clock
        self._in_vain: dict[IdentityId, datetime] = {}

    async def refresh(self, desk: str, wanted: Iterable[Identity], near: Installation) -> bool:
        """Ask for these people's profiles; whether anything was learnt.

        ``near``: the installation to ask where it is not known in which one a person was met.
        """
        now = self._clock.now()
        asked = [one for one in wanted if self._may_be_asked(one.id, now)]
        found = await asyncio.gather(*(self._ask(one, near, now) for one in asked))
        learnt = [(one.id, profile) for one, profile in zip(asked, found, strict=True) if profile]
        if learnt:
            await self._writer.run(partial(_note, desk=desk, learnt=learnt, now=now))
        return bool(learnt)

    def _may_be_asked(self, who: IdentityId, now: datetime) -> bool:
        before = self._in_vain.get(who)
        return before is None or before + ASK_AGAIN < now

    async def _ask(self, known: Identity, near: Installation, now: datetime) -> Profile | None:
        platform = known.id.platform
        adapter = self._adapters.get(platform)
        at = Installation(platform, known.installation) if known.installation else near
        if adapter is None or at.platform != platform:
            return None
        try:
            async with asyncio.timeout(PROFILE_WITHIN):
                profile = await adapter.profile(at, known.id)
        except Exception as error:
            self._in_vain[known.id] = now
            log.info("a profile could not be had", identity=str(known.id), error=repr(error))
            return None
        self._in_vain.pop(known.id, None)
        return profile


def _note(
    connection: Connection, desk: str, learnt: Iterable[tuple[IdentityId, Profile]], now: datetime
) -> None:
    organisation = desks.load(connection, desk)
    if organisation is None:
        return
    tx = in_turn(connection, organisation)
    for who, profile in learnt:
        people.note_profile(tx, who, profile, now)
