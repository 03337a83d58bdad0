"""What becomes of posts: who reads them, and what edits, deletions and reactions do."""

from __future__ import annotations

from chatdesk.contract.vocabulary import AudienceKind, MessageRef, Place, Side
from chatdesk.domain.effects import PostChanged, PostReacted, PostWritten
from chatdesk.domain.lifecycle import Status
from chatdesk.domain.organisation import ThreadMode
from tests.desk.humans import ANA, BEN, BOB, CLEO, LEA, SAM
from tests.desk.organisation import HELP, PUBLIC
from tests.desk.platforms import copy_id
from tests.desk.world import World


async def _ticket(world: World) -> int:
    return await world.ticket_from(CLEO, PUBLIC)


async def test_a_note_stays_inside(world: World) -> None:
    number = await _ticket(world)
    await world.post(ANA, world.team(number), "NOTE: he is lying")
    post = world.posts(number)[-1]
    assert (post.body, post.audience.kind) == ("he is lying", AudienceKind.INTERNAL)
    assert world.effects(number, Side.CUSTOMER) == []
    assert world.ticket(number).first_response_at is None
    assert world.ticket(number).status is Status.NEW


async def test_in_an_internal_thread_only_marked_posts_go_out(world: World) -> None:
    number = await _ticket(world)
    await world.give(ANA, "move", ticket="1", team="billing")
    await world.settle()
    world.forget()
    assert world.ticket(number).mode is ThreadMode.INTERNAL
    await world.post(BOB, world.team(number), "he is lying")
    await world.post(BOB, world.team(number), "note : he is lying")
    assert world.effects(number, Side.CUSTOMER) == []
    await world.post(BOB, world.team(number), "Reply: we are looking into it")
    assert world.bodies(number, Side.CUSTOMER) == ["we are looking into it"]


async def test_a_nearly_marked_reply_in_an_internal_thread_is_asked_about(world: World) -> None:
    number = await _ticket(world)
    await world.give(ANA, "move", ticket="1", team="billing")
    await world.settle()
    world.forget()
    where = world.team(number)
    await world.post(BOB, where, "repyl: we are looking into it")
    assert world.bodies(number, Side.CUSTOMER) == []
    assert "answer" in world.said(world.whispers(BOB)[-1].line)
    await world.press(BOB, world.buttons(BOB)["send"], where=where)
    assert world.bodies(number, Side.CUSTOMER) == ["repyl: we are looking into it"]


async def test_colleagues_of_other_teams_do_not_answer_by_accident(world: World) -> None:
    number = await _ticket(world)
    await world.post(BOB, world.team(number), "Ask him for his invoice")
    assert world.posts(number)[-1].audience.kind is AudienceKind.INTERNAL
    assert [one.line.sentence for one in world.whispers(BOB)] == ["not_sent_not_agent"]
    assert world.effects(number, Side.CUSTOMER) == []


async def test_strangers_in_the_team_channel_do_not_answer(world: World) -> None:
    number = await _ticket(world)
    await world.post(SAM, world.team(number), "Hello Cleo!")
    assert world.posts(number)[-1].audience.kind is AudienceKind.INTERNAL


# Held back.


async def test_a_near_miss_is_held_until_its_author_says_who_it_is_for(world: World) -> None:
    number = await _ticket(world)
    where = world.team(number)
    await world.post(ANA, where, "note : he is lying")
    await world.again()
    assert world.posts(number)[1:] == []
    [whisper] = world.whispers(ANA)
    assert whisper.internal
    assert "looks like an internal note" in world.said(whisper.line)
    assert list(world.buttons(ANA)) == ["inside", "send", "discard"]


