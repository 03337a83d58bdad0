"""Deliveries whose requests are carried out and not answered, the same for each platform's adapter."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Protocol, TypeAlias

from chatdesk.contract.outbound import (
    Author,
    Content,
    DeleteMessages,
    EditLine,
    EditMessage,
    OpenThread,
    Outbound,
    OutgoingFile,
    PostLine,
    PostMessage,
    RetireCard,
    SetReaction,
    ShowCard,
    TellPerson,
    Visibility,
)
from chatdesk.contract.ports import Receipt
from chatdesk.contract.views import Card
from chatdesk.contract.vocabulary import IdentityId

CARD = Card(7, "Fire", "open", "🔴", 0xFF0000, (), "It burns.", None, ())
LONG = "\n\n".join(f"Paragraph {number}. " + "word " * 100 for number in range(12))


class Scene(Protocol):
    """A channel of its own for one delivery."""

    @property
    def reader(self) -> IdentityId:
        """Somebody who reads what is delivered."""
        ...

    def file(self, name: str) -> OutgoingFile:
        """A small file of this name."""
        ...

    async def done(self, effect: Outbound) -> Receipt:
        """Deliver something that nothing happens to."""
        ...


Prepare: TypeAlias = Callable[[Scene], Awaitable[Outbound]]
"""Brings a scene to where a delivery can be made in it."""


def content(body: str, *files: OutgoingFile) -> Content:
    return Content("p1", Author("Ana"), body, files, internal=False)


async def a_post(scene: Scene) -> Outbound:
    return PostMessage(content(LONG))


async def a_post_with_files(scene: Scene) -> Outbound:
    return PostMessage(content("Look", scene.file("a.txt"), scene.file("b.txt")))


async def an_edit_that_grows(scene: Scene) -> Outbound:
    receipt = await scene.done(PostMessage(content("Short")))
    return EditMessage(content(LONG, scene.file("a.txt")), receipt.copies)


async def an_edit_that_shrinks(scene: Scene) -> Outbound:
    receipt = await scene.done(PostMessage(content(LONG, scene.file("a.txt"))))
    return EditMessage(content("Short"), receipt.copies)


async def a_deletion(scene: Scene) -> Outbound:
    receipt = await scene.done(PostMessage(content(LONG, scene.file("a.txt"))))
    return DeleteMessages(receipt.copies)


async def a_card(scene: Scene) -> Outbound:
    return ShowCard(CARD)


async def a_card_redrawn(scene: Scene) -> Outbound:
    receipt = await scene.done(ShowCard(CARD))
    return ShowCard(replace(CARD, status="open"), receipt.card)


async def a_card_retired(scene: Scene) -> Outbound:
    receipt = await scene.done(ShowCard(CARD))
    assert receipt.card is not None
    return RetireCard(receipt.card, "elsewhere")


async def a_thread(scene: Scene) -> Outbound:
    return OpenThread("#7 Printer", "Hello.", Visibility.PUBLIC, (scene.reader,))


async def a_thread_under_a_message(scene: Scene) -> Outbound:
    receipt = await scene.done(PostLine("help"))
    return OpenThread("#7 Printer", "Hello.", Visibility.PUBLIC, (scene.reader,), receipt.copies[0].ref)


async def a_private_thread(scene: Scene) -> Outbound:
    return OpenThread("#7 Printer", "Hello.", Visibility.PRIVATE, (scene.reader,))


async def a_line(scene: Scene) -> Outbound:
    return PostLine("claimed")


async def a_line_changed(scene: Scene) -> Outbound:
    receipt = await scene.done(PostLine("claimed"))
    return EditLine(receipt.copies[0].ref, "released")


async def a_reaction(scene: Scene) -> Outbound:
    receipt = await scene.done(PostLine("claimed"))
    return SetReaction(receipt.copies[0].ref, "👍", True)


async def a_reaction_taken_off(scene: Scene) -> Outbound:
    receipt = await scene.done(PostLine("claimed"))
    await scene.done(SetReaction(receipt.copies[0].ref, "👍", True))
    return SetReaction(receipt.copies[0].ref, "👍", False)


async def a_direct_message(scene: Scene) -> Outbound:
    return TellPerson(scene.reader, "Created #7.")


POSTS: list[Prepare] = [
    a_post,
    a_post_with_files,
    an_edit_that_grows,
    an_edit_that_shrinks,
    a_deletion,
]
EVERYTHING: list[Prepare] = [
    *POSTS,
    a_card,
    a_card_redrawn,
    a_card_retired,
    a_thread,
    a_thread_under_a_message,
    a_private_thread,
    a_line,
    a_line_changed,
    a_reaction,
    a_reaction_taken_off,
    a_direct_message,
]
