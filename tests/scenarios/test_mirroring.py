"""A ticket's conversation is one, in two threads, whatever the platforms."""

from __future__ import annotations

from chatdesk.demo.seats import DiscordSeat, says, wait_for, wait_until_gone
from tests.scenarios.stage import Stage

PICTURE = ("graph.bin", bytes(range(256)) * 40)


async def test_from_shortcut_to_mirror(stage: Stage) -> None:
    ticket = await stage.open_ticket("My *screen* stays black since `v2.1`", "Black screen")
    await wait_for(ticket.agent, says("v2.1", stage.customer.name), "the request under its author's name")
    await wait_for(ticket.customer, says("#1"), "the line that names the ticket")
    await ticket.agent.post("Did you try to *restart* it?")
    await wait_for(
        ticket.customer, says("Did you try", stage.agent.name), "the answer under its author's name"
    )
    await ticket.customer.post("Yes, twice.")
    await wait_for(ticket.agent, says("Yes, twice.", stage.customer.name), "the customer's answer")


async def test_edits_reach_the_copy_both_ways(stage: Stage) -> None:
    ticket = await stage.open_ticket("It is slow", "Slow")
    mine = await ticket.customer.post("since Mnoday")
    await wait_for(ticket.agent, says("since Mnoday"), "the copy")
    await ticket.customer.edit(mine, "since Monday")
    await wait_for(ticket.agent, says("since Monday"), "the edited copy")
    theirs = await ticket.agent.post("Which brwoser?")
    await wait_for(ticket.customer, says("Which brwoser?"), "the copy")
    await ticket.agent.edit(theirs, "Which browser?")
    await wait_for(ticket.customer, says("Which browser?"), "the edited copy")
    await wait_until_gone(ticket.customer, says("brwoser"), "the old words")


async def test_deletions_reach_the_copy_both_ways(stage: Stage) -> None:
    ticket = await stage.open_ticket("It is slow", "Slow")
    mine = await ticket.customer.post("my password is hunter2")
    await wait_for(ticket.agent, says("hunter2"), "the copy")
    await ticket.customer.delete(mine)
    await wait_until_gone(ticket.agent, says("hunter2"), "the deleted words")
    theirs = await ticket.agent.post("wrong thread, sorry")
    await wait_for(ticket.customer, says("wrong thread"), "the copy")
    await ticket.agent.delete(theirs)
    await wait_until_gone(ticket.customer, says("wrong thread"), "the deleted words")


async def test_reactions_reach_the_copy_and_add_remove_add_ends_right(stage: Stage) -> None:
    ticket = await stage.open_ticket("It is slow", "Slow")
    theirs = await ticket.agent.post("Is it better now?")
    copy = await wait_for(ticket.customer, says("Is it better now?"), "the copy")
    await ticket.customer.react(copy.id, "👍")
    await wait_for(ticket.agent, lambda one: one.id == theirs and "👍" in one.reactions, "the 👍")
    await ticket.customer.unreact(copy.id, "👍")
    await wait_until_gone(ticket.agent, lambda one: one.id == theirs and "👍" in one.reactions, "the 👍")
    await ticket.customer.react(copy.id, "👍")
    await wait_for(ticket.agent, lambda one: one.id == theirs and "👍" in one.reactions, "the 👍 again")


async def test_files_are_copied_both_ways(stage: Stage) -> None:
    ticket = await stage.open_ticket("It is slow", "Slow")
    await ticket.customer.post("See the graph", [PICTURE])
    await wait_for(ticket.agent, lambda one: PICTURE[0] in one.files, "the customer's file")
    await ticket.agent.post("And here is ours", [("ours.txt", b"ours")])
    await wait_for(ticket.customer, lambda one: "ours.txt" in one.files, "the agent's file")


async def test_formatting_reads_naturally_on_the_other_side(stage: Stage) -> None:
    ticket = await stage.open_ticket("It fails", "Fails")
    code = "```\nif a < b && c: print('*x*')\n```"
    await ticket.customer.post(f"This:\n{code}")
    copy = await wait_for(ticket.agent, says("This:"), "the code")
    assert "if a < b && c: print('*x*')" in copy.text.replace("&lt;", "<").replace("&amp;", "&")


async def test_a_long_post_arrives_whole_and_in_order(stage: Stage) -> None:
    ticket = await stage.open_ticket("It fails", "Fails")
    words = [f"word{number:04}" for number in range(380)]
    paragraphs = "\n\n".join(" ".join(words[start : start + 20]) for start in range(0, len(words), 20))
    long = paragraphs[:1990] if isinstance(ticket.customer, DiscordSeat) else paragraphs
    await ticket.customer.post(long)
    expected = long.split()[-1]
    await wait_for(ticket.agent, says(expected), "the end of the long post")
    together = " ".join(one.text for one in await ticket.agent.see())
    found = [word for word in together.split() if word.startswith("word")]
    assert found == long.split()


async def test_an_internal_note_stays_inside(stage: Stage) -> None:
    ticket = await stage.open_ticket("It fails", "Fails")
    await ticket.agent.post("note: the customer is right")
    await ticket.agent.post("🔒 really")
    await ticket.agent.post("We are on it")
    await wait_for(ticket.customer, says("We are on it"), "the public answer")
    seen = " ".join(one.text for one in await ticket.customer.see())
    assert "customer is right" not in seen
    assert "really" not in seen


async def test_nobody_is_pinged_by_mirrored_text(stage: Stage) -> None:
    ticket = await stage.open_ticket("It fails", "Fails")
    await ticket.customer.post("@everyone @here look <!channel> <@everyone>")
    copy = await wait_for(ticket.agent, says("look"), "the copy")
    assert not copy.pings
