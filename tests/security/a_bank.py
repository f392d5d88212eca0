"""Banks of the world: a mandate, a batch that was sent, a statement with money of nobody."""

from datetime import date, datetime

from billing.models import Account, UnidentifiedPayment
from billing.services import bank_files, debit_batches
from bss.kernel.models import Staff
from tests.builders.banks import a_mandate, a_movement, a_statement, a_waiting_upload


def about_a_bank(number: int, account: Account, *, at: datetime) -> dict[str, str]:
    mandate = a_mandate(account, at=at)
    batch = debit_batches.draw_up(bank=mandate.bank, at=at)
    assert batch is not None
    debit_batches.export(batch_id=batch.pk, at=at)
    content = a_statement(
        a_movement(f"W{number}", 100 + number), serial=str(number), day=date(2026, 11, 4)
    )
    file = bank_files.take_in(content=content, name=f"DZ-{number}.txt", at=at)
    operator = Staff.objects.get(username="batch_operator")
    waiting = a_waiting_upload(str(number), by_id=operator.pk, at=at)
    money = UnidentifiedPayment.objects.get(line__file=file)
    return {
        "mandate": str(mandate.pk),
        "batch": str(batch.pk),
        "bank_file": str(file.pk),
        "bank_upload": str(waiting.pk),
        "unidentified": str(money.pk),
    }
