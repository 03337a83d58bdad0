"""What an adapter may ask the desk. Questions change nothing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from chatdesk.contract.views import Home, Option
from chatdesk.contract.vocabulary import Actor, Installation, Where

A = TypeVar("A")


class Question(Generic[A]):
    """A question whose answer is an ``A``."""

    __slots__ = ()


class ChoicesOf(StrEnum):
    TICKET = "ticket"
    AGENT = "agent"
    TEAM = "team"
    PRIORITY = "priority"
    STATUS = "status"
    CATEGORY = "category"
    TAG = "tag"
    MACRO = "macro"
    CODE = "code"
    ARTICLE = "article"


@dataclass(frozen=True, slots=True)
class Choices(Question[tuple[Option, ...]]):
    """At most 25 options that fit what was typed so far, for this person, here."""

    of: ChoicesOf
    typed: str
    actor: Actor
    where: Where


@dataclass(frozen=True, slots=True)
class HomeOf(Question[Home]):
    """A person's open tickets and their teams' queues."""

    installation: Installation
    actor: Actor


@dataclass(frozen=True, slots=True)
class Wants:
    """What the desk's configuration refers to in an installation and needs to know more about."""

    channel_names: tuple[str, ...]
    """Channels that ``desk.yaml`` calls by name, without ``#``."""
    channel_ids: tuple[str, ...]
    staff_groups: tuple[str, ...]
    """Slack user groups or Discord roles, by id or name, whose members are staff."""
    staff_channels: tuple[str, ...]
    """Private channels, by id or name, whose members are staff."""


@dataclass(frozen=True, slots=True)
class Wanted(Question[Wants]):
    """Asked after connecting and when the configuration changed. Answered with ChannelsSeen, MembersSeen.

    A source of staff is written ``group:<as wanted>`` or ``channel:<as wanted>`` in MembersSeen.
    """

    installation: Installation
