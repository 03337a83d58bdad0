"""The adapter with the real SDK against the playground: in, out, and the actor's answer."""

from __future__ import annotations

from chatdesk.contract.actions import FormKind, RunVerb
from chatdesk.contract.inbound import (
    CommandGiven,
    Connected,
    FormOpened,
    FormSubmitted,
    Inbound,
    MessagePosted,
)
from chatdesk.contract.outbound import Author, Content, OpenThread, PostMessage, ShowCard, Visibility
from chatdesk.contract.ports import Accepted, Answer
from chatdesk.contract.views import Button, Card, CardLine, Form, Menu, Option, TextField
from chatdesk.contract.vocabulary import PlaceKind
from tests.adapters.discord.conftest import World

TICKET_FORM = Form(
    "f1", "New ticket", "Create", (TextField("title", "Title", "hello"), TextField("text", "What happened"))
)


def content(body: str, internal: bool = False) -> Content:
    return Content("p1", Author("Ana", None), body, (), internal)


async def test_it_says_what_it_is_connected_to(world: World) -> None:
    connected = world.desk.of(Connected)
    assert [(event.installation.id, event.name) for event in connected] == [(world.guild, "Acme")]
    assert world.desk.events[0] is connected[0]


async def test_a_message_comes_in(world: World) -> None:
    message = await world.cleo.post(world.general, "**hello** there")
    event = await world.desk.received(MessagePosted)
    assert event.ref == world.ref(world.general, message.id)
    assert event.where.kind is PlaceKind.CHANNEL
    assert event.where.channel.id == world.general
    assert event.body == "**hello** there"
    assert event.actor.profile is not None
    assert event.actor.profile.name == "Cleo"


async def test_a_post_appears_under_its_authors_name_in_the_thread(world: World) -> None:
    message = await world.cleo.post(world.general, "help")
    source = world.ref(world.general, message.id)
    opening = OpenThread("Help", "We are looking into it.", Visibility.PUBLIC, (), source)
    opened = (await world.deliver(opening, world.general)).opened
    assert opened is not None
    receipt = await world.deliver(PostMessage(content("**on it**")), opened.id)
    seen = await world.cleo.messages(opened.id)
    assert [(post.author, post.content) for post in seen if post.content] == [
        ("chatdesk", "We are looking into it."),
        ("Ana", "**on it**"),
    ]
    assert [copy.part for copy in receipt.copies] == ["text:0"]
    await world.discord.control.wait_until_quiet()
    assert [event.body for event in world.desk.of(MessagePosted)] == ["help"]


async def test_a_card_with_its_thread(world: World) -> None:
    card = Card(
        7, "Printer on fire", "open", "🔴", 0xFF0000, (CardLine("Requester", "Cleo"),), "It *burns*.", None,
        (
            Button("Claim", RunVerb("claim", 7)),
            Menu("Priority", RunVerb("priority", 7), (Option("Urgent", "urgent"), Option("Low", "low"))),
            Menu("More", RunVerb("more", 7), (Option("Note", "form:7:note"),)),
        ),
    )  # fmt: skip
    receipt = await world.deliver(ShowCard(card), world.support)
    assert receipt.card is not None
    assert receipt.opened is not None
    (shown,) = [message for message in await world.ana.messages(world.support) if message.embeds]
    assert "Printer on fire" in shown.text
    assert [thread.name for thread in await world.ana.threads(world.support)] == ["#7 Printer on fire"]
    await world.ana.click(world.support, shown.id, "Claim")
    claimed = await world.desk.received(CommandGiven)
    assert (claimed.verb, claimed.arguments) == ("claim", {"ticket": "7"})
    await world.ana.choose(world.support, shown.id, "Priority", "Urgent")
    urgent = await world.desk.received(CommandGiven, lambda event: event.verb == "priority")
    assert urgent.arguments == {"ticket": "7", "priority": "urgent"}
    await world.ana.choose(world.support, shown.id, "More", "Note")
    assert (await world.desk.received(FormOpened)).kind is FormKind.NOTE


async def test_a_slash_command_is_answered_to_the_actor_alone(world: World) -> None:
    world.desk.answering = lambda event: Accepted("You claimed **#7**.")
    outcome = await world.ana.command("ticket claim", {"ticket": "7"}, at=world.support)
    assert [(message.content, message.ephemeral) for message in outcome.messages] == [
        ("You claimed **#7**.", True)
    ]
    event = await world.desk.received(CommandGiven)
    assert (event.command, event.verb, event.arguments) == ("ticket", "claim", {"ticket": "7"})


async def test_the_context_menu_opens_a_form_that_can_be_submitted(world: World) -> None:
    def answer(event: Inbound) -> Answer:
        return Accepted(form=TICKET_FORM) if isinstance(event, FormOpened) else Accepted("Created.")

    world.desk.answering = answer
    message = await world.cleo.post(world.general, "the printer burns")
    outcome = await world.ana.context_menu("Create ticket", world.general, message.id)
    assert outcome.modal is not None
    opened = await world.desk.received(FormOpened)
    assert opened.source is not None
    assert opened.source.body == "the printer burns"
    assert opened.source.author.identity.id == world.cleo.id
    outcome = await world.ana.submit({"Title": "Fire", "What happened": "smoke"})
    assert [message.content for message in outcome.messages] == ["Created."]
    submitted = await world.desk.received(FormSubmitted)
    assert (submitted.form, submitted.values) == ("f1", {"title": "Fire", "text": "smoke"})
