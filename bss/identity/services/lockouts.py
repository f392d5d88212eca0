"""A lock is opened before its time, by someone who may, and the audit says so."""

from datetime import datetime

from axes.models import AccessAttempt
from django.db import transaction

from bss.kernel import audit


@transaction.atomic
def unlock(*, attempt_id: int, unlocked_by_id: int, at: datetime) -> str:
    """Let a staff number try again from this address; which one, or nothing if it was open.

    Locks: the attempt.
    """
    attempt = AccessAttempt.objects.select_for_update().filter(pk=attempt_id).first()
    if attempt is None:
        return ""
    username, address = attempt.username or "", attempt.ip_address or ""
    AccessAttempt.objects.filter(username=username, ip_address=address).delete()
    audit.record(
        action="sign_in.unlocked",
        subject=f"sign_in:{username[:60]}",
        at=at,
        staff_id=unlocked_by_id,
        detail={"username": username, "address": address},
    )
    return username
