"""Slack, for the entry-point group ``chatdesk.adapters``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adapters.slack.settings import SlackSettings

if TYPE_CHECKING:
    from adapters.slack.adapter import SlackAdapter
    from chatdesk.contract.ports import Clock


class SlackPackage:
    """What the core needs to offer Slack."""

    settings: type[SlackSettings] = SlackSettings

    def enabled(self, settings: SlackSettings) -> bool:
        return settings.bot_token is not None

    def build(self, settings: SlackSettings, clock: Clock) -> SlackAdapter:
        # The SDK takes a moment to import, which a desk without Slack need not wait for.
        from adapters.slack.adapter import SlackAdapter

        return SlackAdapter(settings, clock)


package = SlackPackage()
