"""The desk as adapters see it: every event is one transaction, every question one read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TypeVar, cast

from sqlalchemy import Connection

from chatdesk.contract import sentences
from chatdesk.contract.inbound import (
    ChannelsSeen,
    ChoiceMade,
    CommandGiven,
    CommandTyped,
    Connected,
    FormChanged,
    FormDismissed,
    FormOpened,
    FormSubmitted,
    Inbound,
    MembersSeen,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    PlaceGone,
    ReactionSet,
    TicketAsked,
)
from chatdesk.contract.ports import Accepted, Answer, Clock, Refused
from chatdesk.contract.questions import Choices, HomeOf, Question, Wanted
from chatdesk.contract.vocabulary import Installation
from chatdesk.desk import (
    answering,
    catching_up,
    changes,
    commands,
    completing,
    directory,
    early,
    erasing,
    intake,
    lists,
    modals,
    requests,
    ruling,
)
from chatdesk.desk.act import Followed, FormWanted, Refusal, ToBeRead, TooEarly, refuse
from chatdesk.desk.changes import key_of_message
from chatdesk.desk.installed import installation_of, organisation_for, said_by
from chatdesk.store import memory
from chatdesk.store.tickets import StaleTicket
from chatdesk.store.transaction import Transaction, in_turn
from chatdesk.store.writer import Writer

A = TypeVar("A")

ATTEMPTS_WHEN_STALE = 5
LOOKS_WHEN_EARLY = 15
SECONDS_BETWEEN_LOOKS = 0.1
"""In all less than platforms wait for the answer to a command, which is three seconds."""


class DeskService:
    """Implements ``contract.ports.Desk`` on the store."""

    def __init__(self, writer: Writer, clock: Clock) -> None:
        self._writer = writer
        self._clock = clock

    async def handle(self, event: Inbound) -> Answer:
        """Take an event in: when this returns it is committed, or refused and nothing was changed."""
        return await self._in_transaction(event, dispatch)

    async def catch_up(self, event: Inbound) -> Answer:
        """Take in what reading a place's past brought up, although live messages there still wait."""
        return await self._in_transaction(event, _dispatch_past)

    async def _in_transaction(self, event: Inbound, use_case: UseCase) -> Answer:
        try:
            return await self._patiently(event, use_case)
        except FormWanted as wanted:
            opened = modals.form_instead(event, wanted)
            return wanted.answer if opened is None else await self._in_transaction(opened, use_case)
        except ToBeRead as wanted:
            if key_of_message(event) is not None and not await self._is_new(event):
                return Accepted()
            return await self._found(event, wanted)
        except Refusal as refusal:
            if key_of_message(event) is not None:
                await self._is_new(event)
            return refusal.answer

    async def _is_new(self, event: Inbound) -> bool:
        """Note that a message was dealt with although nothing was changed. False if that is known."""
        return await self._writer.run(partial(_noted, event=event, now=self._clock.now()))

    async def _found(self, event: Inbound, wanted: ToBeRead) -> Answer:
        found = await self._writer.read(partial(_found, event=event, wanted=wanted))
        if isinstance(found, Followed):
            await self._writer.run(partial(_followed, event=event, write=found.write, now=self._clock.now()))
            return found.answer
        return found

    async def _patiently(self, event: Inbound, use_case: UseCase) -> Answer:
        """Once more after a moment, while something is on its way that may make a refused event right."""
        for _ in range(LOOKS_WHEN_EARLY):
            try:
                return await self._at_once(event, use_case)
            except TooEarly:
                await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
        return await self._at_once(event, use_case)

    async def _at_once(self, event: Inbound, use_case: UseCase) -> Answer:
        work = partial(_handle, event=event, use_case=use_case, now=self._clock.now())
        where = said_by(event)
        turn = f"{where.platform}/{where.id}" if where else None
        for _ in range(ATTEMPTS_WHEN_STALE):
            try:
                return await self._writer.run(work, turn)
            except StaleTicket as stale:
                failure = stale
        raise failure

    async def ask(self, question: Question[A]) -> A:
        """Questions may meet a person for the first time, so they too go through the writer."""
        work = partial(_answer, question=cast(Question[object], question), now=self._clock.now())
        return cast(A, await self._writer.run(work))


