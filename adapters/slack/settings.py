"""The section of the settings that is about Slack (``CHATDESK_SLACK__…``)."""

from __future__ import annotations

import math
from typing import Self

from pydantic import BaseModel, Field, SecretStr, field_validator, model_validator

DEFAULT_API_URL = "https://slack.com/api/"


class SlackSettings(BaseModel):
    """How chatdesk reaches one Slack workspace. Without a bot token Slack is off."""

    bot_token: SecretStr | None = None
    """Starts with ``xoxb-``; from "OAuth & Permissions" of the app."""
    app_token: SecretStr | None = None
    """Starts with ``xapp-``; for Socket Mode, which needs no public address."""
    signing_secret: SecretStr | None = None
    """For HTTP mode, used when there is no app token."""
    api_url: str = DEFAULT_API_URL
    """The Web API's base address, e.g. that of a proxy or of the playground."""
    pace: float | None = Field(default=None, gt=0)
    """How many times faster than published Slack's rate limits run there. Without it 1 at Slack's own
    address, and no limit elsewhere: a playground has none, and a proxy keeps them itself."""
    history_per_minute: float = Field(default=30, gt=0)
    """How many requests a minute catching up may make, of each kind. Slack allows 50, which deliveries share;
    an app that is distributed commercially outside Slack's Marketplace has 1, of 15 messages at most."""
    ticket_command: str = Field(default="/ticket", pattern=r"^/[a-z0-9_-]{1,31}$")
    desk_command: str = Field(default="/desk", pattern=r"^/[a-z0-9_-]{1,31}$")
    kb_command: str = Field(default="/kb", pattern=r"^/[a-z0-9_-]{1,31}$")
    assist_command: str = Field(default="/assist", pattern=r"^/[a-z0-9_-]{1,31}$")

    @field_validator("bot_token", "app_token", "signing_secret", mode="before")
    @classmethod
    def _treat_empty_as_missing(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("api_url")
    @classmethod
    def _end_with_a_slash(cls, value: str) -> str:
        return value if value.endswith("/") else value + "/"

    @property
    def speed(self) -> float:
        """The pace that holds."""
        if self.pace is not None:
            return self.pace
        return 1.0 if self.api_url == DEFAULT_API_URL else math.inf

    @model_validator(mode="after")
    def _have_a_way_in(self) -> Self:
        if self.bot_token and not (self.app_token or self.signing_secret):
            raise ValueError(
                "a bot token alone receives nothing: give app_token (Socket Mode) or signing_secret (HTTP)"
            )
        return self
