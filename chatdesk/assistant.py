"""Asks a language model what staff asked for: at any OpenAI-compatible address, and only if one is set.

It happens outside of every transaction: a request is a row that is claimed, made with a limit of time, made
again if it fails, and answered by another transaction. It goes to the one address that the operator gave.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import aiohttp
import structlog

from chatdesk.contract.ports import Clock
from chatdesk.desk import assistant_work
from chatdesk.domain.assistance import Prompt
from chatdesk.settings import AssistantSettings
from chatdesk.store import assistance
from chatdesk.store.assistance import AssistantRequest
from chatdesk.store.writer import Writer, WriterClosed

EVERY_SECONDS = 1.0
MOST_AT_ONCE = 4
LARGEST_ANSWER = 1_000_000
"""Bytes of a response that are read."""
_MAY_PASS = frozenset({408, 409, 425, 429})
"""What the address answers when the same request may succeed later; so does everything from 500."""

_THOUGHTS = re.compile(r"\A\s*<think>.*?(?:</think>|\Z)", re.DOTALL)
"""What some models write for themselves before they answer."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no answer, in a clause; ``passes``: it may succeed later."""

    reason: str
    passes: bool = True


Count = Callable[[str, str, float], None]
"""Told what was asked, what became of it, and how many seconds it took."""


def _uncounted(task: str, outcome: str, seconds: float) -> None:
    pass


class AssistantCaller:
    """Makes the requests that are due, a few at a time."""

    def __init__(
        self, writer: Writer, clock: Clock, settings: AssistantSettings, count: Count = _uncounted
    ) -> None:
        self._writer = writer
        self._clock = clock
        self._settings = settings
        self._count = count

    async def run(self) -> None:
        """Look for requests until cancelled. One that takes long holds up no other."""
        under_way: set[asyncio.Task[None]] = set()
        async with self._session() as session:
            try:
                while True:
                    for request in await self._claim(MOST_AT_ONCE - len(under_way)):
                        task = asyncio.create_task(self._safely(session, request))
                        under_way.add(task)
                        task.add_done_callback(under_way.discard)
                    await asyncio.sleep(EVERY_SECONDS)
            except WriterClosed:
                return
            finally:
                ending = tuple(under_way)
                for task in ending:
                    task.cancel()
                await asyncio.gather(*ending, return_exceptions=True)

    async def work(self) -> int:
        """Make the requests that are due, and wait for them; how many."""
        claimed = await self._claim(MOST_AT_ONCE)
        async with self._session() as session:
            await asyncio.gather(*(self._one(session, request) for request in claimed))
        return len(claimed)

    def _session(self) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=self._settings.timeout))

    async def _claim(self, most: int) -> Sequence[AssistantRequest]:
        """Nothing is written where there is nothing to do."""
        now = self._clock.now()
        try:
            if not most or not await self._writer.read(partial(assistance.count_due, now=now)):
                return ()
            return await self._writer.run(partial(assistant_work.claim, now=now, limit=most))
        except WriterClosed:
            raise
        except Exception:
            log.exception("what the assistant is to be asked could not be read")
            return ()

    async def _safely(self, session: aiohttp.ClientSession, request: AssistantRequest) -> None:
        try:
            await self._one(session, request)
        except WriterClosed:
            return
        except Exception:
            # It is made again once its lease is over.
            log.exception("the assistant could not be asked", ticket=request.ticket)

    async def _one(self, session: aiohttp.ClientSession, request: AssistantRequest) -> None:
        url, model = self._settings.url, self._settings.model
        now = self._clock.now()
        if url is None or model is None:
            await self._writer.run(partial(assistant_work.not_set_up, request=request, now=now))
            return
        asked = await self._writer.read(partial(assistant_work.asked, request=request, now=now))
        if asked is None:
            await self._writer.run(partial(assistant_work.dropped, request=request))
            return
        began = time.monotonic()
        outcome = await self._outcome(session, f"{url.rstrip('/')}/chat/completions", model, asked.prompt)
        shown = asked.shown(outcome) if isinstance(outcome, str) else ""
        self._count(request.task, "answered" if shown else "failed", time.monotonic() - began)
        if shown:
            await self._answer(request, shown)
        else:
            await self._fail(request, outcome if isinstance(outcome, Failure) else Failure("it said nothing"))

    async def _answer(self, request: AssistantRequest, shown: str) -> None:
        now = self._clock.now()
        await self._writer.run(partial(assistant_work.answered, request=request, shown=shown, now=now))

    async def _fail(self, request: AssistantRequest, failure: Failure) -> None:
        log.warning("the assistant gave no answer", ticket=request.ticket, reason=failure.reason)
        failed = partial(
            assistant_work.failed,
            request=request,
            reason=failure.reason,
            now=self._clock.now(),
            again=failure.passes,
        )
        await self._writer.run(failed)

    async def _outcome(
        self, session: aiohttp.ClientSession, address: str, model: str, prompt: Prompt
    ) -> str | Failure:
        """What the model wrote, or why it wrote nothing."""
        messages = [
            {"role": "system", "content": prompt.system},
            {"role": "user", "content": prompt.user},
        ]
        body = {"model": model, "messages": messages, "stream": False}
        try:
            async with session.post(
                address, json=body, headers=_headers(self._settings), allow_redirects=False
            ) as response:
                if response.status != 200:
                    passes = response.status >= 500 or response.status in _MAY_PASS
                    return Failure(f"it answered {response.status}", passes)
                return _written(await _read(response.content))
        except TimeoutError:
            return Failure(f"it took longer than {self._settings.timeout:.0f} seconds")
        except aiohttp.ClientError as error:
            return Failure(f"it could not be reached ({type(error).__name__})")


async def trouble_with(settings: AssistantSettings) -> str | None:
    """What is wrong with the address, in a clause, without asking the model anything; None if nothing is."""
    headers = _headers(settings)
    timeout = aiohttp.ClientTimeout(total=min(10.0, settings.timeout))
    address = f"{(settings.url or '').rstrip('/')}/models"
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.get(address, headers=headers, allow_redirects=False) as response,
        ):
            refused = response.status in (401, 403)
            return "it does not take CHATDESK_ASSISTANT__KEY" if refused else None
    except TimeoutError:
        return "it does not answer"
    except aiohttp.ClientError as error:
        return f"it cannot be reached ({type(error).__name__})"


def _headers(settings: AssistantSettings) -> Mapping[str, str]:
    key = settings.key
    return {} if key is None else {"Authorization": f"Bearer {key.get_secret_value()}"}


async def _read(content: aiohttp.StreamReader) -> bytes:
    """All of it, or a little more than is allowed."""
    answer = b""
    async for chunk in content.iter_chunked(65_536):
        answer += chunk
        if len(answer) > LARGEST_ANSWER:
            break
    return answer


def _written(answer: bytes) -> str | Failure:
    """The text in a response, which may be anything."""
    if len(answer) > LARGEST_ANSWER:
        return Failure("it answered too much", passes=False)
    try:
        text = json.loads(answer)["choices"][0]["message"]["content"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return Failure("its answer was not understood")
    return _THOUGHTS.sub("", text) if isinstance(text, str) else Failure("it said nothing")
