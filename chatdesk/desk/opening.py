"""A request becomes a ticket: its number, its team, its threads, its first post."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from chatdesk.contract.actions import RunVerb
from chatdesk.contract.outbound import Visibility
from chatdesk.contract.views import Button, Control, Menu, Option, Style
from chatdesk.contract.vocabulary import (
    Actor,
    Audience,
    AudienceKind,
    FileRef,
    IdentityId,
    Means,
    Place,
    PlaceKind,
    Side,
    SourceMessage,
    Where,
)
from chatdesk.desk import article_offers, conversation, duplicates, facts, guessing, places, telling
from chatdesk.desk.act import Act
from chatdesk.domain.classifier import Guess, Target
from chatdesk.domain.conditions import Facts
from chatdesk.domain.knowledge import Article
from chatdesk.domain.lifecycle import Status
from chatdesk.domain.lines import Line, markup, words
from chatdesk.domain.organisation import Category, Route
from chatdesk.domain.routing import Routed, missing_fields, routed
from chatdesk.domain.rules import RoutingRule, first_routing
from chatdesk.domain.text import headline, one_line
from chatdesk.domain.ticket import Post, Thread, Ticket
from chatdesk.store import channels, people, posts, threads, tickets
from chatdesk.store.transaction import Transaction

WITHOUT_WORDS = "(without words)"
"""The title of a ticket until there are words to make one of."""

PARTY = Audience(AudienceKind.PARTY, 1)
"""The one party that a new ticket has."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a ticket is made of. ``source`` is the message it is made from, if it is made from one."""

    requester: Actor
    description: str
    where: Where | None
    title: str = ""
    category: str | None = None
    priority: str | None = None
    service: str | None = None
    type: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    files: tuple[FileRef, ...] = ()
    source: SourceMessage | None = None
    follows: int | None = None
    apart_from: int | None = None
    """The ticket that this one is taken out of."""
    shown: tuple[str, ...] = ()
    """Articles were no answer to it already, by their showings."""


def open_ticket(act: Act, request: Request) -> Ticket:
    """Make the ticket. Where a mandatory field is missing it is a draft that asks for it."""
    where = request.source.where if request.source else request.where
    route = route_of(act, where)
    requester = people.meet(act.tx, request.requester, act.installation, act.now)
    category = act.tx.organisation.category(request.category or (route.category if route else None))
    rule = _routing_rule(act, request, requester, category, where)
    goes_to = routed(act.tx.organisation, route, category, rule)
    request, goes_to, guessed = _with_guesses(act, request, route, goes_to)
    missing = missing_fields(act.tx.organisation, goes_to.category, request.service)
    article = _article(act, request, requester)
    is_draft = bool(missing) or article is not None
    ticket = _new_ticket(act, request, goes_to, requester, where, is_draft)
    tickets.add(act.tx, ticket)
    act.record(
        ticket.number,
        "created",
        requester=requester,
        team=goes_to.team.key,
        because=goes_to.because,
        routing=rule.key if rule else None,
        category=goes_to.category,
        priority=ticket.priority,
        place=where.place.id if where else None,
    )
    guessing.record_applied(act, ticket.number, guessed)
    article_offers.note_opened_anyway(act, ticket, request.shown)
    thread = _customer_side(act, request, ticket, goes_to, where)
    caught_up_later = request.source is not None and thread.catching_up
    post = None if caught_up_later else _first_post(act, request, ticket, requester, thread)
    if missing:
        _ask_for(act, ticket, missing)
    if article is not None:
        article_offers.offer(act, ticket, article)
    if not is_draft:
        places.open_team_threads(act, ticket, goes_to.team)
    if post is not None:
        telling.show_post(act, post, telling.on_sides(act, ticket.number, telling.ALL))
    if ticket.status is not Status.DRAFT:
        tell_team(act, ticket, request.apart_from)
    return tickets.load(act.tx, ticket.number) or ticket


def tell_team(act: Act, ticket: Ticket, apart_from: int | None = None) -> None:
    """What comes to mind about a new ticket, if its words are known already."""
    if ticket.title == WITHOUT_WORDS and not ticket.description.strip():
        return
    duplicates.tell(act, ticket, apart_from)
    article_offers.hint(act, ticket)
    guessing.tell(act, ticket)


