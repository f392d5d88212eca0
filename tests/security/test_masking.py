"""Every page, part, paper, export and answer of a grown house: masked, unless revealed.

Figures are printed: pages walked, personal values searched for, shown in clear (0).
"""

import re
from collections import deque
from html import unescape
from io import BytesIO
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve, reverse
from openpyxl import load_workbook
from pypdf import PdfReader

from billing.models import Account
from bss.kernel.periods import local_moment
from complaints.models import Case
from complaints.services.intake import open_case
from customers.services.registration import ContactInput, DocumentInput
from orders.models import Order
from tests.api.people import client_of
from tests.billing.views.house import a_closed_october, a_member_of_staff
from tests.builders.billing import a_line
from tests.builders.customers import a_company, a_person
from tests.builders.orders import a_single, a_source, accepted
from tests.builders.staff import a_staff
from tests.desk.a_grown_house import add_rows

pytestmark = pytest.mark.django_db

AT = local_moment("2026-11-04T10:00")
PERSON, HOME = "110105198806054024", "北京市试验区柳荫路 18 号"
LICENCE, OFFICE = "91110105MA01C2XK3E", "北京市试验区竹园路 9 号"
SITE = "北京市试验区枫桥路 27 号"
PHONES = ("13900007171", "13900008282", "13900009393")
CLEAR = (PERSON, LICENCE, "柳荫路", "竹园路", "枫桥路", *PHONES, "欧阳试验", "联系人甲", "联系人乙")
SHOWN = re.compile(r"欧\*{3}|枫叶试验商行|1390000|139\*{4}")
PAGES_AT_LEAST = 60
API = (
    "/tmf-api/customerManagement/v4/customer",
    "/tmf-api/productOrderingManagement/v4/productOrder",
    "/tmf-api/customerBillManagement/v4/customerBill",
)
MUST_BE_SEEN = {
    "customers:correct", "desk:customer", "oversight:personal", "orders:order",
    "orders:acceptance_form", "complaints:case", "billing:account",
}  # fmt: skip
# What the customer holds in hand bears the customer's own name, and nothing else in clear.
OWN_NAME_ON = {"acceptance_form", "agreement", "bill_pdf"}


@pytest.fixture
def house(settings, monkeypatch):
    """Rows in every list, and a person and a company of whom everything is known."""
    settings.BUSINESS_TIME = "2026-11-05T10:00"
    monkeypatch.setattr("billing.views.running.worker_answers", lambda: False)
    manager = a_member_of_staff("account_manager")
    a_source()
    a_closed_october()
    add_rows(0, 3, manager=manager)
    person = a_person(
        name="欧阳试验",
        document=DocumentInput(type="resident_id", number=PERSON, address=HOME),
        contact=ContactInput(name="联系人甲", phone=PHONES[0]),
        postal_address=HOME,
        account_manager_id=manager.pk,
    )
    company = a_company(
        name="北京枫叶试验商行",
        document=DocumentInput(type="business_license", number=LICENCE, address=OFFICE),
        contact=ContactInput(name="联系人乙", phone=PHONES[1]),
        postal_address=OFFICE,
        account_manager_id=manager.pk,
    )
    for place, customer in enumerate((person, company)):
        line = a_line(customer, f"1306229{place:04d}", service="m2g")
        line.install_address = SITE
        line.save()
        accepted(a_single(line, "hold"), at=AT)
        open_case(
            customer_id=customer.pk,
            category="bill_dispute",
            subject="对帐单有疑问",
            description="客户对套餐费有疑问。",
            contact_phone=PHONES[2],
            at=AT,
            by_id=manager.pk,
        )
    return person, company, manager


