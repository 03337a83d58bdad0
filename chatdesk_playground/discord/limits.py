"""Discord's limits on messages, threads, channels and webhooks, refused with error 50035."""

from __future__ import annotations

from dataclasses import dataclass

from chatdesk_playground.discord.component_limits import check_message_components
from chatdesk_playground.discord.errors import Code, Form, refusal
from chatdesk_playground.discord.files import MAXIMUM_FILE_BYTES, MAXIMUM_FILES, Upload
from chatdesk_playground.discord.mentions import AllowedMentions, allowed_mentions_of
from chatdesk_playground.discord.messages import Edit
from chatdesk_playground.discord.state import MessageFlag
from chatdesk_playground.discord.wire import (
    Body,
    bodies_of,
    body_of,
    flag_of,
    id_of,
    ids_of,
    number_of,
    optional_text,
    text_of,
)

FORWARD = 1
MAXIMUM_CONTENT = 2000
MAXIMUM_EMBED_TEXT = 6000
ARCHIVE_MINUTES = frozenset({60, 1440, 4320, 10080})
SETTABLE_FLAGS = (
    MessageFlag.SUPPRESS_EMBEDS
    | MessageFlag.EPHEMERAL
    | MessageFlag.SUPPRESS_NOTIFICATIONS
    | MessageFlag.COMPONENTS_V2
)


@dataclass(frozen=True, slots=True)
class Written:
    """The contents of a message body that was found right."""

    content: str
    embeds: tuple[Body, ...]
    components: tuple[Body, ...]
    uploads: tuple[Upload, ...]
    flags: int
    tts: bool
    nonce: str | None
    enforce_nonce: bool
    allowed: AllowedMentions | None


def read_message(body: Body, uploads: tuple[Upload, ...]) -> Written:
    """Reads the body of a new message; raises 50006 if it is empty, 50035, 30015 or 40005 over a limit."""
    form = Form()
    check_uploads(uploads)
    written = Written(
        content=text_of(body, "content").strip(),
        embeds=tuple(_finished(embed) for embed in bodies_of(body.get("embeds"))),
        components=bodies_of(body.get("components")),
        uploads=_described(body, uploads),
        flags=number_of(body, "flags") & SETTABLE_FLAGS,
        tts=flag_of(body, "tts"),
        nonce=id_of(body, "nonce"),
        enforce_nonce=flag_of(body, "enforce_nonce"),
        allowed=allowed_mentions_of(body.get("allowed_mentions"), form),
    )
    v2 = bool(written.flags & MessageFlag.COMPONENTS_V2)
    form.absent(body, "poll", "sticker_ids", "shared_client_theme")
    if number_of(body_of(body.get("message_reference")), "type") == FORWARD:
        form.nothing_of("message_reference.type")
    form.length("content", written.content, 0, MAXIMUM_CONTENT)
    form.length("nonce", written.nonce, 0, 25)
    check_embeds(form, written.embeds)
    check_message_components(form, written.components, v2)
    if v2 and (written.content or written.embeds):
        for field in [name for name in ("content", "embeds") if body.get(name)]:
            sentence = (
                "The 'content' and 'embeds' fields cannot be used when using MessageFlags.IS_COMPONENTS_V2"
            )
            form.wrong(field, "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", sentence)
    form.check()
    if not (written.content or written.embeds or written.uploads or written.components):
        raise refusal(Code.EMPTY_MESSAGE)
    return written


def read_edit(body: Body, uploads: tuple[Upload, ...], flags: int) -> Edit:
    """Reads the body of an edit of a message that has these flags."""
    form = Form()
    check_uploads(uploads)
    kept = None
    if "attachments" in body:
        entries = bodies_of(body.get("attachments"))
        kept = tuple(id_of(entry, "id") or "" for entry in entries)
    edit = Edit(
        content=text_of(body, "content").strip() if "content" in body else None,
        embeds=tuple(_finished(item) for item in bodies_of(body["embeds"])) if "embeds" in body else None,
        components=bodies_of(body["components"]) if "components" in body else None,
        kept_attachments=kept,
        uploads=_described(body, uploads),
        flags=_edited_flags(body, flags),
        allowed=allowed_mentions_of(body.get("allowed_mentions"), form),
    )
    form.length("content", edit.content, 0, MAXIMUM_CONTENT)
    check_embeds(form, edit.embeds or ())
    v2 = bool((edit.flags or flags) & MessageFlag.COMPONENTS_V2)
    check_message_components(form, edit.components or (), v2)
    form.check()
    return edit


