"""A person on the playground Discord: their hands and eyes, over the control interface."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager

import aiohttp

from chatdesk_playground.discord.sights import (
    Outcome,
    SeenAttachment,
    SeenMessage,
    SeenModal,
    SeenThread,
    message_from,
    modal_from,
    outcome_from,
    thread_from,
    transcript,
)
from chatdesk_playground.discord.wire import JsonObject, bodies_of, body_of, number_of, text_of

File = tuple[str, bytes]


class Refused(Exception):
    """Discord would not let them: its sentence and, where there is one, its error code."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(f"{message} ({code})" if code else message)
        self.message = message
        self.code = code


class Wire:
    """The control interface over HTTP, in one session, which belongs to one event loop.

    Not `kept`, each request has a session of its own, and any loop may ask.
    """

    def __init__(self, base: str, *, kept: bool = True) -> None:
        self._base = base
        self._kept = kept
        self._session: aiohttp.ClientSession | None = None

    async def call(self, path: str, body: JsonObject) -> object:
        """Posts a body and gives the answer; raises Refused."""
        async with self._open() as http, http.post(f"{self._base}/{path}", json=body) as response:
            content: object = await response.json()
        if response.status >= 400:
            refused = body_of(content)
            raise Refused(text_of(refused, "message"), number_of(refused, "code"))
        return content

    async def download(self, url: str) -> bytes:
        """The bytes behind an address; raises Refused if it has expired."""
        async with self._open() as http, http.get(url) as response:
            content = await response.read()
        if response.status >= 400:
            raise Refused(content.decode(errors="replace"), response.status)
        return content

    @asynccontextmanager
    async def _open(self) -> AsyncIterator[aiohttp.ClientSession]:
        if not self._kept:
            async with aiohttp.ClientSession() as http:
                yield http
            return
        if self._session is None:
            self._session = aiohttp.ClientSession()
        yield self._session

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()


def _files(files: Sequence[File]) -> list[JsonObject]:
    return [{"name": name, "content": base64.b64encode(content).decode()} for name, content in files]


