"""Audit entries for the tests of pre-warning, sealed as the sealer does it."""

from datetime import datetime, timedelta

from bss.kernel import audit
from bss.kernel.audit.seal import seal
from bss.kernel.clock import real_now
from bss.kernel.models import Staff
from bss.oversight.services import prewarning


def looked(staff: Staff, *customers: int, at: datetime, apart_s: int = 1) -> None:
    """This person read these customers, one after the other."""
    for place, customer in enumerate(customers):
        with audit.acting(staff_id=staff.pk, source="page"):
            audit.read_personal(
                kind="reveal",
                customer_ids=[customer],
                at=at + timedelta(seconds=place * apart_s),
                reason="客户来电核对。",
            )


def look(*, at: datetime) -> int:
    seal(at=real_now())
    return prewarning.look(at=at)
