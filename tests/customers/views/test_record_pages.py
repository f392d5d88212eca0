import pytest

from bss.kernel.models import AuditEntry
from customers.models import Customer
from tests.builders.customers import a_company, a_person
from tests.builders.staff import a_staff

pytestmark = pytest.mark.django_db

LICENSE = "91110105MA01C2XK3E"
RECORD = {
    "kind": "enterprise",
    "name": "北京试验纸业有限公司",
    "area": "010",
    "document_type": "business_license",
    "document_number": LICENSE,
    "document_address": "北京市试验区一号",
    "contact_name": "测试甲",
    "contact_phone": "13011112222",
    "contact_position": "经办人",
    "postal_address": "北京市试验区二号",
}


@pytest.fixture(autouse=True)
def business_time(settings):
    settings.BUSINESS_TIME = "2026-10-15T15:00"


@pytest.fixture
def clerk(client):
    staff = a_staff("clerk")
    client.force_login(staff)
    return staff


def test_a_company_is_registered_and_its_page_opened(client, clerk):
    response = client.post("/customers/new", RECORD)
    customer = Customer.objects.get()
    assert response.status_code == 302
    assert response.url == f"/customers/{customer.code}"
    assert (customer.kind, customer.name, customer.area) == ("enterprise", RECORD["name"], "010")
    document, contact = customer.documents.get(), customer.contacts.get()
    assert (document.type, document.number) == ("business_license", LICENSE)
    assert (contact.name, contact.phone, contact.position) == ("测试甲", "13011112222", "经办人")
    assert AuditEntry.objects.get(action="customer.register").staff_id == clerk.pk


def test_an_empty_form_is_refused_with_all_seven_fields(client, clerk):
    response = client.post("/customers/new", {"kind": "enterprise", "area": "010"})
    assert response.status_code == 422
    text = response.content.decode()
    for field in ("document_type", "document_number", "document_address", "contact_name"):
        assert f'href="#id_{field}"' in text
    for field in ("name", "contact_phone", "postal_address"):
        assert f'href="#id_{field}"' in text
    assert not Customer.objects.exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"document_number": "91110105MA01C2XK3F"}, "第 18 位校验码不对"),
        ({"contact_name": "北京试验纸业有限公司"}, "联系人不能是客户本人"),
        ({"area": "10"}, "长途区号是 0 开头的 3 至 4 位数字"),
    ],
)
def test_a_faulty_record_comes_back_as_it_was_typed(client, clerk, changes, sentence):
    response = client.post("/customers/new", RECORD | changes)
    assert response.status_code == 422
    text = response.content.decode()
    assert sentence in text
    assert "北京市试验区二号" in text
    assert not Customer.objects.exists()


def test_a_likely_duplicate_is_shown_and_needs_a_tick(client, clerk):
    known = a_company(name="北京旧名纸业有限公司")
    response = client.post("/customers/new", RECORD)
    assert response.status_code == 422
    text = response.content.decode()
    assert known.name in text
    assert f"/customers/{known.code}" in text
    assert client.post("/customers/new", RECORD | {"another": "on"}).status_code == 302
    assert Customer.objects.count() == 2


def test_another_managers_customer_is_mentioned_but_not_named(client):
    known = a_company(name="北京旧名纸业有限公司")
    client.force_login(a_staff("account_manager"))
    text = client.post("/customers/new", RECORD).content.decode()
    assert "另一位客户经理的客户登记了同样的资料" in text
    assert known.code not in text


def test_a_managers_new_customer_is_the_managers_own(client):
    manager = a_staff("account_manager")
    client.force_login(manager)
    client.post("/customers/new", RECORD)
    assert Customer.objects.get().account_manager == manager


@pytest.mark.parametrize(
    ("number", "sentence"),
    [(LICENSE, "证件号码的位数和校验码相符"), ("91110105MA01C2XK3F", "第 18 位校验码不对")],
)
def test_a_document_is_checked_as_it_is_typed(client, clerk, number, sentence):
    typed = {"document_type": "business_license", "document_number": number}
    response = client.post("/customers/check", typed)
    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert response.context["standing"].filled == 2


def test_the_check_is_a_post_so_that_no_address_holds_personal_data(client, clerk):
    assert client.get("/customers/check", {"document_number": LICENSE}).status_code == 405


def test_a_correction_keeps_what_is_left_empty(client, clerk):
    client.post("/customers/new", RECORD)
    customer = Customer.objects.get()
    page = client.get(f"/customers/{customer.code}/correct").content.decode()
    assert LICENSE not in page
    assert "13011112222" not in page
    assert "9111**********XK3E" in page
    changed = {
        "name": "北京试验新纸业有限公司",
        "area": "010",
        "document_type": "business_license",
        "contact_phone": "13011113333",
    }
    response = client.post(f"/customers/{customer.code}/correct", changed)
    assert response.status_code == 302
    customer.refresh_from_db()
    assert customer.name == "北京试验新纸业有限公司"
    assert customer.postal_address == "北京市试验区二号"
    assert customer.documents.get().number == LICENSE
    contact = customer.contacts.get(main=True)
    assert (contact.name, contact.phone) == ("测试甲", "13011113333")


def test_a_correction_that_leaves_a_gap_is_refused(client, clerk):
    customer = a_company()
    response = client.post(
        f"/customers/{customer.code}/correct",
        {"name": customer.name, "area": "010", "document_type": "business_license"},
    )
    assert response.status_code == 422
    assert 'href="#id_contact_name"' in response.content.decode()


def test_a_manager_cannot_correct_somebody_elses_customer(client):
    customer = a_company()
    client.force_login(a_staff("account_manager"))
    assert client.get(f"/customers/{customer.code}/correct").status_code == 404


def test_who_may_not_register_is_told_so(client):
    client.force_login(a_staff("agent"))
    assert client.get("/customers/new").status_code == 403


def test_a_persons_name_is_not_shown_when_it_is_corrected(client, clerk):
    person = a_person(name="欧阳试验")
    page = client.get(f"/customers/{person.code}/correct").content.decode()
    assert "欧阳试验" not in page
    assert "欧***" in page
