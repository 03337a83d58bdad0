"""Whom the courier tells of deliveries in trouble."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from chatdesk.contract.vocabulary import Installation
from chatdesk.store.deliveries import DeliveryRow

Report = Callable[[Connection, DeliveryRow, datetime], None]
FileReport = Callable[[Connection, str, str, datetime], None]
"""Called with the desk's and the attachment's id."""

InstallationReport = Callable[[Connection, Installation, datetime], None]


@dataclass(frozen=True, slots=True)
class Reports:
    """Use cases, called inside the transaction that notes what became of the delivery."""

    slow: Report
    """It has been waiting for long. Called by a sweep."""
    failed: Report
    """It will never get through; ``reason`` says why."""
    recovered: Report
    """It got through after people had been told that it was slow or had failed."""
    paused: InstallationReport
    """Its credentials stopped working; the installation's row says why."""
    resumed: InstallationReport
    file_failed: FileReport
    """An attachment cannot be had; its ``reason`` says why."""