async def test_a_held_near_miss_kept_inside(world: World) -> None:
    number = await _ticket(world)
    where = world.team(number)
    await world.post(ANA, where, "note : he is lying")
    await world.press(ANA, world.buttons(ANA)["inside"], where=where)
    assert world.accepted == "Kept inside; only staff can read it."
    assert world.posts(number)[-1].audience.kind is AudienceKind.INTERNAL
    assert world.effects(number, Side.CUSTOMER) == []
    await world.again()
    assert len(world.posts(number)) == 2


async def test_a_held_near_miss_sent_after_all(world: World) -> None:
    number = await _ticket(world)
    where = world.team(number)
    await world.post(ANA, where, "Notes are attached")
    await world.press(ANA, world.buttons(ANA)["send"], where=where)
    assert world.bodies(number, Side.CUSTOMER) == ["Notes are attached"]
    await world.press(ANA, world.buttons(ANA)["inside"], where=where)
    assert world.refused == "That was already answered."


async def test_a_held_near_miss_discarded(world: World) -> None:
    number = await _ticket(world)
    where = world.team(number)
    ref = await world.post(ANA, where, "note : he is lying")
    await world.press(ANA, world.buttons(ANA)["discard"], where=where)
    assert len(world.posts(number)) == 1
    await world.edit(ANA, where, ref, "Turn it off")
    assert len(world.posts(number)) == 1


async def test_a_held_message_of_a_ticket_that_moved_on_is_not_sent(world: World) -> None:
    number = await _ticket(world)
    where = world.team(number)
    await world.post(ANA, where, "note : he is lying")
    buttons = world.buttons(ANA)
    await world.give(ANA, "move", ticket="1", team="billing")
    await world.press(ANA, buttons["send"], where=where)
    assert world.refused == "That was already answered."
    assert len(world.posts(number)) == 1


async def test_a_second_agents_answer_is_held_while_the_first_is_fresh(world: World) -> None:
    number = await _ticket(world)
    where = world.team(number)
    await world.post(ANA, where, "Turn it off")
    world.clock.advance(minutes=2)
    world.forget()
    await world.post(BEN, where, "Have you tried turning it on?")
    assert world.bodies(number, Side.CUSTOMER) == []
    assert "Ana answered this ticket 2 minutes ago" in world.said(world.whispers(BEN)[-1].line)
    await world.press(BEN, world.buttons(BEN)["send"], where=where)
    assert world.bodies(number, Side.CUSTOMER) == ["Have you tried turning it on?"]
    await world.post(BEN, where, "Or off again")
    assert world.bodies(number, Side.CUSTOMER)[-1] == "Or off again"


async def test_no_collision_once_the_customer_wrote_or_time_has_passed(world: World) -> None:
    number = await _ticket(world)
    where = world.team(number)
    await world.post(ANA, where, "Turn it off")
    await world.post(CLEO, world.customer(number), "And now?")
    await world.post(BEN, where, "Turn it on")
    world.clock.advance(minutes=5, seconds=1)
    await world.post(LEA, where, "Does it work?")
    assert world.bodies(number, Side.CUSTOMER) == ["Turn it off", "Turn it on", "Does it work?"]


# Edits.


async def test_an_edit_reaches_every_copy_but_its_own_place(world: World) -> None:
    number = await _ticket(world)
    where = world.team(number)
    ref = await world.post(ANA, where, "Turn it of")
    await world.settle()
    world.forget()
    await world.edit(ANA, where, ref, "Turn it off")
    post = world.posts(number)[-1]
    assert (post.body, post.edited_at) == ("Turn it off", world.clock.now())
    assert world.effects(number, Side.CUSTOMER) == [PostChanged(post.id)]
    assert world.effects(number, Side.TEAM) == []


async def test_an_older_edit_changes_nothing(world: World) -> None:
    number = await _ticket(world)
    where = world.team(number)
    ref = await world.post(ANA, where, "one")
    await world.edit(ANA, where, ref, "three", version="3")
    await world.edit(ANA, where, ref, "two", version="2")
    await world.edit(ANA, where, ref, "three again", version="3")
    assert world.posts(number)[-1].body == "three"


