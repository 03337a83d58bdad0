"""Every line of the desk's own, whichever area it belongs to, by the key under which it is written down."""

from __future__ import annotations

from chatdesk.contract import (
    sentences_assistant,
    sentences_import,
    sentences_knowledge,
    sentences_lines,
    sentences_on_call,
    sentences_reports,
    sentences_triage,
)
from chatdesk.contract.sentences import Sentence

LINES: dict[str, Sentence] = {
    **sentences_lines.LINES,
    **sentences_assistant.LINES,
    **sentences_knowledge.LINES,
    **sentences_import.LINES,
    **sentences_on_call.LINES,
    **sentences_reports.LINES,
    **sentences_triage.LINES,
}
