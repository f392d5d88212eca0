"""Set-based work is told by one entry; its rows are silent."""

import pytest

from bss.kernel import audit
from bss.kernel.models import AuditEntry
from bss.kernel.periods import local_moment
from customers.models import Customer
from tests.builders.customers import a_company

NOON = local_moment("2026-10-03T12:00")

pytestmark = pytest.mark.django_db


def test_rows_are_silent_inside_and_one_entry_tells_of_them() -> None:
    company = a_company()
    before = AuditEntry.objects.count()

    with (
        audit.acting(source="task x"),
        audit.as_one(action="month_start", subject="month_start:2026-10", at=NOON) as told,
    ):
        told["customers"] = Customer.objects.filter(pk=company.pk).update(area="021")

    [entry] = AuditEntry.objects.order_by("id")[before:]
    assert (entry.kind, entry.action, entry.source) == ("step", "month_start", "task x")
    assert entry.detail["customers"] == 1
    assert len(entry.detail["digest"]) == 64


def test_afterwards_rows_are_told_again() -> None:
    company = a_company()

    with audit.as_one(action="month_start", subject="month_start:2026-10", at=NOON):
        with audit.as_one(action="inner", subject="inner:1", at=NOON):
            pass
        Customer.objects.filter(pk=company.pk).update(area="021")
    Customer.objects.filter(pk=company.pk).update(area="022")

    [entry] = AuditEntry.objects.filter(action="customer.update")
    assert entry.detail["after"] == {"area": "022"}
