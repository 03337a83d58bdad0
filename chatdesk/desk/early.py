"""Taking in what came before its thread or message was known to be ours."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from chatdesk.contract.inbound import MessageDeleted, MessageEdited, MessagePosted, ReactionSet
from chatdesk.contract.vocabulary import MessageRef, Place, Platform
from chatdesk.desk import changes, intake
from chatdesk.store import early
from chatdesk.store.transaction import Transaction


def now_known(tx: Transaction, platform: Platform, subjects: Collection[str], now: datetime) -> None:
    """These places and messages are ours: what happened there before we knew is taken in now."""
    for event in early.take(tx, platform, subjects):
        match event:
            case MessagePosted():
                intake.message_posted(tx, event, now)
                message_came(tx, event.ref, event.thread, now)
            case MessageEdited():
                changes.message_edited(tx, event, now)
            case MessageDeleted():
                changes.message_deleted(tx, event, now)
            case ReactionSet():
                changes.reaction_set(tx, event, now)


def message_came(tx: Transaction, ref: MessageRef, thread: Place | None, now: datetime) -> None:
    """What was done with a message, or said under it, before we knew it is taken in, if it is ours now."""
    platform = ref.place.platform
    subjects = {ref.id} if thread is None else {ref.id, thread.id}
    if early.are_kept(tx, platform, subjects) and intake.is_known(tx, ref):
        now_known(tx, platform, subjects, now)
