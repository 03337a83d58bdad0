"""What an import did: counted, what the source's words became, and what was left behind."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field

from chatdesk.importing.mapping import Word
from chatdesk.importing.records import NotTaken
from chatdesk.importing.values import without_nul


@dataclass(slots=True)
class Report:
    """``known`` were taken in before. ``words``: those of the source's that became the desk's."""

    source: str
    statuses: Sequence[tuple[str, str]]
    taken: int = 0
    posts: int = 0
    files: int = 0
    known: int = 0
    open: int = 0
    forgotten: int = 0
    """Were closed so long ago that the desk keeps no words of them."""
    united: int = 0
    """People who had come in before it was said who they are here."""
    lost: list[NotTaken] = field(default_factory=list)
    words: Counter[Word] = field(default_factory=Counter)

    def as_lines(self) -> Iterator[str]:
        """JSON Lines: the counts, a line for each word, a line for everything that was left behind."""
        names = ("source", "taken", "known", "open", "forgotten", "posts", "files")
        counts = {name: getattr(self, name) for name in names}
        yield _line({"kind": "counts", **counts, "not_taken": len(self.lost)})
        for theirs, ours in self.statuses:
            yield _line({"kind": "meaning", "theirs": theirs, "ours": ours})
        for word, count in sorted(self.words.items(), key=lambda item: (item[0].kind, item[0].theirs)):
            yield _line({"word": word.kind, **asdict(word), "kind": "word", "count": count})
        for one in self.lost:
            yield _line({"kind": "not_taken", **asdict(one)})


def _line(found: Mapping[str, object]) -> str:
    return without_nul(json.dumps(found, ensure_ascii=False))
