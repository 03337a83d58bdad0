"""How the desk's answer reaches the person who acted, and nobody else."""

from __future__ import annotations

from collections.abc import Mapping

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from adapters.slack.calls import post
from adapters.slack.forms import notice, skeleton, view_of
from adapters.slack.ids import address_of, spot
from adapters.slack.outlet import is_error
from adapters.slack.parse_interactions import Interaction
from adapters.slack.render import Shown, line, panel
from adapters.slack.wire import Json, mapping, text
from chatdesk.contract.links import with_addresses
from chatdesk.contract.ports import Accepted, Answer
from chatdesk.contract.sentences import FORM_EXPIRED
from chatdesk.contract.views import Form, Panel
from chatdesk.contract.vocabulary import IdentityId, Where

_NOT_THERE = ("user_not_in_channel", "not_in_channel", "channel_not_found", "is_archived")
_VIEW_GONE = ("not_found", "hash_conflict", "view_not_found")
_TRIGGER_GONE = ("expired_trigger_id", "trigger_expired", "exchanged_trigger_id", "trigger_exchanged")


def words_of(answer: Answer) -> Shown | None:
    """What an answer says; None where it says nothing."""
    if answer.text is None:
        return None
    return line(with_addresses(answer.text, address_of), answer.controls)


class Answers:
    """Gives answers. ``respond`` methods are for interactions, ``tell`` for a person in a place."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def to_press(self, seen: Interaction, answer: Answer) -> None:
        """Answer a button or shortcut: beside it, or in place of the ephemeral message that held it."""
        if isinstance(answer, Accepted) and answer.form is not None:
            await self.open_form(seen, answer.form)
            return
        shown = words_of(answer)
        if shown is not None:
            await self._respond(seen, shown)
        elif seen.in_ephemeral and seen.response_url:
            await self._webhook(seen.response_url, {"delete_original": True})
        if isinstance(answer, Accepted) and answer.panel is not None:
            await self.show_panel(seen.where, answer.panel)

    async def tell(self, who: IdentityId, place: Where | None, shown: Shown) -> None:
        """Say something to one person alone: in a place, or, where that cannot be, in a direct message."""
        at = spot(place.place) if place is not None else None
        if at is None:
            await self._tell_directly(who, shown)
        elif at.is_dm:
            await post(self._client, "chat.postMessage", channel=at.channel, **shown.arguments())
        else:
            try:
                await post(
                    self._client,
                    "chat.postEphemeral",
                    channel=at.channel,
                    thread_ts=at.thread,
                    user=who.id,
                    **shown.arguments(),
                )
            except SlackApiError as error:
                if not is_error(error, *_NOT_THERE):
                    raise
                await self._tell_directly(who, shown)

    async def show_panel(self, place: Where | None, shown: Panel) -> None:
        if place is not None:
            at = spot(place.place)
            message = panel(shown).arguments()
            await post(self._client, "chat.postMessage", channel=at.channel, thread_ts=at.thread, **message)

    async def open_skeleton(self, seen: Interaction) -> str | None:
        """Use the trigger while it lives; the view's id, None where it had died."""
        try:
            opened = await self._open(seen, skeleton(seen.where))
        except SlackApiError as error:
            if not is_error(error, *_TRIGGER_GONE):
                raise
            return None
        return text(opened, "view", "id")

    async def fill(self, seen: Interaction, view_id: str, answer: Answer) -> None:
        """Put the form, or why there is none, in the skeleton's place."""
        if isinstance(answer, Accepted) and answer.form is not None:
            view = view_of(answer.form, seen.where)
        else:
            view = notice(answer.text or FORM_EXPIRED.say(), seen.where)
        await self._update(view_id, None, view)

    async def open_form(self, seen: Interaction, form: Form) -> None:
        """Open a form as the answer to something that asked for none; a trigger may have died since."""
        try:
            await self._open(seen, view_of(form, seen.where))
        except SlackApiError as error:
            if not is_error(error, *_TRIGGER_GONE):
                raise
            await self._respond(seen, line(FORM_EXPIRED.say()))

    async def refresh(self, view: Json, seen: Interaction, answer: Answer) -> None:
        """Show a form anew while it is open; if it changed meanwhile, that change brings its own answer."""
        if isinstance(answer, Accepted) and answer.form is not None:
            await self._update(text(view, "id"), text(view, "hash"), view_of(answer.form, seen.where))

    async def _open(self, seen: Interaction, view: Mapping[str, object]) -> Json:
        """A form that is asked for within a form lies on top of it."""
        method = "views.open" if seen.view is None else "views.push"
        return await post(self._client, method, trigger_id=seen.trigger, view=view)

    async def _update(self, view_id: str, known: str | None, view: Mapping[str, object]) -> None:
        try:
            await post(self._client, "views.update", view_id=view_id, hash=known, view=view)
        except SlackApiError as error:
            if not is_error(error, *_VIEW_GONE):
                raise

    async def _respond(self, seen: Interaction, shown: Shown) -> None:
        """By the interaction's own address, which works where we are not a member; else as we can."""
        thread = spot(seen.where.place).thread if seen.where is not None else None
        message = {
            **shown.arguments(),
            "response_type": "ephemeral",
            "replace_original": seen.in_ephemeral,
        }
        if thread:
            message["thread_ts"] = thread
        if not seen.response_url or not await self._webhook(seen.response_url, message):
            await self.tell(seen.actor.identity, seen.where, shown)

    async def _webhook(self, url: str, message: Mapping[str, object]) -> bool:
        """Whether Slack took it: such an address lives half an hour and takes five answers."""
        hook = AsyncWebhookClient(
            url, session=self._client.session, logger=self._client.logger, retry_handlers=[]
        )
        return (await hook.send_dict(dict(message))).status_code == 200

    async def _tell_directly(self, who: IdentityId, shown: Shown) -> None:
        opened = await post(self._client, "conversations.open", users=who.id)
        channel = text(mapping(opened, "channel"), "id")
        await post(self._client, "chat.postMessage", channel=channel, **shown.arguments())
