"""The alarms of missing usage files, as pages that are about usage show them."""

from typing import Any

from billing.queries.usage_gaps import open_gaps

SHOWN = 5


def gaps_shown() -> dict[str, Any]:
    """What ``billing/gap_alarm.html`` needs."""
    gaps = open_gaps()
    return {"gaps": list(gaps[:SHOWN]), "gaps_count": gaps.count()}
