"""Posts and effects for the courier's tests, in few words."""

from __future__ import annotations

from collections.abc import Sequence

from chatdesk.contract.vocabulary import Audience, AudienceKind, FileRef, IdentityId, MessageRef, Place, Side
from chatdesk.domain.effects import Effect, LineSaid
from chatdesk.domain.lines import Line, words
from chatdesk.domain.ticket import Attachment, AttachmentState, Post
from chatdesk.store import outbox, posts, threads
from chatdesk.store.transaction import Transaction
from tests.courier.support import ANA, BEN, SystemClock, World
from tests.store.support import DISCORD, SLACK

PARTY = Audience(AudienceKind.PARTY, 1)
INTERNAL = Audience(AudienceKind.INTERNAL)
EVERYONE = Audience(AudienceKind.EVERYONE)


def post(
    post_id: str,
    body: str = "words",
    author: str = "ana",
    audience: Audience = PARTY,
    files: Sequence[FileRef] = (),
    position: int = 1,
) -> Post:
    """Ana is the customer on Discord, Ben works on Slack."""
    by_ana = author == "ana"
    identity: IdentityId = ANA if by_ana else BEN
    place = Place(DISCORD, "D1") if by_ana else Place(SLACK, "C1/team")
    return Post(
        desk="acme",
        id=post_id,
        ticket=1,
        position=position,
        author=author,
        identity=identity,
        body=body,
        audience=audience,
        side=Side.CUSTOMER if by_ana else Side.TEAM,
        thread="customer" if by_ana else "team",
        source=MessageRef(place, f"source-{post_id}"),
        created_at=SystemClock().now(),
        attachments=tuple(
            Attachment(f"{post_id}-{number}", post_id, file, AttachmentState.WAITING)
            for number, file in enumerate(files)
        ),
    )


def say(text: str) -> LineSaid:
    return LineSaid(Line("plain", (words("text", text),)))


async def write(world: World, effect: Effect, *thread_ids: str) -> str:
    """Put an effect into the outbox as a use case does."""

    def work(tx: Transaction) -> str:
        targets = [thread for one in thread_ids if (thread := threads.load(tx, one)) is not None]
        return outbox.write(tx, effect, targets, SystemClock().now())

    return await world.do(work)


async def save(world: World, changed: Post) -> None:
    await world.do(lambda tx: posts.save(tx, changed))