async def test_an_edit_of_a_note_keeps_it_a_note(world: World) -> None:
    number = await _ticket(world)
    where = world.team(number)
    ref = await world.post(ANA, where, "note: he is lying")
    for text in ("note: she is lying", "he is lying", "reply: he is lying", "REPLY: public?"):
        await world.edit(ANA, where, ref, text)
    post = world.posts(number)[-1]
    assert (post.body, post.audience.kind) == ("public?", AudienceKind.INTERNAL)
    assert world.effects(number, Side.CUSTOMER) == []


async def test_an_edit_into_a_note_is_held(world: World) -> None:
    number = await _ticket(world)
    where = world.team(number)
    ref = await world.post(ANA, where, "Turn it off")
    await world.settle()
    world.forget()
    await world.edit(ANA, where, ref, "note: he is lying")
    assert world.posts(number)[-1].body == "Turn it off"
    assert world.effects(number, Side.CUSTOMER) == []
    assert "Cleo has read it already" in world.said(world.whispers(ANA)[-1].line)
    await world.press(ANA, world.buttons(ANA)["inside"], where=where)
    post = world.posts(number)[-1]
    assert (post.body, post.audience.kind) == ("he is lying", AudienceKind.INTERNAL)
    assert world.effects(number, Side.CUSTOMER) == [PostChanged(post.id)]


async def test_a_held_edit_may_be_sent_or_left(world: World) -> None:
    number = await _ticket(world)
    where = world.team(number)
    ref = await world.post(ANA, where, "Turn it off")
    await world.edit(ANA, where, ref, "Note that you turn it off")
    await world.press(ANA, world.buttons(ANA)["discard"], where=where)
    assert world.posts(number)[-1].body == "Turn it off"
    await world.edit(ANA, where, ref, "Note: you turn it off")
    await world.press(ANA, world.buttons(ANA)["send"], where=where)
    post = world.posts(number)[-1]
    assert (post.body, post.audience.kind) == ("you turn it off", AudienceKind.EVERYONE)


async def test_an_answer_about_an_edit_that_was_edited_again_comes_too_late(world: World) -> None:
    number = await _ticket(world)
    where = world.team(number)
    ref = await world.post(ANA, where, "Turn it off")
    await world.edit(ANA, where, ref, "note: he is lying")
    buttons = world.buttons(ANA)
    await world.edit(ANA, where, ref, "Turn it off, please")
    for answer in ("send", "inside"):
        await world.press(ANA, buttons[answer], where=where)
        assert world.refused == "That was already answered."
    post = world.posts(number)[-1]
    assert (post.body, post.audience.kind) == ("Turn it off, please", AudienceKind.EVERYONE)


async def test_an_agents_edit_into_a_note_in_the_customers_thread_is_held_too(world: World) -> None:
    number = await world.ticket_from(SAM, HELP)
    where = world.customer(number)
    ref = await world.post(ANA, where, "I am on it")
    await world.edit(ANA, where, ref, "note: he is lying")
    assert world.posts(number)[-1].body == "I am on it"
    assert "held_edit" in [one.line.sentence for one in world.whispers(ANA)]


async def test_a_customer_edits_as_they_like(world: World) -> None:
    number = await _ticket(world)
    where = world.customer(number)
    ref = await world.post(CLEO, where, "It smokes")
    await world.edit(CLEO, where, ref, "note: it smokes")
    assert world.posts(number)[-1].body == "note: it smokes"


# Deletions.


async def test_a_deleted_message_is_deleted_everywhere(world: World) -> None:
    number = await _ticket(world)
    ref = await world.post(ANA, world.team(number), "Turn it off")
    await world.settle()
    world.forget()
    await world.delete(ref)
    post = world.posts(number)[-1]
    assert post.deleted_at == world.clock.now()
    assert world.effects(number, Side.CUSTOMER) == [PostChanged(post.id)]
    world.forget()
    await world.again()
    assert world.shown() == []
    await world.edit(ANA, world.team(number), ref, "Zombie")
    assert world.shown() == []


