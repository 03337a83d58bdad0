"""Which function delivers which effect. They raise what the SDK raises; ``adapter`` translates it."""

from __future__ import annotations

from adapters.slack.deliver_cards import (
    edit_line,
    open_thread,
    post_line,
    retire_card,
    show_card,
    tell_person,
    whisper,
)
from adapters.slack.deliver_posts import delete_messages, edit_message, post_message, set_reaction
from adapters.slack.outlet import Outlet
from chatdesk.contract.outbound import (
    DeleteMessages,
    EditLine,
    EditMessage,
    OpenThread,
    Outbound,
    PostLine,
    PostMessage,
    RetireCard,
    SetMember,
    SetReaction,
    SetThreadOpen,
    ShowCard,
    TellPerson,
    Whisper,
)
from chatdesk.contract.ports import Attempt, Receipt
from chatdesk.contract.vocabulary import Place


async def carry_out(outlet: Outlet, effect: Outbound, at: Place, attempt: Attempt) -> Receipt:
    """Show an effect in a place."""
    match effect:
        case OpenThread():
            return await open_thread(outlet, effect, at, attempt)
        case ShowCard():
            return await show_card(outlet, effect, at, attempt)
        case RetireCard():
            return await retire_card(outlet, effect)
        case PostMessage():
            return await post_message(outlet, effect, at, attempt)
        case EditMessage():
            return await edit_message(outlet, effect, at, attempt)
        case DeleteMessages():
            return await delete_messages(outlet, effect)
        case SetReaction():
            return await set_reaction(outlet, effect)
        case PostLine():
            return await post_line(outlet, effect, at, attempt)
        case EditLine():
            return await edit_line(outlet, effect)
        case Whisper():
            return await whisper(outlet, effect, at, attempt)
        case TellPerson():
            return await tell_person(outlet, effect, at, attempt)
        case SetThreadOpen() | SetMember():
            # A Slack thread is never closed and has no members of its own.
            return Receipt()
