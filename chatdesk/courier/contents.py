"""Posts as they are now, for a place that may read them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from chatdesk.contract import sentences
from chatdesk.contract.outbound import (
    Author,
    Content,
    Copy,
    DeleteMessages,
    EditMessage,
    Outbound,
    OutgoingFile,
    PostMessage,
    SetReaction,
)
from chatdesk.contract.vocabulary import AudienceKind, MessageRef, PlaceKind
from chatdesk.courier import wording
from chatdesk.courier.files import FileStore
from chatdesk.courier.showing import Nothing, Request
from chatdesk.domain.audience import may_see, reaction_may_show
from chatdesk.domain.effects import PostReacted
from chatdesk.domain.files import plain_name
from chatdesk.domain.ticket import Attachment, AttachmentState, Post, Thread
from chatdesk.store import copies, people, threads
from chatdesk.store.tables import reactions

_GONE = Nothing("the post was deleted")


def written(request: Request, thread: Thread) -> Outbound | Nothing:
    """A post that is new in the thread. Parts of it may stand there already, from a try that broke off."""
    post = request.post
    if post is None:
        return _GONE
    if post.deleted_at is not None:
        return _taken_back(request, thread, post) or _GONE
    if not may_see(post.audience, thread.side, thread.party):
        return Nothing("the thread's readers may not see it", forbidden=True)
    standing = tuple(copies.of_post(request.tx, post.id, thread))
    if standing:
        return EditMessage(content(request, post), standing)
    return posted(thread, content(request, post))


def _taken_back(request: Request, thread: Thread, post: Post) -> PostMessage | None:
    """What may stand there since a try that broke off, without its words: to be found, and then deleted.

    The change that took it back comes next in this lane. Where nothing is found these words are posted, and
    deleted.
    """
    if not (request.row.uncertain or request.steps):
        return None
    files = content(request, post).files if request.steps else ()
    internal = post.audience.kind is AudienceKind.INTERNAL
    words = Content(post.id, _author(request, post), sentences.TAKEN_BACK.say(), files, internal)
    return posted(thread, words)


def posted(thread: Thread, shown: Content) -> PostMessage:
    return PostMessage(shown, _answered(thread))


def changed(request: Request, thread: Thread, standing: tuple[Copy, ...]) -> Outbound:
    """A post that was edited, deleted, or made internal: whoever may not read it loses their copy."""
    post = request.post
    if post is None or post.deleted_at is not None:
        return DeleteMessages(standing)
    if not may_see(post.audience, thread.side, thread.party):
        return DeleteMessages(standing)
    return EditMessage(content(request, post), standing)


def reacted(request: Request, thread: Thread, effect: PostReacted) -> Outbound | Nothing:
    """Our reaction stands for those of people in the ticket's other threads."""
    post = request.post
    if post is None or post.deleted_at is not None:
        return _GONE
    if not may_see(post.audience, thread.side, thread.party):
        return Nothing("the thread's readers may not see the post")
    target = _first(copies.of_post(request.tx, post.id, thread), post, thread)
    if target is None:
        return Nothing("the post does not stand there")
    return SetReaction(target, effect.emoji, _set_elsewhere(request, thread, effect))


def content(request: Request, post: Post) -> Content:
    wanted = [one for one in post.attachments if not one.gone]
    ready = [(one, _outgoing(request, one)) for one in wanted if one.state is not AttachmentState.WAITING]
    return Content(
        post=post.id,
        author=_author(request, post),
        body=post.body,
        files=tuple(file for _, file in ready if file is not None),
        internal=post.audience.kind is AudienceKind.INTERNAL,
        people=wording.mentioned(request.tx, post.body, request.row.installation.platform),
        missing_files=tuple(plain_name(one.ref.name) for one, file in ready if file is None),
    )


def unfetched(files: FileStore, post: Post) -> tuple[Attachment, ...]:
    """The post's files that we have not tried to fetch yet, or that we hold elsewhere than here."""
    return tuple(one for one in post.attachments if not one.gone and _is_to_come(files, one))


def _is_to_come(files: FileStore, attachment: Attachment) -> bool:
    if attachment.state is AttachmentState.WAITING:
        return True
    return attachment.digest is not None and not files.is_here(attachment.digest)


def _author(request: Request, post: Post) -> Author:
    """As whom they wrote; the name that we know from elsewhere if that identity has none yet."""
    known = people.identity(request.tx, post.identity)
    name = known and (known.name or known.handle)
    if not name:
        name = wording.name_of(request.tx, post.author, request.row.installation.platform)
    return Author(name, known.avatar_url if known else None)


def _outgoing(request: Request, attachment: Attachment) -> OutgoingFile | None:
    if attachment.state is not AttachmentState.STORED or attachment.digest is None:
        return None
    path = request.files.path(attachment.digest)
    if not path.is_file():
        return None
    ref = attachment.ref
    return OutgoingFile(attachment.id, plain_name(ref.name), ref.size, ref.media_type, path)


def _answered(thread: Thread) -> MessageRef | None:
    """In a DM, where tickets have no threads, a post hangs on the last that we said about the ticket."""
    if thread.kind is not PlaceKind.DM or thread.at is None or thread.last_copy is None:
        return None
    return MessageRef(thread.at, thread.last_copy)


def _first(standing: Sequence[Copy], post: Post, thread: Thread) -> MessageRef | None:
    """The message that shows the post there: our first copy, or the very message it came from."""
    if standing:
        return standing[0].ref
    return post.source if post.thread == thread.id else None


def _set_elsewhere(request: Request, thread: Thread, effect: PostReacted) -> bool:
    statement = select(reactions.c.thread).where(
        reactions.c.desk == request.tx.desk,
        reactions.c.post == effect.post,
        reactions.c.emoji == effect.emoji,
        reactions.c.present.is_(True),
        reactions.c.thread != thread.id,
    )
    found = [threads.load(request.tx, one) for one in request.tx.connection.execute(statement).scalars()]
    return any(one is None or reaction_may_show(one.side, thread.side) for one in found)
