"""A day at the counter, and then a search for what was typed: in tables, broker, cache and logs."""

import io
import json
import logging
import zipfile

import pytest
from django.test import Client

from bss.kernel.models import ApiCall, AuditEntry
from bss.kernel.outbox import drain
from bss.wiring import EVENTS
from complaints.services.intake import open_case
from customers.models import Customer, Document
from tests.api.people import client_of
from tests.builders.customers import a_company, a_person
from tests.builders.orders import a_company as an_ordering_company
from tests.builders.orders import a_source, a_subscription
from tests.builders.staff import a_staff
from tests.orders.views.people import a_stocked_pool
from tests.orders.views.test_wizard import begun, send
from tests.security.traces import every_key, every_log, every_table

pytestmark = pytest.mark.django_db

PERSON = "110105198806054024"
LICENCE = "91110105MA01C2XK3E"
HOME, SITE = "北京市试验区柳荫路 18 号", "北京市试验区枫桥路 27 号"
OFFICE = "北京市试验区竹园路 9 号"
PHONE, CASE_PHONE = "13900007171", "13900008282"
SEALED = (PERSON, LICENCE, "柳荫路", "枫桥路", "竹园路")
IN_NO_LOG = (*SEALED, PHONE, CASE_PHONE)
RECORD = {
    "kind": "individual",
    "name": "欧阳试验",
    "area": "010",
    "document_type": "resident_id",
    "document_number": PERSON,
    "document_address": HOME,
    "contact_name": "测试联系人",
    "contact_phone": PHONE,
    "postal_address": OFFICE,
}


@pytest.fixture
def day(client, settings, django_capture_on_commit_callbacks):
    """What a supervisor does in a day; gives what was logged."""
    settings.BUSINESS_TIME = "2026-11-10T10:00"
    staff = a_staff("supervisor")
    client.force_login(staff)
    with every_log() as out, django_capture_on_commit_callbacks(execute=True):
        at_the_counter(client)
        in_the_wizard(client)
        over_the_interface()
        a_case(staff)
        drain(EVENTS)
        things_that_fail(client)
        logging.getLogger("gunicorn.error").info("GET /customers/?q=%s", PERSON)
    return out.getvalue()


def at_the_counter(client):
    client.post("/customers/check", RECORD)
    assert client.post("/customers/new", RECORD | {"document_number": "1"}).status_code == 422
    made = client.post("/customers/new", RECORD)
    assert made.status_code == 302, made.content.decode()
    customer = Customer.objects.latest("pk")
    for address in (f"/search?q={PERSON}", f"/customers/?q={PHONE}", f"/customers/{customer.code}"):
        assert client.get(address).status_code == 200
    fixed = {"document_type": "resident_id", "area": "010", "postal_address": SITE}
    assert client.post(f"/customers/{customer.code}/correct", fixed).status_code == 302
    seen = client.post(
        f"/customers/{customer.code}/reveal",
        {"reason": "identity", "note": f"来人报 {PERSON} 住 {HOME} 电话 {PHONE}"},
    )
    assert PERSON in seen.content.decode()
    handed = client.post(
        f"/oversight/customers/{customer.code}/export", {"export-reason": f"本人 {PERSON} 申请"}
    )
    assert handed["Content-Type"] == "application/zip", handed.content.decode()


def in_the_wizard(client):
    company = an_ordering_company(name="北京枫桥试验商行")
    free = a_stocked_pool()
    key = begun(client, company)
    send(client, key, "product", {"choice": "enhanced-B-106"})
    added = send(
        client,
        key,
        "members",
        {
            "action": "add_new",
            "service": "broadband",
            "number": free["broadband"][0],
            "plan": "ADSL-2M",
            "address": SITE,
        },
    )
    assert added.status_code in (302, 422)


def over_the_interface():
    a_company(name="北京接口试验商行", postal_address=OFFICE)
    caller = client_of(a_staff("account_manager"))
    caller.get(f"/tmf-api/customerManagement/v4/customer?name={PERSON}")


