"""A day of a gateway against our books: what agrees, what does not, and how it is settled."""

from datetime import date, datetime, timedelta

import pytest

from billing.gateways.configured import gateway
from billing.models import (
    Account,
    GatewayOrder,
    Payment,
    Reconciliation,
    ReconciliationLine,
)
from billing.queries.house import house_balances
from billing.queries.reconciled import days_to_take, kinds_of
from billing.services import gateway_looks, reconciliation_lines
from billing.services.payments import reverse
from billing.services.reconciliation_bulk import book_all
from billing.services.reconciling import fetch_statement, take_statement
from billing.tasks.gateways import fetch_statements
from bss.kernel import approvals, clock
from bss.kernel.errors import BadInputError
from bss.kernel.models import AuditEntry, Notice, Staff
from bss.kernel.periods import BUSINESS_ZONE, business_date
from tests.builders.billing import a_customer, a_line, moment, own_account, public_of
from tests.builders.gateways import Customers, an_order
from tests.builders.staff import a_staff

AT = moment("2026-11-05T10:05")
Kind = ReconciliationLine.Kind
Action = ReconciliationLine.Action
State = GatewayOrder.State
pytestmark = pytest.mark.django_db

both = pytest.mark.parametrize("name", ["alipay", "wechat"])
DAYS = iter(range(400, 100_000))


@pytest.fixture
def account(customers: Customers) -> Account:
    return own_account(a_line(a_customer()))


@pytest.fixture
def officer() -> Staff:
    return a_staff("supervisor")


@pytest.fixture
def day() -> date:
    """A day of its own: the simulator remembers what earlier tests paid."""
    return business_date(clock.real_now()) - timedelta(days=next(DAYS))


def noon(day: date) -> str:
    return datetime(day.year, day.month, day.day, 12, tzinfo=BUSINESS_ZONE).isoformat()


def paid(
    account: Account,
    customers: Customers,
    day: date,
    *,
    key: str,
    name: str = "alipay",
    amount_fen: int = 100_00,
) -> GatewayOrder:
    """Paid at the gateway on that day; nobody has told us."""
    order = an_order(account, amount_fen, name=name, key=key)
    customers.pay(order, at=noon(day))
    return order


def known(order: GatewayOrder) -> GatewayOrder:
    """We have heard of it."""
    return gateway_looks.look(order, gateway=gateway(order.gateway), at=AT, now=clock.real_now())


def reconciled(day: date, *, name: str = "alipay") -> Reconciliation:
    return fetch_statement(
        gateway=gateway(name), day=day, today=business_date(clock.real_now()), at=AT
    )


def lines(reconciliation: Reconciliation) -> dict[str, list[ReconciliationLine]]:
    found: dict[str, list[ReconciliationLine]] = {}
    for line in reconciliation.lines.order_by("pk"):
        found.setdefault(line.kind, []).append(line)
    return found


def only(reconciliation: Reconciliation) -> ReconciliationLine:
    [line] = reconciliation.lines.all()
    return line


def taken(file: str, day: date, *, name: str = "alipay") -> Reconciliation:
    return take_statement(
        gateway=name,
        day=day,
        file=file.encode(),
        name="file.csv",
        today=business_date(clock.real_now()),
        at=AT,
    )


def statement_of(day: date) -> str:
    return gateway("alipay").fetch_statement(day=day).decode("gb18030")


# The comparison


@both
def test_what_both_have_agrees(account, customers, day, name: str) -> None:
    known(paid(account, customers, day, key="k1", name=name))
    reconciliation = reconciled(day, name=name)
    line = only(reconciliation)
    assert (line.kind, line.theirs_fen, line.ours_fen) == (Kind.MATCHED, 100_00, 100_00)
    assert (reconciliation.rows, reconciliation.paid_fen) == (1, 100_00)
    assert Notice.objects.count() == 0


@both
def test_every_kind_of_difference_is_found(account, customers, officer, day, name: str) -> None:
    known(paid(account, customers, day, key="matched", name=name))
    theirs = paid(account, customers, day, key="theirs", name=name)
    ours = known(paid(account, customers, day, key="ours", name=name))
    GatewayOrder.objects.filter(pk=ours.pk).update(number=f"{ours.number[:-3]}XYZ")
    foreign = ours.number

    reconciliation = reconciled(day, name=name)

    found = lines(reconciliation)
    assert {kind: len(rows) for kind, rows in found.items()} == {
        Kind.MATCHED: 1,
        Kind.THEIRS_ONLY: 2,
        Kind.OURS_ONLY: 1,
    }
    by_number = {line.number: line for line in found[Kind.THEIRS_ONLY]}
    assert (by_number[theirs.number].order, by_number[foreign].order) == (theirs, None)
    assert (found[Kind.OURS_ONLY][0].ours_fen, found[Kind.OURS_ONLY][0].theirs_fen) == (
        100_00,
        None,
    )
    counted = {one.kind: (one.lines, one.waiting) for one in kinds_of(reconciliation)}
    assert counted[Kind.MATCHED] == (1, 0)
    assert counted[Kind.THEIRS_ONLY] == (2, 1)
    [notice] = Notice.objects.all()
    assert (notice.staff, notice.url) == (
        officer,
        f"/billing/reconciliations/{reconciliation.pk}",
    )


