"""Interactions under way: their tokens, their deadlines, what the app answered, and open modals."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum

from chatdesk_playground.discord.state import InteractionOrigin
from chatdesk_playground.discord.wire import Body

ANSWER_SECONDS = 3.0
TOKEN_LIFETIME = timedelta(minutes=15)


class InteractionType(IntEnum):
    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL_SUBMIT = 5


class CallbackType(IntEnum):
    MESSAGE = 4
    DEFERRED_MESSAGE = 5
    DEFERRED_UPDATE = 6
    UPDATE_MESSAGE = 7
    AUTOCOMPLETE = 8
    MODAL = 9


@dataclass(frozen=True, slots=True)
class OpenModal:
    """A form on somebody's screen."""

    custom_id: str
    title: str
    components: tuple[Body, ...]
    application_id: str
    channel_id: str
    message_id: str | None
    cause: InteractionOrigin


@dataclass(slots=True)
class Interaction:
    """One thing that somebody did to an app, until its token expires."""

    id: str
    token: str
    kind: InteractionType
    application_id: str
    user_id: str
    channel_id: str
    guild_id: str | None
    message_id: str | None
    created: datetime
    origin: InteractionOrigin
    patience: float = ANSWER_SECONDS
    started: float = field(default_factory=time.monotonic)
    answer: CallbackType | None = None
    answered: float | None = None
    response_message_id: str | None = None
    ephemeral: bool = False
    choices: tuple[Body, ...] = ()
    modal: OpenModal | None = None
    failed: bool = False

    @property
    def late(self) -> bool:
        """Whether the time for the first answer is over."""
        return self.answer is None and (self.failed or time.monotonic() - self.started > self.patience)

    @property
    def waiting(self) -> bool:
        return self.answer is None and not self.late

    @property
    def milliseconds(self) -> float:
        return ((self.answered or time.monotonic()) - self.started) * 1000


@dataclass(slots=True)
class InteractionBook:
    """All interactions; `answer_seconds` is how long an app has for its first answer."""

    answer_seconds: float = ANSWER_SECONDS
    by_id: dict[str, Interaction] = field(default_factory=dict)
    by_token: dict[str, Interaction] = field(default_factory=dict)
    modals: dict[str, OpenModal] = field(default_factory=dict)

    def add(self, interaction: Interaction) -> None:
        self.by_id[interaction.id] = interaction
        self.by_token[interaction.token] = interaction

    def with_token(self, application_id: str, token: str, now: datetime) -> Interaction | None:
        """The interaction that a token still speaks for."""
        interaction = self.by_token.get(token)
        if interaction is None or interaction.application_id != application_id:
            return None
        return interaction if now - interaction.created < TOKEN_LIFETIME else None
