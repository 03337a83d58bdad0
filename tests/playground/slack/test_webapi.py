"""Arguments, tokens, scopes, cursors and errors of the Web API."""

from __future__ import annotations

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from chatdesk_playground.slack.wire import JsonObject, parse_object, text
from tests.playground.slack.conftest import Acme


async def raw(acme: Acme, method: str, **request: object) -> JsonObject:
    """One request without the SDK."""
    async with (
        aiohttp.ClientSession() as http,
        http.post(acme.slack.api_url + method, **request) as response,  # type: ignore[arg-type]
    ):
        return parse_object(await response.read())


async def refusal(error: pytest.ExceptionInfo[SlackApiError]) -> str:
    """The error code that the SDK was given."""
    return str(error.value.response["error"])


async def test_arguments_come_as_form_json_and_query(acme: Acme) -> None:
    bearer = {"Authorization": f"Bearer {acme.app.bot_token}"}
    fields = {"channel": acme.support, "text": "hello"}
    assert (await raw(acme, "chat.postMessage", data=fields, headers=bearer))["ok"] is True
    assert (await raw(acme, "chat.postMessage", json=fields, headers=bearer))["ok"] is True
    assert (await raw(acme, "chat.postMessage", params=fields, headers=bearer))["ok"] is True
    in_form = await raw(acme, "auth.test", data={"token": acme.app.bot_token})
    assert in_form["user_id"] == acme.app.bot_user_id
    in_json = await raw(acme, "auth.test", json={"token": acme.app.bot_token})
    assert in_json["error"] == "not_authed"


@pytest.mark.parametrize(
    ("method", "request_", "error"),
    [
        ("no.such", {}, "unknown_method"),
        ("auth.test", {}, "not_authed"),
        ("auth.test", {"headers": {"Authorization": "Bearer xoxb-wrong"}}, "invalid_auth"),
        ("auth.test", {"data": "{", "headers": {"Content-Type": "application/json"}}, "invalid_json"),
        ("auth.test", {"data": "[]", "headers": {"Content-Type": "application/json"}}, "json_not_object"),
    ],
)
async def test_wrong_requests(acme: Acme, method: str, request_: JsonObject, error: str) -> None:
    answer = await raw(acme, method, **dict(request_))
    assert (answer["ok"], answer["error"]) == (False, error)


async def test_each_kind_of_token_has_its_methods(acme: Acme) -> None:
    with pytest.raises(SlackApiError) as wrong:
        await acme.client().apps_connections_open(app_token=acme.app.bot_token)
    assert await refusal(wrong) == "not_allowed_token_type"
    with pytest.raises(SlackApiError) as wrong:
        client = AsyncWebClient(token=acme.app.app_token, base_url=acme.slack.api_url)
        await client.chat_postMessage(channel=acme.support, text="x")
    assert await refusal(wrong) == "not_allowed_token_type"
    opened = await acme.client().apps_connections_open(app_token=acme.app.app_token)
    assert str(opened["url"]).startswith("ws://127.0.0.1:")


async def test_revoked_and_uninstalled_tokens(acme: Acme) -> None:
    await acme.slack.control.revoke_token(acme.app.team_id)
    with pytest.raises(SlackApiError) as revoked:
        await acme.client().auth_test()
    assert await refusal(revoked) == "token_revoked"
    other = await acme.slack.control.create_workspace("other")
    await acme.slack.control.uninstall(other.team_id)
    with pytest.raises(SlackApiError) as gone:
        await AsyncWebClient(token=other.bot_token, base_url=acme.slack.api_url).auth_test()
    assert await refusal(gone) == "account_inactive"


async def test_scopes_are_told_and_held(acme: Acme) -> None:
    answer = await acme.client().auth_test()
    assert "chat:write" in answer.headers["x-oauth-scopes"].split(",")
    await acme.slack.control.set_scopes(acme.app.team_id, ["channels:read"])
    with pytest.raises(SlackApiError) as missing:
        await acme.client().chat_postMessage(channel=acme.support, text="x")
    assert missing.value.response["error"] == "missing_scope"
    assert missing.value.response["needed"] == "chat:write"
    assert missing.value.response["provided"] == "channels:read"


async def test_cursors_walk_through_every_page_once(acme: Acme) -> None:
    for number in range(7):
        await acme.slack.control.create_channel(acme.app.team_id, f"room-{number}")
    names: list[str] = []
    cursor = ""
    while True:
        page = await acme.client().conversations_list(limit=3, cursor=cursor)
        names += [channel["name"] for channel in page["channels"]]
        cursor = page["response_metadata"]["next_cursor"]
        if not cursor:
            break
    assert sorted(names) == sorted(["support", *(f"room-{number}" for number in range(7))])
    with pytest.raises(SlackApiError) as broken:
        await acme.client().conversations_list(cursor="nonsense")
    assert await refusal(broken) == "invalid_cursor"


async def test_oauth_exchanges_a_code_once(acme: Acme) -> None:
    client = AsyncWebClient(base_url=acme.slack.api_url)
    given = await client.oauth_v2_access(
        client_id=acme.app.client_id, client_secret=acme.app.client_secret, code=acme.app.oauth_code
    )
    assert given["access_token"] == acme.app.bot_token
    assert given["team"] == {"id": acme.app.team_id, "name": "acme"}
    with pytest.raises(SlackApiError) as again:
        await client.oauth_v2_access(
            client_id=acme.app.client_id, client_secret=acme.app.client_secret, code=acme.app.oauth_code
        )
    assert await refusal(again) == "invalid_code"


async def test_people_groups_and_the_team(acme: Acme) -> None:
    client, ana = acme.client(), acme.ana
    shown = (await client.users_info(user=ana.id))["user"]
    assert shown["profile"]["display_name"] == "Ana"
    assert shown["profile"]["email"] == "ana@acme.example"
    async with aiohttp.ClientSession() as http, http.get(shown["profile"]["image_72"]) as picture:
        assert (await picture.read()).startswith(b"\x89PNG")
    assert (await client.users_lookupByEmail(email="ANA@acme.example"))["user"]["id"] == ana.id
    assert {user["name"] for user in (await client.users_list())["members"]} == {"ana", "bo", "chatdesk"}
    assert (await client.users_profile_get(user=ana.id))["profile"]["real_name"] == "Ana"
    joined = await client.users_conversations(user=ana.id)
    assert [channel["id"] for channel in joined["channels"]] == [acme.support]
    group = await acme.slack.control.create_usergroup(acme.app.team_id, "agents", members=[ana.id])
    assert (await client.usergroups_users_list(usergroup=group))["users"] == [ana.id]
    listed = await client.usergroups_list(include_users=True)
    assert listed["usergroups"][0]["users"] == [ana.id]
    assert (await client.team_info())["team"]["name"] == "acme"
    assert (await client.bots_info(bot=acme.app.bot_id))["bot"]["user_id"] == acme.app.bot_user_id
    for call, error in (
        (client.users_info(user="U404"), "user_not_found"),
        (client.users_lookupByEmail(email="no@where"), "users_not_found"),
        (client.usergroups_users_list(usergroup="S404"), "no_such_subteam"),
        (client.bots_info(bot="B404"), "bot_not_found"),
    ):
        with pytest.raises(SlackApiError) as unknown:
            await call
        assert await refusal(unknown) == error
    assert text(acme.slack.requests[-1].answer, "error") == "bot_not_found"
