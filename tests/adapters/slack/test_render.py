"""Views and effects as Slack's blocks, within its limits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapters.slack.blocks import action_rows, sections
from adapters.slack.failures import delivery_failed
from adapters.slack.forms import field_errors, form_context, form_values, view_of
from adapters.slack.ids import installation, where
from adapters.slack.render import author_name, card, home, line, panel, parts, spoken_by
from adapters.slack.wire import Json, items, mapping, text
from chatdesk.contract.actions import RunVerb
from chatdesk.contract.outbound import Author
from chatdesk.contract.views import (
    Button,
    CardLine,
    ChoiceField,
    Form,
    Home,
    HomeSection,
    Menu,
    Option,
    Panel,
    TextField,
    TicketLine,
)
from chatdesk.contract.vocabulary import Installation, Place, Platform
from tests.adapters.slack.samples import CARD, FORM, content

AT = installation("T1")
ENDLESS = "endless words " * 1000


def texts(blocks: object) -> list[str]:
    return [text(block, "text", "text") for block in items({"blocks": blocks}, "blocks")]


def test_a_card_stays_within_slacks_limits() -> None:
    shown = card(
        replace(
            CARD,
            title=ENDLESS,
            summary=ENDLESS * 20,
            warning=ENDLESS,
            facts=tuple(CardLine(f"Label {number}", ENDLESS) for number in range(25)),
        )
    )
    assert len(shown.blocks) <= 50
    assert shown.blocks[-1]["type"] == "actions"
    assert all(len(words) <= 3000 for words in texts(shown.blocks))
    for block in shown.blocks:
        for field in items(block, "fields"):
            assert len(text(field, "text")) <= 2000


def test_a_menu_is_a_select_with_what_is_chosen_or_three_dots() -> None:
    few = tuple(Option(str(number), str(number)) for number in range(5))
    many = tuple(Option(str(number), str(number)) for number in range(6))
    action = RunVerb("x", 7)
    (row,) = action_rows(
        [
            Menu("More ▾", action, few),
            Menu("More ▾", action, many),
            Menu("Priority", action, few, "3"),
            Menu("Status", action, few, "unknown"),
            Menu("Nothing", action, ()),
            Button("Claim", RunVerb("claim", 7)),
        ]
    )
    elements = items(row, "elements")
    kinds = [text(element, "type") for element in elements]
    assert kinds == ["overflow", "static_select", "static_select", "static_select", "button"]
    assert text(elements[2], "initial_option", "value") == "3"
    assert "initial_option" not in elements[3]
    assert len({text(element, "action_id") for element in elements}) == 5


@pytest.mark.parametrize("length", [0, 1, 2999, 3000, 3001, 12_000])
def test_sections_hold_text_of_any_length(length: int) -> None:
    shown = texts(sections("x" * length))
    assert all(1 <= len(words) <= 3000 for words in shown)
    assert "".join(shown).strip() == "x" * length


@pytest.mark.parametrize(
    ("author", "internal", "name"),
    [
        ("Ana", False, "Ana"),
        ("Ana", True, "🔒 Ana"),
        ("  Ana \n Maria ", False, "Ana Maria"),
        ("", False, "?"),
        ("x" * 200, True, "🔒 " + "x" * 77 + "…"),
    ],
)
def test_names(author: str, internal: bool, name: str) -> None:
    assert author_name(Author(author), internal) == name


def test_names_in_the_text_are_literal() -> None:
    assert spoken_by(Author("A*n*a <!here>"), True) == "🔒 *A∗n∗a &lt;!here&gt;:*"


def test_nothing_is_said_above_files_alone() -> None:
    assert parts(content("")) == ["…"]
    assert parts(content("a", missing=("b.png",)))[0].startswith("a\n\n📎")


def test_a_line_keeps_its_blocks_for_controls() -> None:
    assert line("**x**").blocks == ()
    assert line("").text == " "
    assert line("x", [Button("Claim", RunVerb("claim", 7))]).arguments()["text"] == "x"


def test_panel() -> None:
    shown = panel(Panel("Help *now*", "**Ask**", (Button("New", RunVerb("x", 1)),)))
    assert texts(shown.blocks)[:2] == ["*Help ∗now∗*", "*Ask*"]


def test_home_links_to_threads_on_slack() -> None:
    here = Place(AT, "C1/1700000000.000100")
    elsewhere = Place(Installation(Platform("discord"), "1"), "2")
    tickets = (
        TicketLine(7, "Fire | *now* & <here>", "open", "🔴", "Ana", here),
        TicketLine(8, "Water", "new", "🔵", "", elsewhere),
    )
    view = home(Home((HomeSection("Mine", tickets, "None"),), ()), "https://acme.slack.com/")
    assert texts(view["blocks"])[1] == (
        "🔴 <https://acme.slack.com/archives/C1/p1700000000000100|#7 Fire ¦ ∗now∗ &amp; &lt;here&gt;>"
        " · open · Ana\n🔵 *#8 Water* · new"
    )
    crowd = HomeSection("Queue", tickets * 600, "None")
    assert len(items(home(Home((crowd,), ()), "https://acme.slack.com/"), "blocks")) == 100


def test_a_form_carries_where_it_was_opened() -> None:
    view = view_of(FORM, where(AT, "C1", "1700000000.000100"))
    context = form_context(view)
    assert (context.form, context.channel, context.thread) == ("f1", "C1", "1700000000.000100")
    assert form_context(view_of(FORM, None)).channel is None
    assert form_context({"private_metadata": "not json"}).form == ""
    assert form_context({"private_metadata": "[1]"}).form == ""


def test_a_form_stays_within_slacks_limits() -> None:
    form = Form(
        "f",
        "A title that is far too long for Slack",
        "Submit it right now, please, yes",
        (
            TextField("a", ENDLESS, value=ENDLESS, max_length=9000, placeholder=ENDLESS),
            ChoiceField("b", "B", tuple(Option("x" * 100, str(number)) for number in range(150))),
            ChoiceField("c", "Nothing to choose", ()),
        ),
    )
    view = view_of(form, None)
    assert len(text(view, "title", "text")) == 24 and len(text(view, "submit", "text")) == 24
    blocks = items(view, "blocks")
    assert [text(block, "block_id") for block in blocks] == ["a", "b"]
    typed = mapping(blocks[0], "element")
    assert len(text(typed, "initial_value")) == 3000 and len(text(typed, "placeholder", "text")) == 150
    options = items(blocks[1], "element", "options")
    assert len(options) == 100 and len(text(options[0], "text", "text")) == 75


def test_what_was_typed_and_where_errors_stand() -> None:
    view: Json = {
        "state": {
            "values": {
                "title": {"title": {"type": "plain_text_input", "value": "x"}},
                "note": {"note": {"type": "plain_text_input", "value": None}},
                "team": {"team": {"type": "static_select", "selected_option": {"value": "it"}}},
                "who": {"who": {"type": "users_select", "selected_user": "U1"}},
            }
        }
    }
    assert form_values(view) == {"title": "x", "note": "", "team": "it", "who": "U1"}
    assert field_errors(view, {"team": "**No**"}, "x") == {"team": "No"}
    assert field_errors(view, {"gone": "No"}, "gone: No") == {"title": "gone: No"}
    assert field_errors({}, {}, "x") == {}


def test_what_is_not_an_answer_of_slack_is_uncertain() -> None:
    assert delivery_failed(TimeoutError()).uncertain
    assert delivery_failed(ConnectionResetError()).uncertain