def test_nothing_personal_is_shown_in_clear_anywhere(client, house, capsys):
    person, company, manager = house
    client.force_login(a_staff("supervisor"))
    starts = ["/", f"/search?q={PERSON}", f"/search?q={PHONES[0]}", *about(person), *about(company)]

    seen, clear, unmarked = walk(client, starts)
    answers = client_of(manager)
    for address in API:
        response = answers.get(address)
        assert response.status_code == 200
        seen.setdefault(address, []).append(address)
        if found := [word for word in CLEAR if word in response.content.decode()]:
            clear[address] = found

    count = sum(map(len, seen.values()))
    with capsys.disabled():
        print(  # noqa: T201 — the figures of the walk
            f"\nmasking: {count} pages, parts, papers, exports and answers of {len(seen)} kinds, "
            f"{len(CLEAR)} personal values searched for, {len(clear)} pages show one"
        )
    assert clear == {}
    assert unmarked == []
    assert count > PAGES_AT_LEAST
    reached = {kind.split()[0] for kind, urls in seen.items() if urls}
    assert MUST_BE_SEEN - reached == set()


def test_the_search_is_no_blind_one(client, house):
    """What the walk would find, if it were there: the revealed page."""
    person, _, _ = house
    client.force_login(a_staff("supervisor"))

    shown = client.post(f"/customers/{person.code}/reveal", {"reason": "identity", "note": ""})

    text = shown.content.decode()
    assert [word for word in (PERSON, "柳荫路", "枫桥路", PHONES[0]) if word not in text] == []


def about(customer):
    """The pages and papers of this customer's own orders, cases and accounts."""
    order = Order.objects.filter(customer=customer).latest("pk").code
    case = Case.objects.filter(customer=customer).latest("pk").code
    account = Account.objects.filter(owner=customer).latest("pk").code
    return [
        f"/customers/{customer.code}",
        f"/customers/{customer.code}/correct",
        f"/oversight/customers/{customer.code}/personal",
        f"/orders/{order}",
        reverse("orders:acceptance_form", args=[order]),
        f"/cases/{case}",
        f"/billing/accounts/{account}",
    ]


def walk(client, starts):
    """Follow every link; which address shows which personal values, or customers unwatermarked."""
    waiting, known, seen, clear, unmarked = deque(starts), set(starts), {}, {}, []
    while waiting:
        url = waiting.popleft()
        kind = kind_of(url)
        if kind is None or (seen.setdefault(kind, []) and url not in starts):
            continue
        typed = urlsplit(url).query
        parts = [{}]
        for headers in parts:
            response = client.get(url, headers=headers)
            if response.status_code == 302:
                waiting.append(response.headers["Location"])
                break
            text = text_of(response)
            if not headers and "hx-get" in text:
                parts.append({"HX-Request": "true"})
            own = kind.split()[0].split(":")[-1] in OWN_NAME_ON
            found = [
                word
                for word in CLEAR
                if word in text and word not in typed and not (own and word == "欧阳试验")
            ]
            if found:
                clear[url] = found
            if "<body" in text and 'class="watermark"' not in text and SHOWN.search(text):
                unmarked.append(url)
        else:
            seen[kind].append(url)
            for link in re.findall(r'(?:href|hx-get|src)="([^"#]+)', text):
                address = unescape(link)
                address = f"{urlsplit(url).path}{address}" if address.startswith("?") else address
                if address.startswith("/") and address not in known:
                    known.add(address)
                    waiting.append(address)
    return seen, clear, unmarked


def text_of(response):
    kind = response.headers.get("Content-Type", "")
    content = b"".join(response) if response.streaming else response.content
    if "pdf" in kind:
        return "\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    if "spreadsheet" in kind:
        sheet = load_workbook(BytesIO(content)).active
        return "\n".join(str(cell) for row in sheet.values for cell in row)
    return content.decode(errors="replace")


def kind_of(url):
    parts = urlsplit(url)
    try:
        match = resolve(parts.path)
    except Resolver404:
        return None
    if match.url_name in (None, "logout", "healthz"):
        return None
    asked = ",".join(sorted({pair.split("=")[0] for pair in parts.query.split("&") if pair}))
    export = re.search(r"export=(\w+)", parts.query)
    return f"{match.view_name} {asked}{export[1] if export else ''}".strip()
