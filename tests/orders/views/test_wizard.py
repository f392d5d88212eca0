"""P1: the open-bundle wizard, as a browser without script walks through it."""

import re

import pytest

from customers.models import Subscription
from orders.models import NumberResource, Order
from orders.views import drafts
from packages_wo.models import Bundle
from tests.builders.orders import a_company, a_subscription
from tests.orders.views.people import a_member_of_staff, a_stocked_pool, managed_by

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def business_time(settings):
    settings.BUSINESS_TIME = "2026-10-15T15:00"


@pytest.fixture
def clerk():
    return a_member_of_staff()


@pytest.fixture
def page(client, clerk):
    client.force_login(clerk)
    return client


@pytest.fixture
def company():
    return a_company()


def begun(page, company, **changes):
    """The draft's key after the first step."""
    posted = {
        "documents": ["business_license"],
        "account": "new",
        "account_name": "统一帐户",
        **changes,
    }
    response = page.post(f"/orders/open?customer={company.code}", posted)
    assert response.status_code == 302, response.content.decode()
    return re.search(r"draft=(\w+)&step=product", response["Location"])[1]


def send(page, key, step, posted):
    return page.post(f"/orders/open?draft={key}&step={step}", posted)


def show(page, key, step):
    return page.get(f"/orders/open?draft={key}&step={step}")


def filled(page, company, *, choice, members, **packs):
    """A draft that has come to its preview."""
    key = begun(page, company)
    send(page, key, "product", {"choice": choice})
    send(page, key, "members", {"members": members, "action": "next"})
    send(page, key, "packs", packs)
    return key


def test_a_customer_is_found_by_a_part_of_its_name(page, company):
    text = page.get("/orders/open?q=晨光").content.decode()
    assert f"/orders/open?customer={company.code}" in text
    assert "没有找到" in page.get("/orders/open?q=没有的").content.decode()


def test_enhanced_b_is_opened_with_one_existing_and_two_new_members(page, company, clerk):
    pool = a_stocked_pool()
    line = a_subscription(company, "fixed")
    key = begun(page, company)
    assert send(page, key, "product", {"choice": "enhanced-B-186"}).status_code == 302
    members = [str(line.pk)]
    for service, number, plan in (
        ("broadband", pool["broadband"][0], "ADSL-2M"),
        ("m3g", pool["m3g"][1], "3G-96"),
    ):
        send(page, key, "members", {"members": members, "service": service, "action": "find"})
        taken = send(
            page,
            key,
            "members",
            {
                "members": members,
                "service": service,
                "number": number,
                "plan": plan,
                "address": "朝阳区示例路 1 号",
                "action": "take",
            },
        )
        assert taken.status_code == 302, taken.content.decode()
        members.append(f"new{len(members)}")
    text = show(page, key, "members").content.decode()
    assert text.count("data-countdown") == 2
    assert NumberResource.objects.filter(state="held", held_by=clerk).count() == 2
    onward = send(page, key, "members", {"members": members, "action": "next"})
    assert onward["Location"].endswith("step=packs")
    send(page, key, "packs", {"pack_MIN-300": "1"})
    preview = show(page, key, "preview")
    assert preview.status_code == 200
    found = preview.context["preview"]
    assert f"{found.effective_on}" == "2026-11-01"
    assert [(fee.item, fee.amount_fen) for fee in found.first_bill] == [
        ("BUNDLE_FEE", 16740),
        ("PACK_FEE", 3900),
        ("PLAN_FEE", 9600),
    ]
    assert found.fees_fen == 10000
    text = preview.content.decode()
    assert "PAR-5" in text
    assert "302.40" in text
    assert Order.objects.count() == 0
    sent = send(page, key, "preview", {})
    order = Order.objects.get()
    assert sent["Location"] == f"/orders/{order.code}"
    again = send(page, key, "preview", {})
    assert again["Location"] == f"/orders/{order.code}"
    assert Order.objects.count() == 1
    assert order.accepted_by == clerk
    new = Subscription.objects.get(number=pool["broadband"][0])
    assert new.install_address == "朝阳区示例路 1 号"
    bundle = Bundle.objects.get()
    assert (bundle.offering, bundle.opened_as, bundle.state) == ("enhanced", "B", "pending")


