"""What the platforms say about themselves: installations, channels, members, places that are gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete, insert

from chatdesk.contract.inbound import ChannelsSeen, Connected, MembersSeen, PlaceGone
from chatdesk.contract.ports import Accepted, Answer
from chatdesk.contract.questions import Wanted, Wants
from chatdesk.contract.vocabulary import Actor, Side
from chatdesk.desk import places, telling
from chatdesk.desk.act import act_of_clock
from chatdesk.desk.pauses import installation_resumed
from chatdesk.domain.lifecycle import WORKING
from chatdesk.domain.lines import Line, person
from chatdesk.domain.organisation import ChannelReference, StaffSource, StaffSourceKind
from chatdesk.domain.ticket import Thread, ThreadState
from chatdesk.store import channels, deliveries, merges, outbox, people, threads, tickets
from chatdesk.store.committing import announce
from chatdesk.store.installations import paused
from chatdesk.store.tables import installations
from chatdesk.store.transaction import Transaction


def connected(tx: Transaction, event: Connected, now: datetime) -> Answer:
    """The adapter is there, with working credentials: nothing is paused any more."""
    where = event.installation
    was_paused = paused(tx.connection, where) is not None
    tx.connection.execute(
        delete(installations).where(
            installations.c.platform == where.platform,
            installations.c.id == where.id,
        )
    )
    tx.connection.execute(
        insert(installations).values(
            desk=tx.desk,
            platform=where.platform,
            id=where.id,
            name=event.name,
            bot=event.bot.id,
            connected_at=now,
            paused=None,
        )
    )
    if was_paused:
        installation_resumed(tx.connection, where, now)
    announce(tx.connection)  # what waited while the installation was paused goes on at once
    return Accepted()


def channels_seen(tx: Transaction, event: ChannelsSeen, now: datetime) -> Answer:
    """Channels as they are called now; tickets that waited for their team's channel get their card."""
    channels.note(tx, event.channels, now)
    act = act_of_clock(tx, now)
    for team in tx.organisation.teams:
        for ticket in tickets.without_team_thread(tx, team.key, WORKING):
            opened = places.open_team_threads(act, ticket, team)
            places.bring_along(act, ticket.number, opened)
    for thread in threads.dead_in(tx, [channel.place for channel in event.channels], WORKING):
        _open_after_all(tx, thread, now)
    return Accepted()


def _open_after_all(tx: Transaction, thread: Thread, now: datetime) -> None:
    """Try again to open a thread, if it could not be opened: we may have been invited since."""
    failed = deliveries.failed_opening(tx.connection, tx.desk, thread.id)
    if failed is not None:
        outbox.retry(tx, failed.id, now)


def members_seen(tx: Transaction, event: MembersSeen, now: datetime) -> Answer:
    """Everybody who is in a source of staff now."""
    for member in event.members:
        actor = Actor(member.identity, member.profile, event.installation)
        people.meet(tx, actor, event.installation, now)
    ids = [member.identity for member in event.members]
    people.set_staff(tx, event.installation.platform, event.source, ids)
    return Accepted()


def place_gone(tx: Transaction, event: PlaceGone, now: datetime) -> Answer:
    """A channel or thread was deleted: what stood there is dead, and the staff are told."""
    act = act_of_clock(tx, now)
    for thread in threads.at_place(tx, event.place):
        if thread.state in threads.LIVE:
            threads.save(tx, replace(thread, state=ThreadState.DEAD))
            act.record(thread.ticket, "place_gone", thread=thread.id)
            own, _ = merges.owner_of(tx, thread.ticket, thread.party or 1)
            ticket = tickets.load(tx, own)
            if thread.side is Side.CUSTOMER and ticket is not None:
                line = Line("customer_thread_gone", (person("requester", ticket.requester),))
                telling.say(act, thread.ticket, line, telling.STAFF)
    return Accepted()


def wanted(tx: Transaction, question: Wanted, now: datetime) -> Wants:
    """What the configuration refers to on this platform."""
    platform = question.installation.platform
    references = [
        reference
        for reference in _channel_references(tx)
        if reference.platform == platform and reference.installation in (None, question.installation.id)
    ]
    sources = [source for source in _staff_sources(tx) if source.platform == platform]
    return Wants(
        channel_names=tuple({one.name: None for one in references if one.name is not None}),
        channel_ids=tuple({one.channel: None for one in references if one.name is None}),
        staff_groups=_ids(sources, StaffSourceKind.GROUP),
        staff_channels=_ids(sources, StaffSourceKind.CHANNEL),
    )


def _ids(sources: Sequence[StaffSource], kind: StaffSourceKind) -> tuple[str, ...]:
    return tuple({source.id: None for source in sources if source.kind is kind})


def _channel_references(tx: Transaction) -> Sequence[ChannelReference]:
    organisation = tx.organisation
    homes = [home for team in organisation.teams for home in team.homes]
    return [*homes, *(route.channel for route in organisation.routes)]


def _staff_sources(tx: Transaction) -> Sequence[StaffSource]:
    organisation = tx.organisation
    of_teams = [source for team in organisation.teams for source in (*team.members, *team.leads)]
    of_tiers = [source for tier in organisation.tiers for source in tier.members]
    return [*of_teams, *organisation.admins, *of_tiers]


NOTHING = Wants((), (), (), ())
