"""Two records of one customer become one; whatever hung on one hangs on the other."""

from base64 import b64encode

import pytest

from billing.models import Account
from bss.kernel import approvals
from bss.kernel.errors import BadInputError
from bss.kernel.models import AuditEntry, OutboxEvent
from bss.kernel.periods import local_moment
from bss.kernel.sealed_field import Sealed
from customers.merge_kinds import MERGE
from customers.models import Customer, Document, DocumentCopy, DuplicatePair, Subscription
from customers.queries.search import search_customers
from customers.services.legal_holds import place_hold
from customers.services.merging import gather_stragglers, merge_customers
from customers.services.record_input import ContactInput, DocumentInput
from orders.models import Order
from packages_wo.models import Bundle, BundleChange
from tests.builders import billing
from tests.builders.customers import a_company, a_person, a_subscription
from tests.builders.staff import a_staff

pytestmark = pytest.mark.django_db

NOW = local_moment("2026-10-15T10:00")
LATER = local_moment("2026-10-15T11:00")
PICTURE = b64encode(b"not a real picture").decode()


@pytest.fixture
def asker():
    return a_staff("supervisor")


@pytest.fixture
def checker():
    return a_staff("supervisor", username="checker")


@pytest.fixture
def survivor():
    return a_company(name="北京晨光商贸有限公司")


@pytest.fixture
def double():
    company = a_company(
        name="北京晨光商贸公司",
        document=DocumentInput(
            type="business_license", number="91110105MA01C2XK3E", address="东城路 1 号"
        ),
        contact=ContactInput(name="李雷", phone="13900000001"),
        postal_address="东城路 2 号",
    )
    line = billing.a_line(company)
    line.install_address = "东城路 3 号"
    line.save(update_fields=["install_address"])
    document = company.documents.get()
    DocumentCopy(
        document=document, side="front", content_type="image/png", content=PICTURE,
        size_bytes=18, digest="0" * 64, taken_at=NOW,
    ).save()  # fmt: skip
    bundle = Bundle.objects.create(
        customer=company, code="B1", offering="wo", opened_as="A", accepted_at=NOW
    )
    BundleChange.objects.create(
        bundle=bundle, kind="open", order_ref="O1", accepted_at=NOW, state="accepted"
    )
    return company


def merge(survivor, merged, by, *, at=NOW):
    return merge_customers(
        survivor_id=survivor.pk, merged_id=merged.pk, reason="同一企业", at=at, by_id=by.pk,
        approval_id=1,
    )  # fmt: skip


def refused(survivor, merged, by):
    with pytest.raises(BadInputError) as refusal:
        merge(survivor, merged, by)
    return str(refusal.value)


def keys_used(*rows):
    found = set()
    for row, *columns in rows:
        for column in columns:
            value = type(row).objects.get(pk=row.pk).__dict__[column]
            assert isinstance(value, Sealed)
            found.add(value.key_id)
    return found


def test_everything_moves_and_what_is_sealed_is_sealed_under_the_survivor_s_key(
    survivor, double, asker
):
    document, line = double.documents.get(), double.subscriptions.get()
    copy = document.copies.get()

    moved = merge(survivor, double, asker)

    assert moved == {
        "documents": 1, "contacts": 1, "subscriptions": 1, "bundles": 1, "accounts": 1,
        "orders": 0, "cases": 0, "classes": 0, "listings": 0, "points": 0,
    }  # fmt: skip
    survivor.refresh_from_db()
    assert keys_used(
        (document, "number", "address"), (copy, "content"), (line, "install_address"),
        (survivor, "postal_address"),
    ) == {survivor.data_key_id}  # fmt: skip
    document, line, copy = (type(x).objects.get(pk=x.pk) for x in (document, line, copy))
    assert (document.customer, document.main, document.number) == (
        survivor, False, "91110105MA01C2XK3E",
    )  # fmt: skip
    assert (document.address, line.install_address) == ("东城路 1 号", "东城路 3 号")
    assert (copy.content, survivor.postal_address) == (PICTURE, "东城路 2 号")
    assert survivor.contacts.get().main
    assert (Account.objects.get().owner, Bundle.objects.get().customer) == (survivor, survivor)
    assert list(line.owner_history.values_list("owner", "valid_until")) == [
        (double.pk, NOW), (survivor.pk, None),
    ]  # fmt: skip


def test_the_other_stays_as_a_code_that_leads_to_the_survivor(survivor, double, asker, client):
    merge(survivor, double, asker)
    double.refresh_from_db()
    assert (double.merged_into, double.merged_at, double.postal_address) == (survivor, NOW, "")
    assert [hit.customer for hit in search_customers("晨光商贸")] == [survivor]
    assert [hit.customer for hit in search_customers(double.code)] == [survivor]

    client.force_login(asker)
    answer = client.get(f"/customers/{double.code}")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/customers/{survivor.code}")
    assert client.get(f"/customers/{double.code}/correct").status_code == 404


