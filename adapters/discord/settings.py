"""The Discord section of the settings: ``CHATDESK_DISCORD__…``."""

from __future__ import annotations

import math

from pydantic import BaseModel, Field, SecretStr


class DiscordSettings(BaseModel):
    """Without a token Discord is off."""

    token: SecretStr | None = None
    """The bot's token, from the developer portal."""
    api_url: str | None = None
    """Another base address of the REST API, such as a rate-limit proxy's, with its version path."""
    pace: float | None = Field(default=None, gt=0)
    """How many times faster than published Discord's rate limits run there. Without it 1 at Discord's own
    address, and no limit elsewhere: a playground has none, and a proxy keeps them itself."""
    history_per_minute: float = Field(default=120, gt=0)
    """How many requests a minute catching up may make."""
    shards: int = Field(default=1, ge=1, le=1000)
    """Into how many gateway connections the bot's servers are divided, which replicas share among themselves.
    Discord asks for a second one from 2,500 servers on."""
    members_intent: bool = True
    """Whether to ask for the privileged members intent, which roles as a source of staff need."""

    @property
    def speed(self) -> float:
        """The pace that holds."""
        if self.pace is not None:
            return self.pace
        return 1.0 if self.api_url is None else math.inf

    @property
    def given_token(self) -> str:
        return "" if self.token is None else self.token.get_secret_value()

    @property
    def base_address(self) -> str | None:
        return None if self.api_url is None else self.api_url.rstrip("/")
