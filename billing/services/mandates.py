"""Mandates 托收/代扣协议: signed for one account at one bank, and ended; never changed."""

import re
from datetime import date, datetime

from django.db import connection, transaction

from billing.models import BankMandate
from billing.queries.locked import lock_account
from billing.rules.banks import BANKS, luhn_digit
from bss.kernel.errors import BadInputError
from bss.kernel.periods import business_date
from bss.kernel.rulebook import refuse
from bss.kernel.sealing import blind_index

_NUMBER = re.compile(r"\d{8,30}")
_CARD_DIGITS = (16, 19)
NO_BANK = "请选择已签约的银行。"
NO_NUMBER = "银行帐号为 8 至 30 位数字，请核对。"
WRONG_DIGIT = "银行卡号的校验位不对，可能输错了一位；请核对。"
NO_HOLDER = "请填写户名，与银行预留的一致。"
BAD_LIMIT = "单笔限额须大于零；不限额请留空。"
BAD_DAYS = "终止日须晚于生效日。"


@transaction.atomic
def sign(
    *,
    account_id: int,
    bank: str,
    number: str,
    holder: str,
    valid_from: date,
    at: datetime,
    valid_until: date | None = None,
    limit_fen: int | None = None,
    by_id: int | None = None,
) -> BankMandate:
    """Sign a mandate; the same one again is the first.

    Locks:  the account.
    Raises: RefusedError (PAY-1: the account has another one in force); BadInputError.
    """
    number = re.sub(r"[\s-]", "", number)
    _check(
        bank=bank,
        number=number,
        holder=holder,
        days=(valid_from, valid_until),
        limit_fen=limit_fen,
    )
    account = lock_account(account_id)
    index = blind_index(number)
    before = BankMandate.objects.filter(account=account, ended_at__isnull=True).first()
    if before is not None:
        if (before.bank, before.number_index) == (bank, index):
            return before
        raise refuse(
            "PAY-1",
            "帐户 %(account)s 已有协议 %(mandate)s，请先终止再另签",
            account=account.code,
            mandate=before.code,
        )
    key = _next_id()
    return BankMandate.objects.create(
        pk=key,
        code=f"XY{key:09d}",
        account=account,
        bank=bank,
        number=number,
        number_index=index,
        holder=holder.strip(),
        limit_fen=limit_fen,
        valid_from=valid_from,
        valid_until=valid_until,
        signed_at=at,
        signed_by_id=by_id,
    )


@transaction.atomic
def end(*, mandate_id: int, at: datetime, by_id: int | None = None) -> BankMandate:
    """End a mandate today; what is at the bank already may still be drawn. Again: nothing.

    Locks: the account.
    """
    mandate = BankMandate.objects.get(pk=mandate_id)
    lock_account(mandate.account_id)
    mandate.refresh_from_db()
    if mandate.ended_at is None:
        mandate.ended_at = at
        mandate.ended_by_id = by_id
        if business_date(at) > mandate.valid_from:
            mandate.valid_until = business_date(at)
        mandate.save(update_fields=["ended_at", "ended_by", "valid_until"])
    return mandate


def _check(
    *,
    bank: str,
    number: str,
    holder: str,
    days: tuple[date, date | None],
    limit_fen: int | None,
) -> None:
    faults = []
    if bank not in BANKS:
        faults.append(("bank", NO_BANK))
    if not number.isascii() or not _NUMBER.fullmatch(number):
        faults.append(("number", NO_NUMBER))
    elif len(number) in _CARD_DIGITS and luhn_digit(number[:-1]) != number[-1]:
        faults.append(("number", WRONG_DIGIT))
    if not holder.strip():
        faults.append(("holder", NO_HOLDER))
    if limit_fen is not None and limit_fen <= 0:
        faults.append(("limit", BAD_LIMIT))
    if days[1] is not None and days[1] <= days[0]:
        faults.append(("valid_until", BAD_DAYS))
    if faults:
        raise BadInputError(*faults)


def _next_id() -> int:
    """The next mandate's id, taken beforehand because the code shows it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('billing_bankmandate', 'id'))")
        return int(cursor.fetchone()[0])