def test_both_audits_tell_who_when_and_what_moved(survivor, double, asker):
    line = double.subscriptions.get()
    merge(survivor, double, asker)
    entries = AuditEntry.objects.filter(action="customer.merge").order_by("customer_id")
    assert [(e.customer_id, e.staff_id, e.at, e.reason) for e in entries] == [
        (survivor.pk, asker.pk, NOW, "同一企业"),
        (double.pk, asker.pk, NOW, "同一企业"),
    ]
    told = entries[0].detail
    assert (told["survivor"], told["merged"], told["approval"]) == (survivor.code, double.code, 1)
    assert told["moved"]["subscriptions"] == [line.pk]


def test_it_happens_once(survivor, double, asker):
    merge(survivor, double, asker)
    assert "已经并入" in refused(survivor, double, asker)
    assert AuditEntry.objects.filter(action="customer.merge").count() == 2


def test_what_came_while_it_was_under_way_follows_through_the_outbox(survivor, double, asker):
    merge(survivor, double, asker)
    event = OutboxEvent.objects.get(name="customer.merged")
    late = a_subscription(double, "m3g")

    assert gather_stragglers(at=LATER, **event.payload) == 1
    assert Subscription.objects.get(pk=late.pk).owner == survivor
    assert gather_stragglers(at=LATER, **event.payload) == 0


def test_contradictions_are_refused_each_in_a_sentence(survivor, double, asker):
    place_hold(customer_id=double.pk, reason="案号 1", until=None, at=NOW, by_id=asker.pk)
    Customer.objects.filter(pk=double.pk).update(listed="black")
    other = Bundle.objects.create(
        customer=survivor, code="B2", offering="wo", opened_as="A", accepted_at=NOW
    )
    BundleChange.objects.create(
        bundle=other, kind="open", order_ref="O2", accepted_at=NOW, state="scheduled",
        effective_on="2026-11-01",
    )  # fmt: skip

    said = refused(survivor, double, asker)

    assert [word in said for word in ("法律保留", "名单", "正在办理的融合套餐")] == [True] * 3
    assert double.documents.count() == 1


def test_one_may_be_changing_its_bundle_while_the_other_is_not(survivor, double, asker):
    assert merge(survivor, double, asker)["bundles"] == 1


def test_a_person_is_not_merged_into_a_company_nor_anyone_into_itself(survivor, asker):
    assert "公众客户" in refused(survivor, a_person(), asker)
    assert "它自己" in refused(survivor, survivor, asker)


def test_one_asks_another_approves_and_it_is_done_once(survivor, double, asker, checker):
    pair = DuplicatePair.objects.create(
        first=survivor, second=double, same_document=True, likeness_percent=87, score=100,
        found_at=NOW,
    )  # fmt: skip
    approval = approvals.ask(
        kind=MERGE,
        payload={"survivor_id": survivor.pk, "merged_id": double.pk},
        asked_by_id=asker.pk,
        at=NOW,
        reason="同一企业",
    )
    shown = [(line.label, str(line.value)) for line in approvals.lines_of(approval)]
    assert shown == [
        ("保留的客户", f"北京晨光商贸有限公司（{survivor.code}）"),
        ("并入的客户", f"北京晨光商贸公司（{double.code}）"),
        ("证件号码", "相同"),
        ("证件（含影像）", "转入 1 个"),
        ("联系人", "转入 1 个"),
        ("用户", "转入 1 个"),
        ("融合套餐", "转入 1 个"),
        ("帐户（余额与欠费随帐户）", "转入 1 个"),
        ("合并以后", "并入的编号停用，只指向保留的客户；不能撤销"),
    ]
    with pytest.raises(BadInputError):
        approvals.decide(approval_id=approval.pk, decided_by_id=asker.pk, approve=True, at=LATER)

    done = approvals.decide(
        approval_id=approval.pk, decided_by_id=checker.pk, approve=True, at=LATER
    )

    assert done.result["moved"]["accounts"] == 1
    pair.refresh_from_db()
    assert (pair.state, pair.decided_at, pair.decided_by) == ("merged", LATER, asker)
    assert not Document.objects.filter(customer=double).exists()
    assert not Order.objects.filter(customer=double).exists()
    with pytest.raises(BadInputError):
        approvals.decide(approval_id=approval.pk, decided_by_id=checker.pk, approve=True, at=LATER)