UseCase = Callable[[Transaction, Inbound, datetime], Answer]


def _handle(connection: Connection, event: Inbound, use_case: UseCase, now: datetime) -> Answer:
    where = installation_of(connection, event)
    organisation = organisation_for(connection, where)
    if organisation is None:
        raise refuse(sentences.NOT_INSTALLED.say())
    tx = in_turn(connection, organisation)
    answer = use_case(tx, event, now)
    ruling.react(tx, now)
    return answer


def dispatch(tx: Transaction, event: Inbound, now: datetime) -> Answer:
    """Which use case an event is."""
    match event:
        case MessagePosted():
            answer = intake.message_posted(tx, event, now)
            early.message_came(tx, event.ref, event.thread, now)
            return answer
        case MessageEdited():
            return changes.message_edited(tx, event, now)
        case MessageDeleted():
            return changes.message_deleted(tx, event, now)
        case ReactionSet():
            return changes.reaction_set(tx, event, now)
        case TicketAsked():
            answer = requests.ticket_asked(tx, event, now)
            early.message_came(tx, event.source.ref, event.source.thread, now)
            return answer
        case CommandTyped():
            return commands.command_typed(tx, event, now)
        case CommandGiven():
            return commands.command_given(tx, event, now)
        case FormOpened():
            return modals.form_opened(tx, event, now)
        case FormChanged():
            return modals.form_changed(tx, event, now)
        case FormSubmitted():
            return modals.form_submitted(tx, event, now)
        case FormDismissed():
            return modals.form_dismissed(tx, event, now)
        case ChoiceMade():
            return answering.choice_made(tx, event, now)
        case Connected():
            return directory.connected(tx, event, now)
        case ChannelsSeen():
            return directory.channels_seen(tx, event, now)
        case MembersSeen():
            return directory.members_seen(tx, event, now)
        case PlaceGone():
            return directory.place_gone(tx, event, now)


def _dispatch_past(tx: Transaction, event: Inbound, now: datetime) -> Answer:
    if erasing.is_erased_past(tx, event):
        return Accepted()
    if not isinstance(event, MessagePosted):
        return dispatch(tx, event, now)
    answer = catching_up.take_in(tx, event, now)
    early.message_came(tx, event.ref, event.thread, now)
    return answer


def _found(connection: Connection, event: Inbound, wanted: ToBeRead) -> Answer | Followed:
    organisation = organisation_for(connection, installation_of(connection, event))
    if organisation is None:
        return Refused(sentences.NOT_INSTALLED.say())
    return wanted.find(Transaction(connection, organisation.desk, organisation))


def _followed(
    connection: Connection, event: Inbound, write: Callable[[Transaction], None], now: datetime
) -> None:
    """What was asked by command is written once, however often it comes; messages were noted before."""
    organisation = organisation_for(connection, installation_of(connection, event))
    if organisation is None:
        return
    tx = in_turn(connection, organisation)
    key = event.key if isinstance(event, CommandTyped | CommandGiven) else None
    if key is None or key_of_message(event) is not None or memory.first_time(tx, key, now):
        write(tx)


def _noted(connection: Connection, event: Inbound, now: datetime) -> bool:
    """What a message or a reaction commanded is not done again, however often it is read."""
    key = key_of_message(event)
    organisation = organisation_for(connection, installation_of(connection, event)) if key else None
    if key is None or organisation is None:
        return True
    return memory.first_time(in_turn(connection, organisation), key, now)


def _answer(connection: Connection, question: Question[object], now: datetime) -> object:
    match question:
        case Choices():
            tx = _transaction(connection, question.where.place.installation)
            return completing.choices(tx, question, now) if tx else ()
        case HomeOf():
            tx = _transaction(connection, question.installation)
            actor = replace(question.actor, installation=question.installation)
            return lists.home(tx, replace(question, actor=actor), now) if tx else lists.NO_HOME
        case Wanted():
            tx = _transaction(connection, question.installation)
            return directory.wanted(tx, question, now) if tx else directory.NOTHING
    raise TypeError(f"no question of ours: {type(question).__name__}")


def _transaction(connection: Connection, installation: Installation) -> Transaction | None:
    organisation = organisation_for(connection, installation)
    return None if organisation is None else in_turn(connection, organisation)
