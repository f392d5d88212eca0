"""What the operator tells the rules: thresholds by version, and whose numbers are family."""

from datetime import datetime, time

from django.db import IntegrityError, transaction

from bss.kernel import audit
from bss.kernel.errors import BadInputError
from bss.kernel.masking import masked_number
from bss.oversight.models import RelativeNumber, WatchSetting
from bss.oversight.rules.prewarning import DEFAULTS, Rule

NO_TIMES = "请填写起止时间；这条规则只看一天中的一段时间。"
REGISTERED = "这个号码已经登记在这位同事名下。"
NOT_A_NUMBER = "请填写 7 到 20 位数字的号码。"


@transaction.atomic
def set_limits(
    *,
    rule: str,
    active: bool,
    threshold: int,
    window_minutes: int,
    from_time: time | None,
    until_time: time | None,
    reason: str,
    at: datetime,
    by_id: int,
) -> WatchSetting:
    """A new version of one rule's limits; the earlier ones stay. Raises: BadInputError."""
    if DEFAULTS[Rule(rule)].from_time is not None and (from_time is None or until_time is None):
        raise BadInputError(("from_time", NO_TIMES))
    setting = WatchSetting.objects.create(
        rule=rule,
        active=active,
        threshold=threshold,
        window_minutes=window_minutes,
        from_time=from_time,
        until_time=until_time,
        reason=reason.strip()[:200],
        set_at=at,
        set_by_id=by_id,
    )
    audit.record(
        action="watch.set",
        subject=f"watch:{rule}",
        staff_id=by_id,
        at=at,
        reason=setting.reason,
        detail={
            "active": active,
            "threshold": threshold,
            "window_minutes": window_minutes,
            "from": str(from_time or ""),
            "until": str(until_time or ""),
        },
    )
    return setting


@transaction.atomic
def register_relative(
    *, staff_id: int, number: str, relation: str, at: datetime, by_id: int
) -> RelativeNumber:
    """A number of somebody's family. Raises: BadInputError."""
    digits = number.replace(" ", "").replace("-", "")
    if not digits.isdigit() or not 7 <= len(digits) <= 20:
        raise BadInputError(("number", NOT_A_NUMBER))
    try:
        with transaction.atomic():
            relative = RelativeNumber.objects.create(
                staff_id=staff_id, number=digits, relation=relation, registered_at=at
            )
    except IntegrityError as error:
        raise BadInputError(("number", REGISTERED)) from error
    _record("relative.register", relative, at=at, by_id=by_id)
    return relative


@transaction.atomic
def remove_relative(*, relative_id: int, at: datetime, by_id: int) -> None:
    """It is nobody's family's number any more; that it was, stays. Source: S84-3."""
    relative = RelativeNumber.objects.select_for_update().get(pk=relative_id)
    if relative.removed_at is None:
        relative.removed_at = at
        relative.save(update_fields=["removed_at"])
        _record("relative.remove", relative, at=at, by_id=by_id)


def _record(action: str, relative: RelativeNumber, *, at: datetime, by_id: int) -> None:
    audit.record(
        action=action,
        subject=f"staff:{relative.staff_id}",
        staff_id=by_id,
        at=at,
        detail={"number": masked_number(relative.number), "relation": relative.relation},
    )
