"""The SQL of paying and of dividing agrees with the pure rules, on invented accounts."""

from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing.models import Account, BillLine, Journal, Ledger
from billing.queries.house import house_ledgers
from billing.rules import house
from billing.rules.payment_order import Allocation, DueLine, PayingLedger, allocate
from billing.services import accounts
from billing.services.posting import Leg, post
from bss.kernel.units import half_up
from customers.models import Subscription
from tests.builders.billing import NEW_YEAR, a_bill, a_customer, a_line, public_of

pytestmark = pytest.mark.django_db

TODAY = date(2026, 10, 15)
ITEMS = ("BUNDLE_FEE", "PLAN_FEE", "SMS")
SERVICES = ("fixed", "m2g")
SMALL = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

special_ledgers = st.tuples(
    st.none() | st.sets(st.integers(0, 1)),
    st.none() | st.sets(st.sampled_from(SERVICES)),
    st.none() | st.sets(st.sampled_from(ITEMS)),
    st.none() | st.integers(-1, 2),
    st.integers(0, 60),
    st.integers(0, 60),
)
bills = st.lists(
    st.lists(
        st.tuples(st.integers(0, 1), st.sampled_from(ITEMS), st.integers(1, 80)),
        min_size=1,
        max_size=3,
        unique_by=lambda line: line[:2],
    ),
    min_size=1,
    max_size=2,
)


@pytest.fixture
def lines() -> list[Subscription]:
    owner = a_customer()
    numbers = ("01062000001", "13011112222")
    return [
        a_line(owner, number, service=service)
        for number, service in zip(numbers, SERVICES, strict=True)
    ]


def fund(ledger: Ledger, *, gift_fen: int, cash_fen: int) -> None:
    post(
        kind=Journal.Kind.OPENING,
        legs=[
            Leg(ledger_id=ledger.pk, money="gift", amount_fen=gift_fen),
            Leg(ledger_id=ledger.pk, amount_fen=cash_fen),
            Leg(ledger_id=house_ledgers()[house.OPENING], amount_fen=-gift_fen - cash_fen),
        ],
        at=NEW_YEAR,
    )


def a_special(account: Account, name: str, lines: list[Subscription], drawn: tuple) -> Ledger:
    numbers, services, items, days, gift_fen, cash_fen = drawn
    ledger = Ledger.objects.create(
        account=account,
        kind=Ledger.Kind.SPECIAL,
        name=name,
        scope_subscriptions=None if numbers is None else [lines[n].pk for n in numbers],
        scope_services=None if services is None else sorted(services),
        scope_items=None if items is None else sorted(items),
        scope_keys=sum(key is not None for key in (numbers, services, items)),
        expires_on=None if days is None else TODAY + timedelta(days=days),
        opened_at=NEW_YEAR,
    )
    fund(ledger, gift_fen=gift_fen, cash_fen=cash_fen)
    return ledger


def by_sql(account: Account) -> list[Allocation]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT line_id, ledger_id, money, amount_fen FROM billing_allocate(%s::bigint[], %s)",
            [[account.pk], TODAY],
        )
        return [Allocation(*row) for row in cursor.fetchall()]


def by_rule(account: Account) -> list[Allocation]:
    due = BillLine.objects.filter(bill__account=account).select_related("subscription")
    return allocate(
        [
            DueLine(
                id=line.pk,
                subscription=line.subscription_id,
                service=line.subscription.service,
                item=line.item,
                due_fen=line.due_fen,
            )
            for line in due.order_by("bill__month", "position")
        ],
        [as_fact(ledger) for ledger in Ledger.objects.filter(account=account)],
        on=TODAY,
    )


def as_fact(ledger: Ledger) -> PayingLedger:
    def named(values: list | None) -> frozenset | None:
        return None if values is None else frozenset(values)

    return PayingLedger(
        id=ledger.pk,
        gift_fen=ledger.gift_fen,
        cash_fen=ledger.cash_fen,
        opened_at=ledger.opened_at,
        is_public=ledger.kind == Ledger.Kind.PUBLIC,
        subscriptions=named(ledger.scope_subscriptions),
        services=named(ledger.scope_services),
        items=named(ledger.scope_items),
        expires_on=ledger.expires_on,
    )


@SMALL
@given(
    st.lists(special_ledgers, max_size=4),
    st.tuples(st.integers(0, 120), st.integers(0, 120)),
    bills,
)
def test_sql_pays_as_the_rule_does(
    lines: list[Subscription], special: list[tuple], public: tuple[int, int], drawn: list
) -> None:
    with transaction.atomic():
        account = accounts.open_unified(owner_id=lines[0].owner_id, name="统一", at=NEW_YEAR)
        for place, ledger in enumerate(special):
            a_special(account, f"s{place}", lines, ledger)
        fund(public_of(account), gift_fen=public[0], cash_fen=public[1])
        for month, rows in enumerate(drawn, start=8):
            a_bill(
                account,
                f"2026-{month:02d}",
                *((lines[number], item, fen) for number, item, fen in rows),
            )
        assert sorted(by_sql(account)) == sorted(by_rule(account))
        transaction.set_rollback(True)


@given(st.integers(-(10**9), 10**9), st.integers(1, 10**6))
@settings(max_examples=60, deadline=None)
def test_sql_rounds_as_the_one_rounding_does(numerator: int, denominator: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT billing_half_up(%s, %s)", [numerator, denominator])
        assert cursor.fetchone()[0] == half_up(numerator, denominator)
