"""A house with n rows in every list: what the counts of queries are taken from."""

from billing.models import Account
from billing.services import handovers
from billing.services.invoices import issue
from bss.kernel.models import Staff
from bss.kernel.periods import local_moment
from channels.models import Channel
from complaints.services.intake import open_case
from customers.models import (
    ClassMembership,
    Customer,
    CustomerClass,
    DuplicatePair,
    LevelChange,
    Subscription,
)
from customers.services import subscriptions
from orders.services import network
from tests.billing.views.house import a_member_of_staff
from tests.builders.advice import an_advice, in_force
from tests.builders.banks import a_bank_day
from tests.builders.billing import a_bill, a_channel, a_line, own_account
from tests.builders.by_hand import a_day_by_hand
from tests.builders.credit import a_day_of_credit
from tests.builders.customers import a_company
from tests.builders.gateways import a_gateway_day
from tests.builders.month import a_day_of_usage
from tests.builders.orders import a_single, accepted
from tests.builders.tariffs import a_rerating
from tests.builders.till import a_shift, confirmed, counted, taken
from tests.builders.usage import Part, a_bundle_in_force

MORNING = local_moment("2026-11-04T10:00")


def add_rows(first: int, last: int, *, manager: Staff) -> None:
    """Rows ``first`` to ``last - 1`` of each list; every one belongs to a customer of its own."""
    for place in range(first, last):
        company = a_company(name=f"北京第{place}商贸有限公司", account_manager_id=manager.pk)
        fixed = a_line(company, f"010622{place:05d}")
        mobile = a_line(company, f"130622{place:05d}", service="m2g")
        bundle = a_bundle_in_force(company, f"grown{place}", Part(fixed), Part(mobile))
        an_advice(
            in_force(bundle), saving_fen=50_00 + place, signs=[["owes", {"fen": 100}]], risk=1
        )
        bill = a_bill(own_account(fixed), f"2026-{place % 8 + 1:02d}", (fixed, "PLAN_FEE", 1000))
        issue(bill_id=bill.pk, key=f"grown-{place}", at=MORNING)
        accepted(a_single(mobile, "hold"), at=MORNING)
        a_bank_day(own_account(fixed), place, at=MORNING)
        _a_desk(place, own_account(fixed))
        a_gateway_day(own_account(fixed), place, at=MORNING)
        a_day_by_hand(mobile, place, at=MORNING)
        a_day_of_credit(own_account(fixed), at=MORNING)
        a_rerating(own_account(fixed), fixed, at=MORNING)
        _a_stop(fixed)
        _a_case(company.pk, manager)
        _a_channel(f"HALL-G{place}")
        a_day_of_usage(place, at=MORNING)
        _a_twin(company, place)
        _a_level(company, place)


def _a_desk(place: int, account: Account) -> None:
    """A cashier's closed day in its bag, and a shift at work."""
    cashier = a_member_of_staff("clerk", f"cashier{place}")
    shift = a_shift(cashier)
    taken(account, cashier, 100_00, f"desk{place}")
    counted(shift, pieces={100_00: 6})
    close = confirmed(shift, Staff.objects.exclude(pk=cashier.pk).earliest("pk"))
    handovers.pack(
        channel_id=shift.channel_id,
        close_ids=[close.pk],
        bag_number=f"B{place}",
        by_id=close.confirmed_by_id,
        at=MORNING,
    )
    a_shift(cashier)


def _a_stop(line: Subscription) -> None:
    subscriptions.suspend(subscription_ids=[line.pk], reason="debt", at=MORNING)
    network.open_for(type_="stop", subscription_ids=[line.pk], at=MORNING)


def _a_case(customer_id: int, manager: Staff) -> None:
    open_case(
        customer_id=customer_id,
        category="bill_dispute",
        subject="对帐单有疑问",
        description="客户对套餐费有疑问。",
        at=MORNING,
        by_id=manager.pk,
    )


def _a_channel(code: str) -> None:
    organisation = a_channel().organisation
    Channel.objects.create(code=code, name=f"营业厅 {code}", kind="hall", organisation=organisation)


def _a_twin(company: Customer, place: int) -> None:
    """A second record that may be the same company."""
    twin = a_company(name=f"北京第{place}商贸公司")
    DuplicatePair.objects.create(
        first=company, second=twin, likeness_percent=90, score=93, found_at=MORNING
    )


def _a_level(company: Customer, place: int) -> None:
    """A class of its own that it holds, and is proposed to lose."""
    one = CustomerClass.objects.create(number=900 + place, name=f"测试类{place}")
    ClassMembership.objects.create(customer=company, customer_class=one, valid_from=MORNING)
    LevelChange.objects.create(
        customer=company, ladder="group", before=one, monthly_fen=1000, phones=place,
        proposed_at=MORNING,
    )  # fmt: skip
