"""Delivering what the desk itself says: cards, lines with buttons, words to one person, opened threads."""

from __future__ import annotations

from slack_sdk.errors import SlackApiError

from adapters.slack.calls import post
from adapters.slack.deliver_files import FileRefused, share_file
from adapters.slack.ids import channel_and_ts, channel_place, message_ref, spot, thread_place
from adapters.slack.outlet import Outlet, change, is_error, open_dm, say_once
from adapters.slack.render import Shown, card, line
from chatdesk.contract.outbound import (
    Copy,
    EditLine,
    OpenThread,
    OutgoingFile,
    PostLine,
    RetireCard,
    ShowCard,
    TellPerson,
    Visibility,
    Whisper,
)
from chatdesk.contract.ports import Attempt, DeliveryFailed, Receipt
from chatdesk.contract.sentences import literal
from chatdesk.contract.vocabulary import Place

_LINE = "text:0"
_FILE = "file:0"
_NOT_THERE = ("user_not_in_channel", "not_in_channel", "channel_not_found")


async def show_card(outlet: Outlet, effect: ShowCard, at: Place, attempt: Attempt) -> Receipt:
    """The card, posted or edited in place; its thread is named by it."""
    shown = card(effect.content)
    if effect.card is not None:
        await change(outlet, *channel_and_ts(effect.card), shown)
        return Receipt(card=effect.card)
    ts = await say_once(outlet, spot(at), shown, attempt, "card")
    opened = thread_place(at.installation, spot(at).channel, ts)
    return Receipt(card=message_ref(at, ts), opened=opened)


async def retire_card(outlet: Outlet, effect: RetireCard) -> Receipt:
    await change(outlet, *channel_and_ts(effect.card), line(effect.line))
    return Receipt(card=effect.card)


async def post_line(outlet: Outlet, effect: PostLine, at: Place, attempt: Attempt) -> Receipt:
    shown = line(effect.text, effect.controls, effect.people)
    return await _said_with(outlet, at, shown, effect.file, attempt)


async def edit_line(outlet: Outlet, effect: EditLine) -> Receipt:
    await change(outlet, *channel_and_ts(effect.ref), line(effect.text, effect.controls, effect.people))
    return Receipt(copies=(Copy(_LINE, effect.ref),))


async def whisper(outlet: Outlet, effect: Whisper, at: Place, attempt: Attempt) -> Receipt:
    """An ephemeral message, or, where the person or we are not in the channel, a direct one."""
    place, shown = spot(at), line(effect.text, effect.controls)
    if place.is_dm:
        return await _said(outlet, at, shown, attempt)
    try:
        await post(
            outlet.client,
            "chat.postEphemeral",
            channel=place.channel,
            thread_ts=place.thread,
            user=effect.to.id,
            **shown.arguments(),
        )
    except SlackApiError as error:
        if not is_error(error, *_NOT_THERE):
            raise
        return await tell_person(outlet, TellPerson(effect.to, effect.text, effect.controls), at, attempt)
    return Receipt()


async def tell_person(outlet: Outlet, effect: TellPerson, at: Place, attempt: Attempt) -> Receipt:
    channel = await open_dm(outlet, effect.to.id)
    dm = channel_place(at.installation, channel)
    return await _said_with(outlet, dm, line(effect.text, effect.controls), effect.file, attempt)


async def open_thread(outlet: Outlet, effect: OpenThread, at: Place, attempt: Attempt) -> Receipt:
    """A customer thread. Slack has no private threads: a DM takes their place."""
    if effect.visibility is not Visibility.PUBLIC:
        return await _open_dm_thread(outlet, effect, at, attempt)
    if effect.source is not None:
        channel, ts = channel_and_ts(effect.source)
        root = spot(effect.source.place).thread or ts
    else:
        channel = spot(at).channel
        title = line(f"🎫 **{literal(effect.title)}**")
        root = await say_once(outlet, spot(channel_place(at.installation, channel)), title, attempt, "title")
    opened = thread_place(at.installation, channel, root)
    return await _opened(outlet, effect, opened, attempt)


async def _open_dm_thread(outlet: Outlet, effect: OpenThread, at: Place, attempt: Attempt) -> Receipt:
    if not effect.members:
        raise DeliveryFailed(permanent="there is nobody to write to")
    channel = await open_dm(outlet, effect.members[0].id)
    return await _opened(outlet, effect, channel_place(at.installation, channel), attempt)


async def _opened(outlet: Outlet, effect: OpenThread, opened: Place, attempt: Attempt) -> Receipt:
    copies: tuple[Copy, ...] = ()
    if effect.opening:
        said = await _said(outlet, opened, line(effect.opening), attempt)
        copies = said.copies
    return Receipt(opened=opened, copies=copies)


async def _said_with(
    outlet: Outlet, at: Place, shown: Shown, file: OutgoingFile | None, attempt: Attempt
) -> Receipt:
    """Words and a file in one message, which has no controls then."""
    if file is None:
        return await _said(outlet, at, shown, attempt)
    try:
        ref = await share_file(outlet, file, shown.text, at, attempt, _FILE)
    except FileRefused:
        return await _said(outlet, at, shown, attempt)
    return Receipt(copies=(Copy(_FILE, ref),))


async def _said(outlet: Outlet, at: Place, shown: Shown, attempt: Attempt) -> Receipt:
    ts = await say_once(outlet, spot(at), shown, attempt, _LINE)
    return Receipt(copies=(Copy(_LINE, message_ref(at, ts)),))
