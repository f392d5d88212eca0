"""信用额度: of a class of customers, as data; of one account, under four eyes."""

from datetime import datetime
from pathlib import Path

import yaml
from django.db import transaction

from billing.models import ClassLimit, CreditLimit
from billing.queries.locked import lock_account
from bss.kernel import audit
from bss.kernel.errors import BadInputError, Sentence
from bss.kernel.units import yuan
from customers.models import CustomerClass

BROUGHT_ALONG = Path(__file__).resolve().parent.parent / "data" / "credit_limits.yaml"
AT_MOST_FEN = 10_000_000_00
NOT_POSITIVE = "信用额度须大于零；恢复类别额度请选“取消本户额度”。"
TOO_MUCH = "信用额度最高 %(most)s 元。"
NONE_TO_END = "该帐户没有单独的额度。"


@transaction.atomic
def load_limits() -> int:
    """Add the limits of the product's classes where none is set; how many."""
    if ClassLimit.objects.exists():
        return 0
    numbers = dict(CustomerClass.objects.values_list("number", "pk"))
    rows = yaml.safe_load(BROUGHT_ALONG.read_text(encoding="utf-8"))["limits"]
    fresh = [
        ClassLimit(customer_class_id=numbers.get(row["class"]), limit_fen=row["yuan"] * 100)
        for row in rows
        if row["class"] is None or row["class"] in numbers
    ]
    return len(ClassLimit.objects.bulk_create(fresh))


@transaction.atomic
def set_class_limit(*, class_limit_id: int, limit_fen: int, at: datetime, by_id: int) -> None:
    """What every account of the class may stand for from now on. Raises: BadInputError."""
    check(limit_fen)
    row = ClassLimit.objects.select_for_update().get(pk=class_limit_id)
    before, row.limit_fen = row.limit_fen, limit_fen
    row.save(update_fields=["limit_fen"])
    audit.record(
        action="credit_limit.change",
        subject=f"class_limit:{row.pk}",
        at=at,
        staff_id=by_id,
        detail={"class": row.customer_class_id, "before_fen": before, "after_fen": limit_fen},
    )


@transaction.atomic
def set_limit(
    *,
    account_id: int,
    limit_fen: int | None,
    reason: str,
    at: datetime,
    asked_by_id: int,
    approved_by_id: int,
) -> CreditLimit | None:
    """The account's own limit from now on; with None it has that of its owner's class again.

    Raises: BadInputError. Locks: the account.
    """
    account = lock_account(account_id)
    now = CreditLimit.objects.filter(account=account, valid_until__isnull=True)
    if limit_fen is None and not now.exists():
        raise BadInputError(("", NONE_TO_END))
    if limit_fen is not None:
        check(limit_fen)
    before = now.values_list("limit_fen", flat=True).first()
    now.update(valid_until=at)
    made = None
    if limit_fen is not None:
        made = CreditLimit.objects.create(
            account=account,
            limit_fen=limit_fen,
            valid_from=at,
            reason=reason[:200],
            asked_by_id=asked_by_id,
            approved_by_id=approved_by_id,
        )
    audit.record(
        action="credit_limit.set",
        subject=f"account:{account.pk}",
        customer_id=account.owner_id,
        staff_id=asked_by_id,
        at=at,
        reason=reason,
        detail={"before_fen": before, "after_fen": limit_fen, "approved_by": approved_by_id},
    )
    return made


def check(limit_fen: int) -> None:
    """Raises: BadInputError for what no limit can be."""
    if limit_fen <= 0:
        raise BadInputError(("limit", NOT_POSITIVE))
    if limit_fen > AT_MOST_FEN:
        raise BadInputError(("limit", Sentence(TOO_MUCH, most=yuan(AT_MOST_FEN))))
