"""What Bolt calls when somebody uses a command, a shortcut, a button or a modal, or opens our page.

Slack sends none of these twice, and shows its own failure notice where one is not acknowledged within 3 s.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from slack_bolt.async_app import AsyncAck

from adapters.slack import parse_interactions
from adapters.slack.answers import words_of
from adapters.slack.calls import post
from adapters.slack.forms import field_errors, notice, view_of
from adapters.slack.ids import identity
from adapters.slack.parse import Us, mentioned, source_message
from adapters.slack.parse_interactions import Interaction
from adapters.slack.reception import Reception
from adapters.slack.render import home
from adapters.slack.wire import Json, items, mapping, text
from chatdesk.contract.actions import FormKind
from chatdesk.contract.inbound import FormOpened
from chatdesk.contract.ports import Accepted, Refused
from chatdesk.contract.questions import HomeOf
from chatdesk.contract.sentences import FORM_EXPIRED, NOT_UNDERSTOOD
from chatdesk.contract.vocabulary import Actor, Means, SourceMessage

MESSAGE_SHORTCUTS = {
    "create_ticket": FormKind.TICKET,
    "escalate_ticket": FormKind.ESCALATE,
    "split_ticket": FormKind.SPLIT,
}
GLOBAL_SHORTCUTS = {"new_ticket": FormKind.TICKET}


@dataclass(frozen=True, slots=True)
class InteractiveListeners:
    """Listeners for what is answered to the person who acted."""

    reception: Reception
    _at_home: set[str] = field(default_factory=set)
    """Who has opened our page since we connected; theirs is kept up to date when they act."""

    async def ticket_command(self, body: dict[str, object], ack: AsyncAck) -> None:
        async with self.reception.in_flight.held():
            if parse_interactions.asks_for_form(text(body, "text")):
                seen = self._seen(body, parse_interactions.command)
                await self._open_form(
                    parse_interactions.form_opened(seen, FormKind.TICKET, Means.COMMAND), seen
                )
                await ack()
            else:
                await self._command(body, ack, "ticket")

    async def desk_command(self, body: dict[str, object], ack: AsyncAck) -> None:
        async with self.reception.in_flight.held():
            await self._command(body, ack, "desk")

    async def kb_command(self, body: dict[str, object], ack: AsyncAck) -> None:
        async with self.reception.in_flight.held():
            await self._command(body, ack, "kb")

    async def assist_command(self, body: dict[str, object], ack: AsyncAck) -> None:
        async with self.reception.in_flight.held():
            await self._command(body, ack, "assist")

    async def message_shortcut(self, body: dict[str, object], ack: AsyncAck) -> None:
        async with self.reception.in_flight.held():
            seen = self._seen(body, parse_interactions.interaction)
            kind = MESSAGE_SHORTCUTS.get(text(body, "callback_id"))
            if kind is None:
                await self._not_understood(seen)
            elif (view_id := await self._skeleton(seen)) is not None:
                source = await self._source(mapping(body, "message"), text(body, "channel", "id"))
                opened = parse_interactions.form_opened(seen, kind, Means.SHORTCUT, source=source)
                await self._fill(opened, seen, view_id)
            await ack()

    async def global_shortcut(self, body: dict[str, object], ack: AsyncAck) -> None:
        async with self.reception.in_flight.held():
            seen = self._seen(body, parse_interactions.interaction)
            kind = GLOBAL_SHORTCUTS.get(text(body, "callback_id"))
            if kind is None:
                await self._not_understood(seen)
            else:
                await self._open_form(parse_interactions.form_opened(seen, kind, Means.SHORTCUT), seen)
            await ack()

    async def pressed(self, body: dict[str, object], ack: AsyncAck) -> None:
        """A button or menu; within a modal, a field that others depend on."""
        at = self.reception
        async with at.in_flight.held():
            seen = self._seen(body, parse_interactions.interaction)
            if seen.view is not None:
                answer = await at.handle(parse_interactions.form_changed(seen))
                await at.before_ack(at.answers.refresh(seen.view, seen, answer))
            else:
                for pressed in items(body, "actions")[:1]:
                    await self._pressed(seen, pressed)
            await ack()

    async def submitted(self, body: dict[str, object], ack: AsyncAck) -> None:
        """A modal's submission; where it is refused the modal stays open with what was typed."""
        at = self.reception
        async with at.in_flight.held():
            seen = self._seen(body, parse_interactions.view_interaction)
            answer = await at.handle(parse_interactions.form_submitted(seen))
            match answer:
                case Refused(words, fields):
                    errors = field_errors(seen.view or {}, fields, words)
                    if errors:
                        await ack(response_action="errors", errors=errors)
                    else:
                        await ack(response_action="update", view=dict(notice(words, seen.where)))
                case Accepted(form=form) if form is not None:
                    await ack(response_action="update", view=dict(view_of(form, seen.where)))
                case _:
                    await ack()
                    await at.tell(seen.actor, seen.where, answer)
                    await self._refresh_home(seen.actor)

    async def closed(self, body: dict[str, object], ack: AsyncAck) -> None:
        at = self.reception
        async with at.in_flight.held():
            seen = self._seen(body, parse_interactions.view_interaction)
            await at.handle(parse_interactions.form_dismissed(seen))
            await ack()

    async def home_opened(self, event: dict[str, object]) -> None:
        if text(event, "tab") not in ("", "home"):
            return
        async with self.reception.in_flight.held():
            user = text(event, "user")
            self._at_home.add(user)
            await self._publish_home(Actor(identity(user)))

    async def apologise(self, body: dict[str, object], error: Exception) -> None:
        """Say that something broke outside the desk, such as Slack refusing to open a form."""
        at = self.reception
        words = at.went_wrong(text(body, "type") or "command", error)
        is_command = bool(text(body, "command"))
        seen = self._seen(body, parse_interactions.command if is_command else parse_interactions.interaction)
        await at.before_ack(at.answers.to_press(seen, Refused(words)))

    async def _command(self, body: dict[str, object], ack: AsyncAck, name: str) -> None:
        at = self.reception
        seen = self._seen(body, parse_interactions.command)
        words = text(body, "text")
        names = await at.directory.names(mentioned(body))
        answer = await at.handle(parse_interactions.command_typed(seen, words, name, names))
        shown = words_of(answer)
        if shown is None:
            await ack()
        else:
            blocks = [dict(block) for block in shown.blocks] or None
            await ack(text=shown.text, blocks=blocks, response_type="ephemeral")
        if isinstance(answer, Accepted) and answer.form is not None:
            await at.before_ack(at.answers.open_form(seen, answer.form))
        if isinstance(answer, Accepted) and answer.panel is not None:
            await at.before_ack(at.answers.show_panel(seen.where, answer.panel))
        await self._refresh_home(seen.actor)

    async def _pressed(self, seen: Interaction, pressed: object) -> None:
        found = parse_interactions.pressed_action(pressed) if isinstance(pressed, dict) else None
        if found is None:
            await self._not_understood(seen)
            return
        event = parse_interactions.event_of(seen, *found)
        if isinstance(event, FormOpened):
            await self._open_form(event, seen)
            return
        at = self.reception
        answer = await at.handle(event)
        await at.before_ack(at.answers.to_press(seen, answer))
        await self._refresh_home(seen.actor)

    async def _open_form(self, opened: FormOpened, seen: Interaction) -> None:
        view_id = await self._skeleton(seen)
        if view_id is not None:
            await self._fill(opened, seen, view_id)

    async def _skeleton(self, seen: Interaction) -> str | None:
        """Show something while the trigger lives; None, and a word about it, where it has died."""
        at = self.reception
        view_id = await at.answers.open_skeleton(seen)
        if view_id is None:
            await at.before_ack(at.answers.to_press(seen, Refused(FORM_EXPIRED.say())))
        return view_id

    async def _fill(self, opened: FormOpened, seen: Interaction, view_id: str) -> None:
        """Ask the desk what belongs into the skeleton."""
        at = self.reception
        answer = await at.handle(opened)
        await at.before_ack(at.answers.fill(seen, view_id, answer))

    async def _source(self, message: Json, channel: str) -> SourceMessage:
        at = self.reception
        source = source_message(message, channel, at.us, await at.directory.names(mentioned(message)))
        return replace(source, author=await at.directory.introduced(source.author))

    def _seen(self, body: Json, read: Callable[[Json, Us, datetime], Interaction]) -> Interaction:
        at = self.reception
        seen = read(body, at.us, at.clock.now())
        return replace(seen, actor=at.directory.recognised(seen.actor))

    async def _not_understood(self, seen: Interaction) -> None:
        at = self.reception
        await at.before_ack(at.answers.to_press(seen, Refused(NOT_UNDERSTOOD.say())))

    async def _refresh_home(self, actor: Actor) -> None:
        if actor.identity.id in self._at_home:
            await self.reception.before_ack(self._publish_home(actor))

    async def _publish_home(self, actor: Actor) -> None:
        at = self.reception
        shown = await at.desk.ask(HomeOf(at.us.installation, actor))
        view = home(shown, at.us.url)
        await post(at.client, "views.publish", user_id=actor.identity.id, view=view)
