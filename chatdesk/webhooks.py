"""Makes the calls that rules want made: later, signed, with a limit of time, and again if they fail."""

from __future__ import annotations

import asyncio
import hashlib
import hmac

import aiohttp
import structlog

from chatdesk.contract.ports import Clock
from chatdesk.desk import hooks
from chatdesk.store.webhook_calls import WebhookCall
from chatdesk.store.writer import Writer, WriterClosed

TIMEOUT_SECONDS = 10.0
EVERY_SECONDS = 2.0

log = structlog.get_logger(__name__)


def signature(secret: str, timestamp: int, body: str) -> str:
    """What proves to the receiver that it was we who said so, and when."""
    signed = hmac.new(secret.encode(), f"{timestamp}.{body}".encode(), hashlib.sha256)
    return f"t={timestamp},v1={signed.hexdigest()}"


class WebhookSender:
    """Without a secret nothing is sent, since nobody could tell that it comes from us."""

    def __init__(self, writer: Writer, clock: Clock, secret: str | None) -> None:
        self._writer = writer
        self._clock = clock
        self._secret = secret

    async def run(self) -> None:
        """Look for calls to make until cancelled."""
        while True:
            try:
                await self.send()
            except WriterClosed:
                return
            except Exception:
                log.exception("webhooks could not be called")
            await asyncio.sleep(EVERY_SECONDS)

    async def send(self) -> int:
        """Make the calls that are due; how many."""
        now = self._clock.now()
        claimed = await self._writer.run(lambda connection: hooks.claim(connection, now))
        if not claimed:
            return 0
        timeout = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            await asyncio.gather(*(self._one(session, call, address) for call, address in claimed))
        return len(claimed)

    async def _one(self, session: aiohttp.ClientSession, call: WebhookCall, address: str) -> None:
        reason = await self._reason_of_failure(session, call, address)
        now = self._clock.now()
        if reason is None:
            await self._writer.run(lambda connection: hooks.made(connection, call))
        else:
            log.warning("a webhook was not called", hook=call.hook, ticket=call.ticket, reason=reason)
            await self._writer.run(lambda connection: hooks.failed(connection, call, reason, now))

    async def _reason_of_failure(
        self, session: aiohttp.ClientSession, call: WebhookCall, address: str
    ) -> str | None:
        """Why a call did not succeed; None if it did. It goes to this address and is sent on to no other."""
        if self._secret is None:
            return "CHATDESK_WEBHOOKS__SECRET is not set"
        headers = {
            "Content-Type": "application/json",
            "X-Chatdesk-Delivery": call.id,
            "X-Chatdesk-Signature": signature(self._secret, int(self._clock.now().timestamp()), call.body),
        }
        try:
            async with session.post(
                address, data=call.body.encode(), headers=headers, allow_redirects=False
            ) as answer:
                return None if answer.status < 300 else f"it answered {answer.status}"
        except TimeoutError:
            return f"it did not answer within {TIMEOUT_SECONDS:.0f} seconds"
        except aiohttp.ClientError as error:
            return type(error).__name__
