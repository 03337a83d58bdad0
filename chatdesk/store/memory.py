"""What the desk remembers between an event and a later one: keys, open forms, questions that it asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from chatdesk.store.tables_inbound import choices, forms, handled
from chatdesk.store.transaction import Transaction

KEEP_KEYS = timedelta(days=31)
STANDING = "standing:"
"""How the keys of reactions begin that are commands, as long as they are there."""

JsonObject = dict[str, object]

_WAS_HANDLED = select(handled.c.key).where(
    handled.c.desk == bindparam("desk"), handled.c.key == bindparam("key")
)
_NOTE = insert(handled)


def first_time(tx: Transaction, key: str, now: datetime) -> bool:
    """Note a happening's key. False if it was handled before."""
    if was_handled(tx, key):
        return False
    tx.connection.execute(_NOTE, {"desk": tx.desk, "key": key, "at": now})
    return True


def was_handled(tx: Transaction, key: str) -> bool:
    return tx.connection.execute(_WAS_HANDLED, {"desk": tx.desk, "key": key}).first() is not None


def forget_key(tx: Transaction, key: str) -> None:
    """It may happen again."""
    tx.connection.execute(delete(handled).where(handled.c.desk == tx.desk, handled.c.key == key))


def keys_beginning(tx: Transaction, start: str) -> Sequence[str]:
    """The known keys that begin so."""
    statement = select(handled.c.key).where(
        handled.c.desk == tx.desk, handled.c.key >= start, handled.c.key < start + "\U0010ffff"
    )
    return list(tx.connection.execute(statement).scalars())


def forget_keys(connection: Connection, now: datetime) -> int:
    """Prune the keys of interactions that are too old to come again; a reaction can stand for years."""
    old = delete(handled).where(handled.c.at < now - KEEP_KEYS, handled.c.key.not_like(f"{STANDING}%"))
    return connection.execute(old).rowcount


def forget_ended(connection: Connection, now: datetime) -> int:
    """Prune forms and answered questions that nobody will come back to, with what was written in them."""
    before = now - KEEP_KEYS
    old_forms = connection.execute(delete(forms).where(forms.c.opened_at < before)).rowcount
    return old_forms + connection.execute(delete(choices).where(choices.c.answered_at < before)).rowcount


@dataclass(frozen=True, slots=True)
class OpenedForm:
    """A modal's state. ``opened`` is the event that opened it, as the codec writes it."""

    id: str
    kind: str
    person: str
    opened: JsonObject
    opened_at: datetime
    ticket_version: int | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    ended_at: datetime | None = None


def add_form(tx: Transaction, form: OpenedForm) -> None:
    tx.connection.execute(
        insert(forms).values(
            desk=tx.desk,
            id=form.id,
            kind=form.kind,
            person=form.person,
            opened=form.opened,
            ticket_version=form.ticket_version,
            values=dict(form.values),
            opened_at=form.opened_at,
            ended_at=form.ended_at,
        )
    )


def form(tx: Transaction, form_id: str) -> OpenedForm | None:
    statement = select(forms).where(forms.c.desk == tx.desk, forms.c.id == form_id)
    row = tx.connection.execute(statement).one_or_none()
    if row is None:
        return None
    values = dict(row._mapping)
    del values["desk"]
    return OpenedForm(**values)


def keep_form_values(tx: Transaction, form_id: str, values: Mapping[str, str]) -> None:
    """What was typed so far, so that a refused submission loses nothing."""
    tx.connection.execute(
        update(forms).where(forms.c.desk == tx.desk, forms.c.id == form_id).values({"values": dict(values)})
    )


def update_form_seen(tx: Transaction, form_id: str, opened: JsonObject) -> None:
    """The person has been shown what the ticket is like now."""
    tx.connection.execute(
        update(forms).where(forms.c.desk == tx.desk, forms.c.id == form_id).values(opened=opened)
    )


def end_form(tx: Transaction, form_id: str, now: datetime) -> None:
    tx.connection.execute(
        update(forms).where(forms.c.desk == tx.desk, forms.c.id == form_id).values(ended_at=now)
    )


@dataclass(frozen=True, slots=True)
class AskedChoice:
    """A question with buttons. ``person`` alone may answer it, if one is named."""

    id: str
    kind: str
    data: JsonObject
    asked_at: datetime
    person: str | None = None
    ticket: int | None = None
    answered_at: datetime | None = None


def add_choice(tx: Transaction, choice: AskedChoice) -> None:
    tx.connection.execute(
        insert(choices).values(
            desk=tx.desk,
            id=choice.id,
            kind=choice.kind,
            person=choice.person,
            ticket=choice.ticket,
            data=choice.data,
            asked_at=choice.asked_at,
            answered_at=choice.answered_at,
        )
    )


def choice(tx: Transaction, choice_id: str) -> AskedChoice | None:
    statement = select(choices).where(choices.c.desk == tx.desk, choices.c.id == choice_id)
    row = tx.connection.execute(statement).one_or_none()
    if row is None:
        return None
    values = dict(row._mapping)
    del values["desk"]
    return AskedChoice(**values)


def change_choice(tx: Transaction, choice_id: str, data: JsonObject) -> None:
    tx.connection.execute(
        update(choices).where(choices.c.desk == tx.desk, choices.c.id == choice_id).values(data=data)
    )


def answer_choice(tx: Transaction, choice_id: str, now: datetime) -> None:
    tx.connection.execute(
        update(choices).where(choices.c.desk == tx.desk, choices.c.id == choice_id).values(answered_at=now)
    )