def test_another_amount_is_found(account, customers, day) -> None:
    order = known(paid(account, customers, day, key="k1"))
    text = statement_of(day).replace("100.00", "90.00")
    line = only(taken(text, day))
    assert (line.kind, line.order, line.ours_fen, line.theirs_fen) == (
        Kind.DIFFERENT,
        order,
        100_00,
        90_00,
    )


def test_a_refund_at_the_gateway_agrees_with_a_payment_taken_back(
    account, customers, day, officer
) -> None:
    kept, back = (known(paid(account, customers, day, key=key)) for key in ("k1", "k2"))
    taken_back = {"at": AT, "by_id": officer.pk, "supervisor": True, "at_gateway": False}
    reverse(key=back.payment_key, **taken_back)
    text = statement_of(day)
    rows = [row for row in text.split("\r\n") if ",交易," in row]
    refunds = [
        row.replace(",交易,", ",退款,")
        .replace("100.00", "-100.00")
        .replace(",0.00,0.00,,0.00,0.00,", f",0.00,0.00,R{n},0.00,0.00,")
        for n, row in enumerate(rows)
    ]
    text = text.replace(rows[-1], "\r\n".join([rows[-1], *refunds]))
    text = text.replace("退款合计：0笔，商家实收退款共0.00", "退款合计：2笔，商家实收退款共-200.00")
    found = [(line.number, line.kind) for line in taken(text, day).lines.filter(refund=True)]
    assert sorted(found) == sorted([(kept.number, Kind.THEIRS_ONLY), (back.number, Kind.MATCHED)])


def test_a_line_that_cannot_be_read_is_kept_and_the_rest_compared(account, customers, day) -> None:
    order = known(paid(account, customers, day, key="k1"))
    text = statement_of(day)
    row = next(row for row in text.split("\r\n") if order.number in row)
    text = text.replace(row, f"{row}\r\nbroken").replace("交易合计：1笔", "交易合计：2笔")
    found = lines(taken(text, day))
    assert [line.order for line in found[Kind.MATCHED]] == [order]
    [bad] = found[Kind.UNREADABLE]
    assert (bad.raw, bad.reason) == ("broken", "栏数与表头不符")


# Once, and whole


def test_the_same_file_twice_is_refused(account, customers, day) -> None:
    text = statement_of(day)
    taken(text, day)
    with pytest.raises(BadInputError, match="没有重复处理"):
        taken(text, day)
    assert Reconciliation.objects.count() == 1


@both
def test_days_without_trades_are_each_reconciled(customers, day, name) -> None:
    quiet = day - timedelta(days=200_000)
    for number in range(2):
        assert reconciled(quiet - timedelta(days=number), name=name).rows == 0
    assert Reconciliation.objects.count() == 2


def test_another_file_of_the_same_day_is_refused(account, customers, day) -> None:
    reconciled(day)
    with pytest.raises(BadInputError, match="已经对过帐"):
        taken(statement_of(day) + "\r\n", day)


def test_half_a_file_leaves_nothing(account, customers, day) -> None:
    known(paid(account, customers, day, key="k1"))
    with pytest.raises(BadInputError, match="不完整"):
        taken(statement_of(day).partition("#交易合计")[0], day)
    assert not Reconciliation.objects.exists()
    assert not ReconciliationLine.objects.exists()


def test_a_day_that_is_not_over_is_refused(account, customers) -> None:
    with pytest.raises(BadInputError, match="还没有过完"):
        reconciled(business_date(clock.real_now()))


def test_the_morning_takes_the_days_that_are_missing(account, customers) -> None:
    yesterday = business_date(clock.real_now()) - timedelta(days=1)
    assert days_to_take("alipay", today=yesterday, back=7) == []
    an_order(account)
    GatewayOrder.objects.update(expires_at=clock.real_now() - timedelta(days=2))
    assert fetch_statements() == 2
    assert fetch_statements() == 0
    assert set(Reconciliation.objects.values_list("gateway", "fetched")) == {("alipay", True)}


# Settling what differs


@both
def test_money_we_never_heard_of_is_booked_to_its_order(
    account, customers, officer, day, name: str
) -> None:
    order = paid(account, customers, day, key="k1", name=name)
    line = reconciliation_lines.book(
        line_id=only(reconciled(day, name=name)).pk, at=AT, by_id=officer.pk
    )
    order.refresh_from_db()
    assert (order.state, line.action, line.payment) == (State.PAID, Action.BOOKED, order.payment)
    assert public_of(account).cash_fen == 100_00
    assert house_balances()[f"clearing:{name}"] == -100_00
    with pytest.raises(BadInputError, match="已处理"):
        reconciliation_lines.book(line_id=line.pk, at=AT, by_id=officer.pk)
    assert Payment.objects.count() == 1


