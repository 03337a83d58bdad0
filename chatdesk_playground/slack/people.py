"""What humans do by writing and reacting: the `/control/people/…` routes without interactions."""

from __future__ import annotations

import base64
import binascii
import uuid
from dataclasses import dataclass

from chatdesk_playground.slack.membership import join, leave, open_direct
from chatdesk_playground.slack.methods.reactions import valid_reaction
from chatdesk_playground.slack.posting import delete, edit, post, react, unreact
from chatdesk_playground.slack.seen import message_seen, visible_messages
from chatdesk_playground.slack.sharing import delete_file, new_file, share
from chatdesk_playground.slack.site import Site
from chatdesk_playground.slack.state import Channel, Message, StoredFile, User, Workspace
from chatdesk_playground.slack.typing_in import typed
from chatdesk_playground.slack.wire import JsonObject, children, flag, text
from chatdesk_playground.slack.world import NotHere


class NotAllowed(ValueError):
    """Slack's client would not let this person do that; the message says why."""


@dataclass(frozen=True, slots=True)
class Where:
    """Who acts, and where: read from `team`, `user` and `channel` of a request."""

    workspace: Workspace
    user: User
    channel: Channel


def who(site: Site, body: JsonObject) -> tuple[Workspace, User]:
    """The acting human. Raises `NotHere`."""
    workspace = site.world.workspace(text(body, "team"))
    return workspace, site.world.user(workspace.id, text(body, "user"))


def where(site: Site, body: JsonObject) -> Where:
    """The acting human and a conversation they may see. Raises `NotHere`, `NotAllowed`."""
    workspace, user = who(site, body)
    channel = site.world.channel(workspace.id, text(body, "channel"))
    if channel.is_private and user.id not in channel.members:
        raise NotAllowed(f"{user.name} cannot see {channel.name or channel.id}")
    return Where(workspace, user, channel)


@dataclass(frozen=True, slots=True)
class People:
    """Writing, editing, reacting, uploading and reading."""

    site: Site

    async def post(self, body: JsonObject) -> JsonObject:
        """Write a message; with files it becomes a file share."""
        at = where(self.site, body)
        if at.channel.archived:
            raise NotAllowed(f"#{at.channel.name} is archived")
        if at.user.id not in at.channel.members:
            join(self.site, at.workspace, at.channel, at.user.id)
        thread_ts = text(body, "thread_ts") or None
        if thread_ts is not None:
            self.site.world.message(at.channel, thread_ts)
        files = [self._file(at, entry) for entry in children(body, "files")]
        words, blocks = typed(at.workspace, text(body, "text"))
        if files:
            shared = share(self.site, at.workspace, at.channel, files, words, thread_ts, blocks)
            return self._seen(at, shared)
        if not words:
            raise NotAllowed("Slack sends no empty message")
        message = Message(
            ts=self.site.world.new_ts(),
            channel_id=at.channel.id,
            text=words,
            user=at.user.id,
            subtype="thread_broadcast" if thread_ts and flag(body, "broadcast") else "",
            thread_ts=thread_ts,
            blocks=blocks,
            client_msg_id=str(uuid.uuid4()),
        )
        return self._seen(at, post(self.site, at.workspace, at.channel, message))

    async def edit(self, body: JsonObject) -> JsonObject:
        """Change one's own message."""
        at = where(self.site, body)
        message = self._own(at, body)
        words, blocks = typed(at.workspace, text(body, "text"))
        edit(self.site, at.workspace, at.channel, message, at.user.id, words, blocks, message.attachments)
        return self._seen(at, message)

    async def delete(self, body: JsonObject) -> JsonObject:
        """Delete one's own message."""
        at = where(self.site, body)
        delete(self.site, at.workspace, at.channel, self._own(at, body))
        return {}

    async def react(self, body: JsonObject) -> JsonObject:
        """Add a reaction."""
        at = where(self.site, body)
        name = text(body, "name").strip(":")
        if not valid_reaction(name):
            raise NotAllowed(f"no emoji called {name!r}")
        message = self.site.world.message(at.channel, text(body, "ts"))
        react(self.site, at.workspace, at.channel, message, at.user.id, name)
        return {}

    async def unreact(self, body: JsonObject) -> JsonObject:
        """Take a reaction back."""
        at = where(self.site, body)
        message = self.site.world.message(at.channel, text(body, "ts"))
        unreact(self.site, at.workspace, at.channel, message, at.user.id, text(body, "name").strip(":"))
        return {}

    async def delete_file(self, body: JsonObject) -> JsonObject:
        """Delete one's own file."""
        workspace, user = who(self.site, body)
        file = workspace.files.get(text(body, "file"))
        if file is None or file.deleted:
            raise NotHere(f"no file {text(body, 'file')!r}")
        if file.owner != user.id:
            raise NotAllowed("only the owner can delete a file")
        delete_file(self.site, workspace, file)
        return {}

    async def messages(self, body: JsonObject) -> JsonObject:
        """What this person sees in a conversation or thread, oldest first."""
        at = where(self.site, body)
        seen = visible_messages(at.channel, at.user, text(body, "thread_ts") or None)
        return {
            "messages": [message_seen(self.site, at.workspace, at.channel, message) for message in seen],
            "version": self.site.world.version,
        }

    async def direct(self, body: JsonObject) -> JsonObject:
        """The direct conversation with the bot, or with `others`."""
        workspace, user = who(self.site, body)
        members = [user.id, text(body, "with") or workspace.bot_user_id]
        return {"channel": open_direct(self.site, workspace, members).id}

    async def join(self, body: JsonObject) -> JsonObject:
        """Join a public channel."""
        at = where(self.site, body)
        join(self.site, at.workspace, at.channel, at.user.id)
        return {}

    async def leave(self, body: JsonObject) -> JsonObject:
        """Leave a channel."""
        at = where(self.site, body)
        if at.user.id in at.channel.members:
            leave(self.site, at.workspace, at.channel, at.user.id)
        return {}

    async def invite(self, body: JsonObject) -> JsonObject:
        """Bring somebody else, perhaps the bot, into a channel."""
        at = where(self.site, body)
        guest = self.site.world.user(at.workspace.id, text(body, "guest"))
        join(self.site, at.workspace, at.channel, guest.id, at.user.id)
        return {}

    async def channels(self, body: JsonObject) -> JsonObject:
        """The conversations this person sees in the sidebar."""
        workspace, user = who(self.site, body)
        return {
            "channels": [
                {"id": channel.id, "name": channel.name, "kind": channel.kind, "archived": channel.archived}
                for channel in workspace.channels.values()
                if not channel.is_private or user.id in channel.members
            ]
        }

    def _own(self, at: Where, body: JsonObject) -> Message:
        message = self.site.world.message(at.channel, text(body, "ts"))
        if message.user != at.user.id or message.only_for:
            raise NotAllowed("only the author can change a message")
        return message

    def _file(self, at: Where, entry: JsonObject) -> StoredFile:
        try:
            content = base64.b64decode(text(entry, "content"), validate=True)
        except binascii.Error as broken:
            raise NotAllowed("a file's content is base64") from broken
        file = new_file(self.site, at.workspace, at.user.id, text(entry, "name"), len(content))
        file.content = content
        file.completed = True
        return file

    def _seen(self, at: Where, message: Message) -> JsonObject:
        return message_seen(self.site, at.workspace, at.channel, message)
