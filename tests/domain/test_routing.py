from __future__ import annotations

from dataclasses import replace

from chatdesk.contract.outbound import Visibility
from chatdesk.domain.organisation import Category, ThreadMode
from chatdesk.domain.routing import missing_fields, routed
from tests.desk.organisation import ACME, PRIVATE, reference

TO_SUPPORT = ACME.routes[0]
ABOUT_BILLING = ACME.category("billing")
NO_TEAM = ACME.category("account")


def test_a_categorys_team_comes_before_the_channels() -> None:
    goes_to = routed(ACME, TO_SUPPORT, ABOUT_BILLING)
    assert (goes_to.team.key, goes_to.because, goes_to.category) == ("billing", "category", "billing")
    assert goes_to.mode is ThreadMode.INTERNAL


def test_a_category_without_a_team_leaves_it_to_the_channel() -> None:
    goes_to = routed(ACME, TO_SUPPORT, NO_TEAM)
    assert (goes_to.team.key, goes_to.because, goes_to.category) == ("support", "channel", "account")


def test_without_either_the_first_team_takes_it_privately() -> None:
    goes_to = routed(ACME, None, None)
    assert (goes_to.team.key, goes_to.because) == ("support", "default")
    assert goes_to.visibility is Visibility.PRIVATE
    assert goes_to.priority == "normal"


def test_a_route_brings_its_own_category_priority_visibility_and_mode() -> None:
    route = replace(
        ACME.routes[1], category="billing", priority="high", mode=ThreadMode.REPLY, channel=reference(PRIVATE)
    )
    goes_to = routed(ACME, route, None)
    assert (goes_to.team.key, goes_to.category, goes_to.priority) == ("billing", "billing", "high")
    assert (goes_to.visibility, goes_to.mode) == (Visibility.PRIVATE, ThreadMode.REPLY)


def test_what_was_chosen_comes_before_the_routes_category() -> None:
    route = replace(TO_SUPPORT, category="billing")
    assert routed(ACME, route, NO_TEAM).category == "account"


def test_a_team_that_was_taken_away_is_not_routed_to() -> None:
    route = replace(TO_SUPPORT, team="gone")
    assert routed(ACME, route, Category("x", ("X",), team="gone too")).team.key == "support"


def test_only_what_there_is_to_choose_can_be_missing() -> None:
    needs = replace(ACME, required=("category", "service", "priority"))
    assert missing_fields(needs, None, None) == ("category", "service")
    assert missing_fields(needs, "account", "VPN") == ()
    assert missing_fields(replace(needs, categories=(), services=()), None, None) == ()
