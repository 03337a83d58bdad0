"""Calling the Web API: writing as JSON, reading as a query, lists page by page. Raises the SDK's errors."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.wire import Json, answer, items, text

PAGE = 200


async def post(client: AsyncWebClient, method: str, **arguments: object) -> Json:
    """Call a method that changes something. Arguments that are None are left out."""
    given = {name: value for name, value in arguments.items() if value is not None}
    return answer(await client.api_call(method, json=given))


async def get(client: AsyncWebClient, method: str, **arguments: str | int | bool | None) -> Json:
    """Call a method that reads; such methods take no JSON."""
    given = {name: value for name, value in arguments.items() if value is not None}
    return answer(await client.api_call(method, http_verb="GET", params=given))


async def at_once(method: str) -> None:
    """Nothing to wait for before a page is asked for."""


async def pages(
    client: AsyncWebClient,
    method: str,
    key: str,
    before: Callable[[str], Awaitable[None]] = at_once,
    **arguments: str | int | bool | None,
) -> AsyncIterator[Json]:
    """The objects under ``key`` of all pages; a page is asked for when the one before is used up.

    ``before`` is awaited before each, with the method's name.
    """
    cursor: str | None = None
    while True:
        await before(method)
        page = await get(client, method, **{"limit": PAGE, **arguments}, cursor=cursor)
        for item in items(page, key):
            yield item
        cursor = text(page, "response_metadata", "next_cursor") or None
        if cursor is None:
            return
