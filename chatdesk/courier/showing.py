"""What a delivery turns out to be once everything that it refers to has been looked up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from chatdesk.contract.outbound import Outbound
from chatdesk.contract.vocabulary import MessageRef, Place
from chatdesk.courier.files import FileStore
from chatdesk.desk.numbers import Report
from chatdesk.domain.files import FileRules
from chatdesk.domain.ticket import Attachment, Post, Thread
from chatdesk.store.deliveries import DeliveryRow
from chatdesk.store.people import Identity
from chatdesk.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Request:
    """A delivery and where to look things up.

    With the thread it goes to if it goes to one, the steps that earlier tries achieved, and the post that it
    is about if it is about one.
    """

    tx: Transaction
    row: DeliveryRow
    files: FileStore
    thread: Thread | None
    steps: Mapping[str, str]
    post: Post | None


@dataclass(frozen=True, slots=True)
class Picture:
    """A report to be drawn, and what stands above it."""

    title: str
    report: Report


@dataclass(frozen=True, slots=True)
class Show:
    """To be shown at a place. ``after`` is the last that we delivered there.

    ``posts``: those that share the message, where several do; ``others``: their deliveries but the row's own.
    ``picture``: what is to be drawn beside it first.
    """

    effect: Outbound
    at: Place
    after: MessageRef | None = None
    posts: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Together:
    """An effect on a message that several posts share."""

    effect: Outbound
    posts: tuple[str, ...]
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Read:
    """The thread's past is to be read."""

    thread: Thread


@dataclass(frozen=True, slots=True)
class Nothing:
    """There is nothing to show. ``forbidden``: there is, but it must not be shown there."""

    reason: str
    forbidden: bool = False


@dataclass(frozen=True, slots=True)
class Impossible:
    """It can never be shown, because its thread is not there."""

    reason: str


Outcome = Show | Read | Nothing | Impossible


@dataclass(frozen=True, slots=True)
class Prepared:
    """An outcome, and what should be fetched first for it to be as good as it can be.

    ``done``: the steps that earlier tries achieved.
    """

    outcome: Outcome
    done: Mapping[str, str] = field(default_factory=dict)
    identities: tuple[Identity, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    file_rules: FileRules = field(default_factory=partial(FileRules, 0))
