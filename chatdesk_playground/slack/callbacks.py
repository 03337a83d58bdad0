"""HTTP mode: signed requests to the app's request URL.

https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass
from urllib.parse import urlencode

import aiohttp

from chatdesk_playground.slack.delivery import Acknowledged, Envelope, Unanswered
from chatdesk_playground.slack.state import App
from chatdesk_playground.slack.wire import JsonValue, dump, parse, parse_object, text


class ChallengeFailed(ValueError):
    """The request URL did not answer the challenge; the message says how it answered."""


@dataclass(slots=True)
class Callbacks:
    """Posts events and interactions to request URLs."""

    session: aiohttp.ClientSession

    async def send(self, app: App, envelope: Envelope, patience: float) -> Acknowledged | Unanswered:
        """One signed POST."""
        body, content_type = _encoded(envelope)
        headers = {"Content-Type": content_type} | _signature(app, body)
        if envelope.attempt:
            headers |= {
                "X-Slack-Retry-Num": str(envelope.attempt),
                "X-Slack-Retry-Reason": envelope.retry_reason,
            }
        try:
            async with self.session.post(
                app.request_url or "",
                data=body.encode(),
                headers=headers,
                timeout=aiohttp.ClientTimeout(total=patience),
            ) as response:
                raw = await response.text()
                if response.status != 200:
                    return Unanswered("http_error")
                return Acknowledged(_answer(raw, response.content_type))
        except TimeoutError:
            return Unanswered("http_timeout")
        except aiohttp.ClientError:
            return Unanswered("connection_failed")

    async def verify(self, app: App, url: str, patience: float) -> None:
        """The url_verification handshake. Raises `ChallengeFailed`."""
        challenge = secrets.token_urlsafe(24)
        body = dump({"token": app.verification_token, "challenge": challenge, "type": "url_verification"})
        headers = {"Content-Type": "application/json"} | _signature(app, body)
        try:
            async with self.session.post(
                url, data=body.encode(), headers=headers, timeout=aiohttp.ClientTimeout(total=patience)
            ) as response:
                raw = await response.text()
                status = response.status
        except (TimeoutError, aiohttp.ClientError) as error:
            raise ChallengeFailed(f"the request URL did not answer: {error!r}") from error
        if status != 200 or not _echoes(raw, challenge):
            raise ChallengeFailed(f"the request URL answered {status} {raw[:200]!r}, not the challenge")


def _echoes(raw: str, challenge: str) -> bool:
    if raw.strip() == challenge:
        return True
    try:
        return text(parse_object(raw), "challenge") == challenge
    except ValueError:
        return False


def _encoded(envelope: Envelope) -> tuple[str, str]:
    if envelope.kind == "events_api":
        return dump(envelope.payload), "application/json"
    if envelope.kind == "interactive":
        return urlencode({"payload": dump(envelope.payload)}), "application/x-www-form-urlencoded"
    fields = {key: _form_value(value) for key, value in envelope.payload.items()}
    return urlencode(fields), "application/x-www-form-urlencoded"


def _form_value(value: JsonValue) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def _signature(app: App, body: str) -> dict[str, str]:
    timestamp = str(int(time.time()))
    base = f"v0:{timestamp}:{body}".encode()
    digest = hmac.new(app.signing_secret.encode(), base, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={digest}"}


def _answer(raw: str, content_type: str) -> JsonValue:
    if not raw:
        return None
    if content_type == "application/json":
        try:
            return parse(raw)
        except ValueError:
            return None
    return {"text": raw}
