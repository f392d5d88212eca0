"""A2: who did what to whom, when, from where and why."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from bss.kernel import audit, clock
from bss.kernel.audit.checks import check
from bss.kernel.audit.seal import seal
from bss.kernel.models import AuditEntry
from bss.kernel.periods import local_moment
from customers.models import Customer
from tests.builders.customers import a_company
from tests.builders.staff import a_staff

NOON = local_moment("2026-10-03T12:00")

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor(client: Client, settings, tmp_path) -> Client:
    settings.AUDIT_ANCHOR_DIR = tmp_path
    client.force_login(a_staff("auditor"))
    return client


def listed(client: Client, **asked: str) -> list[str]:
    """The actions that the page lists, the newest first."""
    answer = client.get(reverse("oversight:audit"), asked)
    assert answer.status_code == 200
    return [entry.action for entry, _, _ in answer.context["rows"]]


def test_the_auditor_searches_by_who_what_whom_when_and_from_where(auditor: Client) -> None:
    company, clerk = a_company(), a_staff("clerk")
    with audit.acting(staff_id=clerk.pk, source="web", address="10.9.8.7"):
        audit.read_personal(kind="reveal", customer_ids=[company.pk], at=NOON, reason="来电核实")
        Customer.objects.filter(pk=company.pk).update(area="021")

    both = ["customer.update", "personal.reveal"]
    assert listed(auditor, who="clerk", what="") == both
    assert listed(auditor, address="10.9.8.7") == both
    assert listed(auditor, whom=company.code, kind="read") == ["personal.reveal"]
    assert listed(auditor, what="personal") == ["personal.reveal"]
    assert listed(auditor, what="personal", since="2026-10-03", until="2026-10-03") == [
        "personal.reveal"
    ]
    assert listed(auditor, what="personal", since="2026-10-04") == []
    assert listed(auditor, who="nobody") == []
    assert listed(auditor, whom="C-0") == []


def test_an_entry_shows_before_and_after_and_its_place_in_the_chain(auditor: Client) -> None:
    company = a_company()
    with audit.acting(source="web", address="10.9.8.7", reason="来函更正"):
        Customer.objects.filter(pk=company.pk).update(area="021")
    entry = AuditEntry.objects.get(action="customer.update")
    page = reverse("oversight:audit_entry", args=[entry.pk])

    waiting = auditor.get(page)
    seal(at=clock.real_now())
    sealed = auditor.get(page)

    [change] = sealed.context["changes"]
    assert (change.column, change.before, change.after) == ("area", "010", "021")
    assert change.label == "长途区号"
    assert "待封存，摘要相符" in waiting.text
    assert "已封存，摘要相符" in sealed.text
    assert "来函更正" in sealed.text


def test_an_entry_that_was_altered_says_so(auditor: Client) -> None:
    audit.record(action="customer.list", subject="customer:1", at=NOON, reason="甲")
    entry = AuditEntry.objects.get(action="customer.list")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE kernel_auditentry SET reason = '乙' WHERE id = %s", [entry.pk])
        cursor.execute("SET LOCAL session_replication_role = origin")

    answer = auditor.get(reverse("oversight:audit_entry", args=[entry.pk]))

    assert "这条记录不是系统当时写下的" in answer.text


def test_the_banner_says_how_far_it_is_sealed_and_when_it_was_verified(auditor: Client) -> None:
    audit.record(action="customer.list", subject="customer:1", at=NOON)
    page = reverse("oversight:audit")
    assert "还没有校验过" in auditor.get(page).text

    links = seal(at=clock.real_now())
    check(at=clock.real_now() + timedelta(seconds=1))

    text = auditor.get(page).text
    assert f"已封存 {links} 条" in text
    assert f"校验 {links} 条，完好" in text


def test_only_who_may_audit_sees_the_audit(client: Client) -> None:
    client.force_login(a_staff("supervisor"))

    assert client.get(reverse("oversight:audit")).status_code == 403


def test_the_customer_page_leads_an_auditing_person_to_who_looked(client: Client) -> None:
    company, staff = a_company(), a_staff("supervisor")
    way = f"{reverse('oversight:audit')}?whom={company.code}"
    client.force_login(staff)
    page = reverse("desk:customer", args=[company.code])
    assert way not in client.get(page).text

    role = staff.roles.get()
    role.permissions.append("audit.view")
    role.save()

    assert way in client.get(page).text
