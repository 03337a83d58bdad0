"""Slack's refusals in words for people. Pure; used where SDK errors are translated."""

from __future__ import annotations

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from adapters.slack.outlet import error_code
from chatdesk.contract.ports import DeliveryFailed

_REVOKED = {
    "invalid_auth": "Slack does not accept the bot token",
    "not_authed": "Slack does not accept the bot token",
    "account_inactive": "the bot was removed from the Slack workspace",
    "token_revoked": "the bot token was revoked",
    "token_expired": "the bot token has expired",
    "team_access_not_granted": "the bot has no access to this Slack workspace any more",
    "app_uninstalled": "the app was removed from the Slack workspace",
}
_PERMANENT = {
    "channel_not_found": "the Slack channel does not exist, or the bot is not in it",
    "not_in_channel": "the bot is not in the Slack channel; invite it there",
    "is_archived": "the Slack channel is archived",
    "message_not_found": "the message was deleted on Slack",
    "thread_not_found": "the thread was deleted on Slack",
    "cant_update_message": "Slack does not let the bot edit this message",
    "edit_window_closed": "Slack does not let messages of this age be edited",
    "cant_delete_message": "Slack does not let the bot delete this message",
    "msg_too_long": "the message is too long for Slack",
    "no_text": "there is nothing to show",
    "restricted_action": "an admin of the Slack workspace does not allow posting there",
    "restricted_action_read_only_channel": "the Slack channel is read-only",
    "restricted_action_thread_locked": "the thread is locked on Slack",
    "cannot_reply_to_message": "Slack allows no replies to this message",
    "user_not_found": "Slack does not know this person any more",
    "users_not_found": "Slack does not know this person any more",
    "user_disabled": "this person's Slack account is deactivated",
    "user_not_visible": "the bot may not see this person on Slack",
    "cannot_dm_bot": "bots cannot be written to",
    "messages_tab_disabled": "direct messages to the bot are switched off in the Slack app's settings",
    "file_not_found": "the file was deleted on Slack",
    "file_deleted": "the file was deleted on Slack",
    "too_many_reactions": "the message has as many reactions as Slack allows",
    "too_many_emoji": "the message has as many reactions as Slack allows",
    "ekm_access_denied": "the Slack workspace's encryption keys are withdrawn",
}
_PASSING = frozenset(
    {
        "internal_error",
        "fatal_error",
        "service_unavailable",
        "request_timeout",
        "team_added_to_org",
        "accesslimited",
        "message_limit_exceeded",
        "rate_limited",
        "ratelimited",
    }
)
_UNCERTAIN = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout"})
_DEFAULT_PAUSE_SECONDS = 30.0
_SDK_ERRORS = (SlackClientError, aiohttp.ClientError, TimeoutError, ConnectionError)

SDK_ERRORS: tuple[type[Exception], ...] = _SDK_ERRORS
"""What the SDK and its transport raise."""


def delivery_failed(error: Exception) -> DeliveryFailed:
    """An error of the SDK or its transport as the contract's own."""
    if isinstance(error, SlackApiError):
        return _refused(error)
    if isinstance(error, aiohttp.ClientConnectorError):
        return DeliveryFailed(uncertain=False)
    return DeliveryFailed(uncertain=True)


def reason_of(error: Exception) -> str:
    """Why, in one clause."""
    failed = delivery_failed(error)
    return failed.permanent or "Slack could not be reached"


def _refused(error: SlackApiError) -> DeliveryFailed:
    status, code = _status(error), error_code(error)
    if status == 429 or code in ("ratelimited", "rate_limited"):
        return DeliveryFailed(retry_after=_pause(error))
    if code in _PASSING or (not code and (status >= 500 or status == 200)):
        return DeliveryFailed(uncertain=not code or code in _UNCERTAIN)
    if code in _REVOKED:
        return DeliveryFailed(permanent=_REVOKED[code], revoked=True)
    if code == "missing_scope":
        return DeliveryFailed(permanent=f"the Slack app lacks the scope {_needed(error)}")
    return DeliveryFailed(permanent=_PERMANENT.get(code) or f"Slack refused it ({code or status})")


def _status(error: SlackApiError) -> int:
    found = getattr(error.response, "status_code", None) or getattr(error.response, "status", 0)
    return found if isinstance(found, int) else 0


def _pause(error: SlackApiError) -> float:
    headers = getattr(error.response, "headers", {})
    try:
        return float(headers.get("Retry-After", _DEFAULT_PAUSE_SECONDS))
    except (TypeError, ValueError):
        return _DEFAULT_PAUSE_SECONDS


def _needed(error: SlackApiError) -> str:
    data = getattr(error.response, "data", None)
    needed = data.get("needed") if isinstance(data, dict) else None
    return str(needed or "it needs")
