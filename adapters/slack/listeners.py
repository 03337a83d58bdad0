"""What Bolt calls for events, and how everything is registered with it.

Payload to event, event to desk. Bolt acknowledges when a listener has returned, so what is acknowledged is
committed; an event whose listener raises is sent again by Slack.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, replace

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import parse
from adapters.slack.directory import channel_seen
from adapters.slack.forms import FORM_CALLBACK
from adapters.slack.history import fetch_message
from adapters.slack.ids import channel_and_ts
from adapters.slack.listeners_interactive import InteractiveListeners
from adapters.slack.parse import Us, mentioned, source_message
from adapters.slack.reception import Reception, logger
from adapters.slack.settings import SlackSettings
from adapters.slack.wire import Json, mapping, text
from chatdesk.contract.inbound import (
    ChannelsSeen,
    CommandTyped,
    MessageDeleted,
    MessagePosted,
    ReactionSet,
    TicketAsked,
)
from chatdesk.contract.vocabulary import TICKET_EMOJI, Means

_ANYTHING = re.compile(".*")
_GONE = re.compile(r"^(channel|group)_(archive|deleted|left)$")
_RENAMED = re.compile(r"^(channel|group)_rename$")
_STAFF_CHANGED = re.compile(r"^subteam_(created|updated|members_changed)$")
_MEMBERSHIP = re.compile(r"^member_(joined|left)_channel$")
_CUT_OFF = re.compile(r"^(tokens_revoked|app_uninstalled)$")


def build_app(
    settings: SlackSettings, client: AsyncWebClient, us: Us, sdk_logger: logging.Logger
) -> AsyncApp:
    """Bolt for one workspace whose bot we know already, so that it asks Slack nothing by itself.

    Bolt's own filter for the bot's events is off: it passes on edits of our messages, and it would keep from
    us that we were invited to a channel. ``parse`` drops echoes.
    """

    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None,
            team_id=us.installation.id,
            bot_token=client.token,
            bot_id=us.bot,
            bot_user_id=us.bot_user,
        )

    without_token = AsyncWebClient(
        base_url=client.base_url, session=client.session, logger=sdk_logger, retry_handlers=[]
    )
    secret = settings.signing_secret
    return AsyncApp(
        name="chatdesk.slack.bolt",
        logger=sdk_logger,
        client=without_token,
        authorize=authorize,
        signing_secret=secret.get_secret_value() if secret else "",
        process_before_response=True,
        raise_error_for_unhandled_request=True,
        ignoring_self_events_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )


def register(app: AsyncApp, reception: Reception, settings: SlackSettings) -> None:
    """Tell Bolt what to call for what."""
    events, interactive = EventListeners(reception), InteractiveListeners(reception)
    app.event("message")(events.message)
    app.event("app_mention")(events.mention)
    app.event("reaction_added")(events.reaction)
    app.event("reaction_removed")(events.reaction)
    app.event("app_home_opened")(interactive.home_opened)
    app.event(_GONE)(events.channel_gone)
    app.event(_RENAMED)(events.channel_renamed)
    app.event(_MEMBERSHIP)(events.membership)
    app.event(_STAFF_CHANGED)(events.staff_changed)
    app.event("user_change")(events.person_changed)
    app.event(_CUT_OFF)(events.cut_off)
    app.command(settings.ticket_command)(interactive.ticket_command)
    app.command(settings.desk_command)(interactive.desk_command)
    app.command(settings.kb_command)(interactive.kb_command)
    app.command(settings.assist_command)(interactive.assist_command)
    app.shortcut({"type": "message_action", "callback_id": _ANYTHING})(interactive.message_shortcut)
    app.shortcut({"type": "shortcut", "callback_id": _ANYTHING})(interactive.global_shortcut)
    app.action(_ANYTHING)(interactive.pressed)
    app.view(FORM_CALLBACK)(interactive.submitted)
    app.view_closed(FORM_CALLBACK)(interactive.closed)
    app.error(ErrorListener(interactive).failed)


@dataclass(frozen=True, slots=True)
class ErrorListener:
    """What Bolt calls when a listener raised, or when there is none for a request."""

    interactive: InteractiveListeners

    async def failed(self, error: Exception, body: dict[str, object]) -> BoltResponse | None:
        """An interaction is answered, as Slack never repeats one; an event is left unacknowledged."""
        if isinstance(error, BoltUnhandledRequestError):
            return BoltResponse(status=200, body="")
        if text(body, "type") == "event_callback":
            event = mapping(body, "event")
            logger.error("slack.event_failed", event_type=text(event, "type"), exc_info=error)
            return None
        await self.interactive.apologise(body, error)
        return BoltResponse(status=200, body="")


@dataclass(frozen=True, slots=True)
class EventListeners:
    """Listeners for what happens in channels."""

    reception: Reception

    async def message(self, event: dict[str, object]) -> None:
        """Messages, edits and deletions, in order within a channel."""
        at = self.reception
        await at.announced.passed()
        async with at.in_flight.held(), at.lane(text(event, "channel")):
            unnamed = mentioned(event) | mentioned(mapping(event, "message"))
            seen = parse.message_event(event, at.us, await at.directory.names(unnamed))
            if seen is not None and not isinstance(seen, MessageDeleted):
                seen = replace(seen, actor=await at.directory.introduced(seen.actor))
            match seen:
                case None:
                    return
                case CommandTyped():
                    await self._command(seen)
                case MessagePosted():
                    await at.tell(seen.actor, seen.where, await at.desk.handle(seen))
                case _:
                    await at.desk.handle(seen)

    async def mention(self, event: dict[str, object]) -> None:
        """The second form in which Slack sends a message that mentions us; only a command is news."""
        at, channel = self.reception, text(event, "channel")
        async with at.in_flight.held(), at.lane(channel):
            names = await at.directory.names(mentioned(event))
            command = parse.mention(event, channel, at.us, names)
            if command is not None:
                actor = await at.directory.introduced(command.actor)
                await self._command(replace(command, actor=actor))

    async def reaction(self, event: dict[str, object]) -> None:
        at, channel = self.reception, text(event, "item", "channel")
        async with at.in_flight.held(), at.lane(channel):
            seen = parse.reaction(event, at.us)
            if seen is None:
                return
            seen = replace(seen, actor=await at.directory.introduced(seen.actor))
            asked = await self._ticket_asked(seen)
            await at.tell(seen.actor, seen.where, await at.desk.handle(asked or seen))

    async def channel_gone(self, event: dict[str, object]) -> None:
        async with self.reception.in_flight.held():
            await self.reception.desk.handle(parse.place_gone(event, self.reception.us))

    async def channel_renamed(self, event: dict[str, object]) -> None:
        async with self.reception.in_flight.held():
            self.reception.directory.forget(text(event, "channel", "id"))
            await self._channel_seen(mapping(event, "channel"))

    async def membership(self, event: dict[str, object]) -> None:
        """We came or went, or somebody did in a channel whose members are staff."""
        at, channel = self.reception, text(event, "channel")
        async with at.in_flight.held():
            if text(event, "user") != at.us.bot_user:
                if at.directory.makes_staff(channel):
                    at.refresh_soon()
            elif text(event, "type") == "member_left_channel":
                await at.desk.handle(parse.place_gone(event, at.us))
            else:
                await self._channel_seen(await at.directory.channel(channel))
                at.refresh_soon()

    async def staff_changed(self) -> None:
        self.reception.refresh_soon()

    async def person_changed(self, event: dict[str, object]) -> None:
        self.reception.directory.forget(text(event, "user", "id"))

    async def cut_off(self, event: dict[str, object]) -> None:
        logger.error("slack.cut_off", event_type=text(event, "type"), workspace=self.reception.us.workspace)

    async def _command(self, command: CommandTyped) -> None:
        answer = await self.reception.handle(command)
        await self.reception.tell(command.actor, command.where, answer)

    async def _channel_seen(self, channel: Json) -> None:
        at = self.reception
        seen = ChannelsSeen(at.us.installation, (channel_seen(at.us, channel),), at.clock.now())
        await at.desk.handle(seen)

    async def _ticket_asked(self, seen: ReactionSet) -> TicketAsked | None:
        """🎫 on somebody's message asks for a ticket. The message is not in the event."""
        if seen.emoji != TICKET_EMOJI or not seen.present:
            return None
        at = self.reception
        channel, ts = channel_and_ts(seen.ref)
        message = await fetch_message(at.client, channel, ts)
        if message is None or at.us.wrote(message):
            return None
        names = await at.directory.names(mentioned(message))
        source = source_message(message, channel, at.us, names)
        return TicketAsked(
            key=parse.asked_key(seen.ref, seen.actor),
            actor=seen.actor,
            source=replace(source, author=await at.directory.introduced(source.author)),
            means=Means.REACTION,
            at=seen.at,
        )