def test_back_and_forward_keep_everything(page, company):
    line = a_subscription(company, "fixed")
    key = filled(page, company, choice="basic-A-106", members=[str(line.pk)])
    assert 'value="basic-A-106" checked' in show(page, key, "product").content.decode()
    text = show(page, key, "members").content.decode()
    assert re.search(rf'value="{line.pk}"[^>]* checked', text)
    assert 'value="统一帐户"' in show(page, key, "customer").content.decode()


def test_every_refusal_comes_at_once_with_its_rule(page, company):
    line = a_subscription(company, "fixed", arrears_fen=5000)
    key = begun(page, company, documents=[])
    send(page, key, "product", {"choice": "basic-A-106"})
    send(page, key, "members", {"members": [str(line.pk)], "action": "next"})
    send(page, key, "packs", {})
    response = show(page, key, "preview")
    assert response.status_code == 422
    assert [one.rule for one in response.context["refusals"]] == ["ELG-1", "ELG-8", "ELG-9"]
    refused = send(page, key, "preview", {})
    assert refused.status_code == 422
    assert f"{line.number} 有欠费，请先缴清。" in refused.content.decode()
    assert Order.objects.count() == 0


def test_another_owners_number_joins_with_consent_only(page, company):
    line = a_subscription(company, "fixed")
    other = a_company(name="北京远山贸易有限公司")
    theirs = a_subscription(other, "m2g")
    key = begun(page, company)
    send(page, key, "product", {"choice": "basic-A-106"})
    ticked = {"members": [str(line.pk)], "action": "add_other", "other_number": theirs.number}
    assert send(page, key, "members", ticked)["Location"].endswith("step=members")
    both = [str(line.pk), str(theirs.pk)]
    send(page, key, "members", {"members": both, "action": "next"})
    send(page, key, "packs", {})
    response = show(page, key, "preview")
    assert [one.rule for one in response.context["refusals"]] == ["ELG-2"]
    send(page, key, "members", {"members": both, "consents": [str(theirs.pk)], "action": "next"})
    assert show(page, key, "preview").status_code == 200


def test_an_unknown_number_is_told_at_its_field(page, company):
    key = begun(page, company)
    send(page, key, "product", {"choice": "basic-A-106"})
    posted = {"action": "add_other", "other_number": "13900000000"}
    response = send(page, key, "members", posted)
    assert response.status_code == 422
    assert "没有号码为此的在网用户" in response.content.decode()


def test_a_number_that_is_let_go_is_free_again(page, company):
    pool = a_stocked_pool()
    key = begun(page, company)
    send(page, key, "product", {"choice": "basic-A-106"})
    send(page, key, "members", {"service": "m2g", "action": "find"})
    number = pool["m2g"][0]
    taken = {"service": "m2g", "number": number, "plan": "M2G-STD", "action": "take"}
    send(page, key, "members", taken)
    assert NumberResource.objects.get(number=number).state == "held"
    send(page, key, "members", {"members": ["new1"], "action": "let_go:new1"})
    assert NumberResource.objects.get(number=number).state == "free"


def test_an_address_is_asked_for_where_somebody_installs(page, company):
    pool = a_stocked_pool()
    key = begun(page, company)
    send(page, key, "product", {"choice": "basic-A-106"})
    send(page, key, "members", {"service": "fixed", "action": "find"})
    posted = {"service": "fixed", "number": pool["fixed"][0], "plan": "FIXED-STD"}
    response = send(page, key, "members", posted | {"action": "take"})
    assert response.status_code == 422
    assert 'href="#id_address"' in response.content.decode()
    assert NumberResource.objects.filter(state="held").count() == 0


