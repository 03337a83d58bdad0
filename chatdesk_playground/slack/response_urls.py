"""response_url: answering into a conversation after an interaction.

https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from chatdesk_playground.slack.blocks import block_problems, completed
from chatdesk_playground.slack.posting import delete, edit, post, post_only_for
from chatdesk_playground.slack.site import RecordedRequest, Site
from chatdesk_playground.slack.state import Channel, Message, ResponseUrl, Workspace
from chatdesk_playground.slack.wire import JsonObject, children, dump, flag, parse_object, text

USES = 5


class Refused(Exception):
    """An answer that Slack would not take."""


def new_response_url(
    site: Site,
    workspace: Workspace,
    user_id: str,
    channel: Channel,
    message: Message | None = None,
) -> str:
    """The address for answers to one interaction."""
    key = secrets.token_urlsafe(24)
    site.world.response_urls[key] = ResponseUrl(
        key=key,
        team_id=workspace.id,
        user_id=user_id,
        channel_id=channel.id,
        expires=time.monotonic() + site.world.timings.response_url,
        uses_left=USES,
        message_ts=message.ts if message else "",
    )
    return f"{site.base_url}/responses/{workspace.id}/{key}"


@dataclass(frozen=True, slots=True)
class ResponseUrls:
    """The endpoint behind all response URLs."""

    site: Site

    async def handle(self, request: Request) -> Response:
        """Take one answer."""
        body: JsonObject = {}
        self.site.requests_under_way += 1
        try:
            body = parse_object(await request.body())
            self.take(request.path_params["key"], body)
            status, answer = 200, "ok"
        except ValueError:
            status, answer = 400, "invalid_payload"
        except Refused as refusal:
            status, answer = 404, str(refusal)
        finally:
            self.site.requests_under_way -= 1
        shown: JsonObject = {"ok": status == 200, "error": "" if status == 200 else answer}
        self.site.requests.append(RecordedRequest("response_url", body, status, shown, time.time(), 0.0))
        if status == 200:
            return PlainTextResponse(answer)
        return Response(dump(shown), status, media_type="application/json")

    def take(self, key: str, body: JsonObject) -> None:
        """Show what the app answers. Raises `Refused`."""
        right = self.site.world.response_urls.get(key)
        if right is None:
            raise Refused("no_such_url")
        if time.monotonic() > right.expires:
            raise Refused("expired_url")
        if right.uses_left < 1:
            raise Refused("used_url")
        right.uses_left -= 1
        workspace = self.site.world.workspace(right.team_id)
        answer_into(self.site, workspace, right, body)


def answer_into(site: Site, workspace: Workspace, right: ResponseUrl, body: JsonObject) -> None:
    """Show an answer where the interaction was. Raises `Refused`."""
    channel = workspace.channels.get(right.channel_id)
    if channel is None:
        raise Refused("channel_not_found")
    original = channel.messages.get(right.message_ts) or channel.ephemerals.get(right.message_ts)
    if flag(body, "delete_original") and original is not None:
        delete(site, workspace, channel, original)
        return
    blocks = children(body, "blocks")
    if block_problems(blocks, "message"):
        raise Refused("invalid_blocks")
    words = text(body, "text")
    if not words and not blocks and not children(body, "attachments"):
        raise Refused("no_text")
    if flag(body, "replace_original") and original is not None:
        attachments = children(body, "attachments")
        edit(site, workspace, channel, original, workspace.bot_user_id, words, completed(blocks), attachments)
        return
    _say(site, workspace, channel, right, body)


def _say(site: Site, workspace: Workspace, channel: Channel, right: ResponseUrl, body: JsonObject) -> None:
    message = Message(
        ts=site.world.new_ts(),
        channel_id=channel.id,
        text=text(body, "text"),
        user=workspace.bot_user_id,
        bot_id=workspace.bot_id,
        thread_ts=text(body, "thread_ts") or None,
        blocks=completed(children(body, "blocks")),
        attachments=children(body, "attachments"),
    )
    if text(body, "response_type", "ephemeral") == "in_channel":
        post(site, workspace, channel, message)
        return
    message.only_for = right.user_id
    post_only_for(site, channel, message)
