"""Customers, staff, a bill line and cases for the tests of complaints."""

from datetime import date, datetime
from typing import Any

from billing.models import Account, Bill, BillLine
from bss.kernel.models import Staff
from bss.kernel.periods import local_moment
from complaints.models import Case
from complaints.services.intake import open_case
from customers.models import Customer

MORNING: datetime = local_moment("2026-10-15T10:00")


def a_colleague(username: str = "kefu1", **more: Any) -> Staff:
    known = Staff.objects.filter(username=username).first()
    return known or Staff.objects.create_user(
        username=username, password="not-a-real-one", display_name=f"测试{username}", **more
    )


def a_company(code: str = "C-J1", **more: Any) -> Customer:
    found, _ = Customer.objects.get_or_create(
        code=code,
        defaults={
            "kind": "enterprise",
            "name": "北京试验商贸有限公司",
            "registered_at": MORNING,
            **more,
        },
    )
    return found


def a_person(code: str = "C-J2", **more: Any) -> Customer:
    found, _ = Customer.objects.get_or_create(
        code=code,
        defaults={"kind": "individual", "name": "测试甲", "registered_at": MORNING, **more},
    )
    return found


def a_bill_line(*, owner: Customer, amount_fen: int = 10600) -> BillLine:
    account = Account.objects.create(
        code=f"A-{owner.code}-{Account.objects.count()}",
        name=f"{owner.name}统一帐户",
        kind="unified",
        owner=owner,
        opened_at=MORNING,
    )
    bill = Bill.objects.create(
        account=account,
        month=date(2026, 9, 1),
        issued_at=local_moment("2026-10-03T02:00"),
        due_on=date(2026, 10, 31),
        total_fen=amount_fen,
    )
    return BillLine.objects.create(bill=bill, item="BUNDLE_FEE", position=1, amount_fen=amount_fen)


def a_case(**changes: Any) -> Case:
    request: dict[str, Any] = {
        "customer_id": changes.pop("customer_id", None) or a_company().pk,
        "category": "bill_dispute",
        "subject": "九月帐单套餐月费有疑问",
        "description": "客户认为套餐费不应全额收取。",
        "at": MORNING,
        "by_id": changes.pop("by_id", None) or a_colleague().pk,
    }
    return open_case(**request | changes)
