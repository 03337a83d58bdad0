"""What one entry of each section of desk.yaml is called."""

from __future__ import annotations

ONE_OF = {
    "teams": "team",
    "routes": "route",
    "priorities": "priority",
    "categories": "category",
    "tiers": "tier",
    "webhooks": "webhook",
    "macros": "macro",
    "rules": "rule",
    "priority_rules": "priority rule",
    "routing": "routing rule",
    "calendars": "calendar",
    "slas": "sla",
}
