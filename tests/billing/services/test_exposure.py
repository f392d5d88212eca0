"""Exposures against limits, to the fen; told once a month and step; a limit of two persons."""

import pytest

from billing.credit_kinds import LIMIT
from billing.models import ClassLimit, CreditLimit, Exposure, Reminder
from billing.queries.exposure import exposure_of
from billing.services import credit_limits, exposure, payments
from billing.services.charges import charge_once
from billing.services.month_end import close_month
from bss.kernel import approvals
from bss.kernel.errors import BadInputError
from bss.kernel.models import AuditEntry
from bss.kernel.periods import Month
from customers.models import CustomerClass
from customers.services import lists
from customers.services.classifying import give_class
from tests.billing.views.house import CLOSED_AT, an_open_october
from tests.builders.billing import a_bill, a_channel, a_customer, a_line, moment, own_account
from tests.builders.credit import a_debtor, run_on, steps, told
from tests.builders.staff import a_staff
from tests.builders.usage import OCTOBER

pytestmark = pytest.mark.django_db

AT = moment("2026-11-20T10:00")


def a_limit(fen: int, customer_class: CustomerClass | None = None) -> ClassLimit:
    return ClassLimit.objects.create(customer_class=customer_class, limit_fen=fen)


def parts(account, at=AT) -> tuple[int, ...]:
    view = exposure_of(account.pk, at=at)
    return (view.usage_fen, view.charges_fen, view.due_fen, view.balance_fen, view.exposure_fen)


def test_dues_and_waiting_charges_less_the_balance() -> None:
    a_limit(10000)
    line, account, _ = a_debtor(fen=2500)
    charge_once(
        subscription_id=line.pk, amount_fen=3000, category="installation", order_ref="o1",
        arose_at=AT, month=Month.of(AT),
    )  # fmt: skip
    assert parts(account) == (0, 3000, 2500, 0, 5500)
    payments.pay(account_id=account.pk, amount_fen=4000, key="p", at=AT, channel_id=a_channel().pk)
    assert parts(account) == (0, 3000, 0, 1500, 1500)


def test_a_balance_beyond_the_rest_is_no_exposure() -> None:
    a_limit(10000)
    account = own_account(a_line(a_customer()))
    payments.pay(account_id=account.pk, amount_fen=4000, key="p", at=AT, channel_id=a_channel().pk)
    assert parts(account) == (0, 0, 0, 4000, 0)


def test_rated_usage_of_an_open_month_counts_where_it_is_paid() -> None:
    a_limit(10000)
    october = an_open_october()
    at = moment("2026-10-20T10:00")
    open_fen = parts(october.own, at=at)[0]
    close_month(month=OCTOBER, at=CLOSED_AT)
    # What was usage is on the bill now, to the fen.
    billed = october.own.bills.get(month=OCTOBER.first_day).lines.filter(usage_hao__isnull=False)
    assert open_fen == sum(row.amount_fen for row in billed) > 0
    assert parts(october.own, at=CLOSED_AT)[0] == 0


def test_the_highest_limit_of_the_classes_counts_and_the_own_one_before_it() -> None:
    line, account, _ = a_debtor()
    assert exposure_of(account.pk, at=AT) is None
    a_limit(500)
    assert exposure_of(account.pk, at=AT).limit_fen == 500
    staff = a_staff()
    for number, fen in ((801, 7000), (802, 9000)):
        one = CustomerClass.objects.create(number=number, name=f"试验{number}")
        a_limit(fen, one)
        give_class(customer_id=line.owner_id, class_id=one.pk, reason="试验", at=AT, by_id=staff.pk)
    assert exposure_of(account.pk, at=AT).limit_fen == 9000
    other = a_staff(username="super02")
    credit_limits.set_limit(
        account_id=account.pk, limit_fen=600, reason="试验", at=AT,
        asked_by_id=staff.pk, approved_by_id=other.pk,
    )  # fmt: skip
    view = exposure_of(account.pk, at=AT)
    assert (view.limit_fen, view.limit_is_own) == (600, True)


@pytest.mark.parametrize(
    ("limit_fen", "percent"), [(2500, 100), (2501, 99), (3125, 80), (3126, 79)]
)
def test_a_limit_is_full_at_a_hundred_and_not_before(limit_fen: int, percent: int) -> None:
    a_limit(limit_fen)
    _, account, _ = a_debtor(fen=2500)
    assert exposure_of(account.pk, at=AT).percent == percent


def test_each_step_is_told_once_a_month_and_the_highest_of_several() -> None:
    steps()
    a_limit(3000)
    line, account, _ = a_debtor(fen=2500)
    assert [exposure.warn(at=AT) for _ in range(3)] == [1, 0, 0]
    a_bill(account, "2026-09", (line, "PLAN_FEE", 900))
    assert [exposure.warn(at=AT) for _ in range(2)] == [1, 0]
    assert [step for step, _ in told(account)] == ["limit_80", "limit_100"]
    assert exposure.warn(at=moment("2026-12-02T01:00")) == 1
    assert Reminder.objects.latest("pk").month.isoformat() == "2026-12-01"
    row = Exposure.objects.get()
    assert (row.exposure_fen, row.percent, row.account_id) == (3400, 113, account.pk)


def test_nobody_on_the_red_list_is_warned_and_who_has_paid_leaves_the_list() -> None:
    steps()
    a_limit(3000)
    line, account, _ = a_debtor(fen=2500)
    lists.put_on(customer_id=line.owner_id, listed="red", reason="医院", at=AT)
    assert exposure.warn(at=AT) == 0
    assert Exposure.objects.count() == 1
    payments.pay(account_id=account.pk, amount_fen=2500, key="p", at=AT, channel_id=a_channel().pk)
    exposure.warn(at=moment("2026-11-21T01:00"))
    assert not Exposure.objects.exists()


def test_an_exposure_stops_nothing() -> None:
    a_limit(1)
    line, _, _ = a_debtor()
    run_on("2026-11-20")
    line.refresh_from_db()
    assert line.state == "active"


def test_one_asks_for_a_limit_and_another_approves() -> None:
    _, account, _ = a_debtor()
    asker, checker = a_staff(username="super01"), a_staff(username="super02")
    asked = approvals.ask(
        kind=LIMIT, payload={"account_id": account.pk, "limit_fen": 500000},
        asked_by_id=asker.pk, at=AT, reason="重点客户",
    )  # fmt: skip
    with pytest.raises(BadInputError, match="不能审批自己"):
        approvals.decide(approval_id=asked.pk, decided_by_id=asker.pk, approve=True, at=AT)
    approvals.decide(approval_id=asked.pk, decided_by_id=checker.pk, approve=True, at=AT)
    limit = CreditLimit.objects.get()
    assert (limit.limit_fen, limit.asked_by, limit.approved_by) == (500000, asker, checker)
    entry = AuditEntry.objects.get(kind="act", action="credit_limit.set")
    assert entry.detail == {"before_fen": None, "after_fen": 500000, "approved_by": checker.pk}


@pytest.mark.parametrize(
    ("fen", "sentence"), [(0, "须大于零"), (-1, "须大于零"), (10**12, "最高 10000000.00 元")]
)
def test_an_absurd_limit_is_refused(fen: int, sentence: str) -> None:
    with pytest.raises(BadInputError, match=sentence):
        credit_limits.check(fen)
