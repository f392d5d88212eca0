"""A payment that comes while the credit run is going never leaves anyone stopped (CRD-1).

Each test stops one of the two at a point of its own, by the locks that both take, and lets the
other go first. The oracle is always the same: whoever has paid is in service in the end.
"""

import time

import pytest
from django.db import connection, transaction

from billing.batch.switch_payers import pay_by
from billing.models import Account, CreditRun, DebtStop, ParkedAccount, Reminder
from billing.services import accounts, credit_control, credit_steps, payments
from bss.kernel import outbox
from bss.wiring import EVENTS
from customers.models import Subscription, SubscriptionState
from orders.models import NetworkOrder
from orders.provisioning.platform import provisioner
from orders.services import network
from tests.builders.at_once import aside, held, until_waiting
from tests.builders.billing import NEW_YEAR, a_bill, a_channel, moment
from tests.builders.credit import a_debtor, at_one, run_on, steps, told

pytestmark = pytest.mark.django_db(transaction=True)

EARLIER, LATER = moment("2027-01-01T00:59:59"), moment("2027-01-01T01:00:07")
RUN_AT = at_one("2027-01-01")
HOLD_SUBSCRIPTION = "SELECT FROM customers_subscription WHERE id = %s FOR UPDATE"
HOLD_ACCOUNT = "SELECT FROM billing_account WHERE id = %s FOR NO KEY UPDATE"


def pay(account: Account, *, fen: int = 2500, at=LATER, key: str = "p") -> None:
    payments.pay(account_id=account.pk, amount_fen=fen, key=key, at=at, channel_id=a_channel().pk)


def run() -> credit_control.CreditReport:
    return credit_control.run(at=RUN_AT)


def state(line: Subscription) -> str:
    return Subscription.objects.get(pk=line.pk).state


def history(line: Subscription) -> list[str]:
    rows = SubscriptionState.objects.filter(subscription=line).order_by("pk")
    return list(rows.values_list("state", flat=True))


@pytest.mark.parametrize("at", [EARLIER, LATER])
def test_a_payment_that_is_under_way_when_the_run_reads_the_debt(at) -> None:
    line, account, _ = a_debtor()
    with aside() as start:
        with transaction.atomic():
            pay(account, at=at)  # not committed: the run still sees the debt
            running = start(run)
            until_waiting()
        assert running.result(timeout=10).stopped == 0
    assert (state(line), history(line)) == ("active", ["active"])
    assert not DebtStop.objects.exists()


@pytest.mark.parametrize("at", [EARLIER, LATER])
def test_a_payment_that_comes_while_the_run_holds_the_account(at) -> None:
    steps()
    line, account, bill = a_debtor()
    a_channel()
    with aside() as start:
        with held(HOLD_SUBSCRIPTION, line.pk):
            running = start(run)
            until_waiting(1)  # the run has looked, and is about to stop it
            paying = start(lambda: pay(account, at=at))
            until_waiting(2)  # the payment waits for the account
        running.result(timeout=10)
        paying.result(timeout=10)
    bill.refresh_from_db()
    assert (bill.due_fen, state(line)) == (0, "active")
    assert history(line) == ["active", "suspended", "active"]
    assert DebtStop.objects.get().lifted_at == max(at, RUN_AT)
    assert [step for step, _ in told(account)] == ["stopped", "resumed"]


def test_a_payment_rolled_back_does_not_save_from_the_stop() -> None:
    line, account, _ = a_debtor()
    with aside() as start, transaction.atomic():
        pay(account)
        start(run)
        until_waiting()
        transaction.set_rollback(True)
    assert state(line) == "suspended"


def test_a_part_payment_does_not_either() -> None:
    line, account, bill = a_debtor()
    with aside() as start, transaction.atomic():
        pay(account, fen=2499)
        start(run)
        until_waiting()
    bill.refresh_from_db()
    assert (bill.due_fen, state(line)) == (1, "suspended")


def a_line_of_two_debtors() -> tuple[Subscription, Account, Account]:
    """Its own account owes, and so does the unified account that pays it now."""
    line, own, _ = a_debtor()
    unified = accounts.open_unified(owner_id=line.owner_id, name="统一", at=NEW_YEAR)
    pay_by(accounts={line.pk: unified.pk}, at=moment("2026-10-01T00:00"))
    a_bill(unified, "2026-10", (line, "BUNDLE_FEE", 2500))
    return line, own, unified


def test_a_stop_remembers_causes_of_different_lots(monkeypatch) -> None:
    monkeypatch.setattr(credit_steps.in_lots, "__kwdefaults__", {"lot": 1})
    line, own, unified = a_line_of_two_debtors()
    report = run()
    assert report.stopped == 1
    assert set(DebtStop.objects.values_list("account_id", flat=True)) == {own.pk, unified.pk}
    pay(own, key="own")
    assert state(line) == "suspended"
    pay(unified, key="unified")
    assert state(line) == "active"


