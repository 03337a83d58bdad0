"""Reports with a picture: reckoned by a reader, drawn in a thread of its own, kept like any other file."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import structlog

from chatdesk.contract.outbound import Outbound, OutgoingFile, PostLine, TellPerson
from chatdesk.contract.vocabulary import Place
from chatdesk.courier import wording
from chatdesk.courier.files import FileStore, StorageAway
from chatdesk.courier.showing import Picture, Request, Show
from chatdesk.desk import picture
from chatdesk.desk.report_said import told
from chatdesk.domain.effects import ReportSaid

STEP = "picture"
"""The step that holds the digest of what was drawn."""
NAME = "report.png"
_LARGEST = 20 * 1024 * 1024

log = structlog.get_logger(__name__)


def shown(request: Request, effect: ReportSaid, at: Place) -> Show:
    """The table in words, and what is to be drawn beside it."""
    found = told(request.tx, effect)
    text = wording.said(request.tx, found.line, at.platform)
    said = PostLine(text) if effect.to is None else TellPerson(effect.to, text)
    wanted = Picture(found.title, found.report) if picture.is_possible() else None
    return Show(said, at, picture=wanted)


class Pictures:
    """Draws one at a time, since matplotlib is not made for several threads."""

    def __init__(self, store: FileStore) -> None:
        self._store = store
        self._turn = asyncio.Lock()

    async def drawn(self, wanted: Picture, known: str | None) -> str | None:
        """The digest of the stored picture; ``known`` is that of an earlier try. None where none can be had.

        What goes wrong in drawing must not keep the table back.
        """
        try:
            if known is not None and await self._store.bring(known):
                return known
            async with self._turn:
                image = await asyncio.to_thread(picture.drawn, [(wanted.title, wanted.report)])
            return (await self._store.store(_at_once(image), _LARGEST)).digest
        except StorageAway as away:
            log.warning("the storage of files is away", error=str(away))
        except Exception:
            log.exception("a report could not be drawn")
        return None

    def beside(self, effect: Outbound, digest: str) -> Outbound:
        """The words with the picture."""
        path = self._store.path(digest)
        if not isinstance(effect, PostLine | TellPerson) or not path.is_file():
            return effect
        return replace(effect, file=OutgoingFile("picture", NAME, path.stat().st_size, "image/png", path))


async def _at_once(data: bytes) -> AsyncIterator[bytes]:
    yield data
