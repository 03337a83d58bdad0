"""What Discord's errors mean to the courier, in words for the person who reads them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import aiohttp
import discord

from adapters.discord.endpoints import AnswerUnknown
from chatdesk.contract.ports import DeliveryFailed

UNKNOWN_CHANNEL = 10003
UNKNOWN_MESSAGE = 10008
UNKNOWN_EMOJI = 10014
UNKNOWN_WEBHOOK = 10015
TOO_LARGE = 40005
MISSING_ACCESS = 50001
NOT_THE_AUTHOR = 50005
CANNOT_DM = 50007
MISSING_PERMISSION = 50013
ARCHIVED = 50083
THREAD_EXISTS = 160004
LOCKED = 160005

_REASONS = {
    UNKNOWN_CHANNEL: "the channel or thread was deleted",
    10004: "the bot was removed from the server",
    10007: "the person is not in the server",
    UNKNOWN_MESSAGE: "the message was deleted",
    10013: "the person has no Discord account any more",
    UNKNOWN_EMOJI: "Discord does not know that emoji",
    UNKNOWN_WEBHOOK: "the channel's webhook was deleted while it was in use",
    20026: "Discord stopped this bot from sending direct messages",
    30007: "the channel has as many webhooks as Discord allows",
    30010: "the message has as many reactions as Discord allows",
    30033: "the thread has as many members as Discord allows",
    TOO_LARGE: "the file is larger than Discord takes here",
    MISSING_ACCESS: "chatdesk cannot see the channel (View Channel)",
    NOT_THE_AUTHOR: "the message was written by somebody else",
    CANNOT_DM: "they do not accept direct messages from the server",
    50008: "messages cannot be sent to that kind of channel",
    MISSING_PERMISSION: "chatdesk lacks a permission in the channel",
    50024: "that cannot be done in this kind of channel",
    50035: "Discord refused its form",
    ARCHIVED: "the thread is archived",
    90001: "they have blocked chatdesk from reacting",
    LOCKED: "the thread is locked",
    160006: "the server has as many active threads as Discord allows",
    200000: "the server's AutoMod blocked the message",
}
_INTENTS = (
    "Discord refuses the connection: switch on the Message Content Intent and, unless it is switched off in "
    "the settings, the Server Members Intent in the developer portal, under Bot"
)
_NO_ANSWER_SECONDS = 5.0
_AUTHENTICATION_FAILED = 4004
"""With which the gateway closes."""


@contextmanager
def translated(missing: Callable[[], tuple[str, ...]] = tuple) -> Iterator[None]:
    """Within this, errors of discord.py become DeliveryFailed; errors of our own stay what they are."""
    try:
        yield
    except Exception as error:
        failure = failure_of(error, missing())
        if failure is None or failure is error:
            raise
        raise failure from error


def failure_of(error: Exception, missing: tuple[str, ...] = ()) -> DeliveryFailed | None:
    """The failure that an error of discord.py is; None for an error of our own.

    ``missing`` names permissions that we lack where it happened.
    """
    match error:
        case DeliveryFailed():
            return error
        case discord.RateLimited():
            # Raised for a bucket or for everything; discord.py does not say which.
            return DeliveryFailed(retry_after=error.retry_after)
        case discord.LoginFailure():
            return DeliveryFailed(permanent="Discord does not accept the bot's token", revoked=True)
        case discord.ConnectionClosed(code=code) if code == _AUTHENTICATION_FAILED:
            return DeliveryFailed(permanent="Discord does not accept the bot's token any more", revoked=True)
        case discord.ConnectionClosed():
            return DeliveryFailed()
        case discord.PrivilegedIntentsRequired():
            return DeliveryFailed(permanent=_INTENTS)
        case discord.DiscordServerError() | discord.GatewayNotFound() | aiohttp.ClientConnectorError():
            return DeliveryFailed()
        case discord.HTTPException():
            return _refused(error, missing)
        case RuntimeError() if "closed" in str(error):
            return DeliveryFailed(retry_after=_NO_ANSWER_SECONDS)
        case AnswerUnknown() | TimeoutError() | aiohttp.ClientError() | ConnectionError():
            return DeliveryFailed(uncertain=True)
    return None


def _refused(error: discord.HTTPException, missing: tuple[str, ...]) -> DeliveryFailed:
    if error.status == 401:
        return DeliveryFailed(permanent="Discord does not accept the bot's token any more", revoked=True)
    if error.status == 429:
        # discord.py waits for its buckets by itself; what comes through is the network's own guard.
        return DeliveryFailed(retry_after=_wait_of(error), everywhere=True)
    if missing and error.code in (MISSING_PERMISSION, MISSING_ACCESS):
        return DeliveryFailed(permanent=f"chatdesk lacks {', '.join(missing)} in the channel")
    reason = _REASONS.get(error.code, "Discord refused it")
    if error.code not in _REASONS or error.code == 50035:
        reason = f"{reason}: {error.text or error.status} ({error.code})"
    return DeliveryFailed(permanent=reason)


def _wait_of(error: discord.HTTPException) -> float:
    try:
        return float(error.response.headers.get("Retry-After", _NO_ANSWER_SECONDS))
    except ValueError:
        return _NO_ANSWER_SECONDS