def test_a_payment_between_two_lots_leaves_the_other_cause_to_the_next_run(monkeypatch) -> None:
    monkeypatch.setattr(credit_steps.in_lots, "__kwdefaults__", {"lot": 1})
    line, own, unified = a_line_of_two_debtors()
    with aside() as start:
        with held(HOLD_ACCOUNT, max(own.pk, unified.pk)):
            running = start(run)
            until_waiting(1)  # the first lot is done, the second one waits
            assert state(line) == "suspended"
            first = min((own, unified), key=lambda one: one.pk)
            start(lambda: pay(first)).result(timeout=10)
        running.result(timeout=10)
    assert state(line) == "active"
    assert not DebtStop.objects.filter(lifted_at__isnull=True).exists()
    run_on("2027-01-02")
    assert state(line) == "suspended"


@pytest.mark.parametrize("pays_first", [True, False])
def test_a_payment_on_the_ninetieth_day(pays_first: bool) -> None:
    line, account, _ = a_debtor()
    run_on("2027-01-01")
    at = at_one("2027-04-01")
    with aside() as start:
        if pays_first:
            with transaction.atomic():
                pay(account, at=at)
                start(lambda: credit_control.run(at=at))
                until_waiting()
        else:
            with held(HOLD_SUBSCRIPTION, line.pk):
                start(lambda: credit_control.run(at=at))
                until_waiting(1)
                start(lambda: pay(account, at=at))
                until_waiting(2)
    assert state(line) == ("active" if pays_first else "pre_terminated")
    assert account.bills.get().due_fen == 0


def test_two_runs_at_once_stop_and_tell_once() -> None:
    steps()
    lines = [a_debtor(f"0106200010{n}", name=f"虚构商贸{n}号")[0] for n in range(5)]
    with aside() as start:
        reports = [one.result(timeout=20) for one in [start(run) for _ in range(3)]]
    assert sorted(report.stopped for report in reports) == [0, 0, 5]
    assert {state(line) for line in lines} == {"suspended"}
    assert Reminder.objects.filter(step__code="stopped").count() == 5
    assert CreditRun.objects.filter(finished_at__isnull=False).count() == 3


POISON = """
CREATE FUNCTION poisoned() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.account_id = {account} THEN RAISE EXCEPTION 'poisoned account'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER poison BEFORE INSERT ON billing_debtstop
FOR EACH ROW EXECUTE FUNCTION poisoned();
"""
CURE = "DROP TRIGGER IF EXISTS poison ON billing_debtstop; DROP FUNCTION IF EXISTS poisoned()"


def ddl(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text)


def test_a_poisoned_account_is_parked_and_the_rest_goes_on() -> None:
    debtors = [a_debtor(f"0106200010{n}", name=f"虚构商贸{n}号") for n in range(4)]
    sick, account = debtors[1][0], debtors[1][1]
    ddl(POISON.format(account=account.pk))
    try:
        report = run()
        assert (report.stopped, report.parked) == (3, 1)
        parked = ParkedAccount.objects.get()
        assert (parked.account, parked.step, parked.times) == (account, "stop", 1)
        assert "poisoned account" in parked.reason
        assert [state(line) for line, _, _ in debtors] == [
            "suspended", "active", "suspended", "suspended",
        ]  # fmt: skip
        run_on("2027-01-02")
        assert ParkedAccount.objects.get().times == 2
    finally:
        ddl(CURE)
    assert run_on("2027-01-03").parked == 0
    assert state(sick) == "suspended"
    assert ParkedAccount.objects.get().freed_at == at_one("2027-01-03")


def test_who_pays_is_parked_no_longer() -> None:
    _, account, _ = a_debtor()
    ddl(POISON.format(account=account.pk))
    try:
        assert run().parked == 1
        pay(account)
        assert run_on("2027-01-02").parked == 0
    finally:
        ddl(CURE)


def test_the_network_resumes_within_seconds_of_the_payment(figure) -> None:
    line, account, _ = a_debtor()
    run()
    outbox.drain(EVENTS)
    began = time.monotonic()
    pay(account)
    outbox.drain(EVENTS)
    with provisioner() as platform:
        while claimed := network.claim(now=LATER):
            network.execute(claimed, platform=platform, at=LATER, now=LATER)
    took_s = time.monotonic() - began
    figure(f"paid, resumed and told to the network in {took_s:.2f} s")
    assert state(line) == "active"
    assert list(NetworkOrder.objects.order_by("pk").values_list("type", "state"))[-1] == (
        "restore", "done",
    )  # fmt: skip
    assert took_s < 5
