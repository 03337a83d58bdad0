"""Things to show, as tests use them."""

from __future__ import annotations

from collections.abc import Mapping

from chatdesk.contract.actions import ChooseOption, FormKind, OpenForm, RunVerb
from chatdesk.contract.outbound import Author, Content, OutgoingFile
from chatdesk.contract.views import (
    Button,
    Card,
    CardLine,
    ChoiceField,
    Form,
    Home,
    HomeSection,
    Menu,
    Option,
    PersonField,
    TextField,
    TicketLine,
)

CARD = Card(
    number=7,
    title="Printer on *fire* <!channel>",
    status="new",
    mark="🔴",
    colour=0xFF0000,
    facts=(CardLine("Requester", "Cleo"), CardLine("Assignee", "")),
    summary="It **burns**.",
    source_link="https://example.test/x?a=1&b=2",
    controls=(
        Button("Claim", RunVerb("claim", 7)),
        Menu("Priority", RunVerb("priority", 7), (Option("Urgent", "urgent"), Option("Low", "low")), "low"),
        Button("Escalate", OpenForm(FormKind.ESCALATE, 7)),
        Menu(
            "More ▾",
            RunVerb("more", 7),
            (Option("Release", "verb:7:release"), Option("Note", "form:7:note")),
        ),
    ),
)

FORM = Form(
    id="f1",
    title="New ticket",
    submit="Create",
    fields=(
        TextField("title", "Title", value="Printer", max_length=150),
        TextField("description", "Description", required=False, multiline=True, placeholder="What happened?"),
        ChoiceField(
            "category",
            "Category",
            (Option("Hardware", "hw"), Option("Software", "sw")),
            value="hw",
            refreshes=True,
        ),
        PersonField("person", "Person", required=False),
    ),
    note="The **team** answers within a day.",
)

HOME = Home(
    sections=(
        HomeSection(
            "My tickets", (TicketLine(7, "Printer", "open", "🔴", "Ana"),), "You have no open tickets."
        ),
        HomeSection("Queue", (), "Nothing waits."),
    ),
    controls=(Button("New ticket", OpenForm(FormKind.TICKET)),),
)

QUESTION = (
    Button("Create anyway", ChooseOption("c1", "yes")),
    Button("Discard", ChooseOption("c1", "no")),
)


def content(
    body: str,
    *,
    internal: bool = False,
    files: tuple[OutgoingFile, ...] = (),
    people: Mapping[str, str] | None = None,
    missing: tuple[str, ...] = (),
) -> Content:
    """A post by Cleo."""
    author = Author("Cleo", "https://example.test/cleo.png")
    return Content("p1", author, body, files, internal, people or {}, missing)
