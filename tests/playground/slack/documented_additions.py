"""What Slack's documentation shows beyond the samples, each with the page, and what must never be missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_REFERENCE = "https://docs.slack.dev/reference"


@dataclass(frozen=True, slots=True)
class Addition:
    """A key that may stand in the object at a path that ends with `where`."""

    where: str
    key: str
    source: str


@dataclass(frozen=True, slots=True)
class Documented:
    """The keys of an object, and the page that shows them."""

    keys: frozenset[str]
    source: str


def _documented(source: str, keys: str) -> Documented:
    return Documented(frozenset(keys.split()), f"{_REFERENCE}/{source}")


_VIEWS = f"{_REFERENCE}/views/modal-views"
_STATE = f"{_REFERENCE}/interaction-payloads/view-interactions-payload"
_BOT_MESSAGE = f"{_REFERENCE}/events/message/bot_message"
_FILE_SHARE = f"{_REFERENCE}/events/message/file_share"

ADDITIONS: Sequence[Addition] = (
    Addition(".view", "blocks", _VIEWS),
    Addition("ViewSubmissionPayload", "response_urls", _STATE),
    Addition(".view.state", "values", _STATE),
    Addition(
        "BlockActionPayload.state", "values", f"{_REFERENCE}/interaction-payloads/block_actions-payload"
    ),
    Addition("BlockActionPayload.actions", "selected_options", f"{_REFERENCE}/block-kit/block-elements"),
    # The nested messages of edits and deletions are whole messages: what a file share or a customised post
    # shows when it is posted, it shows there too.
    Addition("MessageChanged.event.message", "files", _FILE_SHARE),
    Addition("MessageChanged.event.previous_message", "files", _FILE_SHARE),
    Addition("MessageDeleted.event.previous_message", "files", _FILE_SHARE),
    Addition("MessageChanged.event.message", "username", _BOT_MESSAGE),
    Addition("MessageChanged.event.message", "icons", _BOT_MESSAGE),
    Addition("MessageChanged.event.previous_message", "username", _BOT_MESSAGE),
    Addition("MessageChanged.event.previous_message", "icons", _BOT_MESSAGE),
    Addition("MessageDeleted.event.previous_message", "username", _BOT_MESSAGE),
    Addition("MessageDeleted.event.previous_message", "icons", _BOT_MESSAGE),
)

# Maps whose keys are ids or the app's own words: what is below them is not looked at.
DYNAMIC: Sequence[str] = (
    ".state.values",
    ".metadata.event_payload",
    ".shares.public",
    ".shares.private",
)

_RICH = "block-kit/blocks/rich-text-block"
_ELEMENTS = "block-kit/block-elements"

# Block Kit's objects whose samples are missing or incomplete.
UNSAMPLED_TYPES: Mapping[str, Documented] = {
    "header": _documented("block-kit/blocks/header-block", "type text block_id"),
    "input": _documented(
        "block-kit/blocks/input-block", "type label element dispatch_action block_id hint optional"
    ),
    "markdown": _documented("block-kit/blocks/markdown-block", "type text block_id"),
    "rich_text_section": _documented(_RICH, "type elements"),
    "rich_text_list": _documented(_RICH, "type elements style indent offset border"),
    "rich_text_preformatted": _documented(_RICH, "type elements border language"),
    "rich_text_quote": _documented(_RICH, "type elements border"),
    "text": _documented(_RICH, "type text style"),
    "link": _documented(_RICH, "type url text style unsafe"),
    "emoji": _documented(_RICH, "type name unicode skin_tone style"),
    "user": _documented(_RICH, "type user_id style"),
    "usergroup": _documented(_RICH, "type usergroup_id style"),
    "channel": _documented(_RICH, "type channel_id style"),
    "broadcast": _documented(_RICH, "type range style"),
    "mrkdwn": _documented("block-kit/composition-objects/text-object", "type text verbatim"),
    "static_select": _documented(f"{_ELEMENTS}/select-menu-element", "options option_groups"),
    "multi_static_select": _documented(
        f"{_ELEMENTS}/multi-select-menu-element", "options option_groups initial_options"
    ),
    "overflow": _documented(f"{_ELEMENTS}/overflow-menu-element", "options"),
    "timepicker": _documented(
        f"{_ELEMENTS}/time-picker-element",
        "type action_id initial_time confirm focus_on_load placeholder timezone",
    ),
    "checkboxes": _documented(
        f"{_ELEMENTS}/checkboxes-element", "type action_id options initial_options confirm focus_on_load"
    ),
    "radio_buttons": _documented(
        f"{_ELEMENTS}/radio-button-group-element",
        "type action_id options initial_option confirm focus_on_load",
    ),
    "plain_text_input": _documented(
        f"{_ELEMENTS}/plain-text-input-element",
        "type action_id initial_value multiline min_length max_length dispatch_action_config focus_on_load "
        "placeholder",
    ),
    "email_text_input": _documented(
        f"{_ELEMENTS}/email-input-element",
        "type action_id initial_value dispatch_action_config focus_on_load placeholder",
    ),
    "url_text_input": _documented(
        f"{_ELEMENTS}/url-input-element",
        "type action_id initial_value dispatch_action_config focus_on_load placeholder",
    ),
    "number_input": _documented(
        f"{_ELEMENTS}/number-input-element",
        "type is_decimal_allowed action_id initial_value min_value max_value dispatch_action_config "
        "focus_on_load placeholder",
    ),
    "file_input": _documented(f"{_ELEMENTS}/file-input-element", "type action_id filetypes max_files"),
}

_PIN = "type user channel_id item item_user pin_count pinned_info event_ts"

# Interactions and events that have no sample at all.
WITHOUT_SAMPLE: Mapping[str, Documented] = {
    "shortcut": _documented(
        "interaction-payloads/shortcuts-interaction-payload",
        "type token action_ts team user callback_id trigger_id is_enterprise_install enterprise",
    ),
    "block_suggestion": _documented(
        "interaction-payloads/block_suggestion-payload",
        "type user container api_app_id token action_id block_id value team view message channel "
        "is_enterprise_install enterprise",
    ),
    "PinAdded": _documented("events/pin_added", _PIN),
    "PinRemoved": _documented("events/pin_removed", f"{_PIN} has_pins"),
}

_MESSAGE = ("event.type", "event.ts", "event.channel", "event.event_ts", "event.channel_type", "event.text")
_ITEM = (
    "event.user",
    "event.reaction",
    "event.item.type",
    "event.item.channel",
    "event.item.ts",
    "event.event_ts",
)
_PINNED = (
    "event.user",
    "event.channel_id",
    "event.item.type",
    "event.item.channel",
    "event.item.created",
    "event.item.created_by",
    "event.item.message.ts",
    "event.item_user",
    "event.event_ts",
)
_MEMBER = ("event.user", "event.channel", "event.channel_type", "event.team", "event.event_ts")
_INTERACTION = ("type", "team.id", "team.domain", "user.id", "token", "is_enterprise_install")
_VIEW = (
    *_INTERACTION, "api_app_id", "view.id", "view.team_id", "view.type", "view.blocks", "view.state.values",
    "view.hash", "view.private_metadata", "view.callback_id", "view.title", "view.root_view_id",
    "view.previous_view_id", "view.app_id", "view.external_id", "view.bot_id",
)  # fmt: skip

# What an app may count on; `event_callback` holds for every event.
REQUIRED: Mapping[str, Sequence[str]] = {
    "event_callback": (
        "token", "team_id", "api_app_id", "event", "event.type", "type", "event_id", "event_time",
        "authorizations", "is_ext_shared_channel", "event_context",
    ),
    "Message": (*_MESSAGE, "event.user", "event.team"),
    "MessageBot": (*_MESSAGE, "event.bot_id", "event.username", "event.subtype"),
    "MessageFileShare": (*_MESSAGE, "event.user", "event.files", "event.subtype", "event.upload"),
    "MessageThreadBroadcast": (*_MESSAGE, "event.root", "event.thread_ts", "event.subtype"),
    "MessageChanged": (
        "event.channel", "event.ts", "event.event_ts", "event.channel_type", "event.hidden",
        "event.message.ts", "event.message.text", "event.message.type", "event.previous_message.ts",
        "event.previous_message.text",
    ),
    "MessageDeleted": (
        "event.channel", "event.ts", "event.event_ts", "event.channel_type", "event.hidden",
        "event.deleted_ts", "event.previous_message.ts", "event.previous_message.text",
    ),
    "AppMention": (
        "event.user", "event.text", "event.ts", "event.channel", "event.event_ts", "event.team",
    ),
    "PinAdded": _PINNED,
    "PinRemoved": (*_PINNED, "event.has_pins"),
    "ReactionAdded": _ITEM,
    "ReactionRemoved": _ITEM,
    "MemberJoinedChannel": _MEMBER,
    "MemberLeftChannel": _MEMBER,
    "AppHomeOpened": ("event.user", "event.channel", "event.tab", "event.event_ts"),
    "ChannelArchive": ("event.channel", "event.user", "event.event_ts"),
    "ChannelDeleted": ("event.channel", "event.event_ts"),
    "ChannelRename": (
        "event.channel.id", "event.channel.name", "event.channel.created", "event.event_ts",
    ),
    "FileShared": ("event.file_id", "event.user_id", "event.file.id", "event.channel_id", "event.event_ts"),
    "FileDeleted": ("event.file_id", "event.channel_ids", "event.event_ts"),
    "SubteamMembersChanged": (
        "event.subteam_id", "event.team_id", "event.added_users", "event.removed_users",
        "event.date_update", "event.date_previous_update", "event.event_ts",
    ),
    "SubteamUpdated": ("event.subteam.id", "event.subteam.users", "event.subteam.handle", "event.event_ts"),
    "UserChange": ("event.user.id", "event.user.profile.display_name", "event.cache_ts"),
    "TeamJoin": ("event.user.id", "event.user.profile.display_name"),
    "TokensRevoked": ("event.tokens.oauth", "event.tokens.bot"),
    "SlashCommandPayload": (
        "token", "team_id", "team_domain", "channel_id", "channel_name", "user_id", "user_name", "command",
        "text", "api_app_id", "is_enterprise_install", "response_url", "trigger_id",
    ),
    "BlockActionPayload": (
        *_INTERACTION, "api_app_id", "container.type", "trigger_id", "actions",
    ),
    "MessageShortcutPayload": (
        *_INTERACTION, "callback_id", "trigger_id", "message_ts", "response_url", "message.ts", "channel.id",
        "channel.name", "action_ts",
    ),
    "ViewSubmissionPayload": (*_VIEW, "trigger_id"),
    "ViewClosedPayload": (*_VIEW, "is_cleared"),
    "shortcut": (*_INTERACTION, "callback_id", "trigger_id", "action_ts"),
    "block_suggestion": (*_INTERACTION, "action_id", "block_id", "value", "container.type", "api_app_id"),
}  # fmt: skip
