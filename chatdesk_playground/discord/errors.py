"""Discord's refusals: JSON error codes with their HTTP status, and the nested form errors of 50035.

The codes and sentences are those of Discord's documentation, "Opcodes and Status Codes".
"""

from __future__ import annotations

from collections.abc import Mapping, Sized
from enum import IntEnum
from typing import cast

from chatdesk_playground.discord.wire import Body, JsonObject


class Code(IntEnum):
    GENERAL = 0
    UNKNOWN_APPLICATION = 10002
    UNKNOWN_CHANNEL = 10003
    UNKNOWN_GUILD = 10004
    UNKNOWN_MEMBER = 10007
    UNKNOWN_MESSAGE = 10008
    UNKNOWN_OVERWRITE = 10009
    UNKNOWN_ROLE = 10011
    UNKNOWN_USER = 10013
    UNKNOWN_EMOJI = 10014
    UNKNOWN_WEBHOOK = 10015
    UNKNOWN_INTERACTION = 10062
    UNKNOWN_COMMAND = 10063
    MAXIMUM_PINS = 30003
    MAXIMUM_WEBHOOKS = 30007
    MAXIMUM_REACTIONS = 30010
    MAXIMUM_ATTACHMENTS = 30015
    MAXIMUM_THREAD_PARTICIPANTS = 30033
    UNAUTHORIZED = 40001
    ENTITY_TOO_LARGE = 40005
    INTERACTION_ACKNOWLEDGED = 40060
    TAG_NAMES_UNIQUE = 40061
    MISSING_ACCESS = 50001
    INVALID_ON_DM = 50003
    NOT_THE_AUTHOR = 50005
    EMPTY_MESSAGE = 50006
    CANNOT_DM = 50007
    WRONG_CHANNEL_KIND = 50024
    MISSING_PERMISSIONS = 50013
    INVALID_BULK_DELETE = 50016
    TOO_OLD_TO_BULK_DELETE = 50034
    SYSTEM_MESSAGE = 50021
    INVALID_WEBHOOK_TOKEN = 50027
    INVALID_FORM = 50035
    INVALID_FILE = 50046
    THREAD_ARCHIVED = 50083
    INVALID_JSON = 50109
    REACTION_BLOCKED = 90001
    THREAD_EXISTS = 160004
    THREAD_LOCKED = 160005
    MAXIMUM_ACTIVE_THREADS = 160006


_ANSWERS: Mapping[Code, tuple[int, str]] = {
    Code.UNKNOWN_APPLICATION: (404, "Unknown Application"),
    Code.UNKNOWN_CHANNEL: (404, "Unknown Channel"),
    Code.UNKNOWN_GUILD: (404, "Unknown Guild"),
    Code.UNKNOWN_MEMBER: (404, "Unknown Member"),
    Code.UNKNOWN_MESSAGE: (404, "Unknown Message"),
    Code.UNKNOWN_OVERWRITE: (404, "Unknown permission overwrite"),
    Code.UNKNOWN_ROLE: (404, "Unknown Role"),
    Code.UNKNOWN_USER: (404, "Unknown User"),
    Code.UNKNOWN_EMOJI: (400, "Unknown Emoji"),
    Code.UNKNOWN_WEBHOOK: (404, "Unknown Webhook"),
    Code.UNKNOWN_INTERACTION: (404, "Unknown interaction"),
    Code.UNKNOWN_COMMAND: (404, "Unknown application command"),
    Code.MAXIMUM_PINS: (400, "Maximum number of pins reached (250)"),
    Code.MAXIMUM_WEBHOOKS: (400, "Maximum number of webhooks reached (15)"),
    Code.MAXIMUM_REACTIONS: (400, "Maximum number of reactions reached (20)"),
    Code.MAXIMUM_ATTACHMENTS: (400, "Maximum number of attachments in a message reached (10)"),
    Code.MAXIMUM_THREAD_PARTICIPANTS: (400, "Maximum number of thread participants reached (1000)"),
    Code.UNAUTHORIZED: (401, "401: Unauthorized"),
    Code.ENTITY_TOO_LARGE: (413, "Request entity too large"),
    Code.INTERACTION_ACKNOWLEDGED: (400, "Interaction has already been acknowledged."),
    Code.TAG_NAMES_UNIQUE: (400, "Tag names must be unique"),
    Code.MISSING_ACCESS: (403, "Missing Access"),
    Code.INVALID_ON_DM: (403, "Cannot execute action on a DM channel"),
    Code.NOT_THE_AUTHOR: (403, "Cannot edit a message authored by another user"),
    Code.EMPTY_MESSAGE: (400, "Cannot send an empty message"),
    Code.CANNOT_DM: (403, "Cannot send messages to this user"),
    Code.MISSING_PERMISSIONS: (403, "Missing Permissions"),
    Code.INVALID_BULK_DELETE: (
        400,
        "Provided too few or too many messages to delete. "
        "Must provide at least 2 and fewer than 100 messages to delete",
    ),
    Code.TOO_OLD_TO_BULK_DELETE: (400, "You can only bulk delete messages that are under 14 days old."),
    Code.SYSTEM_MESSAGE: (403, "Cannot execute action on a system message"),
    Code.WRONG_CHANNEL_KIND: (400, "Cannot execute action on this channel type"),
    Code.INVALID_WEBHOOK_TOKEN: (401, "Invalid Webhook Token"),
    Code.INVALID_FILE: (400, "Invalid file uploaded"),
    Code.THREAD_ARCHIVED: (400, "Thread is archived"),
    Code.INVALID_JSON: (400, "The request body contains invalid JSON."),
    Code.REACTION_BLOCKED: (403, "Reaction was blocked"),
    Code.THREAD_EXISTS: (400, "A thread has already been created for this message"),
    Code.THREAD_LOCKED: (400, "Thread is locked"),
    Code.MAXIMUM_ACTIVE_THREADS: (400, "Maximum number of active threads reached"),
}


