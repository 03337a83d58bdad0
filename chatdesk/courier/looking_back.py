"""How far a place is read back, and what of it is no news."""

from __future__ import annotations

from datetime import datetime, timedelta

from chatdesk.contract.inbound import Inbound, MessagePosted, ReactionsSeen
from chatdesk.contract.ports import Window
from chatdesk.store.catch_ups import CatchUp
from chatdesk.store.standing import Standing

LONGEST_PAST = timedelta(days=7)
"""What happened longer ago is not looked for."""
REACTIONS_IN_INTAKE = timedelta(days=1)
"""How far before we were last connected messages of an intake channel are looked at for a 🎫."""
THREAD_MESSAGES = 1000
INTAKE_MESSAGES = 200
WHOLE_THREAD = 150
"""A thread with no more messages than these is read whole: its old messages may have changed too."""


def window_of(wanted: CatchUp, known: Standing, now: datetime) -> Window:
    """How far to look back."""
    news = None if wanted.since is None else max(wanted.since, now - LONGEST_PAST)
    if wanted.intake:
        return Window((news or now) - REACTIONS_IN_INTAKE, INTAKE_MESSAGES, news)
    is_short = len(known.messages) <= WHOLE_THREAD
    return Window(None if is_short else news, THREAD_MESSAGES, news)


def is_old_news(event: Inbound | ReactionsSeen, known: Standing, window: Window) -> bool:
    """A message from before we were away was heard when it was written, whatever became of it then; only
    what was done with it since may be new."""
    if isinstance(event, MessagePosted):
        return window.news is not None and event.at < window.news
    return isinstance(event, ReactionsSeen) and not event.by and event.ref.id not in known.reacted
