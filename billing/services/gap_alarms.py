"""缺号报警: a usage file that is lost is money that is lost, so somebody is told of each gap.

An alarm ends by itself when the files come, or by a person who says why they never will.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from django.db import connection, transaction
from django.urls import reverse

from billing.models import UsageGap
from billing.queries.usage_gaps import missing_files
from billing.rules.spans import Span, shared, without
from bss.kernel import audit
from bss.kernel.errors import BadInputError, Sentence
from bss.kernel.notices import notify_holders

WATCHER = "usage.load"
"""Who is told, and who may say that a file never comes."""
FOUND = "交换机 %(switch)s 缺 %(files)s 个话单文件（序号 %(numbers)s），后面的文件已到。"
NOT_OPEN = "这个缺号已经结束，不能再说明。"
_LOCK = 0x5A6E02

State = UsageGap.State


@transaction.atomic
def look(*, at: datetime) -> list[UsageGap]:
    """Compare the alarms with the files that have come; gives the gaps that nobody knew of.

    What came ends its alarm, or a part of it; what a person has explained stays explained.
    Locks: one look at a time.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    missing = _missing()
    known = _known_spans()
    for gap in UsageGap.objects.filter(state=State.OPEN).order_by("pk"):
        _follow(gap, missing[gap.switch], at=at)
    found = [
        UsageGap(switch=switch, first=first, last=last, found_at=at)
        for switch in sorted(missing)
        for first, last in without(missing[switch], known[switch])
    ]
    UsageGap.objects.bulk_create(found)
    for gap in found:
        _tell(gap, at=at)
    return found


@transaction.atomic
def excuse(*, gap_id: int, reason: str, by_id: int | None, at: datetime) -> UsageGap:
    """End an alarm although the files have not come. Raises: BadInputError. Locks: the alarm."""
    gap = UsageGap.objects.select_for_update().get(pk=gap_id)
    if gap.state != State.OPEN:
        raise BadInputError(("", NOT_OPEN))
    gap.state, gap.ended_at, gap.ended_by_id, gap.reason = State.EXCUSED, at, by_id, reason
    gap.save(update_fields=["state", "ended_at", "ended_by", "reason"])
    audit.record(
        action="usage_gap.excuse",
        subject=f"usagegap:{gap.pk}",
        staff_id=by_id,
        at=at,
        reason=reason,
        detail={"switch": gap.switch, "first": gap.first, "last": gap.last},
    )
    return gap


def _missing() -> Mapping[str, list[Span]]:
    missing: dict[str, list[Span]] = defaultdict(list)
    for gap in missing_files():
        missing[gap.switch].append((gap.first, gap.last))
    return missing


def _known_spans() -> Mapping[str, list[Span]]:
    """What there is an alarm for, or an explanation."""
    known: dict[str, list[Span]] = defaultdict(list)
    for gap in UsageGap.objects.exclude(state=State.CAME).order_by("pk"):
        known[gap.switch].append((gap.first, gap.last))
    return known


def _follow(gap: UsageGap, missing: list[Span], *, at: datetime) -> None:
    """Let the alarm be about what of it is still missing; each part has one of its own."""
    left = shared([(gap.first, gap.last)], missing)
    if left == [(gap.first, gap.last)]:
        return
    if not left:
        gap.state, gap.ended_at = State.CAME, at
        gap.save(update_fields=["state", "ended_at"])
        return
    gap.first, gap.last = left[0]
    gap.save(update_fields=["first", "last"])
    UsageGap.objects.bulk_create(
        UsageGap(switch=gap.switch, first=first, last=last, found_at=gap.found_at)
        for first, last in left[1:]
    )


def _tell(gap: UsageGap, *, at: datetime) -> None:
    numbers = str(gap).removeprefix(f"{gap.switch} ")
    notify_holders(
        permission=WATCHER,
        text=Sentence(FOUND, switch=gap.switch, files=gap.files, numbers=numbers),
        url=reverse("billing:usage_gap", args=[gap.pk]),
        at=at,
    )
