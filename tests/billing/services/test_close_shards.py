"""A close in any number of shards, by any number of workers, is one close."""

import pytest
from django.db import transaction

from billing.models import Bill
from billing.services import close_steps, month_end
from billing.services.month_end import close_month
from billing.services.payments import pay
from bss.kernel.models import BatchStep
from tests.billing.services.test_month_end import (
    AT,
    OCTOBER,
    a_company_with_a_bundle,
    a_paying_member,
)
from tests.builders.billing import a_channel, own_account
from tests.builders.customers import a_company
from tests.chaos.picture import differences, look

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> None:
    """A bundle and seven single lines, of which some have money for all, a part or nothing."""
    account, _ = a_company_with_a_bundle()
    channel = a_channel()
    pay(account_id=account, amount_fen=9000, key="bundle", at=AT, channel_id=channel.pk)
    owner = a_company()
    for amount_fen in (0, 1, 500, 2000, 3000, 5000, 50000):
        account = own_account(a_paying_member(owner, "m2g", plan="M2G-STD")).pk
        if amount_fen:
            key = f"single-{amount_fen}"
            pay(account_id=account, amount_fen=amount_fen, key=key, at=AT, channel_id=channel.pk)


def test_any_number_of_shards_leaves_the_same_books(town, settings) -> None:
    pictures = []
    for shards in (1, 3):
        settings.CLOSE_SHARDS = shards
        with transaction.atomic():
            assert close_month(month=OCTOBER, at=AT).state == "done"
            assert BatchStep.objects.filter(name="bill").count() == shards
            assert Bill.objects.count() == 8
            pictures.append(look())
            transaction.set_rollback(True)
    assert differences(*pictures) == []


def test_a_close_goes_on_in_the_shards_that_it_was_begun_in(town, settings, monkeypatch) -> None:
    settings.CLOSE_SHARDS = 3
    with monkeypatch.context() as broken:
        broken.setattr(close_steps, "pay_bills", lambda **_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            close_month(month=OCTOBER, at=AT)
    assert Bill.objects.count() == 8

    settings.CLOSE_SHARDS = 1
    run = close_month(month=OCTOBER, at=AT)

    assert run.state == "done"
    assert {step.shards for step in month_end.steps_of(run)} == {1, 3}
    paid = [int(step.report["accounts"]) for step in run.steps.filter(name__in=("bill", "pay"))]
    assert (len(paid), sum(paid)) == (6, 7)