def test_a_step_that_was_not_reached_leads_back(page, company):
    key = begun(page, company)
    assert show(page, key, "preview")["Location"].endswith("step=product")


def test_a_draft_is_its_owners_and_keeps_no_address_in_clear(page, client, company):
    key = begun(page, company)
    client.force_login(a_member_of_staff("clerk2"))
    assert show(client, key, "product")["Location"] == "/orders/open"
    draft = drafts.Draft(key="d", customer_id=company.pk)
    one = drafts.a_new(draft, service="fixed", number="1", plan="P", address="示例路 2 号")
    assert "示例路" not in one.sealed_address
    assert one.address == "示例路 2 号"


def test_a_manager_opens_for_own_customers_alone(client, company):
    manager = a_member_of_staff("manager", "account_manager")
    client.force_login(manager)
    assert client.get(f"/orders/open?customer={company.code}").status_code == 404
    managed_by(company, manager)
    page = client.get(f"/orders/open?customer={company.code}")
    assert 'name="filed_by_manager"' in page.content.decode()


def test_an_agent_opens_nothing(client):
    client.force_login(a_member_of_staff("agent", "agent"))
    assert client.get("/orders/open").status_code == 403


def test_who_was_not_shown_cannot_be_ticked(page, company, clerk):
    line = a_subscription(company, "fixed")
    hidden = a_subscription(a_company(name="北京远山贸易有限公司"), "m2g")
    key = begun(page, company)
    send(page, key, "product", {"choice": "basic-A-106"})
    ticked = {"members": [str(line.pk), str(hidden.pk), "new7"], "action": "next"}
    send(page, key, "members", ticked)
    assert drafts.find(key, staff_id=clerk.pk).members == (line.pk,)


def test_a_customer_is_told_what_its_form_lacks(page, company):
    posted = {"documents": ["business_license"], "account": "new", "account_name": ""}
    response = page.post(f"/orders/open?customer={company.code}", posted)
    assert response.status_code == 422
    assert 'href="#id_account_name"' in response.content.decode()


def test_no_bundle_is_chosen_that_the_catalogue_has_not(page, company):
    key = begun(page, company)
    for choice in ("", "basic-A-57", "gold-A-106", "basic-C-106"):
        response = send(page, key, "product", {"choice": choice})
        assert response.status_code == 422
        assert "请选择一个版本、档位和方案。" in response.content.decode()


def test_the_prices_of_both_schemes_stand_side_by_side(page, company):
    text = show(page, begun(page, company), "product").content.decode()
    assert "B 167.40 + 3G 至少 96.00 = 263.40，A 186.00" in text
    assert "95.40" in text


def test_a_free_number_becomes_the_terminal_of_a_pack(page, company):
    pool = a_stocked_pool()
    members = [a_subscription(company, service) for service in ("fixed", "m2g")]
    key = begun(page, company)
    send(page, key, "product", {"choice": "basic-A-106"})
    ticked = [str(member.pk) for member in members]
    send(page, key, "members", {"members": ticked, "service": "m2g", "action": "find"})
    taken = {"service": "m2g", "number": pool["m2g"][0], "plan": "M2G-STD", "action": "take"}
    send(page, key, "members", taken | {"members": ticked})
    send(page, key, "members", {"members": ticked, "action": "next"})
    assert 'name="terminal_new1"' in show(page, key, "packs").content.decode()
    send(page, key, "packs", {"terminal_new1": "TERM-SHARE", "main": ticked[1]})
    found = show(page, key, "preview").context["preview"]
    assert [(fee.number, fee.amount_fen) for fee in found.first_bill] == [
        (members[1].number, 10600),
        (members[1].number, 1000),
    ]
    wanted = show(page, key, "packs").content.decode()
    assert re.search(rf'value="{ticked[1]}" selected', wanted)