async def test_deleting_what_we_never_saw_is_nothing(world: World) -> None:
    await world.delete(MessageRef(PUBLIC.place, "never"))
    assert world.shown() == []


# Reactions.


async def test_a_reaction_is_carried_to_the_other_places(world: World) -> None:
    number = await _ticket(world)
    ref = await world.post(ANA, world.team(number), "Turn it off")
    await world.settle()
    world.forget()
    [customer] = world.threads(number, Side.CUSTOMER)
    post = world.posts(number)[-1]
    copy = MessageRef(world.customer(number).place, copy_id(post.id, customer.id))
    await world.react(CLEO, world.customer(number), copy, "❤️")
    assert world.effects(number, Side.TEAM) == [PostReacted(post.id, "❤️")]
    assert world.effects(number, Side.CUSTOMER) == []
    await world.react(ANA, world.team(number), ref, "🎉")
    assert world.effects(number, Side.CUSTOMER) == [PostReacted(post.id, "🎉")]


async def test_add_remove_add_ends_right_in_whatever_order_it_comes(world: World) -> None:
    number = await _ticket(world)
    ref = await world.post(CLEO, world.customer(number), "It smokes")
    where = world.customer(number)
    world.forget()
    for version, present in (("1", True), ("3", True), ("2", False), ("3", True), ("1", True)):
        await world.react(CLEO, where, ref, "🔥", present=present, version=version)
    assert len(world.effects(number, Side.TEAM)) == 1
    await world.react(CLEO, where, ref, "🔥", present=False, version="4")
    assert len(world.effects(number, Side.TEAM)) == 2


async def test_reactions_to_a_note_stay_inside(world: World) -> None:
    number = await _ticket(world)
    ref = await world.post(ANA, world.team(number), "note: he is lying")
    await world.settle()
    world.forget()
    await world.react(BEN, world.team(number), ref, "😂")
    assert world.effects(number, Side.CUSTOMER) == []


async def test_staffs_verbs_as_reactions(world: World) -> None:
    number = await _ticket(world)
    [team] = world.threads(number, Side.TEAM)
    assert team.card is not None
    card = MessageRef(Place(team.installation, team.parent), team.card)
    await world.react(ANA, world.team(number), card, "👀")
    assert world.ticket(number).assignee == world.person(ANA)
    await world.react(ANA, world.team(number), card, "👀", present=False)
    assert world.ticket(number).assignee == world.person(ANA)
    first = world.posts(number)[0].source
    assert first is not None
    await world.react(ANA, world.team(number), first, "✅")
    assert world.ticket(number).status is Status.RESOLVED
    assert not any(isinstance(one.effect, PostReacted) for one in world.shown())


async def test_customers_reactions_are_no_verbs(world: World) -> None:
    number = await _ticket(world)
    first = world.posts(number)[0].source
    assert first is not None
    await world.react(CLEO, world.customer(number), first, "✅")
    assert world.ticket(number).status is Status.NEW
    assert [one for one in world.effects(number, Side.TEAM) if isinstance(one, PostReacted)]


async def test_a_colleagues_verb_is_refused_to_them_alone(world: World) -> None:
    number = await _ticket(world)
    first = world.posts(number)[0].source
    assert first is not None
    await world.react(BOB, world.team(number), first, "✅")
    assert "You may not resolve #1" in world.refused
    assert world.ticket(number).status is Status.NEW
    assert world.shown() == []


async def test_a_post_is_shown_once_in_each_place(world: World) -> None:
    number = await _ticket(world)
    await world.post(CLEO, world.customer(number), "It smokes")
    written = [one for one in world.effects(number) if isinstance(one, PostWritten)]
    assert len(written) == 1
