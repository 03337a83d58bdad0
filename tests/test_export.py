"""``chatdesk export`` and ``chatdesk person`` as an operator meets them."""

from __future__ import annotations

import asyncio
import csv
import json
import re
from collections.abc import AsyncIterator, Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from chatdesk.contract.vocabulary import FileRef
from chatdesk.courier.files import FileStore
from chatdesk.export.tables import KINDS, names
from chatdesk.store import attachments, schema
from chatdesk.store.engine import open_engine
from tests.desk.humans import ANA, CLEO, SAM
from tests.desk.organisation import ACME, PUBLIC, SERVER
from tests.desk.world import World
from tests.test_cli import Terminal, terminal

__all__ = ["terminal"]

EVIL = "=1+1 <script>alert(1)</script> [x](javascript:alert(1)) ![y](https://evil.example/y.png)"


async def furnish(data: Path) -> str:
    """A ticket with a file, a note and an answer; the file's digest."""
    engine = open_engine(f"sqlite:///{data / 'chatdesk.sqlite3'}")
    schema.upgrade(engine)
    world = await World.furnish(engine)
    ticket = await world.ticket_from(CLEO, PUBLIC, EVIL)
    file = FileRef(SERVER, "f1", "a <b>.txt", 4, "text/plain")
    await world.post(CLEO, world.customer(ticket), f"see {SAM.mention}", files=(file,))
    await world.post(ANA, world.team(ticket), "note: he is a VIP")
    await world.post(ANA, world.team(ticket), "Try again")

    async def content() -> AsyncIterator[bytes]:
        yield b"data"

    stored = await FileStore(data).store(content(), 100)
    attachment = world.posts(ticket)[1].attachments[0].id
    with engine.begin() as connection:
        attachments.stored(connection, ACME.desk, attachment, stored.digest, stored.size)
    await world.close()
    return stored.digest


@pytest.fixture
def digest(terminal: Terminal) -> Iterator[str]:
    yield asyncio.run(furnish(terminal.folder / "data"))


class Page(HTMLParser):
    """What a page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]


def test_tables_and_transcripts(terminal: Terminal, digest: str) -> None:
    done = terminal.run("export", "out")
    assert (done.status, done.out) == (0, "out: 1 ticket, as csv\n"), done
    with (terminal.folder / "out" / "tickets.csv").open(newline="") as file:
        [ticket] = csv.DictReader(file)
    assert ticket["description"] == f"'{EVIL}" and ticket["requester_name"] == "Cleo"
    assert terminal.run("export", "out", "--format", "jsonl", "--since", "30d").status == 0
    read = [json.loads(line) for line in (terminal.folder / "out" / "posts.jsonl").read_text().splitlines()]
    assert [one["audience"] for one in read] == ["public", "public", "internal", "public"]
    assert (read[0]["body"], read[1]["files"]) == (EVIL, ["a <b>.txt"])
    assert (terminal.folder / "out" / "history.jsonl").stat().st_size
    again = terminal.run("export", "out")
    assert again.status == 2 and "tickets.csv is there already" in again.err

    assert terminal.run("export", "t.html", "--ticket", "1").status == 0
    text = (terminal.folder / "t.html").read_text()
    page = Page(text)
    assert "script" not in page.tags and "img" not in page.tags
    assert page.links == ["https://evil.example/y.png", "t-files/2-1-a%20%3Cb%3E.txt"]
    assert (terminal.folder / "t-files" / "2-1-a <b>.txt").read_bytes() == b"data"
    assert "VIP" in text and "internal note" in text and "person:" not in text
    assert terminal.run("export", "t.md", "--ticket", "1", "--format", "markdown", "--public").status == 2
    assert terminal.run("export", "p.md", "--ticket", "1", "--format", "markdown", "--public").status == 0
    public = (terminal.folder / "p.md").read_text()
    assert "VIP" not in public and "> Try again" in public and "**Ana**" in public


def test_every_column_is_described() -> None:
    text = (Path(__file__).parent.parent / "docs" / "operations.md").read_text(encoding="utf-8")
    section = text.partition("## Export")[2].partition("## Erasing")[0]
    for kind, name in KINDS.items():
        described = section.partition(f"**{name}**")[2].partition("**")[0]
        assert re.findall(r"`([a-z_]+)`", re.sub(r"\([^)]*\)", "", described))[: len(names(kind))] == names(
            kind
        )


def test_what_cannot_be_exported(terminal: Terminal, digest: str) -> None:
    for arguments, sentence in (
        (("x.html", "--ticket", "7"), "there is no ticket #7"),
        (("x", "--desk", "nowhere"), "there is no desk nowhere"),
        (("x.html", "--format", "html"), "say which with --ticket"),
        (("x", "--public"), "--public is for transcripts"),
    ):
        done = terminal.run("export", *arguments)
        assert done.status == 2 and sentence in done.err, done
    assert not list(terminal.folder.glob("x*"))


def test_a_person_is_erased_after_a_question(terminal: Terminal, digest: str) -> None:
    stored = terminal.folder / "data" / "files" / digest[:2] / digest[2:]
    assert "nobody is known as discord:x" in terminal.run("person", "erase", "discord:x").err
    assert '"cleo" is no account' in terminal.run("person", "erase", "cleo").err
    staff = terminal.run("person", "erase", "slack:ana", "--yes")
    assert staff.status == 2 and "Ana works for desk acme" in staff.err
    asked = terminal.run("person", "erase", "discord:cleo")
    assert asked.status == 2 and "say --yes" in asked.err
    assert "the words of 2 posts and 1 files" in asked.out and stored.exists()
    done = terminal.run("person", "erase", "discord:cleo", "--yes")
    assert done.status == 0 and "erased in 1 desk, with 1 files" in done.out, done
    assert not stored.exists() and not done.err
    database = b"".join(path.read_bytes() for path in (terminal.folder / "data").glob("chatdesk.sqlite3*"))
    assert b"Try again" in database
    assert b"alert" not in database and b"Cleo" not in database and b"a <b>.txt" not in database
    again = terminal.run("person", "erase", "discord:cleo")
    assert again.status == 0 and "was erased on" in again.out
