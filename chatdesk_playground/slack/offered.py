"""What of Slack's events and interactions there is here, and what each lacks; the rest of Slack's by name.

The names are those of https://docs.slack.dev/reference/events and
https://docs.slack.dev/reference/interaction-payloads; a test holds what is offered against the code.
"""

from __future__ import annotations

from collections.abc import Mapping

EVENTS: Mapping[str, str] = {
    "app_home_opened": "the Messages tab",
    "app_mention": "",
    "app_uninstalled": "",
    "channel_archive": "",
    "channel_deleted": "",
    "channel_rename": "",
    "file_deleted": "",
    "file_shared": "",
    "member_joined_channel": "",
    "member_left_channel": "",
    "message": "the subtypes of topics, purposes, reminders and huddles",
    "pin_added": "people's own pins and pinned files: apps pin messages",
    "pin_removed": "people's own pins and pinned files: apps pin messages",
    "reaction_added": "reactions to files",
    "reaction_removed": "reactions to files",
    "subteam_members_changed": "",
    "subteam_updated": "",
    "team_join": "",
    "tokens_revoked": "",
    "url_verification": "",
    "user_change": "",
}

# fmt: off
OTHER_EVENTS = (
    "app_context_changed", "app_deleted", "app_installed", "app_rate_limited", "app_requested",
    "app_uninstalled_team", "assistant_thread_context_changed", "assistant_thread_started", "call_rejected",
    "channel_created", "channel_history_changed", "channel_id_changed", "channel_left", "channel_shared",
    "channel_unarchive", "channel_unshared", "dnd_updated", "dnd_updated_user", "email_domain_changed",
    "emoji_changed", "entity_details_requested", "file_change", "file_created", "file_public",
    "file_unshared", "function_executed", "grid_migration_finished", "grid_migration_started",
    "group_archive", "group_close", "group_deleted", "group_history_changed", "group_left", "group_open",
    "group_rename", "group_unarchive", "im_close", "im_created", "im_history_changed", "im_open",
    "invite_requested", "link_shared", "message_metadata_deleted", "message_metadata_posted",
    "message_metadata_updated", "resources_added", "resources_removed", "scope_denied", "scope_granted",
    "shared_channel_invite_accepted", "shared_channel_invite_approved", "shared_channel_invite_declined",
    "shared_channel_invite_received", "shared_channel_invite_requested", "star_added", "star_removed",
    "subteam_created", "subteam_self_added", "subteam_self_removed", "team_access_granted",
    "team_access_revoked", "team_domain_change", "team_rename", "user_connection", "user_huddle_changed",
    "user_profile_changed", "user_status_changed", "workflow_deleted", "workflow_published",
    "workflow_step_deleted", "workflow_step_execute", "workflow_unpublished",
)
# fmt: on

INTERACTIONS: Mapping[str, str] = {
    "slash_commands": "",
    "shortcut": "",
    "message_action": "",
    "block_actions": "`workflow_button`, `feedback_buttons` and `icon_button`",
    "block_suggestion": "",
    "view_submission": "",
    "view_closed": "",
}

OTHER_INTERACTIONS = (
    "interactive_message",
    "dialog_submission",
    "dialog_cancellation",
    "dialog_suggestion",
    "workflow_step_edit",
)
