"""How the demo shows itself: steps as they happen, then the transcript of each place and the history."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from sqlalchemy import Connection

from chatdesk.contract.vocabulary import PlaceKind
from chatdesk.demo.seats import DiscordSeat, Seat, SlackSeat
from chatdesk.demo.world import World
from chatdesk.domain.ticket import HistoryEntry, Thread
from chatdesk.store import desks, history, people, threads
from chatdesk.store.transaction import Transaction


class Printer:
    """Writes to standard output, in colour on a terminal."""

    def __init__(self) -> None:
        self._console = Console(highlight=False, soft_wrap=True)
        self._count = 0

    def say(self, text: str) -> None:
        self._console.print(escape(text), style="dim")

    def step(self, told: str, milliseconds: float) -> None:
        self._count += 1
        self._console.print(
            f"[green]✓[/] [bold]{self._count:2}[/]  {escape(told)}  [dim]{milliseconds:.0f} ms[/]"
        )

    def failed(self, told: str, why: str) -> None:
        self._console.print(f"[red]✗ {self._count + 1:2}  {escape(told)}[/]\n{escape(why)}")

    def end(self, done: int, steps: int, failures: Sequence[str]) -> None:
        colour = "red" if failures else "green"
        self._console.print(f"[bold {colour}]story: {done} of {steps} steps[/]")

    async def transcripts(self, here: World) -> None:
        """Every place of the first ticket as somebody sees it there, and its history."""
        if here.bot is None:
            return
        stand, entries, names = await here.bot.writer.read(_look_up)
        for thread in stand:
            seat = _seat(here, thread)
            if seat is not None:
                await self._transcript(thread, seat)
        self._console.print("\n[bold]History of #1[/]")
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
        for seen in await seat.see():
            marks = [f"📎 {name}" for name in seen.files] + list(seen.reactions)
            marks += ["(edited)"] * seen.edited
            first, *rest = seen.text.splitlines() or [""]
            self._console.print(
                f"  [cyan]{escape(seen.author)}[/] {escape(first)} [dim]{escape(' '.join(marks))}[/]"
            )
            for line in rest:
                self._console.print(f"      {escape(line)}")


def _look_up(connection: Connection) -> tuple[Sequence[Thread], Sequence[HistoryEntry], dict[str, str]]:
    organisation = desks.listed(connection)[0]
    tx = Transaction(connection, organisation.desk, organisation)
    entries = history.of_ticket(tx, 1)
    names = {entry.actor: people.name_of(tx, entry.actor) for entry in entries if entry.actor}
    return threads.of_ticket(tx, 1), entries, names


def _seat(here: World, thread: Thread) -> Seat | None:
    if thread.place is None or thread.kind is PlaceKind.FORUM:
        return None
    if thread.installation.platform == "discord":
        return DiscordSeat(here.discord.cleo, thread.place, here.discord.application)
    channel, _, root = thread.place.partition("/")
    human = here.slack.bill if thread.side == "escalation" else here.slack.ana
    return SlackSeat(human, channel, here.slack.app.bot_user_id, root or None)
