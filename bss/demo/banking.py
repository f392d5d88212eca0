"""Banks in the demo: mandates, one answered batch, a statement with money of nobody."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from django.db.models import F, Sum

from billing.banks import simulator
from billing.models import Account, Bill
from billing.rules.banks import BANKS, luhn_digit, virtual_number
from billing.services import bank_files, debit_batches, mandates
from bss.kernel.periods import business_date

MANDATES = 8
BY_TRANSFER = 2
REFUSALS = {2: "01", 3: "04"}
"""Who has too little on the bank account, and whose account is frozen."""
STRANGERS = (
    ("HUIZE TRADING CO LTD", "TELECOM FEE OCT", 368_00),
    ("", "0311 LEASED LINE", 1_250_00),
    ("ZHENGDING STATIONERY SHOP", "", 86_50),
    ("LANGFANG LOGISTICS GROUP", "ANNUAL FEE", 12_800_00),
)


def bring_banks(random: Random, *, at: datetime, by_id: int) -> None:
    """Some who owe sign a mandate and are drawn; others pay by transfer, and strangers too."""
    owing = list(
        Account.objects.filter(bills__paid_fen__lt=F("bills__total_fen"))
        .annotate(due_fen=Sum(F("bills__total_fen") - F("bills__paid_fen")))
        .select_related("owner")
        .order_by("pk")[: MANDATES + BY_TRANSFER]
    )
    for place, account in enumerate(owing[:MANDATES]):
        bank = tuple(BANKS)[place % len(BANKS)]
        _sign(account, bank, random, at=at - timedelta(days=1), by_id=by_id)
    _draw(at=at, by_id=by_id)
    _transfers(owing[MANDATES:], random, at=at + timedelta(hours=1), by_id=by_id)


def _sign(account: Account, bank: str, random: Random, *, at: datetime, by_id: int) -> None:
    body = f"6229{random.randrange(10**11):011d}"
    mandates.sign(
        account_id=account.pk,
        bank=bank,
        number=body + luhn_digit(body),
        holder=account.owner.name,
        valid_from=business_date(at),
        limit_fen=random.choice((None, 5_000_00)),
        at=at,
        by_id=by_id,
    )


def _draw(*, at: datetime, by_id: int) -> None:
    """The first bank has answered; the second one's batch is on its way."""
    for place, bank in enumerate(BANKS):
        batch = debit_batches.draw_up(bank=bank, at=at, by_id=by_id)
        if batch is None:
            continue
        asked = debit_batches.export(batch_id=batch.pk, at=at, by_id=by_id)
        if place == 0:
            answer = simulator.answer(
                asked, day=business_date(at), refused_percent=0, refusals=REFUSALS
            )
            bank_files.take_in(content=answer, name=f"HP-{batch.code}.txt", at=at, by_id=by_id)


def _transfers(payers: Sequence[Account], random: Random, *, at: datetime, by_id: int) -> None:
    bank, day = BANKS["JH"], business_date(at)
    lines: list[dict[str, object]] = [
        {
            "reference": f"JH{day:%y%m%d}{place:04d}",
            "amount": Bill.objects.filter(account=account).aggregate(
                due=Sum(F("total_fen") - F("paid_fen"))
            )["due"],
            "payer_name": account.owner.name,
            "payer_number": f"6225{random.randrange(10**12):012d}",
            "virtual_number": virtual_number(bank, account.pk),
        }
        for place, account in enumerate(payers, start=1)
    ]
    lines += [
        {
            "reference": f"JH{day:%y%m%d}9{place:03d}",
            "amount": amount_fen,
            "payer_name": payer,
            "payer_number": f"6225{random.randrange(10**12):012d}",
            "remark": remark,
            "day": f"{day - timedelta(days=20 * place - 20):%Y%m%d}",
        }
        for place, (payer, remark, amount_fen) in enumerate(STRANGERS, start=1)
    ]
    content = simulator.statement(bank, serial=f"{day:%Y%m%d}", day=day, lines=lines)
    bank_files.take_in(content=content, name=f"DZ-JH-{day:%Y%m%d}.csv", at=at, by_id=by_id)
