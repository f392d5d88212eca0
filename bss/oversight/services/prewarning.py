"""Looking along the audit chain: what a rule counts opens a security case, or adds to one."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse

from bss.kernel import audit
from bss.kernel.errors import Sentence
from bss.kernel.models import AuditLink
from bss.kernel.notices import notify_holders
from bss.oversight.models import SecurityCase, SecurityEvidence, SecurityStep, WatchMark
from bss.oversight.queries.watched import limits_in_force, newly_sealed, sealed_around
from bss.oversight.rules.prewarning import Event, Rule, hits

AT_ONCE = 5000
LIVING = (SecurityCase.State.OPEN, SecurityCase.State.UNDER_REVIEW)
RULE_WORDS = {
    Rule.NIGHT: "夜间查看客户资料",
    Rule.MANY: "短时间内查看大量客户",
    Rule.RELATIVE: "查看本人亲属的资料",
    Rule.PROTECTED: "无业务查看红名单客户",
    Rule.SIGN_IN: "多次登录失败",
    Rule.EXPORT: "非工作时间导出",
}
WARNED = "预警“%(rule)s”新立安全案件 %(code)s，请核查。"


def look(*, at: datetime) -> int:
    """Look at everything sealed since the last time; how many cases were opened or added to."""
    touched = 0
    while (found := _look_once(at=at)) is not None:
        touched += found
    return touched


@transaction.atomic
def _look_once(*, at: datetime) -> int | None:
    """One part of the chain, in one transaction with the mark: looked at once. None: at its end.

    Locks: the mark.
    """
    WatchMark.objects.bulk_create([WatchMark(pk=1)], ignore_conflicts=True)
    mark = WatchMark.objects.select_for_update().get(pk=1)
    head = AuditLink.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
    until = min(head, mark.seq + AT_ONCE)
    if until <= mark.seq:
        return None
    entries = newly_sealed(after=mark.seq, until=until)
    mark.seq = until
    mark.save(update_fields=["seq"])
    if not entries:
        return 0
    limits = limits_in_force()
    back = timedelta(minutes=max(one.window_minutes for one in limits.values()))
    events = sealed_around(entries, back=back, until=until)
    return sum(_apply(rule, events, limits[rule], at=at) for rule in Rule)


def _apply(rule: Rule, events: Sequence[Event], limits: object, *, at: datetime) -> int:
    """What an earlier case has concluded about is not counted again."""
    known = dict(
        SecurityEvidence.objects.filter(
            rule=rule, entry_id__in=[event.entry_id for event in events]
        ).values_list("entry_id", "case__state")
    )
    concluded = {entry for entry, state in known.items() if state not in LIVING}
    open_to = [event for event in events if event.entry_id not in concluded]
    touched = 0
    for whom, theirs in hits(rule, open_to, limits).items():  # type: ignore[arg-type]
        fresh = [event for event in theirs if event.entry_id not in known]
        if fresh:
            _open_or_add(rule, whom, fresh, at=at)
            touched += 1
    return touched


def _open_or_add(rule: Rule, whom: str, fresh: Sequence[Event], *, at: datetime) -> None:
    living = SecurityCase.objects.select_for_update(of=("self",)).filter(state__in=LIVING)
    case = living.filter(rule=rule, whom=whom).first()
    action = SecurityStep.Action.HIT
    if case is None:
        action = SecurityStep.Action.OPEN
        case = SecurityCase.objects.create(
            rule=rule,
            whom=whom,
            staff_id=int(whom.partition(":")[2]) if whom.startswith("staff:") else None,
            opened_at=at,
            last_hit_at=at,
        )
        _tell(case, at=at)
    else:
        case.last_hit_at = at
        case.save(update_fields=["last_hit_at"])
    SecurityEvidence.objects.bulk_create(
        SecurityEvidence(case=case, rule=rule, entry_id=event.entry_id, found_at=at)
        for event in fresh
    )
    SecurityStep.objects.create(case=case, action=action, text=str(len(fresh)), at=at)
    audit.record(
        action=f"security_case.{action}",
        subject=f"security_case:{case.pk}",
        at=at,
        detail={"rule": rule, "whom": whom, "entries": [event.entry_id for event in fresh]},
    )


def _tell(case: SecurityCase, *, at: datetime) -> None:
    """Whoever handles security cases hears of a new one; its own subject does not."""
    notify_holders(
        permission="security_case.handle",
        text=Sentence(WARNED, rule=Sentence(RULE_WORDS[Rule(case.rule)]), code=case.code),
        url=reverse("oversight:security_case", args=[case.pk]),
        at=at,
        but_id=case.staff_id,
    )
