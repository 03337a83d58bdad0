"""Macros: answers and steps that agents give again and again, under one name."""

from __future__ import annotations

from dataclasses import dataclass

from chatdesk.domain.steps import Step


@dataclass(frozen=True, slots=True)
class Macro:
    key: str
    name: str
    steps: tuple[Step, ...]
