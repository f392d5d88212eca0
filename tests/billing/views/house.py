"""A closed month, its people and their pages, for the tests of billing's pages."""

from dataclasses import dataclass

from billing.models import Account, Bill
from billing.services import accounts, usage
from billing.services.month_end import close_month
from bss.kernel.models import Staff
from bss.kernel.periods import local_moment
from customers.models import Subscription
from tests.builders.billing import NEW_YEAR, a_channel, own_account
from tests.builders.staff import a_role
from tests.builders.usage import LOADED_AT, OCTOBER, Operator, an_operator

CLOSED_AT = local_moment("2026-11-03T02:00")
CALL = {
    "service_number": "01062000001",
    "call_type": "mo",
    "other_number": "01088880001",
    "start_at": "2026-10-05T09:00:00",
}


def a_member_of_staff(role: str, username: str = "") -> Staff:
    staff = Staff.objects.create_user(
        username=username or role,
        password="not-a-real-one",
        display_name=f"测试{role}",
        organisation=a_channel().organisation,
    )
    staff.roles.add(a_role(role))
    return staff


@dataclass(frozen=True)
class October:
    """Two calls of f1 that cross the end of its pool, billed; the bundle's fee on its account."""

    operator: Operator
    f1: Subscription
    own: Account
    unified: Account

    @property
    def call_bill(self) -> Bill:
        return Bill.objects.get(account=self.own, month=OCTOBER.first_day)

    @property
    def fee_bill(self) -> Bill:
        return Bill.objects.get(account=self.unified, month=OCTOBER.first_day)


def an_open_october() -> October:
    operator = an_operator()
    f1 = operator.subscriptions["f1"]
    unified = accounts.open_unified(owner_id=operator.owner.pk, name="晨光统一帐户", at=NEW_YEAR)
    for bundle in operator.bundles.values():
        accounts.link_bundle(bundle_id=bundle.pk, account_id=unified.pk)
    usage.load(
        rows=[
            {**CALL, "record_id": "a", "duration_s": 3000},
            {**CALL, "record_id": "b", "start_at": "2026-10-06T09:00", "duration_s": 900},
        ],
        at=LOADED_AT,
    )
    return October(operator=operator, f1=f1, own=own_account(f1), unified=unified)


def a_closed_october() -> October:
    october = an_open_october()
    close_month(month=OCTOBER, at=CLOSED_AT)
    return october
