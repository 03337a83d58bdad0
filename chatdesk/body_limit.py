"""Nobody makes us hold more of a request than any platform ever sends."""

from __future__ import annotations

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_BODY = 1024 * 1024
"""Bytes. Slack's largest payloads, views with their state, are a quarter of it."""


class BodyLimit:
    """Refuses larger bodies (413) as soon as that is known, before anything else looks at the request."""

    def __init__(self, app: ASGIApp, most: int = LARGEST_BODY) -> None:
        self._app = app
        self._most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        read = None if self._announces_too_much(scope) else await self._read(receive)
        if read is None:
            refusal = PlainTextResponse("too large\n", status_code=413, headers={"Connection": "close"})
            await refusal(scope, receive, send)
            return
        messages = iter(read)

        async def again() -> Message:
            for message in messages:
                return message
            return await receive()

        await self._app(scope, again, send)

    def _announces_too_much(self, scope: Scope) -> bool:
        lengths = [value for name, value in scope["headers"] if name == b"content-length"]
        return any(not length.isdigit() or int(length) > self._most for length in lengths)

    async def _read(self, receive: Receive) -> list[Message] | None:
        """The whole body's messages, or None where they are too large."""
        messages: list[Message] = []
        size = 0
        while True:
            message = await receive()
            messages.append(message)
            size += len(message.get("body", b""))
            if size > self._most:
                return None
            if not message.get("more_body", False):
                return messages