def a_case(staff):
    open_case(
        customer_id=Customer.objects.latest("pk").pk,
        category="bill_dispute",
        subject="对帐单有疑问",
        description="客户对套餐费有疑问。",
        contact_phone=CASE_PHONE,
        at=Customer.objects.latest("pk").registered_at,
        by_id=staff.pk,
    )


def things_that_fail(client):
    careful = Client(raise_request_exception=False)
    careful.cookies = client.cookies
    for path in (f"/customers/{PERSON}", f"/no/such/{PHONE}", f"/search?q={HOME}&page=x"):
        careful.get(path)
    try:
        raise ValueError(f"cannot read {RECORD}")
    except ValueError:
        logging.getLogger("somebody").exception("failed for %s at %s", PHONE, HOME)


def test_no_table_holds_a_document_or_address_in_clear(day):
    assert Document.objects.filter(number_index="").count() == 0
    assert Customer.objects.get(name="欧阳试验").postal_address == SITE
    dump = every_table()

    assert "欧阳试验" in dump  # the search finds what is there
    assert [word for word in SEALED if word in dump] == []


def test_neither_broker_nor_cache_holds_one(day):
    kept = every_key()

    assert "order-draft" in kept
    assert [word for word in IN_NO_LOG if word in kept] == []


def test_no_log_holds_one(day):
    assert "failed for 139****7171 at 北京市试验区****" in day
    assert [word for word in IN_NO_LOG if word in day] == []


def test_what_the_audit_keeps_of_a_reveal_and_an_export_is_masked(day):
    reasons = list(AuditEntry.objects.filter(kind="read").values_list("action", "reason"))

    assert [action for action, _ in sorted(reasons)] == [
        "personal.reveal",
        "personal.subject_export",
    ]
    assert "1101**********4024" in dict(reasons)["personal.reveal"]


def test_a_customers_own_copy_is_whole_and_complete(client, settings):
    settings.BUSINESS_TIME = "2026-11-10T10:00"
    client.force_login(a_staff("supervisor"))
    person = a_person(name="欧阳试验", postal_address=OFFICE)
    line = a_subscription(person, "m2g")

    answer = client.post(
        f"/oversight/customers/{person.code}/export", {"export-reason": "本人到厅书面申请"}
    )

    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert sorted(archive.namelist()) == [f"{person.code}.{end}" for end in ("json", "pdf", "xlsx")]
    whole = json.loads(archive.read(f"{person.code}.json"))
    assert whole["documents"][0]["number"] == PERSON
    assert {"field": "通信地址", "value": OFFICE} in whole["record"]
    assert whole["subscriptions"][0]["number"] == line.number
    assert whole["looked_at"][0]["way"] == "personal.subject_export"
    assert archive.read(f"{person.code}.pdf").startswith(b"%PDF")


def test_answers_kept_for_the_interface_are_masked(client):
    caller = a_staff("account_manager")
    company = an_ordering_company()
    company.account_manager = caller
    company.save()
    line = a_subscription(company, "m2g")
    body = {
        "channel": [{"id": a_source().code}],
        "relatedParty": [{"id": company.code, "role": "customer", "@referredType": "Customer"}],
        "productOrderItem": [
            {
                "id": "1",
                "action": "modify",
                "product": {
                    "id": str(line.pk),
                    "productCharacteristic": [{"name": "state", "value": "on_hold"}],
                },
            }
        ],
    }
    answer = client_of(caller).post(
        "/tmf-api/productOrderingManagement/v4/productOrder",
        body,
        format="json",
        headers={"Idempotency-Key": "one"},
    )

    assert answer.status_code == 201, answer.content.decode()
    kept = json.dumps(ApiCall.objects.get().body, ensure_ascii=False)
    assert line.number not in kept
    assert LICENCE not in kept