def test_an_amount_nobody_asked_for_is_booked_as_it_came(account, customers, officer, day) -> None:
    order = paid(account, customers, day, key="k1", amount_fen=50_00)
    GatewayOrder.objects.filter(pk=order.pk).update(amount_fen=60_00)
    reconciliation_lines.book(line_id=only(reconciled(day)).pk, at=AT, by_id=officer.pk)
    order.refresh_from_db()
    assert (order.state, order.paid_fen, public_of(account).cash_fen) == (State.PAID, 50_00, 50_00)


def test_all_that_we_never_heard_of_is_booked_at_once_as_one_by_one(
    account, customers, officer, day
) -> None:
    orders = [paid(account, customers, day, key=f"k{n}", amount_fen=n * 100) for n in (1, 2, 3, 4)]
    GatewayOrder.objects.filter(pk=orders[3].pk).update(amount_fen=999)
    reconciliation = reconciled(day)
    first = reconciliation.lines.get(order=orders[0])
    reconciliation_lines.book(line_id=first.pk, at=AT, by_id=officer.pk)

    assert book_all(reconciliation_id=reconciliation.pk, at=AT, by_id=officer.pk) == 2
    assert book_all(reconciliation_id=reconciliation.pk, at=AT, by_id=officer.pk) == 0

    one, two = (GatewayOrder.objects.select_related("payment").get(pk=o.pk) for o in orders[:2])
    same = ("means", "channel_id", "account_id", "at", "reversed_at")
    assert [getattr(one.payment, f) for f in same] == [getattr(two.payment, f) for f in same]
    same = ("state", "late", "settled_at", "problem", "paid_at")
    assert [getattr(one, f) for f in same] == [getattr(two, f) for f in same]
    assert (one.payment.key, two.payment.key) == (one.payment_key, two.payment_key)
    assert public_of(account).cash_fen == 100 + 200 + 300
    waiting = reconciliation.lines.filter(action="")
    assert [line.order for line in waiting] == [orders[3]]


def test_asking_again_settles_what_agrees_now(account, customers, officer, day) -> None:
    order = known(paid(account, customers, day, key="k1"))
    other = statement_of(day).replace("100.00", "90.00")
    line = only(taken(other, day))
    asked = reconciliation_lines.ask_again(
        line_id=line.pk, gateway=gateway("alipay"), at=AT, by_id=officer.pk
    )
    assert (asked.action, asked.payment) == (Action.AGREED, order.payment)


def test_asking_again_says_what_the_gateway_says(account, customers, officer, day) -> None:
    order = known(paid(account, customers, day, key="k1"))
    GatewayOrder.objects.filter(pk=order.pk).update(number="WO-NOT-THERE")
    found = lines(reconciled(day))[Kind.OURS_ONLY]
    with pytest.raises(BadInputError, match="没有这笔交易"):
        reconciliation_lines.ask_again(
            line_id=found[0].pk, gateway=gateway("alipay"), at=AT, by_id=officer.pk
        )
    found[0].refresh_from_db()
    assert found[0].action == Action.NONE


def test_a_payment_that_the_gateway_denies_is_taken_back_by_two(
    account, customers, officer, day
) -> None:
    order = known(paid(account, customers, day, key="k1"))
    GatewayOrder.objects.filter(pk=order.pk).update(number="WO-NOT-THERE")
    [line] = lines(reconciled(day))[Kind.OURS_ONLY]
    asked = approvals.ask(
        kind="reconciliation.reverse",
        payload={"line_id": line.pk},
        asked_by_id=officer.pk,
        at=AT,
        reason="网关查无此单",
    )
    second = a_staff("supervisor", username="supervisor02")
    approvals.decide(approval_id=asked.pk, decided_by_id=second.pk, approve=True, at=AT)
    line.refresh_from_db()
    assert (line.action, line.done_by) == (Action.REVERSED, officer)
    assert public_of(account).cash_fen == 0
    # what the gateway states instead is held as unidentified
    assert house_balances() == {"clearing:alipay": -100_00, "unidentified": 100_00}


def test_a_difference_is_explained_with_words_only(account, customers, officer, day) -> None:
    paid(account, customers, day, key="k1")
    line = only(reconciled(day))
    with pytest.raises(BadInputError, match="原因"):
        reconciliation_lines.explain(line_id=line.pk, text=" ", at=AT, by_id=officer.pk)
    reconciliation_lines.explain(line_id=line.pk, text="已在网关退款", at=AT, by_id=officer.pk)
    line.refresh_from_db()
    assert (line.action, line.note) == (Action.NOTED, "已在网关退款")
    acts = AuditEntry.objects.filter(kind="act", action="reconciliation_line.noted")
    assert acts.count() == 1


def test_what_agrees_needs_nothing(account, customers, officer, day) -> None:
    known(paid(account, customers, day, key="k1"))
    line = only(reconciled(day))
    with pytest.raises(BadInputError, match="已处理"):
        reconciliation_lines.explain(line_id=line.pk, text="?", at=AT, by_id=officer.pk)
