"""Transfers 转帐: cash goes from one account's public ledger to another's, and back (PAY-5)."""

from datetime import datetime

from django.db import transaction

from billing.models import Account, Journal, Ledger, Reason, Transfer
from billing.queries.locked import lock_accounts, lock_key
from billing.queries.refundable import refundable
from billing.services.by_hand import (
    check_note,
    digest_of,
    done_before,
    needs_second,
    reason_for,
)
from billing.services.posting import Leg, post
from billing.services.refunds import hold_free
from billing.services.settlement import settle
from billing.services.taking_back import legs_back, lines_to_unpay, unpay
from bss.kernel import audit
from bss.kernel.errors import BadInputError
from bss.kernel.models import Approval
from bss.kernel.rulebook import refuse

RULE = "PAY-5"


@transaction.atomic
def transfer(
    *,
    source_id: int,
    target_id: int,
    amount_fen: int,
    reason_id: int,
    key: str,
    at: datetime,
    by_id: int,
    remark: str = "",
    approval: Approval | None = None,
) -> Transfer:
    """Move cash between public ledgers; what the target owes is paid at once.

    Source: PAY-1, PAY-5.
    Locks:  the key, both accounts.
    Raises: RefusedError (PAY-5: not that much is free, or it takes two; PAY-1); BadInputError.
    """
    if amount_fen <= 0:
        raise BadInputError(("amount", "金额须大于零。"))
    if source_id == target_id:
        raise BadInputError(("target", "转入的就是这个帐户，请填写另一个帐户。"))
    lock_key(key)
    digest = digest_of("transfer", source_id, target_id, amount_fen, reason_id)
    if (before := done_before(Transfer, key=key, digest=digest)) is not None:
        return before
    held = lock_accounts([source_id, target_id])
    source, target = held[source_id], held[target_id]
    reason = reason_for(Reason.Purpose.TRANSFER, reason_id)
    hold_free(refundable(source, at=at), rule=RULE, amount_fen=amount_fen)
    if approval is None and takes_two(source, target, amount_fen=amount_fen, by_id=by_id):
        raise refuse(RULE, "转给别的客户，或超过本岗位限额的转帐，须由另一位同事审批")
    moved = Transfer.objects.create(
        key=key,
        digest=digest,
        source=source,
        target=target,
        amount_fen=amount_fen,
        reason=reason,
        note=check_note(remark),
        journal=_post(source, target, amount_fen=amount_fen, key=key, at=at, by_id=by_id),
        at=at,
        by_id=by_id,
        approval=approval,
    )
    _record("transfer.make", moved, at=at, by_id=by_id)
    settle(account_ids=[target.pk], at=at, by_id=by_id)
    return moved


def takes_two(source: Account, target: Account, *, amount_fen: int, by_id: int) -> bool:
    """Another customer gets it, or it is beyond the person's limit.

    Raises: RefusedError (PAY-5) when they may not even ask for that much.
    """
    beyond = needs_second("transfer", rule=RULE, by_id=by_id, amount_fen=amount_fen)
    return beyond or source.owner_id != target.owner_id


@transaction.atomic
def reverse_transfer(*, transfer_id: int, at: datetime, by_id: int) -> Transfer:
    """Take a transfer back, once; bills that its money has paid are due again.

    Source: PAY-5.
    Locks:  both accounts.
    Raises: RefusedError (PAY-5: it is taken back already, or the money has gone elsewhere).
    """
    rows = Transfer.objects.select_related("journal", "source", "target", "reason")
    pair = rows.values_list("source_id", "target_id").get(pk=transfer_id)
    lock_accounts(pair)
    moved = rows.get(pk=transfer_id)
    if moved.reversed_at is not None:
        raise refuse(RULE, "转帐 %(code)s 已撤销", code=moved.code)
    target = _public(moved.target_id)
    back = lines_to_unpay(target, amount_fen=moved.amount_fen)
    if back is None:
        raise refuse(RULE, "转帐 %(code)s 的款项已从转入帐户转出，不能撤销", code=moved.code)
    post(
        kind=Journal.Kind.REVERSAL,
        legs=[
            *legs_back(target, back),
            Leg(ledger_id=target.pk, amount_fen=-moved.amount_fen),
            Leg(ledger_id=_public(moved.source_id).pk, amount_fen=moved.amount_fen),
        ],
        at=at,
        ref=moved.key,
        by_id=by_id,
        reverses=moved.journal,
    )
    unpay(back)
    moved.reversed_at = at
    moved.save(update_fields=["reversed_at"])
    _record("transfer.reverse", moved, at=at, by_id=by_id)
    settle(account_ids=list(pair), at=at, by_id=by_id)
    return moved


def _post(
    source: Account, target: Account, *, amount_fen: int, key: str, at: datetime, by_id: int
) -> Journal:
    return post(
        kind=Journal.Kind.TRANSFER,
        legs=[
            Leg(ledger_id=_public(source.pk).pk, amount_fen=-amount_fen),
            Leg(ledger_id=_public(target.pk).pk, amount_fen=amount_fen),
        ],
        at=at,
        ref=key,
        by_id=by_id,
    )


def _public(account_id: int) -> Ledger:
    return Ledger.objects.get(account=account_id, kind=Ledger.Kind.PUBLIC)


def _record(action: str, moved: Transfer, *, at: datetime, by_id: int) -> None:
    """Both customers' records tell of it."""
    for customer_id in sorted({moved.source.owner_id, moved.target.owner_id}):
        audit.record(
            action=action,
            subject=f"transfer:{moved.pk}",
            customer_id=customer_id,
            staff_id=by_id,
            at=at,
            reason=moved.reason.words,
            detail={
                "amount_fen": moved.amount_fen,
                "source": moved.source.code,
                "target": moved.target.code,
            },
        )
