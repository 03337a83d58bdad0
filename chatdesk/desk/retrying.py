"""The retry button under a message that did not get through."""

from __future__ import annotations

from collections.abc import Mapping

from chatdesk.contract import sentences
from chatdesk.contract.ports import Accepted, Answer
from chatdesk.desk import standing
from chatdesk.desk.act import Act, refuse
from chatdesk.store import outbox


def retry(act: Act, arguments: Mapping[str, str]) -> Answer:
    """Try a failed delivery again."""
    if not standing.standing_of(act.tx, act.person).is_staff:
        raise refuse(sentences.NOT_ALLOWED_HERE.say(who="An agent"))
    if not outbox.retry(act.tx, arguments.get("value", "").strip(), act.now):
        raise refuse(sentences.CHOICE_GONE.say())
    return Accepted(sentences.RETRYING.say())
