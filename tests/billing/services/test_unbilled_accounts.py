"""An account whose bill would be wrong is parked and listed; a later run of the month bills it."""

import pytest
from django.db import IntegrityError

from billing.batch import issue_apart
from billing.models import Bill, UnbilledAccount
from billing.queries.house import house_balances
from billing.services import close_steps, month_end, payments
from billing.services.month_end import close_month
from bss.kernel.batch.sweep import runs_to_help, take_part
from bss.kernel.models import BatchRun
from bss.wiring import RUNS
from packages_wo.models import Plan, SubscriptionPlan, Tier
from tests.billing.views.house import CLOSED_AT, an_open_october
from tests.builders.billing import a_bill, a_channel, own_account
from tests.builders.usage import OCTOBER

pytestmark = pytest.mark.django_db

LATER = CLOSED_AT.replace(day=5)


@pytest.fixture
def october():
    return an_open_october()


def close(at=CLOSED_AT):
    return close_month(month=OCTOBER, at=at)


def unbilled():
    return {
        row.account: str(row.sentence) for row in UnbilledAccount.objects.filter(billed_at=None)
    }


def test_a_plan_without_a_price_parks_its_account_and_no_other(october):
    w1 = october.operator.subscriptions["w1"]
    SubscriptionPlan.objects.filter(subscription=w1).update(plan="3G-GONE")
    run = close()

    assert run.state == BatchRun.State.DONE
    assert unbilled() == {own_account(w1): "单产品套餐 3G-GONE 在该月的产品目录里没有价格。"}
    assert not Bill.objects.filter(account=own_account(w1)).exists()
    assert Bill.objects.count() == 8
    assert run.steps.get(name="bill").report["parked"] == 1


def test_a_later_run_bills_what_was_mended_and_leaves_the_rest(october):
    w1, v2 = (october.operator.subscriptions[name] for name in ("w1", "v2"))
    SubscriptionPlan.objects.filter(subscription=w1).update(plan="3G-GONE")
    SubscriptionPlan.objects.filter(subscription=v2).update(plan="3G-LOST")
    close()
    SubscriptionPlan.objects.filter(subscription=w1).update(plan="3G-96")
    close(at=LATER)

    assert unbilled() == {own_account(v2): "单产品套餐 3G-LOST 在该月的产品目录里没有价格。"}
    late = Bill.objects.get(account=own_account(w1))
    assert (late.total_fen, late.issued_at, late.month) == (9600, LATER, OCTOBER.first_day)
    assert sorted(BatchRun.objects.values_list("kind", "key", "state")) == [
        ("close_later", "2026-10/1", "done"),
        ("close_month", "2026-10", "done"),
    ]
    SubscriptionPlan.objects.filter(subscription=v2).update(plan="3G-66")
    close(at=LATER)
    close(at=LATER)
    assert unbilled() == {}
    assert (Bill.objects.count(), sum(house_balances().values())) == (9, 0)


def test_the_parked_month_comes_out_as_the_undisturbed_one(october):
    tier = Tier.objects.get(offering="basic", code=56)
    Tier.objects.filter(pk=tier.pk).update(code=5)
    close()
    assert unbilled() == {october.unified: "套餐 basic 56 元档在该月的产品目录里没有价格。"}
    Tier.objects.filter(pk=tier.pk).update(code=56)
    close(at=LATER)

    bill = october.fee_bill
    assert list(bill.lines.values_list("item", "amount_fen", "tax_fen")) == [
        ("BUNDLE_FEE", 5600, 463),
        ("BUNDLE_FEE", 5600, 462),
    ]


def test_what_the_database_refuses_is_found_by_halves(october, monkeypatch):
    refused = own_account(october.operator.subscriptions["v1"]).pk
    whole, tries = issue_apart.issue_bills, []

    def issue(*, only=None, **terms):
        tries.append(only and len(only))
        issued = whole(only=only, **terms)
        if Bill.objects.filter(account=refused).exists():
            raise IntegrityError("a line is paid twice")
        return issued

    monkeypatch.setattr(issue_apart, "issue_bills", issue)
    close()

    assert list(unbilled().values()) == [
        "数据库拒绝了这份帐单: IntegrityError: a line is paid twice"
    ]
    assert Bill.objects.count() == 8
    assert not Bill.objects.filter(account=refused).exists()
    assert tries[0] is None
    assert sum(house_balances().values()) == 0


def test_a_later_run_that_broke_off_is_taken_up_by_the_workers(october, monkeypatch):
    w1 = october.operator.subscriptions["w1"]
    SubscriptionPlan.objects.filter(subscription=w1).update(plan="3G-GONE")
    close()
    SubscriptionPlan.objects.filter(subscription=w1).update(plan="3G-96")
    payments.pay(
        account_id=own_account(w1).pk, amount_fen=100_00, key="before", at=LATER,
        channel_id=a_channel().pk,
    )  # fmt: skip
    a_bill(own_account(w1), "2026-08", (w1, "PLAN_FEE", 1))  # so that it is not paid when issued
    with monkeypatch.context() as broken:
        broken.setattr(close_steps, "pay_bills", breaks_off)
        with pytest.raises(ConnectionError):
            close(at=LATER)
    run = BatchRun.objects.get(kind="close_later")
    bill = Bill.objects.get(account=own_account(w1), month=OCTOBER.first_day)
    assert (run.state, unbilled(), bill.due_fen) == (BatchRun.State.RUNNING, {}, 9600)

    assert run.steps.filter(name="pay", state="failed").update(retry_at=None) == 1
    assert [run_id for run_id, _ in runs_to_help(RUNS)] == [run.pk]
    assert take_part(run.pk, RUNS, for_s=60) is False
    run.refresh_from_db()
    bill.refresh_from_db()
    assert (run.state, bill.due_fen) == (BatchRun.State.DONE, 0)


def breaks_off(**_):
    raise ConnectionError("the server closed the connection unexpectedly")


def test_nothing_parked_means_no_later_run(october):
    close()
    assert month_end.bill_later(month=OCTOBER, at=LATER) is None
    assert Plan.objects.exists()
