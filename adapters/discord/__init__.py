"""The Discord adapter."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.discord.adapter import DiscordAdapter
from adapters.discord.settings import DiscordSettings
from chatdesk.contract.ports import Clock


@dataclass(frozen=True, slots=True)
class DiscordPackage:
    """What stands under the entry-point group ``chatdesk.adapters``."""

    settings: type[DiscordSettings] = DiscordSettings

    def enabled(self, settings: DiscordSettings) -> bool:
        """With no token given, Discord is off."""
        return settings.token is not None and bool(settings.token.get_secret_value().strip())

    def build(self, settings: DiscordSettings, clock: Clock) -> DiscordAdapter:
        return DiscordAdapter(settings, clock)


package = DiscordPackage()
