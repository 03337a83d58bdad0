"""Taking in what came before its thread or message was known to be ours."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from chatdesk.contract.inbound import MessagePosted, ReactionSet
from chatdesk.contract.vocabulary import Platform
from chatdesk.desk import changes, intake
from chatdesk.store import early
from chatdesk.store.transaction import Transaction


def now_known(tx: Transaction, platform: Platform, subjects: Collection[str], now: datetime) -> None:
    """These places and messages are ours: what happened there before we knew is taken in now."""
    for event in early.take(tx, platform, subjects):
        match event:
            case MessagePosted():
                intake.message_posted(tx, event, now)
            case ReactionSet():
                changes.reaction_set(tx, event, now)
