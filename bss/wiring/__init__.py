"""The tables of what happens when: events → handlers, the schedule, batch runs, second persons.

Facts flow down by calls, events flow up through here (docs/adr).
"""

from bss.wiring.accounts import ORGANISATION_USES, STAFF_DUTIES
from bss.wiring.approvals import APPROVALS
from bss.wiring.events import EVENTS
from bss.wiring.merging import CUSTOMER_PARTS
from bss.wiring.runs import RUNS
from bss.wiring.sales import SALE_NAMES
from bss.wiring.schedule import SCHEDULE

__all__ = [
    "APPROVALS",
    "CUSTOMER_PARTS",
    "EVENTS",
    "ORGANISATION_USES",
    "RUNS",
    "SALE_NAMES",
    "SCHEDULE",
    "STAFF_DUTIES",
]
