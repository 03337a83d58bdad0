"""A person in a workspace, to be used from tests, the demo and scripts."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from chatdesk_playground.slack.remote import Remote, now
from chatdesk_playground.slack.sights import (
    Outcome,
    SeenFile,
    SeenMessage,
    SeenView,
    message_from,
    outcome_from,
    view_from,
)
from chatdesk_playground.slack.wire import JsonObject, JsonValue, child, children, text


@dataclass(frozen=True, slots=True)
class SlackHuman:
    """Acts as one person. Channels are given by id or name, messages by `ts`.

    Every method raises `PlaygroundError` when Slack's client would not offer that to this person.
    """

    remote: Remote
    team_id: str
    id: str
    name: str
    token: str

    async def post(
        self,
        channel: str,
        text: str,
        *,
        thread_ts: str | None = None,
        files: Sequence[tuple[str, bytes]] = (),
        broadcast: bool = False,
    ) -> SeenMessage:
        """Write what a human types: mrkdwn, @names, #channels, links. With files it is a file share."""
        encoded: list[JsonValue] = [
            {"name": name, "content": base64.b64encode(content).decode()} for name, content in files
        ]
        answer = await self._ask(
            "post", channel=channel, text=text, thread_ts=thread_ts, files=encoded, broadcast=broadcast
        )
        return message_from(answer)

    async def upload(
        self, channel: str, *files: tuple[str, bytes], text: str = "", thread_ts: str | None = None
    ) -> SeenMessage:
        """Share files, (name, content) each."""
        return await self.post(channel, text, thread_ts=thread_ts, files=files)

    async def edit(self, channel: str, ts: str, text: str) -> SeenMessage:
        """Change one's own message."""
        return message_from(await self._ask("edit", channel=channel, ts=ts, text=text))

    async def delete(self, channel: str, ts: str) -> None:
        """Delete one's own message."""
        await self._ask("delete", channel=channel, ts=ts)

    async def delete_file(self, file_id: str) -> None:
        """Delete one's own file."""
        await self._ask("delete_file", file=file_id)

    async def react(self, channel: str, ts: str, name: str) -> None:
        """Add a reaction, by its name such as "eyes"."""
        await self._ask("react", channel=channel, ts=ts, name=name)

    async def unreact(self, channel: str, ts: str, name: str) -> None:
        """Take a reaction back."""
        await self._ask("unreact", channel=channel, ts=ts, name=name)

    async def messages(self, channel: str, *, thread_ts: str | None = None) -> list[SeenMessage]:
        """What this person sees, oldest first: a channel without its threads, or one thread."""
        answer = await self._ask("messages", channel=channel, thread_ts=thread_ts)
        return [message_from(message) for message in children(answer, "messages")]

    async def wait_for(
        self,
        channel: str,
        predicate: Callable[[SeenMessage], bool],
        *,
        thread_ts: str | None = None,
        timeout: float = 5.0,
    ) -> SeenMessage:
        """The first message that satisfies the predicate. Raises `TimeoutError` that tells what was seen."""
        deadline = now() + timeout
        while True:
            version = await self.remote.version()
            seen = await self.messages(channel, thread_ts=thread_ts)
            for message in seen:
                if predicate(message):
                    return message
            if now() >= deadline:
                place = f"{channel} thread {thread_ts}" if thread_ts else channel
                lines = "\n".join(f"  {m.author}{' (only me)' * m.ephemeral}: {m.shown}" for m in seen)
                raise TimeoutError(f"{self.name} waited {timeout} s in {place} and saw only:\n{lines}")
            await self.remote.changed(version, max(0.0, deadline - now()))

    async def channels(self) -> list[str]:
        """Ids of the conversations this person sees in the sidebar."""
        return [text(channel, "id") for channel in children(await self._ask("channels"), "channels")]

    async def dm_with_bot(self) -> str:
        """The direct conversation with the app's bot; its id."""
        return text(await self._ask("direct"), "channel")

    async def dm_with(self, user_id: str) -> str:
        """The direct conversation with another person; its id."""
        return text(await self._ask("direct", **{"with": user_id}), "channel")

    async def join(self, channel: str) -> None:
        """Join a public channel."""
        await self._ask("join", channel=channel)

    async def leave(self, channel: str) -> None:
        """Leave a channel."""
        await self._ask("leave", channel=channel)

    async def invite(self, channel: str, user_id: str) -> None:
        """Bring somebody else, perhaps the bot, into a channel."""
        await self._ask("invite", channel=channel, guest=user_id)

    async def download(self, file: SeenFile) -> bytes:
        """A file's bytes."""
        return await self.remote.download(file.url, self.token)

    async def slash(
        self, channel: str, command: str, text: str = "", *, thread_ts: str | None = None
    ) -> Outcome:
        """Type a slash command. In a thread Slack refuses it, as it does here."""
        return await self._do("slash", channel=channel, command=command, text=text, thread_ts=thread_ts)

    async def message_shortcut(self, callback_id: str, channel: str, ts: str) -> Outcome:
        """Use a shortcut from a message's menu."""
        return await self._do("message_shortcut", callback_id=callback_id, channel=channel, ts=ts)

    async def global_shortcut(self, callback_id: str) -> Outcome:
        """Use a global shortcut."""
        return await self._do("global_shortcut", callback_id=callback_id)

    async def click(self, channel: str, ts: str, name: str) -> Outcome:
        """Click a button of a message, by its label or action id."""
        return await self._do("act", channel=channel, ts=ts, name=name)

    async def choose(self, channel: str, ts: str, name: str, option: JsonValue) -> Outcome:
        """Choose in a menu of a message: by label, placeholder or action id; the option by text or value."""
        return await self._do("act", channel=channel, ts=ts, name=name, option=option)

    async def modal(self) -> SeenView | None:
        """The modal on top of the screen."""
        return view_from(child(await self._ask("modal"), "view"))

    async def wait_for_modal(
        self,
        predicate: Callable[[SeenView], bool] = lambda view: True,
        *,
        timeout: float = 5.0,
    ) -> SeenView:
        """The modal on top of the screen once it satisfies the predicate. Raises `TimeoutError`."""
        return await self._wait_for_view(self.modal, predicate, timeout)

    async def modal_click(self, name: str) -> Outcome:
        """Click a button in the modal."""
        return await self._do("act_in_view", name=name)

    async def modal_choose(self, name: str, option: JsonValue) -> Outcome:
        """Choose or type in the modal without handing it in."""
        return await self._do("act_in_view", name=name, option=option)

    async def suggestions(self, name: str, typed: str) -> list[str]:
        """What an external select in the modal offers after `typed`."""
        answer = await self._ask("suggest", name=name, typed=typed)
        return [text(child(option, "text"), "text") for option in children(answer, "options")]

    async def submit(self, fields: Mapping[str, JsonValue] | None = None) -> Outcome:
        """Fill in fields, by label or block or action id, and hand the modal in."""
        return await self._do("submit", fields=dict(fields or {}))

    async def close_modal(self, *, everything: bool = False) -> Outcome:
        """Dismiss the modal, or the whole stack."""
        return await self._do("close_modal", all=everything)

    async def open_home(self) -> SeenView | None:
        """Open the App Home; waits up to a second for the app to publish it anew."""
        return view_from(child(await self._ask("open_home"), "view"))

    async def home(self) -> SeenView | None:
        """The App Home as it stands."""
        return view_from(child(await self._ask("home"), "view"))

    async def wait_for_home(
        self,
        predicate: Callable[[SeenView], bool] = lambda view: True,
        *,
        timeout: float = 5.0,
    ) -> SeenView:
        """The App Home once it satisfies the predicate. Raises `TimeoutError`."""
        return await self._wait_for_view(self.home, predicate, timeout)

    async def home_click(self, name: str) -> Outcome:
        """Click a button in the App Home."""
        return await self._do("act_in_view", name=name, home=True)

    async def home_choose(self, name: str, option: JsonValue) -> Outcome:
        """Choose in a menu of the App Home."""
        return await self._do("act_in_view", name=name, option=option, home=True)

    async def _wait_for_view(
        self,
        look: Callable[[], Awaitable[SeenView | None]],
        predicate: Callable[[SeenView], bool],
        patience: float,
    ) -> SeenView:
        deadline = now() + patience
        while True:
            version = await self.remote.version()
            view = await look()
            if view is not None and predicate(view):
                return view
            if now() >= deadline:
                shown = f"{view.title!r}:\n{view.shown}" if view else "nothing"
                raise TimeoutError(f"{self.name} waited {patience} s for a view and saw only {shown}")
            await self.remote.changed(version, max(0.0, deadline - now()))

    async def _ask(self, action: str, **arguments: JsonValue) -> JsonObject:
        return await self.remote.ask(f"people/{action}", team=self.team_id, user=self.id, **arguments)

    async def _do(self, action: str, **arguments: JsonValue) -> Outcome:
        return outcome_from(await self._ask(action, **arguments))
