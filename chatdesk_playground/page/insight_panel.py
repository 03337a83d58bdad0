"""What the app itself knows of a ticket, and the tour."""

from __future__ import annotations

from nicegui import ui

from chatdesk_playground.page.html import Html, joined, tag
from chatdesk_playground.page.side import Insight


class TourPanel:
    """Short steps, each ticked once it was really done."""

    def __init__(self, insight: Insight) -> None:
        self._insight = insight
        self._done: frozenset[str] | None = None

    def build(self) -> None:
        self._shown = ui.html("", sanitize=False).classes("tour").props('aria-live="polite"')

    async def refresh(self) -> None:
        done = await self._insight.done()
        if done != self._done:
            self._done = done
            self._shown.set_content(self._steps(done))

    def _steps(self, done: frozenset[str]) -> Html:
        steps = self._insight.steps
        lines = [
            tag(
                "li",
                tag(
                    "span",
                    "✅" if step.key in done else "⬜",
                    aria_label="done" if step.key in done else "to do",
                ),
                tag("div", tag("strong", step.title), tag("div", step.text, class_="small")),
                class_="step done" if step.key in done else "step",
                data_step=step.key,
            )
            for step in steps
        ]
        ended = len([step for step in steps if step.key in done])
        head = tag("p", f"{ended} of {len(steps)} steps done")
        return joined([head, tag("ol", *lines)])


class TopicPanel:
    """One ticket as the desk has it: card, history, deliveries."""

    def __init__(self, insight: Insight) -> None:
        self._insight = insight
        self._topic = ""

    def build(self) -> None:
        self._select = ui.select({}, label="Ticket", on_change=self._chosen)
        self._select.props("dense outlined options-dense").classes("w-full")
        self._shown = ui.html("", sanitize=False).classes("topic")

    async def refresh(self) -> None:
        topics = {one.value: one.label for one in await self._insight.topics()}
        if topics and (not self._topic or self._topic not in topics):
            self._topic = next(iter(topics))
        if self._select.options != topics:
            self._select.set_options(topics, value=self._topic or None)
        html = await self._insight.shown(self._topic) if self._topic else tag("p", "There is no ticket yet.")
        if self._shown.content != html:
            self._shown.set_content(html)

    async def _chosen(self) -> None:
        self._topic = str(self._select.value or "")
        await self.refresh()
