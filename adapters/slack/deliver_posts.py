"""Delivering what people wrote: posts with their files, edits, deletions, reactions."""

from __future__ import annotations

from collections.abc import Mapping

from slack_sdk.errors import SlackApiError

from adapters.slack.calls import post
from adapters.slack.deliver_files import FileRefused, share_file
from adapters.slack.emoji import name_of
from adapters.slack.history import fetch_message
from adapters.slack.ids import channel_and_ts, message_ref, spot
from adapters.slack.outlet import Outlet, Sender, change, is_error, say_once
from adapters.slack.render import Shown, author_name, parts, spoken_by
from adapters.slack.wire import items, text
from chatdesk.contract.outbound import Content, Copy, DeleteMessages, EditMessage, PostMessage, SetReaction
from chatdesk.contract.ports import Attempt, DeliveryFailed, Receipt
from chatdesk.contract.vocabulary import MessageRef, Place

_TEXT = "text:"
_FILE = "file:"
_ALREADY_GONE = ("message_not_found", "thread_not_found", "file_not_found", "file_deleted")


async def post_message(outlet: Outlet, effect: PostMessage, at: Place, attempt: Attempt) -> Receipt:
    """A post as one or more messages under its author's name, and each file as a message of its own.

    A direct message answers without a thread (``reply_to``): there the conversation itself is the thread.
    """
    copies = await _say_texts(outlet, effect.content, at, attempt, {})
    return await _with_files(outlet, effect.content, at, attempt, copies, {})


async def edit_message(outlet: Outlet, effect: EditMessage, at: Place, attempt: Attempt) -> Receipt:
    """Make the copies show the post as it is now: more or fewer messages, more or fewer files."""
    standing = {copy.part: copy.ref for copy in effect.copies}
    copies = await _say_texts(outlet, effect.content, at, attempt, standing)
    wanted = {copy.part for copy in copies} | {_FILE + file.id for file in effect.content.files}
    for part, ref in standing.items():
        if part not in wanted:
            await _remove(outlet, part, ref)
    return await _with_files(outlet, effect.content, at, attempt, copies, standing)


async def delete_messages(outlet: Outlet, effect: DeleteMessages) -> Receipt:
    for copy in effect.copies:
        await _remove(outlet, copy.part, copy.ref)
    return Receipt()


async def set_reaction(outlet: Outlet, effect: SetReaction) -> Receipt:
    """Our own reaction. One that is there already, or gone already, is as wanted."""
    channel, ts = channel_and_ts(effect.ref)
    name = effect.emoji.strip(":") if effect.emoji.startswith(":") else name_of(effect.emoji)
    if name is None:
        raise DeliveryFailed(permanent=f"Slack has no emoji {effect.emoji}")
    method = "reactions.add" if effect.present else "reactions.remove"
    try:
        await post(outlet.client, method, channel=channel, timestamp=ts, name=name)
    except SlackApiError as error:
        if is_error(error, "invalid_name"):
            raise DeliveryFailed(permanent=f"Slack has no emoji {effect.emoji}") from error
        is_as_wanted = is_error(error, "already_reacted" if effect.present else "no_reaction")
        if not is_as_wanted and (effect.present or not is_error(error, *_ALREADY_GONE)):
            raise
    return Receipt()


async def _say_texts(
    outlet: Outlet,
    content: Content,
    at: Place,
    attempt: Attempt,
    standing: Mapping[str, MessageRef],
) -> list[Copy]:
    """Edit the texts that stand, post those that do not."""
    sender = Sender(author_name(content.author, content.internal), content.author.avatar_url)
    copies: list[Copy] = []
    for position, words in enumerate(parts(content)):
        part = f"{_TEXT}{position}"
        if part in standing:
            await _edit_text(outlet, standing[part], words, content, sender)
            copies.append(Copy(part, standing[part]))
        else:
            ts = await say_once(outlet, spot(at), Shown(words), attempt, part, sender)
            copies.append(Copy(part, message_ref(at, ts)))
    return copies


async def _edit_text(outlet: Outlet, ref: MessageRef, words: str, content: Content, sender: Sender) -> None:
    """Edit one message. Slack has been seen to drop the author's name then; if it does, the text has it."""
    now = await change(outlet, *channel_and_ts(ref), Shown(words))
    shows_sender = text(now, "username") == sender.name or text(now, "subtype") == "bot_message"
    if now and not shows_sender:
        named = f"{spoken_by(content.author, content.internal)} {words}"
        await change(outlet, *channel_and_ts(ref), Shown(named))


async def _with_files(
    outlet: Outlet,
    content: Content,
    at: Place,
    attempt: Attempt,
    copies: list[Copy],
    standing: Mapping[str, MessageRef],
) -> Receipt:
    """Share the files that do not stand yet. One that Slack refuses does not keep the others back."""
    refused: list[str] = []
    comment = spoken_by(content.author, content.internal)
    for file in content.files:
        part = _FILE + file.id
        try:
            ref = standing.get(part) or await share_file(outlet, file, comment, at, attempt, part)
        except FileRefused as refusal:
            refused.append(str(refusal))
        else:
            copies.append(Copy(part, ref))
    if refused:
        raise DeliveryFailed(permanent="; ".join(refused), copies=tuple(copies))
    return Receipt(copies=tuple(copies))


async def _remove(outlet: Outlet, part: str, ref: MessageRef) -> None:
    channel, ts = channel_and_ts(ref)
    if part.startswith(_FILE):
        message = await fetch_message(outlet.client, channel, ts)
        for file in items(message or {}, "files"):
            await _unless_gone(outlet, "files.delete", file=text(file, "id"))
    await _unless_gone(outlet, "chat.delete", channel=channel, ts=ts)


async def _unless_gone(outlet: Outlet, method: str, **arguments: str) -> None:
    try:
        await post(outlet.client, method, **arguments)
    except SlackApiError as error:
        if not is_error(error, *_ALREADY_GONE):
            raise
