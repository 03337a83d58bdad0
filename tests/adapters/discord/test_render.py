"""What the desk wants shown, as Discord's embeds, components, names and text."""

from __future__ import annotations

from dataclasses import replace

import discord
import pytest

from adapters.discord.forms import errors_text, modal
from adapters.discord.render import (
    author_name,
    line,
    post_parts,
    shown_card,
    thread_name,
    view_of,
    webhook_name,
)
from chatdesk.contract.actions import FormKind, OpenForm, RunVerb
from chatdesk.contract.outbound import Author, Content
from chatdesk.contract.views import (
    Button,
    Card,
    CardLine,
    ChoiceField,
    Control,
    Field,
    Form,
    Menu,
    Option,
    Style,
    TextField,
)

CARD = Card(
    1042,
    "Printer *burns*",
    "open",
    "🔴",
    0xCC0000,
    (CardLine("Requester", "Cleo_C"), CardLine("SLA", "")),
    "It **smokes** @everyone.",
    "https://discord.com/channels/1/2/3",
    (),
    warning="A file could not be fetched",
)


def test_a_card_shows_number_title_status_facts_summary_link_and_warning() -> None:
    embed = shown_card(CARD).embed
    assert embed.title == r"#1042 🔴 Printer \*burns\*"
    assert embed.url == "https://discord.com/channels/1/2/3"
    assert embed.colour == discord.Colour(0xCC0000)
    assert [(fact.name, fact.value) for fact in embed.fields] == [
        ("Status", "open"),
        ("Requester", "Cleo_C"),
        ("SLA", "–"),
    ]
    assert embed.description is not None
    assert embed.description.startswith("⚠️ A file could not be fetched\n\nIt **smokes**")


def test_a_card_keeps_within_discords_limits() -> None:
    facts = tuple(CardLine(f"fact {number}" + "x" * 300, "y" * 2000) for number in range(40))
    embed = shown_card(replace(CARD, title="t" * 500, summary="s" * 9000, facts=facts)).embed
    assert len(embed) <= 6000
    assert len(embed.title or "") <= 256
    assert len(embed.description or "") <= 4096
    assert len(embed.fields) <= 25
    assert all(len(fact.value or "") <= 1024 and len(fact.name or "") <= 256 for fact in embed.fields)


def button(number: int) -> Button:
    return Button(f"b{number}", RunVerb("claim", number))


def menu(number: int, options: int = 1) -> Menu:
    return Menu(
        f"m{number}", RunVerb("status", number), tuple(Option(str(i), str(i)) for i in range(options))
    )


@pytest.mark.parametrize(
    ("controls", "rows"),
    [
        ([button(1), button(2)], [2]),
        ([button(number) for number in range(7)], [5, 2]),
        ([button(1), menu(2), button(3)], [1, 1, 1]),
        ([menu(number) for number in range(8)], [1, 1, 1, 1, 1]),
        ([menu(1, options=0), button(2)], [1]),
        ([button(1), button(1), menu(1)], [1, 1]),
        ([menu(1, options=40)], [1]),
        ([], []),
    ],
)
def test_controls_fill_rows(controls: list[Control], rows: list[int]) -> None:
    shown = view_of(controls).to_components()
    assert [len(row["components"]) for row in shown] == rows


def test_buttons_and_menus_say_what_they_stand_for() -> None:
    form = Option("Note", "form:7:note")
    controls: list[Control] = [
        Button("x" * 200, RunVerb("claim", 7), Style.PRIMARY),
        Menu("Priority ▾", RunVerb("priority", 7), (Option("High", "high"), form), chosen="high"),
        Button("Reply", OpenForm(FormKind.REPLY, 7), Style.DANGER),
    ]
    first, second, third = (row["components"][0] for row in view_of(controls).to_components())
    assert (first["custom_id"], first["style"], len(first["label"])) == ("verb:7:claim", 1, 80)
    assert (second["custom_id"], second["placeholder"]) == ("verb:7:priority", "Priority ▾")
    assert [(option["value"], option.get("default", False)) for option in second["options"]] == [
        ("high", True),
        ("form:7:note", False),
    ]
    assert (third["custom_id"], third["style"]) == ("form:7:reply", 4)


def test_nothing_shown_is_remembered_by_discord_py() -> None:
    assert view_of([button(1)]).to_components()
    assert modal(Form("f", "t", "s", ())).custom_id == "form:f"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Ana", "Ana"),
        ("Discord Fan", "Dis\u200acord Fan"),
        ("xCLYDEx", "xCLY\u200aDEx"),
        ("here", "“here”"),
        ("@everyone", "“＠everyone”"),
        ("a\nb", "a b"),
        ("   ", "Somebody"),
        ("x" * 100, "x" * 79 + "…"),
    ],
)
def test_webhook_names(name: str, shown: str) -> None:
    assert webhook_name(name) == shown


def content(body: str, *, internal: bool = False, missing: tuple[str, ...] = ()) -> Content:
    return Content("p", Author("An*a"), body, (), internal, missing_files=missing)


@pytest.mark.parametrize(
    ("post", "named", "parts"),
    [
        (content("hi"), False, ["hi"]),
        (content("hi"), True, [r"**An\*a:** hi"]),
        (content("hi", internal=True), True, [r"🔒 **An\*a:** hi"]),
        (content("hi", missing=("a_b.txt",)), False, ["hi\n📎 a_b.txt could not be fetched"]),
        (content(""), False, ["…"]),
    ],
)
def test_post_parts(post: Content, named: bool, parts: list[str]) -> None:
    assert post_parts(post, named) == parts


def test_long_posts_stay_below_the_limit() -> None:
    parts = post_parts(content("word " * 3000), named=True)
    assert len(parts) > 7
    assert all(len(part) <= 2000 for part in parts)
    assert author_name(replace(content("x", internal=True), author=Author("y" * 90))).startswith("🔒 y")
    assert len(line("x" * 5000)) == 2000
    assert len(thread_name("x\n" * 300)) == 100


def test_a_modal_keeps_within_discords_limits() -> None:
    fields: tuple[Field, ...] = (
        TextField("a", "A" * 80, value="v" * 50, max_length=20, placeholder="p" * 200, multiline=True),
        ChoiceField("b", "B", tuple(Option("o" * 200, str(number)) for number in range(30)), value="3"),
        ChoiceField("none", "No options", ()),
        *(TextField(f"t{number}", "T") for number in range(9)),
    )
    shown = modal(Form("f1", "x" * 90, "Send", fields, note="read **this**")).to_dict()
    assert (shown["custom_id"], len(shown["title"])) == ("form:f1", 45)
    assert len(shown["components"]) == 5
    text, choice = shown["components"][0], shown["components"][1]
    assert len(text["label"]) == 45
    assert text["component"]["value"] == "v" * 20
    assert len(text["component"]["placeholder"]) == 100
    assert len(choice["component"]["options"]) == 25
    assert [option["value"] for option in choice["component"]["options"] if option["default"]] == ["3"]


def test_a_note_stands_above_the_fields_where_there_is_room() -> None:
    shown = modal(Form("f1", "t", "s", (TextField("a", "A"),), note="read **this**")).to_dict()
    assert shown["components"][0]["content"] == "read **this**"


def test_errors_name_their_fields() -> None:
    text = errors_text("Please correct this.", {"affected_service": "Say which *one*."})
    assert text == "Please correct this.\n• **Affected service**: Say which *one*."
