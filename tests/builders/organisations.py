"""A tree of organisations for tests; codes say where each one stands."""

from bss.kernel.models import Organisation

TREE = (
    # code, level, area, parent
    ("HQ", "headquarters", "", None),
    ("HE", "province", "", "HQ"),
    ("SJZ", "city", "0311", "HE"),
    ("SJZ-A", "county", "0311", "SJZ"),
    ("SJZ-A1", "hall", "0311", "SJZ-A"),
    ("SJZ-A2", "hall", "0311", "SJZ-A"),
    ("SJZ-1", "hall", "0311", "SJZ"),
    ("TS", "city", "0315", "HE"),
    ("TS-1", "hall", "0315", "TS"),
    ("SX", "province", "", "HQ"),
    ("TY", "city", "0351", "SX"),
    ("TY-1", "hall", "0351", "TY"),
)


def a_country() -> dict[str, Organisation]:
    """Headquarters, two provinces, their cities and halls, by code."""
    made: dict[str, Organisation] = {}
    for code, level, area, parent in TREE:
        made[code] = Organisation.objects.create(
            code=code,
            name=f"机构{code}",
            level=level,
            area=area,
            parent=made[parent] if parent else None,
        )
    return made
