"""Taking in what came before its thread or message was known to be ours."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from chatdesk.contract.inbound import Inbound, MessageDeleted, MessageEdited, MessagePosted, ReactionSet
from chatdesk.contract.vocabulary import Means, MessageRef, Place, Platform
from chatdesk.desk import changes, intake, telling
from chatdesk.desk.act import Refusal, act_of
from chatdesk.domain.lines import Line, markup
from chatdesk.store import early, memory, threads
from chatdesk.store.transaction import Transaction


def now_known(tx: Transaction, platform: Platform, subjects: Collection[str], now: datetime) -> None:
    """These places and messages are ours: what happened there before we knew is taken in now."""
    for event in early.take(tx, platform, subjects):
        attempt = tx.connection.begin_nested()
        try:
            _take_in(tx, event, now)
        except Refusal as refusal:
            attempt.rollback()
            _refuse(tx, event, refusal, now)
        else:
            attempt.commit()


def _take_in(tx: Transaction, event: Inbound, now: datetime) -> None:
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


def _refuse(tx: Transaction, event: Inbound, refusal: Refusal, now: datetime) -> None:
    """Whoever did it is told, as they would have been at once; whatever else is known now goes on."""
    key = changes.key_of_message(event)
    if key is not None:
        memory.first_time(tx, key, now)
    if isinstance(event, ReactionSet | MessagePosted):
        act = act_of(tx, event.actor, event.where, Means.REACTION, now)
        place = event.ref.place
        on_card = threads.with_card(tx, place.platform, event.ref.id) is not None
        line = Line("plain", (markup("text", refusal.answer.text),))
        telling.whisper(act, line, place, internal=on_card, controls=refusal.answer.controls)


def message_came(tx: Transaction, ref: MessageRef, thread: Place | None, now: datetime) -> None:
    """What was done with a message, or said under it, before we knew it is taken in, if it is ours now."""
    platform = ref.place.platform
    subjects = {ref.id} if thread is None else {ref.id, thread.id}
    if early.are_kept(tx, platform, subjects) and intake.is_known(tx, ref):
        now_known(tx, platform, subjects, now)
