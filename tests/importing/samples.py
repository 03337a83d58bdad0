"""Small exports of other help desks, as they write them, with people and words of our own."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path


def lines(file: Path, found: Iterable[object]) -> Path:
    file.write_text("".join(f"{json.dumps(one)}\n" for one in found), encoding="utf-8")
    return file


CLEO = {"id": 901, "name": "Cleo Ray", "email": "Cleo@customer.example"}
ANA = {"id": 902, "name": "Ana Agent", "email": "ana@acme.example"}


def zendesk_ticket(number: int, **other: object) -> dict[str, object]:
    """One line of Zendesk's JSON export: people in it, comments in it."""
    return {
        "url": f"https://acme.zendesk.example/api/v2/tickets/{number}.json",
        "id": number,
        "created_at": "2025-03-01T09:00:00Z",
        "updated_at": "2025-03-02T10:00:00Z",
        "type": "question",
        "subject": f"The teapot leaks ({number})",
        "description": "Since Monday it leaks",
        "priority": "high",
        "status": "closed",
        "requester": CLEO,
        "submitter": CLEO,
        "assignee": ANA,
        "group": {"id": 7, "name": "Billing"},
        "tags": ["teapot", "warranty"],
        "custom_fields": [{"id": 55, "value": "T-1000"}, {"id": 56, "value": None}],
        "satisfaction_rating": {"score": "good", "comment": "quick"},
        "comments": [
            {
                "id": 1, "type": "Comment", "author_id": 901, "author": CLEO, "public": True,
                "body": "Since Monday it leaks", "plain_body": "Since Monday it leaks",
                "created_at": "2025-03-01T09:00:00Z",
                "attachments": [
                    {"id": 4711, "file_name": "leak.txt", "content_type": "text/plain", "size": 4,
                     "content_url": "https://acme.zendesk.example/attachments/token/x/?name=leak.txt"}
                ],
            },
            {
                "id": 2, "type": "Comment", "author_id": 902, "author": ANA, "public": False,
                "body": "He dropped it, surely", "created_at": "2025-03-01T09:30:00Z", "attachments": [],
            },
            {
                "id": 3, "type": "Comment", "author_id": 902, "author": ANA, "public": True,
                "body": "A new lid is on its way", "created_at": "2025-03-01T10:00:00Z", "attachments": [],
            },
        ],
        **other,
    }  # fmt: skip


def modmail_log(key: str, **other: object) -> dict[str, object]:
    """One document of Modmail's logs."""
    cleo = {
        "id": "501",
        "name": "cleo",
        "discriminator": "0",
        "avatar_url": "https://cdn.example/a",
        "mod": False,
    }
    dora = {
        "id": "601",
        "name": "dora",
        "discriminator": "0",
        "avatar_url": "https://cdn.example/b",
        "mod": True,
    }

    def message(at: str, author: dict[str, object], content: str, kind: str) -> dict[str, object]:
        return {
            "timestamp": at, "message_id": at, "author": author, "content": content, "type": kind,
            "attachments": [],
        }  # fmt: skip

    return {
        "_id": key,
        "key": key,
        "open": False,
        "created_at": "2025-04-01 08:00:00.123456",
        "closed_at": "2025-04-01 12:00:00.000000",
        "channel_id": "700",
        "guild_id": "900",
        "bot_id": "800",
        "recipient": cleo,
        "creator": cleo,
        "closer": dora,
        "close_message": "Unmuted.",
        "messages": [
            message("2025-04-01 08:00:01+00:00", cleo, "Why was I muted?", "thread_message"),
            message("2025-04-01 08:10:00+00:00", dora, "ban evader, perhaps", "internal"),
            message("2025-04-01 08:11:00+00:00", dora, "a note of ours", "system"),
            message("2025-04-01 08:20:00+00:00", dora, "It was a mistake, sorry", "anonymous"),
        ],
        **other,
    }