def _edited_flags(body: Body, flags: int) -> int | None:
    if body.get("flags") is None:
        return None
    settable = MessageFlag.SUPPRESS_EMBEDS | MessageFlag.COMPONENTS_V2
    return flags & ~MessageFlag.SUPPRESS_EMBEDS | number_of(body, "flags") & settable


def check_uploads(uploads: tuple[Upload, ...]) -> None:
    if len(uploads) > MAXIMUM_FILES:
        raise refusal(Code.MAXIMUM_ATTACHMENTS)
    if any(len(upload.content) > MAXIMUM_FILE_BYTES for upload in uploads):
        raise refusal(Code.ENTITY_TOO_LARGE)


def _described(body: Body, uploads: tuple[Upload, ...]) -> tuple[Upload, ...]:
    """Uploads with the names and descriptions that `attachments` gives them, by index."""
    entries = {id_of(entry, "id"): entry for entry in bodies_of(body.get("attachments"))}
    described = []
    for index, upload in enumerate(uploads):
        entry = body_of(entries.get(str(index)))
        described.append(
            Upload(
                filename=text_of(entry, "filename", upload.filename),
                content=upload.content,
                content_type=upload.content_type,
                description=optional_text(entry, "description"),
            )
        )
    return tuple(described)


def _finished(embed: Body) -> Body:
    """An embed as Discord gives it back."""
    return {"type": "rich"} | dict(embed) | {"content_scan_version": 0}


def check_embeds(form: Form, embeds: tuple[Body, ...]) -> None:
    """At most ten embeds; each part has its limit, and all their text together has one."""
    form.length("embeds", embeds, 0, 10)
    total = 0
    for index, embed in enumerate(embeds):
        path = f"embeds.{index}"
        footer, author = body_of(embed.get("footer")), body_of(embed.get("author"))
        fields = bodies_of(embed.get("fields"))
        form.length(f"{path}.title", optional_text(embed, "title"), 0, 256)
        form.length(f"{path}.description", optional_text(embed, "description"), 0, 4096)
        form.length(f"{path}.footer.text", optional_text(footer, "text"), 0, 2048)
        form.length(f"{path}.author.name", optional_text(author, "name"), 0, 256)
        form.length(f"{path}.fields", fields, 0, 25)
        for place, entry in enumerate(fields):
            for key, maximum in (("name", 256), ("value", 1024)):
                form.required(f"{path}.fields.{place}.{key}", entry.get(key))
                form.length(f"{path}.fields.{place}.{key}", optional_text(entry, key), 0, maximum)
        texts = [text_of(embed, "title"), text_of(embed, "description")]
        texts += [text_of(footer, "text"), text_of(author, "name")]
        texts += [text_of(entry, key) for entry in fields for key in ("name", "value")]
        total += sum(map(len, texts))
    if total > MAXIMUM_EMBED_TEXT:
        sentence = f"Embed size exceeds maximum size of {MAXIMUM_EMBED_TEXT}"
        form.wrong("embeds", "MAX_EMBED_SIZE_EXCEEDED", sentence)


def check_thread(body: Body) -> None:
    """The name, 1 to 100 long, and the minutes after which a thread is archived."""
    form = Form()
    check_name(form, body, 100)
    form.choice("auto_archive_duration", body.get("auto_archive_duration"), ARCHIVE_MINUTES)
    form.length("applied_tags", ids_of(body.get("applied_tags")), 0, 5)
    form.check()


def check_name(form: Form, body: Body, maximum: int) -> None:
    name = text_of(body, "name").strip()
    form.required("name", name)
    form.length("name", name or None, 1, maximum)


def check_webhook_name(form: Form, field: str, name: str | None) -> None:
    """Names of webhooks: 1 to 80, never with `discord` or `clyde`, never `everyone` or `here`."""
    form.length(field, name, 1, 80)
    lowered = (name or "").lower()
    for word in ("discord", "clyde", "```", "system message"):
        if word in lowered:
            code = "USERNAME_INVALID_CONTAINS"
            form.wrong(field, code, f'Username cannot contain "{word}"')
    if lowered.strip() in ("everyone", "here"):
        form.wrong(field, "USERNAME_INVALID_EQUALS", f'Username cannot be "{lowered.strip()}"')