def _with_guesses(
    act: Act, request: Request, route: Route | None, goes_to: Routed
) -> tuple[Request, Routed, Sequence[Guess]]:
    """What nobody said is filled in by the classifier, where the desk wants that.

    Its category sends the request on only where nothing else says to which team.
    """
    organisation = act.tx.organisation
    by_route = route is not None and route.priority is not None
    lacking = {Target.CATEGORY: goes_to.category is None, Target.PRIORITY: not (request.priority or by_route)}
    text = f"{request.title}\n{request.description}"
    guessed = guessing.applied(act.tx, text, [target for target, open_ in lacking.items() if open_])
    values = {one.target: one.value for one in guessed}
    category = organisation.category(values.get(Target.CATEGORY))
    if category is not None and goes_to.because == "default":
        goes_to = routed(organisation, route, category)
    elif category is not None:
        goes_to = replace(goes_to, category=category.key)
    return replace(request, priority=values.get(Target.PRIORITY, request.priority)), goes_to, guessed


def _routing_rule(
    act: Act, request: Request, requester: str, category: Category | None, where: Where | None
) -> RoutingRule | None:
    """The first routing rule that holds for a request."""
    organisation = act.tx.organisation
    if not organisation.routing:
        return None
    text = "\n".join((request.title, request.description, request.source.body if request.source else ""))
    known = facts.facts_of_request(
        act.tx,
        Facts(
            status=Status.NEW,
            priority=request.priority or organisation.default_priority,
            category=category.key if category else None,
            type=request.type,
            service=request.service,
            text=text,
            fields=tuple(request.fields.items()),
        ),
        requester,
        where.channel if where else None,
        act.now,
    )
    return first_routing(organisation.routing, known, act.now)


def _article(act: Act, request: Request, requester: str) -> Article | None:
    """What may answer a request before it becomes somebody's work."""
    if request.follows is not None or request.apart_from is not None or request.shown:
        return None
    text = f"{request.title} {request.description}"
    return next(iter(article_offers.suggested(act, requester, text)), None)


def made_of(tx: Transaction, source: SourceMessage) -> int | None:
    """The ticket that a message belongs to already: it makes one ticket, not two."""
    platform, message = source.ref.place.platform, source.ref.id
    copied = posts.by_copy(tx, platform, message)
    post = copied[0] if copied else posts.by_source(tx, platform, message)
    if post is not None:
        return post.ticket
    stands = stands_in(source)
    here = threads.at_place(tx, stands) if stands else []
    return next((one.ticket for one in here if one.state in threads.LIVE), None)


def submit_draft(act: Act, ticket: Ticket) -> Ticket:
    """A draft becomes a new ticket, complete or because its time is over."""
    organisation = act.tx.organisation
    category = organisation.category(ticket.category)
    known = (
        replace(facts.facts_of(act.tx, ticket, act.now), status=Status.NEW) if organisation.routing else None
    )
    rule = first_routing(organisation.routing, known, act.now) if known else None
    named = (rule.team if rule else None, category.team if category else None, ticket.team)
    team = next((found for found in map(organisation.team, named) if found is not None), None)
    goes_to = team or organisation.teams[0]
    mode = ticket.mode if goes_to.key == ticket.team else goes_to.mode
    sent = replace(ticket, status=Status.NEW, draft_until=None, team=goes_to.key, mode=mode)
    ticket = tickets.save(act.tx, sent)
    article_offers.opened_anyway(act, ticket)
    act.record(ticket.number, "submitted", team=goes_to.key, routing=rule.key if rule else None)
    telling.say(act, ticket.number, Line("draft_sent", (words("number", ticket.number),)), (Side.CUSTOMER,))
    opened = places.open_team_threads(act, ticket, goes_to)
    places.bring_along(act, ticket.number, opened)
    tell_team(act, ticket)
    return ticket


def route_of(act: Act, where: Where | None) -> Route | None:
    """The route of the channel that an event happened in."""
    if where is None:
        return None
    routes = act.tx.organisation.routes
    return next((one for one in routes if channels.matches(act.tx, one.channel, where.channel)), None)


def _new_ticket(
    act: Act, request: Request, goes_to: Routed, requester: str, where: Where | None, is_draft: bool
) -> Ticket:
    organisation = act.tx.organisation
    return Ticket(
        desk=act.tx.desk,
        number=tickets.next_number(act.tx),
        title=one_line(request.title) or headline(request.description) or WITHOUT_WORDS,
        description=request.description,
        requester=requester,
        status=Status.DRAFT if is_draft else Status.NEW,
        priority=request.priority or goes_to.priority,
        created_at=act.now,
        team=goes_to.team.key,
        type=request.type,
        service=request.service,
        category=goes_to.category,
        fields=tuple(request.fields.items()),
        mode=goes_to.mode,
        origin=where.place if where else None,
        origin_link=request.source.link if request.source else None,
        draft_until=act.now + organisation.draft_after if is_draft else None,
        follows=request.follows,
        last_post_at=act.now,
        unread=True,
    )


