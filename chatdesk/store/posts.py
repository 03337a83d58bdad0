"""A ticket's conversation: posts, their attachments, reactions to them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Row, bindparam, func, insert, select, update

from chatdesk.contract.vocabulary import (
    Audience,
    AudienceKind,
    FileRef,
    IdentityId,
    Installation,
    MessageRef,
    Place,
    Platform,
    Side,
)
from chatdesk.domain.ticket import Attachment, AttachmentState, Post
from chatdesk.store import search
from chatdesk.store.tables import attachments, copies, posts, reactions
from chatdesk.store.transaction import Transaction

_ADD = insert(posts)
_LOAD = select(posts).where(posts.c.desk == bindparam("desk"), posts.c.id == bindparam("id"))
_NEXT_POSITION = select(func.coalesce(func.max(posts.c.position), 0) + 1).where(
    posts.c.desk == bindparam("desk"), posts.c.ticket == bindparam("ticket")
)
_BY_SOURCE = select(posts).where(
    posts.c.desk == bindparam("desk"),
    posts.c.platform == bindparam("platform"),
    posts.c.source == bindparam("source"),
)
_BY_COPY = select(copies.c.post, copies.c.thread).where(
    copies.c.desk == bindparam("desk"),
    copies.c.platform == bindparam("platform"),
    copies.c.message == bindparam("message"),
)
_LATEST_PUBLIC = (
    select(posts)
    .where(
        posts.c.desk == bindparam("desk"),
        posts.c.ticket == bindparam("ticket"),
        posts.c.audience != AudienceKind.INTERNAL.value,
        posts.c.deleted_at.is_(None),
    )
    .order_by(posts.c.position.desc())
    .limit(1)
)
_ATTACHMENTS = (
    select(attachments)
    .where(attachments.c.desk == bindparam("desk"), attachments.c.post == bindparam("post"))
    .order_by(attachments.c.position, attachments.c.id)
)


def next_position(tx: Transaction, ticket: int) -> int:
    asked = {"desk": tx.desk, "ticket": ticket}
    return int(tx.connection.execute(_NEXT_POSITION, asked).scalar_one())


def add(tx: Transaction, post: Post) -> None:
    tx.connection.execute(_ADD, _to_row(post))
    for position, attachment in enumerate(post.attachments):
        _add_attachment(tx, attachment, position)


def save(tx: Transaction, post: Post) -> None:
    """Save a changed post; attachments that it has newly are added, none is taken away."""
    search.changed(tx, post)
    tx.connection.execute(
        update(posts).where(posts.c.desk == tx.desk, posts.c.id == post.id).values(_to_row(post))
    )
    known = {attachment.id for attachment in _attachments(tx, post.id)}
    for position, attachment in enumerate(post.attachments):
        if attachment.id not in known:
            _add_attachment(tx, attachment, position)
        else:
            tx.connection.execute(
                update(attachments)
                .where(attachments.c.desk == tx.desk, attachments.c.id == attachment.id)
                .values(gone=attachment.gone)
            )


def load(tx: Transaction, post_id: str) -> Post | None:
    row = tx.connection.execute(_LOAD, {"desk": tx.desk, "id": post_id}).one_or_none()
    return None if row is None else _from_row(tx, row)


def by_source(tx: Transaction, platform: Platform, message: str) -> Post | None:
    """The post that a platform message became."""
    asked = {"desk": tx.desk, "platform": platform, "source": message}
    row = tx.connection.execute(_BY_SOURCE, asked).one_or_none()
    return None if row is None else _from_row(tx, row)


def by_copy(tx: Transaction, platform: Platform, message: str) -> tuple[Post, str] | None:
    """The post that a platform message is a copy of, and the thread the copy stands in."""
    asked = {"desk": tx.desk, "platform": platform, "message": message}
    row = tx.connection.execute(_BY_COPY, asked).first()
    if row is None:
        return None
    post = load(tx, row.post)
    return None if post is None else (post, row.thread)


def with_attachment(tx: Transaction, attachment: str) -> Post | None:
    """The post that a file belongs to."""
    statement = select(attachments.c.post).where(
        attachments.c.desk == tx.desk, attachments.c.id == attachment
    )
    found = tx.connection.execute(statement).scalar_one_or_none()
    return None if found is None else load(tx, found)


def of_ticket(tx: Transaction, ticket: int) -> Sequence[Post]:
    """The conversation, in order, deleted posts included."""
    statement = (
        select(posts).where(posts.c.desk == tx.desk, posts.c.ticket == ticket).order_by(posts.c.position)
    )
    return [_from_row(tx, row) for row in tx.connection.execute(statement)]


def latest_public(tx: Transaction, ticket: int) -> Post | None:
    """The last post that is not internal and not deleted."""
    row = tx.connection.execute(_LATEST_PUBLIC, {"desk": tx.desk, "ticket": ticket}).one_or_none()
    return None if row is None else _from_row(tx, row)


def set_reaction(
    tx: Transaction, post: str, emoji: str, who: IdentityId, thread: str, present: bool, version: str
) -> bool:
    """Note a reaction as last known. False if what we know is newer or the same."""
    key = (
        reactions.c.desk == tx.desk,
        reactions.c.post == post,
        reactions.c.emoji == emoji,
        reactions.c.platform == who.platform,
        reactions.c.identity == who.id,
    )
    known = tx.connection.execute(select(reactions).where(*key)).one_or_none()
    if known is None:
        tx.connection.execute(
            insert(reactions).values(
                desk=tx.desk,
                post=post,
                emoji=emoji,
                platform=who.platform,
                identity=who.id,
                thread=thread,
                present=present,
                version=version,
            )
        )
        return present
    if known.version >= version:
        return False
    tx.connection.execute(
        update(reactions).where(*key).values(present=present, version=version, thread=thread)
    )
    return bool(known.present != present)


def _add_attachment(tx: Transaction, attachment: Attachment, position: int) -> None:
    ref = attachment.ref
    tx.connection.execute(
        insert(attachments).values(
            desk=tx.desk,
            id=attachment.id,
            post=attachment.post,
            position=position,
            platform=ref.installation.platform,
            installation=ref.installation.id,
            file=ref.id,
            name=ref.name,
            size=ref.size,
            media_type=ref.media_type,
            state=attachment.state,
            digest=attachment.digest,
            reason=attachment.reason,
            gone=attachment.gone,
        )
    )


def _attachments(tx: Transaction, post: str) -> tuple[Attachment, ...]:
    return tuple(
        Attachment(
            id=row.id,
            post=row.post,
            ref=FileRef(
                Installation(Platform(row.platform), row.installation),
                row.file,
                row.name,
                row.size,
                row.media_type,
            ),
            state=AttachmentState(row.state),
            digest=row.digest,
            reason=row.reason,
            gone=row.gone,
        )
        for row in tx.connection.execute(_ATTACHMENTS, {"desk": tx.desk, "post": post})
    )


def _to_row(post: Post) -> dict[str, object]:
    source = post.source
    return {
        "desk": post.desk,
        "id": post.id,
        "ticket": post.ticket,
        "position": post.position,
        "author": post.author,
        "platform": post.identity.platform,
        "identity": post.identity.id,
        "body": post.body,
        "audience": post.audience.kind,
        "party": post.audience.party,
        "last_party": post.audience.last,
        "side": post.side,
        "thread": post.thread,
        "source_installation": source and source.place.installation.id,
        "source_place": source and source.place.id,
        "source": source and source.id,
        "created_at": post.created_at,
        "version": post.version,
        "edited_at": post.edited_at,
        "deleted_at": post.deleted_at,
    }


def _from_row(tx: Transaction, row: Row[tuple[object, ...]]) -> Post:
    values = row._mapping
    platform = Platform(values["platform"])
    source = None
    if values["source"] is not None:
        place = Place(Installation(platform, values["source_installation"]), values["source_place"])
        source = MessageRef(place, values["source"])
    return Post(
        desk=values["desk"],
        id=values["id"],
        ticket=values["ticket"],
        position=values["position"],
        author=values["author"],
        identity=IdentityId(platform, values["identity"]),
        body=values["body"],
        audience=Audience(AudienceKind(values["audience"]), values["party"], values["last_party"]),
        side=Side(values["side"]),
        thread=values["thread"],
        source=source,
        created_at=values["created_at"],
        version=values["version"],
        edited_at=values["edited_at"],
        deleted_at=values["deleted_at"],
        attachments=_attachments(tx, values["id"]),
    )
