"""Whom the courier tells of deliveries in trouble."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from chatdesk.store.deliveries import DeliveryRow

Report = Callable[[Connection, DeliveryRow, datetime], None]
FileReport = Callable[[Connection, str, str, datetime], None]
"""Called with the desk's and the attachment's id."""


@dataclass(frozen=True, slots=True)
class Reports:
    """Use cases, called inside the transaction that notes what became of the delivery."""

    slow: Report
    """It has been waiting for long. Called by a sweep."""
    failed: Report
    """It will never get through; ``reason`` says why."""
    recovered: Report
    """It got through after people had been told that it was slow or had failed."""
    file_failed: FileReport
    """An attachment cannot be had; its ``reason`` says why."""
