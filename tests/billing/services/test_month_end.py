"""A month is closed once: bills, tax, revenue, journals, payment."""

from threading import Thread
from typing import Any

import pytest
from django.db import connection

from billing.models import Bill, BillLine, Entry, RevenueShare
from billing.queries.bills import bill_view
from billing.queries.house import house_balances
from billing.rules.allocation import largest_remainder
from billing.rules.proration import plan_fee
from billing.rules.taxation import tax_in
from billing.services import accounts, close_steps, month_start
from billing.services.ledgers import open_special
from billing.services.month_end import close_month
from billing.services.payments import pay
from bss.kernel.errors import BadInputError
from bss.kernel.models import BatchRun
from bss.kernel.periods import Month, local_moment
from customers.models import Customer, Subscription
from customers.services import subscriptions
from packages_wo.services import bundles
from tests.builders.billing import a_channel, own_account
from tests.builders.customers import a_company
from tests.builders.packages import (
    a_catalogue,
    a_member,
    an_accepted_bundle,
    sample_catalogue,
)

OCTOBER = Month(2026, 10)
AT = local_moment("2026-11-03T02:00")


def a_paying_member(owner: Customer, service: str, **fields: Any) -> Subscription:
    member = a_member(owner, service, **fields)
    accounts.open_independent(subscription_id=member.pk, at=member.in_service_at)
    return member


def a_company_with_a_bundle() -> tuple[int, Subscription]:
    """Enhanced A 136 in force from October; gives its account and its main number."""
    a_catalogue()
    owner = a_company()
    members = [a_paying_member(owner, service) for service in ("fixed", "broadband", "m2g")]
    bundle = an_accepted_bundle(owner, *members, offering="enhanced", tier=136)
    account = accounts.open_unified(owner_id=owner.pk, name="统一", at=bundle.accepted_at)
    accounts.link_bundle(bundle_id=bundle.pk, account_id=account.pk)
    bundles.schedule(order_ref="o1", completed_at=local_moment("2026-09-12T16:00"))
    month_start.start_month(month=OCTOBER, at=OCTOBER.starts_at)
    return account.pk, members[0]


@pytest.mark.django_db
def test_a_bundle_fee_is_billed_taxed_and_shared_by_its_parts() -> None:
    account, main = a_company_with_a_bundle()
    close_month(month=OCTOBER, at=AT)

    bill = Bill.objects.get(account=account)
    line = BillLine.objects.get(bill=bill)
    assert (line.subscription_id, line.item, line.amount_fen) == (main.pk, "BUNDLE_FEE", 13600)
    assert (bill.total_fen, bill.due_on.isoformat()) == (13600, "2026-11-30")
    shares = largest_remainder(13600, [12000, 2500, 5000])
    assert list(
        RevenueShare.objects.filter(line=line).values_list("service", "amount_fen", "tax_fen")
    ) == [
        (service, fen, tax_in(fen, percent=9))
        for service, fen in zip(("broadband", "fixed", "m2g"), shares, strict=True)
    ]
    assert line.tax_fen == sum(tax_in(fen, percent=9) for fen in shares)
    assert house_balances() == {
        "receivable": -13600,
        "revenue:BUNDLE_FEE": 13600 - line.tax_fen,
        "tax": line.tax_fen,
    }
    assert bill_view(bill.pk).tax_fen == line.tax_fen


@pytest.mark.django_db
def test_a_month_is_not_closed_before_its_end() -> None:
    with pytest.raises(BadInputError):
        close_month(month=OCTOBER, at=local_moment("2026-10-31T23:59:59"))
    assert not BatchRun.objects.exists()


@pytest.mark.django_db
def test_a_second_close_changes_nothing() -> None:
    a_company_with_a_bundle()
    first = close_month(month=OCTOBER, at=AT)
    entries = Entry.objects.count()
    second = close_month(month=OCTOBER, at=local_moment("2026-11-20T02:00"))
    assert (first, second.at) == (second, AT)
    assert (Bill.objects.count(), Entry.objects.count()) == (1, entries)


@pytest.mark.django_db
def test_a_close_that_was_killed_goes_on_where_it_stood(monkeypatch: pytest.MonkeyPatch) -> None:
    account, _ = a_company_with_a_bundle()
    open_special(account_id=account, name="专款", amount_fen=9000, at=AT, channel_id=a_channel().pk)
    with monkeypatch.context() as broken:
        broken.setattr(close_steps, "pay_bills", lambda **_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            close_month(month=OCTOBER, at=AT)
    run = BatchRun.objects.get()
    states = [step.state for step in run.steps.all()]
    assert states == ["done", "done", "failed", "waiting", "waiting"]
    assert Bill.objects.get().paid_fen == 0

    close_month(month=OCTOBER, at=AT)

    assert Bill.objects.get().paid_fen == 9000
    run.refresh_from_db()
    assert run.state == "done"


@pytest.mark.django_db(transaction=True)
def test_two_closes_at_once_bill_once() -> None:
    account, _ = a_company_with_a_bundle()
    pay(account_id=account, amount_fen=20000, key="p", at=AT, channel_id=a_channel().pk)
    failures: list[Exception] = []

    def close() -> None:
        try:
            close_month(month=OCTOBER, at=AT)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    workers = [Thread(target=close) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)

    assert failures == []
    bill = Bill.objects.get()
    assert (bill.total_fen, bill.paid_fen) == (13600, 13600)
    assert sum(Entry.objects.values_list("amount_fen", flat=True)) == 0


@pytest.mark.django_db
def test_plan_fees_of_the_close_are_those_of_the_rule() -> None:
    a_catalogue()
    owner = a_company()
    catalogue = sample_catalogue()
    began = ["2026-09-30", "2026-10-01", "2026-10-09", "2026-10-31"]
    plans = [("m2g", "M2G-STD"), ("m2g", "M2G-BLOCK"), ("m2g", "M2G-PROMO"), ("m3g", "3G-96")]
    expected = {}
    for service, code in plans:
        for day in began:
            since = local_moment(f"{day}T00:00")
            line = a_paying_member(owner, service, plan=code, since=since)
            ended = local_moment("2026-10-31T12:00") if day == "2026-10-09" else None
            if ended:
                subscriptions.terminate(subscription_id=line.pk, at=ended)
            expected[line.pk] = plan_fee(
                catalogue.plans[code].monthly_fen,
                first_month=catalogue.plans[code].first_month,
                month=OCTOBER,
                in_service_on=since.date(),
                ended_on=ended and ended.date(),
            )
    close_month(month=OCTOBER, at=AT)
    billed = BillLine.objects.filter(item="PLAN_FEE")
    assert dict(billed.values_list("subscription_id", "amount_fen")) == expected


@pytest.mark.django_db
def test_cash_follows_a_member_to_the_unified_account_of_the_same_owner() -> None:
    account, main = a_company_with_a_bundle()
    own = own_account(main)
    pay(
        account_id=own.pk, amount_fen=7000, key="p", at=OCTOBER.starts_at, channel_id=a_channel().pk
    )
    close_month(month=OCTOBER.previous, at=local_moment("2026-10-03T02:00"))
    assert Bill.objects.get(account=own).paid_fen == 2500
    assert [row.cash_fen for row in own.ledgers.all()] == [0]
    unified = own.owner.accounts.get(pk=account)
    assert [row.cash_fen for row in unified.ledgers.all()] == [4500]
