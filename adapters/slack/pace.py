"""Slack's published rate limits, and a client whose requests keep to them.

https://docs.slack.dev/apis/web-api/rate-limits: tiers count per method, workspace and app; posting has a
limit of its own, a message a second and channel, and a sum per workspace.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.pacing import Limit, Rate, Turnstile

POST_IN_CHANNEL = Rate(1, 1.0)
"""Slack lets short bursts pass; we do not rely on it."""
POSTS_IN_WORKSPACE = Rate(300, 60.0, burst=5)
"""Documented as several hundred a minute."""

_TOLERATED_SECONDS = 1.5
_SHARE_IN_A_BURST = 5
"""A fifth of a minute's allowance may be used at once after a pause."""
_PER_MINUTE = {2: 20, 3: 50, 4: 100}
_TIERS = {
    "chat.update": 3,
    "chat.delete": 3,
    "chat.postEphemeral": 4,
    "conversations.create": 2,
    "conversations.history": 3,
    "conversations.info": 3,
    "conversations.list": 2,
    "conversations.members": 4,
    "conversations.open": 3,
    "conversations.replies": 3,
    "files.completeUploadExternal": 4,
    "files.delete": 3,
    "files.getUploadURLExternal": 4,
    "files.info": 4,
    "reactions.add": 3,
    "reactions.remove": 2,
    "usergroups.list": 2,
    "usergroups.users.list": 2,
    "users.info": 4,
    "users.list": 2,
}
"""What is not named here is not paced: what a person waits for, such as a view, is worth nothing later."""


def limits_of(method: str, channel: str) -> Sequence[Limit]:
    """The limits that a call falls under, narrowest first."""
    if method == "chat.postMessage":
        return (Limit(f"post {channel}", POST_IN_CHANNEL), Limit("post", POSTS_IN_WORKSPACE))
    tier = _TIERS.get(method)
    if tier is None:
        return ()
    allowed = _PER_MINUTE[tier]
    return (Limit(method, Rate(allowed, 60.0, burst=allowed // _SHARE_IN_A_BURST)),)


class PacedClient(AsyncWebClient):
    """The SDK's client, each of whose calls waits for its turn."""

    def __init__(self, turnstile: Turnstile, **options: Any) -> None:
        super().__init__(**options)
        self.turnstile = turnstile
        self._ahead = 0.0

    async def api_call(self, api_method: str, **arguments: Any) -> AsyncSlackResponse:
        """Raises what the SDK raises. After a 429 nothing is called under that limit until it is over."""
        limits = limits_of(api_method, _channel(arguments))
        await self.turnstile.turn(limits)
        try:
            response = await super().api_call(api_method, **arguments)
            self._ahead = _ahead(response.headers.get("Date"), time.time())
            return response
        except SlackApiError as error:
            if getattr(error.response, "status_code", 0) == 429:
                self.turnstile.refusals += 1
                if limits:
                    self.turnstile.hold(limits[0], _retry_after(error))
            raise

    def slack_time(self, now: datetime) -> datetime:
        """What time it is at Slack, by the last answer: the versions of reactions are Slack's times."""
        return now - timedelta(seconds=self._ahead)


def _ahead(date: str | None, here: float) -> float:
    """How far our clock is ahead of the sender's. A header tells whole seconds: less than that is nothing."""
    try:
        seconds = here - parsedate_to_datetime(date or "").timestamp()
    except ValueError:
        return 0.0
    return 0.0 if 0 <= seconds < _TOLERATED_SECONDS else seconds


def _channel(arguments: Mapping[str, Any]) -> str:
    given = arguments.get("json")
    return str(given.get("channel", "")) if isinstance(given, Mapping) else ""


def _retry_after(error: SlackApiError) -> float:
    try:
        seconds = float(error.response.headers.get("Retry-After", 1))
    except (TypeError, ValueError):
        return 1.0
    return seconds if math.isfinite(seconds) else 1.0
