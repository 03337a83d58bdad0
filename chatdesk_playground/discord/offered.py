"""What of the gateway's events and of interactions there is here, and what each lacks.

A test holds it against the code.
"""

from __future__ import annotations

from collections.abc import Mapping

from chatdesk_playground.discord.component_limits import (
    ACTION_ROW,
    BUTTON,
    CHECKBOX,
    CHECKBOX_GROUP,
    FILE_UPLOAD,
    LABEL,
    RADIO_GROUP,
    SELECTS,
    TEXT_INPUT,
    V2_LAYOUT,
)
from chatdesk_playground.discord.deeds import ATTACHMENT
from chatdesk_playground.discord.pending import CallbackType, InteractionType

GATEWAY_EVENTS: Mapping[str, str] = {
    "CHANNEL_CREATE": "",
    "CHANNEL_DELETE": "",
    "CHANNEL_PINS_UPDATE": "",
    "CHANNEL_UPDATE": "",
    "GUILD_CREATE": "voice states, presences, stage instances and scheduled events: they are empty",
    "GUILD_DELETE": "outages of a server",
    "GUILD_MEMBERS_CHUNK": "presences",
    "GUILD_MEMBER_ADD": "",
    "GUILD_MEMBER_REMOVE": "",
    "GUILD_MEMBER_UPDATE": "",
    "GUILD_ROLE_CREATE": "",
    "GUILD_ROLE_DELETE": "",
    "GUILD_ROLE_UPDATE": "",
    "INTERACTION_CREATE": "",
    "MESSAGE_CREATE": "previews of links, stickers, polls, forwards",
    "MESSAGE_DELETE": "",
    "MESSAGE_DELETE_BULK": "",
    "MESSAGE_REACTION_ADD": "super reactions",
    "MESSAGE_REACTION_REMOVE": "super reactions",
    "MESSAGE_REACTION_REMOVE_ALL": "",
    "MESSAGE_REACTION_REMOVE_EMOJI": "",
    "MESSAGE_UPDATE": "the later update that brings a link's preview",
    "READY": "",
    "RESUMED": "",
    "THREAD_CREATE": "",
    "THREAD_DELETE": "",
    "THREAD_LIST_SYNC": "",
    "THREAD_MEMBERS_UPDATE": "presences",
    "THREAD_UPDATE": "",
    "TYPING_START": "",
    "WEBHOOKS_UPDATE": "",
}

# The numbers that each of Discord's enumerations has here, with what is missing where something is.
INTERACTION_TYPES: Mapping[int, str] = dict.fromkeys(map(int, InteractionType), "")
CALLBACK_TYPES: Mapping[int, str] = dict.fromkeys(map(int, CallbackType), "")
COMMAND_TYPES: Mapping[int, str] = dict.fromkeys((1, 2, 3), "")
OPTION_TYPES: Mapping[int, str] = dict.fromkeys(range(1, ATTACHMENT + 1), "")
_FIELDS = (TEXT_INPUT, LABEL, FILE_UPLOAD, RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX)
COMPONENT_TYPES: Mapping[int, str] = dict.fromkeys(
    sorted({ACTION_ROW, *SELECTS, *V2_LAYOUT, *_FIELDS}), ""
) | {BUTTON: "premium buttons lead nowhere"}