def opening_line(ticket: Ticket) -> Line:
    gaps = (words("number", ticket.number), words("title", ticket.title))
    if ticket.follows is not None:
        return Line("opened_from", (*gaps, words("follows", ticket.follows)))
    return Line("opened", gaps)


def _customer_side(
    act: Act, request: Request, ticket: Ticket, goes_to: Routed, where: Where | None
) -> Thread:
    """Where the requester and we talk: under the message, in the DM or forum post, or in a new thread."""
    line = opening_line(ticket)
    members = _members(act, request)
    source = request.source
    if where is None:
        home = Place(act.installation, "") if act.installation else None
        if home is None:
            raise ValueError("a request without a place needs the installation it was made in")
        return places.open_customer_thread(act, ticket, home, Visibility.DM, members, None, line)
    if where.kind is PlaceKind.DM:
        thread = places.join_customer_thread(act, ticket, where.place, PlaceKind.DM, where.place)
        telling.say_in(act, line, [thread])
        return thread
    stands = stands_in(source) if source else (where.place if where.kind is PlaceKind.THREAD else None)
    if stands is not None and (goes_to.visibility is Visibility.PUBLIC or where.kind is PlaceKind.THREAD):
        return _join_thread(act, ticket, stands, where, line, has_past=_has_past(act, source))
    under = source.ref if source and goes_to.visibility is Visibility.PUBLIC else None
    return places.open_customer_thread(act, ticket, where.channel, goes_to.visibility, members, under, line)


def stands_in(source: SourceMessage) -> Place | None:
    """The thread that a message stands in or that stands under it, if there is one already."""
    return source.thread or (source.where.place if source.where.kind is PlaceKind.THREAD else None)


def _has_past(act: Act, source: SourceMessage | None) -> bool:
    """Whether there may be more to read than the message: not if it has just been written."""
    return source is not None and act.means is not Means.MESSAGE


def _join_thread(
    act: Act, ticket: Ticket, stands: Place, where: Where, line: Line, *, has_past: bool
) -> Thread:
    thread = places.join_customer_thread(act, ticket, stands, PlaceKind.THREAD, where.channel)
    if has_past:
        places.catch_up(act, thread)
        thread = replace(thread, catching_up=True)
    telling.say_in(act, line, [thread])
    return thread


def _members(act: Act, request: Request) -> Sequence[IdentityId]:
    """Who must be in a private thread: the requester, first of all."""
    return (request.requester.identity,)


def _first_post(act: Act, request: Request, ticket: Ticket, requester: str, thread: Thread) -> Post | None:
    """The request itself, in the requester's words, begins the conversation."""
    source = request.source
    if not request.description.strip() and not request.files and source is None:
        return None
    written_here = source is not None and source.ref.place.id in (thread.place, thread.parent)
    return conversation.add_post(
        act,
        ticket,
        conversation.Draft(
            author=requester,
            identity=request.requester.identity,
            body=source.body if source else request.description,
            files=source.files if source else request.files,
            audience=PARTY,
            side=Side.CUSTOMER,
            thread=thread.id if written_here else None,
            source=source.ref if source else None,
        ),
    )


def _ask_for(act: Act, ticket: Ticket, missing: Sequence[str]) -> None:
    """The draft asks for what it lacks, in the customer's thread."""
    organisation = act.tx.organisation
    minutes = int(organisation.draft_after.total_seconds() // 60)
    line = Line(
        "draft",
        (
            words("number", ticket.number),
            markup("missing", ", ".join(f"**{name}**" for name in missing)),
            words("minutes", minutes),
        ),
    )
    controls = (*(_menu(act, ticket, name) for name in missing), _send_anyway(ticket))
    telling.say(act, ticket.number, line, (Side.CUSTOMER,), controls)


def _menu(act: Act, ticket: Ticket, name: str) -> Control:
    organisation = act.tx.organisation
    if name == "service":
        options = tuple(Option(one, one) for one in organisation.services[:25])
    else:
        options = tuple(Option(one.label[:75], one.key) for one in organisation.categories[:25])
    return Menu(name.capitalize(), RunVerb(name, ticket.number), options)


def _send_anyway(ticket: Ticket) -> Control:
    return Button("Send as it is", RunVerb("submit", ticket.number), Style.PLAIN)