class DiscordHuman:
    """A person on this Discord. What they cannot do raises Refused."""

    def __init__(self, wire: Wire, user_id: str, name: str, display_name: str) -> None:
        self._wire = wire
        self.id = user_id
        self.name = name
        self.display_name = display_name

    @property
    def mention(self) -> str:
        return f"<@{self.id}>"

    async def _do(self, action: str, **body: object) -> object:
        return await self._wire.call(f"users/{self.id}/{action}", body)

    async def post(
        self, channel: str, text: str = "", *, files: Sequence[File] = (), reply_to: str | None = None
    ) -> SeenMessage:
        seen = await self._do("post", channel_id=channel, text=text, files=_files(files), reply_to=reply_to)
        return message_from(body_of(seen))

    async def edit(self, channel: str, message_id: str, text: str) -> SeenMessage:
        seen = await self._do("edit", channel_id=channel, message_id=message_id, text=text)
        return message_from(body_of(seen))

    async def delete(self, channel: str, message_id: str) -> None:
        """Deletes a message, or dismisses one that only this person sees."""
        await self._do("delete", channel_id=channel, message_id=message_id)

    async def react(self, channel: str, message_id: str, emoji: str) -> None:
        await self._do("react", channel_id=channel, message_id=message_id, emoji=emoji)

    async def unreact(self, channel: str, message_id: str, emoji: str) -> None:
        await self._do("unreact", channel_id=channel, message_id=message_id, emoji=emoji)

    async def type_in(self, channel: str) -> None:
        """Shows as typing."""
        await self._do("typing", channel_id=channel)

    async def start_thread(
        self, channel: str, name: str, message_id: str | None = None, *, private: bool = False
    ) -> str:
        """Starts a thread, under a message if one is named; answers its id."""
        seen = await self._do(
            "start_thread", channel_id=channel, name=name, message_id=message_id, private=private
        )
        return text_of(body_of(seen), "id")

    async def forum_post(
        self, forum: str, title: str, text: str, *, files: Sequence[File] = (), tags: Sequence[str] = ()
    ) -> str:
        """Opens a post; answers its id, which is the thread's and the first message's."""
        body = {"channel_id": forum, "title": title, "text": text, "files": _files(files), "tags": list(tags)}
        return text_of(body_of(await self._do("forum_post", **body)), "id")

    async def archive(self, thread: str, archived: bool = True) -> None:
        await self._do("change_thread", channel_id=thread, archived=archived)

    async def lock(self, thread: str, locked: bool = True) -> None:
        """Needs the permission to manage threads."""
        await self._do("change_thread", channel_id=thread, locked=locked)

    async def rename_thread(self, thread: str, name: str) -> None:
        await self._do("change_thread", channel_id=thread, name=name)

    async def add_to_thread(self, thread: str, user_id: str) -> None:
        await self._do("add_to_thread", channel_id=thread, member_id=user_id)

    async def leave_thread(self, thread: str) -> None:
        await self._do("leave_thread", channel_id=thread)

    async def messages(self, channel: str) -> list[SeenMessage]:
        """What this person sees there, oldest first, with what only they see."""
        seen = await self._do("messages", channel_id=channel)
        return [message_from(body) for body in bodies_of(seen)]

    async def threads(self, channel: str) -> list[SeenThread]:
        """The threads under a channel that this person sees, archived ones included."""
        return [thread_from(body) for body in bodies_of(await self._do("threads", channel_id=channel))]

    async def channels(self) -> list[str]:
        """The ids of the channels that this person sees."""
        return [text_of(body, "id") for body in bodies_of(await self._do("channels"))]

    async def download(self, attachment: SeenAttachment) -> bytes:
        return await self._wire.download(attachment.url)

    async def dm_with_bot(self, application_id: str | None = None) -> str:
        return text_of(body_of(await self._do("open_dm", application_id=application_id)), "id")

    async def set_dms(self, open_now: bool) -> None:
        """Opens or closes this person's DMs to bots and members of their servers."""
        await self._do("set_dms", open=open_now)

    async def command(
        self,
        path: str,
        options: Mapping[str, object] | None = None,
        *,
        at: str,
        files: Mapping[str, File] | None = None,
    ) -> Outcome:
        """A slash command such as "ticket open"; options by name, users and channels by id or name."""
        uploads = {name: _files([file]) for name, file in (files or {}).items()}
        body = {"channel_id": at, "command": path, "options": dict(options or {}), "files": uploads}
        return outcome_from(body_of(await self._do("command", **body)))

    async def autocomplete(
        self, path: str, options: Mapping[str, object], *, focused: str, at: str
    ) -> tuple[tuple[str, object], ...]:
        """What is offered while typing into the focused option: pairs of name and value."""
        body = {"channel_id": at, "command": path, "options": dict(options), "focused": focused}
        return outcome_from(body_of(await self._do("autocomplete", **body))).choices

    async def context_menu(self, name: str, channel: str, message_id: str) -> Outcome:
        """An app's entry in a message's menu."""
        body = {"name": name, "channel_id": channel, "message_id": message_id}
        return outcome_from(body_of(await self._do("context_menu", **body)))

    async def user_menu(self, name: str, channel: str, user_id: str) -> Outcome:
        """An app's entry in a user's menu."""
        body = {"name": name, "channel_id": channel, "target_user_id": user_id}
        return outcome_from(body_of(await self._do("context_menu", **body)))

    async def click(self, channel: str, message_id: str, button: str) -> Outcome:
        """A button by label, emoji or custom id."""
        body = {"channel_id": channel, "message_id": message_id, "button": button}
        return outcome_from(body_of(await self._do("click", **body)))

    async def choose(self, channel: str, message_id: str, select: str, *values: str) -> Outcome:
        """A select by placeholder or custom id; its options by label or value."""
        body = {"channel_id": channel, "message_id": message_id, "select": select, "values": list(values)}
        return outcome_from(body_of(await self._do("choose", **body)))

    async def modal(self) -> SeenModal | None:
        """The form on the screen."""
        seen = await self._do("modal")
        return None if seen is None else modal_from(body_of(seen))

    async def close_modal(self) -> None:
        await self._do("close_modal")

    async def submit(
        self, values: Mapping[str, object], *, files: Mapping[str, Sequence[File]] | None = None
    ) -> Outcome:
        """Submits the form on the screen, its fields by label or custom id."""
        uploads = {name: _files(list(group)) for name, group in (files or {}).items()}
        return outcome_from(body_of(await self._do("submit", values=dict(values), files=uploads)))

    async def wait_for(
        self,
        channel: str,
        predicate: Callable[[SeenMessage], bool],
        timeout: float = 5.0,
    ) -> SeenMessage:
        """The first message there that satisfies the predicate; raises TimeoutError saying what was seen."""
        clock = asyncio.get_running_loop().time
        deadline = clock() + timeout
        version = -1
        while True:
            version = number_of(body_of(await self._wire.call("changes", {"after": -1})), "version")
            seen = await self.messages(channel)
            found = next((message for message in seen if predicate(message)), None)
            if found is not None:
                return found
            remaining = deadline - clock()
            if remaining <= 0:
                raise TimeoutError(
                    f"{self.name} waited {timeout} s in {channel} and saw:\n{transcript(seen)}"
                )
            await self._wire.call("changes", {"after": version, "timeout": remaining})
