"""Answers to the desk's questions: what was held back goes where the person said."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from chatdesk.contract import codec, sentences
from chatdesk.contract.inbound import ChoiceMade, MessageEdited, MessagePosted
from chatdesk.contract.ports import Accepted, Answer
from chatdesk.contract.vocabulary import EVERYONE, INTERNAL, Means, Side
from chatdesk.desk import conversation, intake, staff_words, standing
from chatdesk.desk.act import Act, act_of, refuse
from chatdesk.desk.asking import document
from chatdesk.domain.markers import read_marker
from chatdesk.domain.permissions import Deed
from chatdesk.store import memory, posts, threads, tickets
from chatdesk.store.memory import AskedChoice
from chatdesk.store.transaction import Transaction


def choice_made(tx: Transaction, event: ChoiceMade, now: datetime) -> Answer:
    """Somebody answered one of our questions."""
    act = act_of(tx, event.actor, event.where, Means.BUTTON, now)
    choice = memory.choice(tx, event.choice)
    if choice is None or choice.answered_at is not None:
        raise refuse(sentences.CHOICE_GONE.say())
    if choice.person not in (None, act.person):
        raise refuse(sentences.CHOICE_NOT_YOURS.say())
    memory.answer_choice(tx, choice.id, now)
    held = codec.load(document(choice))
    if isinstance(held, MessagePosted):
        return _release_message(act, held, choice, event.option)
    if isinstance(held, MessageEdited):
        return _release_edit(act, held, choice, event.option)
    raise refuse(sentences.CHOICE_GONE.say())


def _release_message(act: Act, held: MessagePosted, choice: AskedChoice, option: str) -> Answer:
    released = replace(act, where=held.where)
    if option == "new":
        intake.open_from_message(released, held, None)
        return Accepted(sentences.SENT.say())
    if option.startswith("ticket-"):
        intake.file_into(released, held, int(option.removeprefix("ticket-")))
        return Accepted(sentences.SENT.say())
    if option == "discard":
        return Accepted(sentences.DISCARDED.say())
    ticket = tickets.load(act.tx, choice.ticket or 0)
    thread = next(
        (one for one in threads.at_place(act.tx, held.where.place) if one.ticket == choice.ticket), None
    )
    if ticket is None or thread is None or thread.state not in threads.LIVE:
        raise refuse(sentences.CHOICE_GONE.say())
    body = read_marker(held.body).body
    if option != "send":
        staff_words.file_post(released, held, thread, ticket, body, INTERNAL)
        return Accepted(sentences.KEPT_INSIDE.say())
    if thread.side is Side.CUSTOMER:
        staff_words.answer_customer(released, held, thread, ticket, body)
    else:
        standing.require(act, ticket, Deed.WRITE)
        staff_words.file_post(released, held, thread, ticket, body, EVERYONE)
    return Accepted(sentences.SENT.say())


def _release_edit(act: Act, held: MessageEdited, choice: AskedChoice, option: str) -> Answer:
    post = posts.load(act.tx, str(choice.data["post"]))
    edited_since = post is not None and post.version != held.version
    if post is None or post.deleted_at is not None or edited_since:
        raise refuse(sentences.CHOICE_GONE.say())
    body = read_marker(held.body).body
    if option == "inside":
        conversation.make_internal(act, post, body, held.version)
        return Accepted(sentences.KEPT_INSIDE.say())
    if option == "send":
        conversation.edit(act, post, body, held.files, held.version)
        return Accepted(sentences.SENT.say())
    return Accepted(sentences.LEFT_AS_IT_WAS.say())
