"""Sending what a human did to the app, and turning the app's answer into what the human then sees."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from chatdesk_playground.slack import interactions, modals
from chatdesk_playground.slack.blocks import elements_of
from chatdesk_playground.slack.delivery import Acknowledged, Kind, Unanswered
from chatdesk_playground.slack.inputs import label_of
from chatdesk_playground.slack.response_urls import Refused, answer_into
from chatdesk_playground.slack.seen import message_seen, view_seen
from chatdesk_playground.slack.site import Site
from chatdesk_playground.slack.state import Channel, ResponseUrl, User, View, Workspace
from chatdesk_playground.slack.webapi import ApiError
from chatdesk_playground.slack.wire import JsonObject, JsonValue, child, children, text

TROUBLE = "We had some trouble connecting. Try again?"


@dataclass(frozen=True, slots=True)
class Result:
    """How an interaction went, for the human who began it."""

    acknowledged: bool
    milliseconds: float
    error: str = ""
    field_errors: Mapping[str, str] = field(default_factory=dict)
    closed: bool = False
    answer: JsonValue = None


@dataclass(frozen=True, slots=True)
class Conduct:
    """One human in front of one workspace."""

    site: Site
    workspace: Workspace
    user: User

    async def send(self, kind: Kind, payload: JsonObject) -> Result:
        """Send an interaction and wait for the answer, three seconds at most."""
        started = time.monotonic()
        app = self.site.world.app_of(self.workspace)
        outcome = await self.site.delivery.interact(app, kind, payload)
        spent = (time.monotonic() - started) * 1000
        if isinstance(outcome, Acknowledged):
            return Result(True, spent, answer=outcome.body)
        return Result(False, spent, error=_failure(kind, payload, outcome))

    async def slash(self, channel: Channel, command: str, words: str) -> Result:
        """A slash command; what the acknowledgement carries is shown to the human."""
        payload = interactions.slash_command(self.site, self.workspace, self.user, channel, command, words)
        result = await self.send("slash_commands", payload)
        if isinstance(result.answer, Mapping) and result.answer:
            right = ResponseUrl("", self.workspace.id, self.user.id, channel.id, 0, 1)
            try:
                answer_into(self.site, self.workspace, right, result.answer)
            except Refused as refusal:
                return replace(result, error=f'{command} failed with the error "{refusal}"')
        return result

    async def submit(self, view: View) -> Result:
        """Hand a modal in and do what the app answers."""
        payload = interactions.view_submission(self.site, self.workspace, self.user, view)
        result = await self.send("interactive", payload)
        if not result.acknowledged:
            return result
        answer = result.answer if isinstance(result.answer, Mapping) else {}
        try:
            return self._respond(view, answer, result)
        except ApiError:
            return replace(result, error=TROUBLE)

    def _respond(self, view: View, answer: JsonObject, result: Result) -> Result:
        action = text(answer, "response_action")
        raw = child(answer, "view")
        if action == "errors":
            errors = child(answer, "errors")
            named = {label: text(errors, block_id) for block_id, label in _labels(view) if block_id in errors}
            if not named:
                return replace(result, error=TROUBLE)
            return replace(result, field_errors=named)
        if action == "update":
            modals.update_view(self.site, self.workspace, view, raw)
            return result
        if action == "push":
            modals.push_modal(self.site, self.workspace, self.user.id, raw)
            return result
        if action == "clear":
            modals.close_all(self.site, self.workspace, self.user.id)
        else:
            modals.close_top(self.site, self.workspace, self.user.id)
        return replace(result, closed=True)

    async def suggestions(
        self, where: JsonObject, block: JsonObject, element: JsonObject, typed: str
    ) -> list[JsonObject]:
        """The options that the app offers for what was typed into an external select."""
        payload = interactions.block_suggestion(
            self.site, self.workspace, self.user, where, block, element, typed
        )
        result = await self.send("interactive", payload)
        answer = result.answer if isinstance(result.answer, Mapping) else {}
        grouped = [o for group in children(answer, "option_groups") for o in children(group, "options")]
        return children(answer, "options") + grouped

    def outcome(self, result: Result, before: str) -> JsonObject:
        """The result with the ephemeral messages that came since `before`, and the modal on the screen."""
        messages: list[JsonValue] = [
            message_seen(self.site, self.workspace, channel, message)
            for channel in self.workspace.channels.values()
            for message in channel.ephemerals.values()
            if message.only_for == self.user.id and message.ts > before
        ]
        view = self.site.world.top_view(self.workspace.id, self.user.id)
        return {
            "acknowledged": result.acknowledged,
            "milliseconds": result.milliseconds,
            "error": result.error,
            "field_errors": dict(result.field_errors),
            "closed": result.closed,
            "messages": messages,
            "view": view_seen(self.site, self.workspace, view) if view else None,
        }


def _failure(kind: Kind, payload: JsonObject, outcome: Unanswered) -> str:
    if kind == "slash_commands":
        timed_out = outcome.reason in ("timeout", "http_timeout")
        word = "operation_timeout" if timed_out else "dispatch_failed"
        return f'{text(payload, "command")} failed with the error "{word}"'
    return TROUBLE


def _labels(view: View) -> list[tuple[str, str]]:
    return [
        (text(block, "block_id"), label_of(block, element))
        for block in children(view.content, "blocks")
        for element in elements_of(block)
    ]
