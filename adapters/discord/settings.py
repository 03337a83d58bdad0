"""The Discord section of the settings: ``CHATDESK_DISCORD__…``."""

from __future__ import annotations

from pydantic import BaseModel, SecretStr


class DiscordSettings(BaseModel):
    """Without a token Discord is off."""

    token: SecretStr | None = None
    """The bot's token, from the developer portal."""
    api_url: str | None = None
    """Another base address of the REST API, such as a rate-limit proxy's, with its version path."""
    members_intent: bool = True
    """Whether to ask for the privileged members intent, which roles as a source of staff need."""

    @property
    def base_address(self) -> str | None:
        return None if self.api_url is None else self.api_url.rstrip("/")
