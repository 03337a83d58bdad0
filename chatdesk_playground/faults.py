"""Faults on demand: one vocabulary in which a test tells either platform how to misbehave.

What a fault does to a request is in `misbehaving.py`, what it does to one platform in that platform's
`faults.py`; here is only when it strikes.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from fnmatch import fnmatchcase


class FaultKind(StrEnum):
    """What goes wrong."""

    LATENCY = "latency"
    """The request is carried out `seconds` late."""
    RATE_LIMITED = "rate_limited"
    """429 with `Retry-After: seconds`; the request is not carried out."""
    ERROR = "error"
    """`status` (with the platform's own error `code`, if given); the request is not carried out."""
    ERROR_AFTER = "error_after"
    """The same answer, but the request was carried out."""
    CUT_BEFORE = "cut_before"
    """The connection breaks before the request is carried out."""
    CUT_AFTER = "cut_after"
    """The connection breaks after it was carried out, instead of an answer."""
    EVENTS_TWICE = "events_twice"
    """The event comes twice: on Slack under another event id, on Discord under another number."""
    EVENTS_SHUFFLED = "events_shuffled"
    """`times` events, or what comes within `seconds`, are held back and sent in another order."""
    EVENTS_LOST = "events_lost"
    """The event is never sent."""
    DOWN = "down"
    """For `seconds` every request is cut and no socket lasts; the control interface stays."""
    SOCKET_DROPPED = "socket_dropped"
    """The event sockets are cut without a word. What Discord sends meanwhile can be resumed."""
    SESSION_INVALID = "session_invalid"
    """Discord: invalid session, not resumable. Slack: `disconnect`, the app has to ask for a new address."""
    TOKEN_REVOKED = "token_revoked"
    """The bot's token counts no more (of `target`, a workspace or an application, or of all)."""
    CHANNEL_DELETED = "channel_deleted"
    """The channel or thread `target` is taken away."""
    DM_CLOSED = "dm_closed"
    """The bot can write no more to the person `target`."""
    THREAD_ARCHIVED = "thread_archived"
    """The thread `target` is archived; Slack archives no threads, there it is a channel."""


AFTER = frozenset({FaultKind.ERROR_AFTER, FaultKind.CUT_AFTER})
EVENTS = frozenset({FaultKind.EVENTS_TWICE, FaultKind.EVENTS_SHUFFLED, FaultKind.EVENTS_LOST})
DEEDS = frozenset(
    {
        FaultKind.DOWN,
        FaultKind.SOCKET_DROPPED,
        FaultKind.SESSION_INVALID,
        FaultKind.TOKEN_REVOKED,
        FaultKind.CHANNEL_DELETED,
        FaultKind.DM_CLOSED,
        FaultKind.THREAD_ARCHIVED,
    }
)
"""What is done to the platform rather than to a request or an event."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong, and when.

    `where` names requests or events and may hold `*`. Slack: a method ("chat.postMessage"), "upload",
    "download" or "response_url". Discord: "POST /channels/*/messages", the path being below the API's base,
    or "GET /cdn/*". Both: "socket" for the connection of an event socket, and for event faults the event's
    type ("reaction_added", "MESSAGE_CREATE"). Nothing means any. Interactions are never doubled, shuffled
    or lost: neither platform does that.

    What is done to the platform (`DEEDS`) happens at once, or with `where` just before such a request.

    `times`: how many it befalls, 0 for no end. `skip`: how many that fit are spared first. `lasting`: after
    so many seconds it is over in any case, 0 for never. `probability`: for each that fits, drawn from `seed`.
    """

    kind: FaultKind
    where: str = ""
    times: int = 1
    skip: int = 0
    lasting: float = 0.0
    probability: float = 1.0
    seed: int = 0
    seconds: float = 1.0
    status: int = 500
    code: str = ""
    target: str = ""


def fault_of(body: Mapping[str, object]) -> Fault:
    """A fault as it came over the wire. Raises `ValueError` for what is none."""
    known = {item.name for item in fields(Fault)}
    if unknown := sorted(set(body) - known):
        raise ValueError(f"a fault has no {', '.join(unknown)}; it has {', '.join(sorted(known))}")
    plain = Fault(FaultKind(str(body.get("kind"))))
    return Fault(
        kind=plain.kind,
        where=str(body.get("where", plain.where)),
        times=int(_number(body, "times", plain.times)),
        skip=int(_number(body, "skip", plain.skip)),
        lasting=_number(body, "lasting", plain.lasting),
        probability=_number(body, "probability", plain.probability),
        seed=int(_number(body, "seed", plain.seed)),
        seconds=_number(body, "seconds", plain.seconds),
        status=int(_number(body, "status", plain.status)),
        code=str(body.get("code", plain.code)),
        target=str(body.get("target", plain.target)),
    )


def body_of_fault(fault: Fault) -> dict[str, str | int | float]:
    """The fault for the wire."""
    return asdict(fault)


def _number(body: Mapping[str, object], key: str, default: float) -> float:
    value = body.get(key, default)
    if isinstance(value, int | float):
        return value
    raise ValueError(f"{key} is a number, not {value!r}")


@dataclass(slots=True)
class _Rule:
    """A fault that waits for what it befalls."""

    fault: Fault
    made: float
    chance: random.Random
    spared: int = 0
    struck: int = 0
    held: list[Callable[[], None]] = field(default_factory=list)

    def over(self, now: float) -> bool:
        used = 0 < self.fault.times <= self.struck
        return used or 0 < self.fault.lasting <= now - self.made

    def befalls(self, name: str) -> bool:
        if not fnmatchcase(name, self.fault.where or "*"):
            return False
        if self.spared < self.fault.skip:
            self.spared += 1
            return False
        return self.chance.random() < self.fault.probability

    def release(self) -> None:
        """Send what was held, in an order that is not the one in which it came."""
        came, self.held = self.held, []
        order = list(range(len(came)))
        self.chance.shuffle(order)
        if order == sorted(order):
            order.reverse()
        for position in order:
            came[position]()


@dataclass(slots=True)
class Faults:
    """The faults of one server, in the order in which they were asked for."""

    struck: int = 0
    """How often any of them struck."""
    undo: list[Callable[[], None]] = field(default_factory=list)
    """How what was done to the platform is taken back."""
    _rules: list[_Rule] = field(default_factory=list)
    _down_until: float = 0.0
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    async def begin(self, fault: Fault, do: Callable[[Fault], Awaitable[None]]) -> None:
        """Let it happen from now on; `do` carries out what is done to the platform at once."""
        if fault.kind in DEEDS and not fault.where:
            await do(fault)
            self._strike()
        else:
            self._rules.append(_Rule(fault, time.monotonic(), random.Random(fault.seed)))

    def clear(self) -> None:
        """Forget all of them: what was held back is sent, downtime is over, revoked tokens count again,
        DMs are open, archived channels too. What was deleted stays deleted.
        """
        rules, self._rules = self._rules, []
        undo, self.undo = self.undo, []
        self._down_until = 0.0
        for take_back in reversed(undo):
            take_back()
        for rule in rules:
            rule.release()

    def go_down(self, seconds: float) -> None:
        """Be unreachable for so long."""
        self._down_until = time.monotonic() + seconds

    @property
    def down(self) -> bool:
        """Whether nobody reaches the platform now."""
        return time.monotonic() < self._down_until

    @property
    def holding(self) -> bool:
        """Whether events are held back to be shuffled."""
        return any(rule.held for rule in self._rules)

    def take(self, request: str) -> Fault | None:
        """The fault that befalls this request; the first that fits."""
        rule = self._struck(request, lambda fault: fault.kind not in EVENTS)
        return rule.fault if rule else None

    def pass_on(self, event: str, send: Callable[[], None]) -> None:
        """Send an event as the faults will have it: once, twice, not at all, or later."""
        rule = self._struck(event, lambda fault: fault.kind in EVENTS)
        if rule is None:
            send()
        elif rule.fault.kind is FaultKind.EVENTS_TWICE:
            send()
            send()
        elif rule.fault.kind is FaultKind.EVENTS_SHUFFLED:
            self._hold(rule, send)

    async def wait_struck(self, count: int, patience: float) -> int:
        """How often any fault struck, once that is `count`. Raises `TimeoutError`."""
        try:
            async with asyncio.timeout(patience):
                while self.struck < count:
                    await self._news.wait()
        except TimeoutError as late:
            raise TimeoutError(f"faults struck {self.struck} times in {patience} s, not {count}") from late
        return self.struck

    def _struck(self, name: str, fits: Callable[[Fault], bool]) -> _Rule | None:
        now = time.monotonic()
        for rule in self._rules:
            if fits(rule.fault) and not rule.over(now) and rule.befalls(name):
                rule.struck += 1
                self._strike()
                return rule
        return None

    def _strike(self) -> None:
        self.struck += 1
        news, self._news = self._news, asyncio.Event()
        news.set()

    def _hold(self, rule: _Rule, send: Callable[[], None]) -> None:
        rule.held.append(send)
        if 0 < rule.fault.times <= rule.struck:
            rule.release()
        elif len(rule.held) == 1:
            asyncio.get_running_loop().call_later(rule.fault.seconds, rule.release)
