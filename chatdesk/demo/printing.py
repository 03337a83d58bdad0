"""How the demo shows itself: steps as they happen, then the transcript of each place and the history."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from rich.console import Console
from rich.markup import escape
from sqlalchemy import Connection

from chatdesk.demo.seats import Seat, Seen
from chatdesk.demo.world import World
from chatdesk.domain.ticket import HistoryEntry, Thread
from chatdesk.store import desks, history, people, threads
from chatdesk.store.transaction import Transaction

Reader = Callable[[Thread], Seat | None]
"""Who sits at a place, to be shown what stands there; nobody where it is not shown."""


class Printer:
    """Writes to standard output, in colour on a terminal."""

    def __init__(self) -> None:
        self._console = Console(highlight=False, soft_wrap=True)
        self._count = 0

    def say(self, text: str) -> None:
        self._console.print(escape(text), style="dim")

    def begin(self, title: str) -> None:
        self._console.print(f"\n[bold]{escape(title)}[/]")

    def step(self, told: str, milliseconds: float) -> None:
        self._count += 1
        self._console.print(
            f"[green]✓[/] [bold]{self._count:2}[/]  {escape(told)}  [dim]{milliseconds:.0f} ms[/]"
        )

    def failed(self, told: str, why: str) -> None:
        self._console.print(f"[red]✗ {self._count + 1:2}  {escape(told)}[/]\n{escape(why)}")

    def end(self, done: int, steps: int) -> None:
        colour = "green" if done == steps else "red"
        self._console.print(f"[bold {colour}]story: {done} of {steps} steps[/]")

    async def transcripts(self, here: World, ticket: int, reader: Reader) -> None:
        """Every place of a ticket as somebody sees it there, and its history."""
        if here.bot is None:
            return
        stand, entries, names = await here.bot.writer.read(partial(_look_up, ticket=ticket))
        for thread in stand:
            seat = reader(thread)
            if seat is not None:
                await self._transcript(thread, seat)
        self._console.print(f"\n[bold]History of #{ticket}[/]")
        for entry in entries:
            who = names.get(entry.actor or "", "chatdesk")
            values = ", ".join(f"{name} {value}" for name, value in entry.data if len(value) < 20)
            self._console.print(
                f"  [dim]{entry.at:%H:%M:%S}[/] {escape(who)}: {entry.kind.replace('_', ' ')}"
                f" [dim]{escape(values)} by {entry.means}[/]"
            )
        self._console.print()

    async def _transcript(self, thread: Thread, seat: Seat) -> None:
        where = f"{thread.side} side, {thread.installation.platform}, as {seat.name} sees it"
        self._console.print(f"\n[bold]{escape(where)}[/]")
        for seen in filter(_shows_something, await seat.see()):
            marks = [f"📎 {name}" for name in seen.files] + list(seen.reactions)
            marks += ["(edited)"] * seen.edited
            first, *rest = seen.text.splitlines() or [""]
            self._console.print(
                f"  [cyan]{escape(seen.author)}[/] {escape(first)} [dim]{escape(' '.join(marks))}[/]"
            )
            for line in rest:
                self._console.print(f"      {escape(line)}")


def _shows_something(seen: Seen) -> bool:
    """A thread of Discord begins with an empty message that stands for the one it hangs on."""
    return bool(seen.text or seen.files or seen.controls)


def _look_up(
    connection: Connection, ticket: int
) -> tuple[Sequence[Thread], Sequence[HistoryEntry], dict[str, str]]:
    organisation = desks.listed(connection)[0]
    tx = Transaction(connection, organisation.desk, organisation)
    entries = history.of_ticket(tx, ticket)
    names = {entry.actor: people.name_of(tx, entry.actor) for entry in entries if entry.actor}
    return threads.of_ticket(tx, ticket), entries, names
