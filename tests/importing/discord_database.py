"""A small database as discord-tickets 4 makes it: its tables and columns, texts of our own, encrypted."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from chatdesk.importing.cryptr import NONCE, SALT, TAG

KEY = "correct horse battery staple, in a test"
ROUNDS = 10
"""The bot makes its keys in many more, which takes long."""

_TABLES = """
CREATE TABLE guilds (id TEXT PRIMARY KEY, locale TEXT NOT NULL DEFAULT 'en-GB');
CREATE TABLE users (id TEXT PRIMARY KEY, messageCount INTEGER NOT NULL DEFAULT 0);
CREATE TABLE categories (
  id INTEGER PRIMARY KEY, guildId TEXT NOT NULL, name TEXT NOT NULL, staffRoles TEXT NOT NULL);
CREATE TABLE tickets (
  id TEXT PRIMARY KEY, number INTEGER NOT NULL, guildId TEXT NOT NULL, categoryId INTEGER,
  open BOOLEAN NOT NULL,
  createdAt DATETIME NOT NULL, createdById TEXT NOT NULL, claimedById TEXT, closedAt DATETIME,
  closedById TEXT,
  closedReason TEXT, firstResponseAt DATETIME, lastMessageAt DATETIME, priority TEXT, topic TEXT,
  openingMessageId TEXT NOT NULL, deleted BOOLEAN NOT NULL DEFAULT false);
CREATE TABLE archivedUsers (
  ticketId TEXT NOT NULL, userId TEXT NOT NULL, username TEXT, displayName TEXT, roleId TEXT,
  bot BOOLEAN NOT NULL DEFAULT false, PRIMARY KEY (ticketId, userId));
CREATE TABLE archivedMessages (
  id TEXT PRIMARY KEY, ticketId TEXT NOT NULL, authorId TEXT NOT NULL, content TEXT NOT NULL,
  createdAt DATETIME NOT NULL, deleted BOOLEAN NOT NULL DEFAULT false, edited BOOLEAN NOT NULL DEFAULT false,
  external BOOLEAN NOT NULL DEFAULT false);
CREATE TABLE feedback (
  ticketId TEXT PRIMARY KEY, guildId TEXT NOT NULL, rating INTEGER NOT NULL, comment TEXT, userId TEXT,
  createdAt DATETIME NOT NULL);
CREATE TABLE questions (
  id TEXT PRIMARY KEY, categoryId INTEGER NOT NULL, label TEXT NOT NULL, "order" INTEGER);
CREATE TABLE questionAnswers (
  id INTEGER PRIMARY KEY, ticketId TEXT NOT NULL, questionId TEXT NOT NULL, userId TEXT NOT NULL, value TEXT);
"""


@lru_cache
def sealed(text: str) -> str:
    """Encrypted as the bot does it."""
    salt, nonce = bytes(range(SALT)), bytes(range(NONCE))
    key = hashlib.pbkdf2_hmac("sha512", KEY.encode(), salt, ROUNDS, 32)
    written = AESGCM(key).encrypt(nonce, text.encode(), None)
    return (salt + nonce + written[-TAG:] + written[:-TAG]).hex()


def at(hour: int, minute: int = 0) -> int:
    """As Prisma keeps times in SQLite."""
    return int(datetime(2025, 5, 1, hour, minute, tzinfo=UTC).timestamp() * 1000)


def message(content: str, **more: object) -> str:
    whole = {"attachments": [], "components": [], "content": content, "embeds": [], "reference": None, **more}
    return sealed(json.dumps(whole))


def make(file: Path, seal: Callable[[str], str] = sealed) -> Path:
    """Ticket 4 is closed with a rating, ticket 5 is open."""
    with closing(sqlite3.connect(file)) as database:
        database.executescript(_TABLES)
        database.execute("INSERT INTO guilds (id) VALUES ('900')")
        database.execute("INSERT INTO categories VALUES (1, '900', 'Billing', '[\"77\"]')")
        database.execute("INSERT INTO questions VALUES ('q1', 1, 'Order number', 1)")
        closed = (
            "1001", 4, "900", 1, False, at(9), "501", "601", at(12), "601", seal("Lid sent"), at(10), at(10),
            "MEDIUM", seal("The kettle whistles"), "1", False,
        )  # fmt: skip
        opened = (
            "1002", 5, "900", None, True, at(14), "501", None, None, None, None, None, at(14), None, None,
            "2", False,
        )  # fmt: skip
        for row in (closed, opened):
            database.execute(f"INSERT INTO tickets VALUES ({','.join('?' * len(row))})", row)
        for person in (
            ("1001", "501", seal("cleo"), seal("Cleo"), "77", False),
            ("1001", "601", seal("dora"), seal("Dora"), "77", False),
            ("1001", "800", seal("bot"), seal("Bot"), "77", True),
        ):
            database.execute("INSERT INTO archivedUsers VALUES (?, ?, ?, ?, ?, ?)", person)
        file_there = {
            "id": "31",
            "name": "kettle.png",
            "size": 3,
            "contentType": "image/png",
            "url": "https://x.example",
        }
        for told in (
            (
                "m1",
                "1001",
                "501",
                message("It whistles at night", attachments=[file_there]),
                at(9, 1),
                False,
                False,
            ),
            ("m2", "1001", "800", message("Thanks for your ticket"), at(9, 2), False, False),
            ("m3", "1001", "601", message("Try the other lid"), at(10), False, True),
            ("m4", "1001", "501", message("never mind"), at(10, 1), True, False),
        ):
            database.execute(
                "INSERT INTO archivedMessages (id, ticketId, authorId, content, createdAt, deleted, edited) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)", told,
            )  # fmt: skip
        database.execute("INSERT INTO questionAnswers VALUES (1, '1001', 'q1', '501', ?)", (seal("K-77"),))
        database.execute(
            "INSERT INTO feedback VALUES ('1001', '900', 4, ?, '501', ?)", (seal("friendly"), at(13))
        )
        database.commit()
    return file
