"""What every delivery needs: the client, a session for files, and posting a message once."""

from __future__ import annotations

from dataclasses import dataclass

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.calls import post
from adapters.slack.history import delivery_mark, find_own
from adapters.slack.ids import Spot
from adapters.slack.render import Shown
from adapters.slack.wire import Json, mapping, text
from chatdesk.contract.ports import Attempt


@dataclass(frozen=True, slots=True)
class Outlet:
    """Our way to Slack. ``session`` carries files, which the SDK's client does not stream."""

    client: AsyncWebClient
    session: aiohttp.ClientSession


@dataclass(frozen=True, slots=True)
class Sender:
    """Under whose name a message appears; the bot's own where there is none."""

    name: str
    icon: str | None


async def say_once(
    outlet: Outlet,
    at: Spot,
    shown: Shown,
    attempt: Attempt,
    part: str,
    sender: Sender | None = None,
) -> str:
    """Post a part of a delivery unless an earlier try did; the message's ts."""
    if part in attempt.done:
        return attempt.done[part]
    ts = await find_own(outlet.client, at, attempt, part) if attempt.uncertain else None
    if ts is None:
        answered = await post(
            outlet.client,
            "chat.postMessage",
            channel=at.channel,
            thread_ts=at.thread,
            text=shown.text,
            blocks=list(shown.blocks) or None,
            username=sender.name if sender else None,
            icon_url=sender.icon if sender else None,
            metadata=delivery_mark(attempt, part),
            unfurl_links=False,
            unfurl_media=False,
            link_names=False,
        )
        ts = text(answered, "ts")
    await remember(attempt, part, ts)
    return ts


async def change(outlet: Outlet, channel: str, ts: str, shown: Shown) -> Json:
    """Edit a message of ours; what Slack says it is now."""
    answered = await post(
        outlet.client,
        "chat.update",
        channel=channel,
        ts=ts,
        text=shown.text,
        blocks=list(shown.blocks),
        link_names=False,
    )
    return mapping(answered, "message")


async def remember(attempt: Attempt, step: str, value: str) -> None:
    """Persist a step, so that a later try goes on behind it."""
    if attempt.record is not None:
        await attempt.record(step, value)


async def open_dm(outlet: Outlet, user: str) -> str:
    """The DM between our bot and a person."""
    answered = await post(outlet.client, "conversations.open", users=user)
    return text(answered, "channel", "id")


def is_error(error: SlackApiError, *codes: str) -> bool:
    """Whether Slack refused for one of these reasons."""
    return error_code(error) in codes


def error_code(error: SlackApiError) -> str:
    """Slack's own name for what is wrong; empty where it answered with something else."""
    answered = error.response
    data = getattr(answered, "data", answered)
    found = data.get("error") if isinstance(data, dict) else None
    return found if isinstance(found, str) else ""
