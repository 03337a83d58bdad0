"""What arrives over HTTP, from whoever found the address: Slack's requests reach Bolt, nothing else does.

Bolt reads a payload before it looks at the signature, and takes its shape on trust.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from adapters.slack.reception import logger


class Requests:
    """Hands Slack's signed requests to the app."""

    def __init__(self, app: AsyncApp, secret: str) -> None:
        self._app = app
        self._verifier = SignatureVerifier(secret)

    async def handle(self, request: Request) -> Response:
        """401 without Slack's own, fresh signature; 400 for what is signed and makes no sense."""
        body = await request.body()
        if not self._is_slack(request, body):
            return PlainTextResponse("not signed by Slack\n", status_code=401)
        asked = _understood(request, body)
        if asked is None:
            logger.warning("slack.request_malformed", bytes=len(body))
            return PlainTextResponse("malformed\n", status_code=400)
        return to_starlette_response(await self._app.async_dispatch(asked))

    def _is_slack(self, request: Request, body: bytes) -> bool:
        stamp = request.headers.get("X-Slack-Request-Timestamp", "")
        signature = request.headers.get("X-Slack-Signature", "")
        if not (stamp.isascii() and stamp.isdigit() and signature.isascii()):
            return False
        try:
            return self._verifier.is_valid(body, stamp, signature)
        except UnicodeDecodeError:  # Slack sends text
            return False


def _understood(request: Request, body: bytes) -> AsyncBoltRequest | None:
    """The request as Bolt reads it, or None where it breaks on the payload's shape."""
    try:
        asked = to_async_bolt_request(request, body)
    except (AttributeError, IndexError, KeyError, RecursionError, TypeError, ValueError):
        return None
    is_event = asked.body.get("type") == "event_callback"
    if is_event and not isinstance(asked.body.get("event"), dict):
        return None
    return asked if all(isinstance(one, str | None) for one in _names(asked.body)) else None


def _names(body: Mapping[str, object]) -> Iterator[object]:
    """By what Bolt tells requests apart: it searches in each as in a text."""
    for name in ("type", "command", "callback_id"):
        yield body.get(name)
    for part in (body.get("event"), body.get("view")):
        if isinstance(part, dict):
            yield from (part.get(name) for name in ("type", "subtype", "callback_id"))
    actions = body.get("actions")
    for action in actions if isinstance(actions, list) else ():
        if isinstance(action, dict):
            yield from (action.get(name) for name in ("type", "action_id", "block_id"))
