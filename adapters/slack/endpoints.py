"""Where Slack is: the Web API client for a base address, and the hosts that files may come from."""

from __future__ import annotations

import logging
from urllib.parse import urlsplit

from adapters.pacing import Turnstile
from adapters.slack.pace import PacedClient
from adapters.slack.settings import DEFAULT_API_URL, SlackSettings

_FILE_DOMAINS = ("files.slack.com", "files.slack-gov.com", "slack-edge.com", "slack-files.com")
_TIMEOUT_SECONDS = 20


def web_client(settings: SlackSettings, logger: logging.Logger) -> PacedClient:
    """A client for the bot's token.

    Its calls keep to Slack's rate limits. It never tries again by itself: a request whose connection was
    cut may have been carried out, and only the courier knows to look before it repeats one.
    """
    return PacedClient(
        Turnstile(settings.speed),
        token=settings.bot_token.get_secret_value() if settings.bot_token else None,
        base_url=settings.api_url,
        timeout=_TIMEOUT_SECONDS,
        logger=logger,
        retry_handlers=[],
    )


def may_hold_files(url: str, api_url: str) -> bool:
    """Whether our token may be sent to this address: Slack's file hosts, or their stand-in."""
    address = urlsplit(url)
    if api_url != DEFAULT_API_URL:
        stand_in = urlsplit(api_url)
        if (address.scheme, address.netloc) == (stand_in.scheme, stand_in.netloc):
            return True
    host = address.hostname or ""
    return address.scheme == "https" and any(
        host == domain or host.endswith("." + domain) for domain in _FILE_DOMAINS
    )