class ApiError(Exception):
    """A request that Discord refuses: status, JSON error code, sentence, and what is wrong with the form."""

    def __init__(self, status: int, code: int, message: str, errors: JsonObject | None = None) -> None:
        super().__init__(f"{code} {message}")
        self.status = status
        self.code = code
        self.message = message
        self.errors = errors
        self.more: JsonObject = {}

    def body(self) -> JsonObject:
        answer: JsonObject = {"message": self.message, "code": self.code, **self.more}
        if self.errors is not None:
            answer["errors"] = self.errors
        return answer


def refusal(code: Code) -> ApiError:
    status, message = _ANSWERS[code]
    # 401 carries code 0 on the wire, unlike every other refusal.
    wire_code = 0 if code is Code.UNAUTHORIZED else int(code)
    return ApiError(status, wire_code, message)


class Form:
    """Collects what is wrong with a body, field by field, and refuses it with 50035 if anything is."""

    def __init__(self) -> None:
        self._errors: JsonObject = {}

    def wrong(self, path: str, code: str, message: str) -> None:
        """Notes an error at a dotted path such as `embeds.0.title`."""
        node = self._errors
        for part in path.split("."):
            node = cast(JsonObject, node.setdefault(part, {}))
        errors = cast("list[object]", node.setdefault("_errors", []))
        errors.append({"code": code, "message": message})

    def required(self, path: str, present: object) -> None:
        if not present:
            self.wrong(path, "BASE_TYPE_REQUIRED", "This field is required")

    def length(self, path: str, value: Sized | None, minimum: int, maximum: int) -> None:
        """The length of a text or of a list."""
        if value is None:
            return
        if len(value) > maximum or len(value) < minimum:
            if minimum and isinstance(value, str):
                sentence = f"Must be between {minimum} and {maximum} in length."
                self.wrong(path, "BASE_TYPE_BAD_LENGTH", sentence)
            elif len(value) > maximum:
                self.wrong(path, "BASE_TYPE_MAX_LENGTH", f"Must be {maximum} or fewer in length.")
            else:
                self.wrong(path, "BASE_TYPE_MIN_LENGTH", f"Must be {minimum} or more in length.")

    def choice(self, path: str, value: object, allowed: frozenset[object] | frozenset[int]) -> None:
        if value is not None and value not in allowed:
            names = ", ".join(sorted(map(str, allowed)))
            self.wrong(path, "BASE_TYPE_CHOICES", f"Value must be one of {{{names}}}.")

    def absent(self, body: Body, *fields: str) -> None:
        """Refuses what there is none of here, rather than leaving it out in silence."""
        for field in fields:
            if body.get(field):
                self.nothing_of(field)

    def nothing_of(self, path: str) -> None:
        self.wrong(path, "BASE_TYPE_CHOICES", "The playground has nothing of this kind.")

    def check(self) -> None:
        """Raises the refusal if anything was noted."""
        if self._errors:
            raise ApiError(400, Code.INVALID_FORM, "Invalid Form Body", self._errors)
