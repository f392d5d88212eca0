import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing.services import payments
from bss.kernel.models import AuditEntry
from bss.kernel.periods import local_moment
from complaints.services.intake import open_case
from customers.services.record_input import ContactInput, DocumentInput
from tests.builders.billing import a_bill, a_channel, a_line, own_account
from tests.builders.customers import a_company, a_person
from tests.builders.packages import a_basic_pair, a_bundle, a_catalogue
from tests.builders.staff import a_staff

pytestmark = pytest.mark.django_db

LICENSE = "91110105MA01C2XK3E"


@pytest.fixture(autouse=True)
def business_time(settings):
    settings.BUSINESS_TIME = "2026-10-15T15:00"


@pytest.fixture
def clerk(client):
    client.force_login(a_staff("clerk"))
    return client


def a_known_company(**more):
    return a_company(
        document=DocumentInput(
            type="business_license", number=LICENSE, address="北京市试验区某某路一号"
        ),
        contact=ContactInput(name="测试甲", phone="13011112222"),
        postal_address="北京市试验区某某路二号",
        **more,
    )


def text_of(client, customer):
    response = client.get(f"/customers/{customer.code}")
    assert response.status_code == 200
    return response.content.decode()


def test_the_head_says_who_it_is_and_what_is_owed(clerk):
    company = a_known_company(listed="black")
    line = a_line(company)
    a_bill(own_account(line), "2026-09", (line, "PLAN_FEE", 4662))
    response = clerk.get(f"/customers/{company.code}")
    text = response.content.decode()
    assert company.name in text
    assert "黑名单" in text
    assert response.context["due_fen"] == 4662
    assert response.context["bills"][-1] == ("9月", 4662)
    assert "46.62" in text


def test_personal_data_is_masked(clerk):
    text = text_of(clerk, a_known_company())
    assert "9111**********XK3E" in text
    assert "130****2222" in text
    for clear in (LICENSE, "13011112222", "某某路", "测试甲"):
        assert clear not in text


def test_a_person_is_masked_too_in_head_title_and_accounts(clerk):
    person = a_person(name="欧阳试验")
    a_line(person, "13011117777", service="m2g")
    text = text_of(clerk, person)
    assert "欧阳试验" not in text
    assert "欧***" in text


REASON = {"reason": "identity", "note": "客户来电核对证件"}


def reveal(client, company, **posted):
    return client.post(f"/customers/{company.code}/reveal", REASON | posted)


def test_revealing_needs_a_reason_and_is_audited(client):
    supervisor = a_staff("supervisor")
    client.force_login(supervisor)
    company = a_known_company()
    for nothing in ({"reason": ""}, {"reason": "curious"}, {"reason": "other", "note": "看看"}):
        refused = reveal(client, company, **nothing)
        assert refused.status_code == 422
        assert LICENSE not in refused.content.decode()
    assert not AuditEntry.objects.filter(action="personal.reveal").exists()

    shown = reveal(client, company)

    for clear in (LICENSE, "13011112222", "某某路二号", "测试甲"):
        assert clear in shown.content.decode()
    entry = AuditEntry.objects.get(action="personal.reveal")
    assert (entry.staff_id, entry.customer_id, entry.reason) == (
        supervisor.pk,
        company.pk,
        "核对来人或来电者身份：客户来电核对证件",
    )


def test_what_is_revealed_is_shown_once_and_goes_by_itself(client, settings):
    settings.REVEAL_MINUTES = 3
    client.force_login(a_staff("supervisor"))
    company = a_known_company()

    shown = reveal(client, company)

    assert shown.headers["Refresh"] == f"180; url=/customers/{company.code}"
    assert "no-store" in shown.headers["Cache-Control"]
    assert LICENSE not in text_of(client, company)


def test_the_audited_reason_itself_holds_no_number(client):
    client.force_login(a_staff("supervisor"))
    reveal(client, a_known_company(), note=f"证件 {LICENSE}，电话 13011112222")

    reason = AuditEntry.objects.get(action="personal.reveal").reason
    assert reason == "核对来人或来电者身份：证件 9111**********XK3E，电话 130****2222"


def test_revealing_asks_for_a_fresh_proof(client):
    client.force_login(a_staff("supervisor"))
    company = a_known_company()
    session = client.session
    session.pop("proved", None)
    session.save()

    answer = reveal(client, company)

    assert answer.status_code == 302
    assert answer["Location"].startswith("/identity/prove")
    assert "再次证明是您本人" in text_of(client, company)


def test_revealing_is_a_post_for_those_who_may(client, clerk):
    company = a_known_company()
    assert reveal(clerk, company).status_code == 403
    assert clerk.get(f"/customers/{company.code}/reveal").status_code == 405
    assert "查看未脱敏资料" not in text_of(clerk, company)


def test_a_bundle_is_shown_with_its_pool_and_its_members_plan(clerk):
    a_catalogue()
    company, fixed, _mobile = a_basic_pair(a_known_company())
    bundle = a_bundle(company, fixed, _mobile)
    response = clerk.get(f"/customers/{company.code}")
    (card,) = response.context["bundles"]
    assert (card.bundle, card.scheme, card.tier, card.members) == (bundle, "A", 106, 2)
    assert (card.pool.minutes, card.pool.used) == (750, 0)
    rows = {row.subscription.pk: row for row in response.context["subscriptions"]}
    assert rows[fixed.pk].plan == "沃·商务基础版 A 106"
    assert f"/bundles/{bundle.code}" in response.content.decode()


def test_the_history_merges_payments_cases_and_states_the_newest_first(clerk):
    company = a_known_company()
    line = a_line(company)
    payments.pay(
        account_id=own_account(line).pk,
        amount_fen=5000,
        key="k1",
        at=local_moment("2026-10-10T09:00"),
        channel_id=a_channel().pk,
    )
    open_case(
        customer_id=company.pk,
        category="bill_dispute",
        subject="九月帐单有疑问",
        description="客户有疑问。",
        at=local_moment("2026-10-12T09:00"),
        by_id=a_staff("agent").pk,
    )
    titles = [event["title"] for event in clerk.get(f"/customers/{company.code}").context["events"]]
    assert titles == ["案件受理：九月帐单有疑问", "缴费 50.00 元", "010****0001 在用"]


def test_what_can_be_done_depends_on_the_role(client, clerk):
    company = a_known_company()
    line = a_line(company)
    text = text_of(clerk, company)
    assert f"/orders/open?customer={company.code}" in text
    assert f"/orders/single/hold?subscription={line.pk}" in text
    client.force_login(a_staff("agent"))
    text = text_of(client, company)
    assert f"/cases/new?customer={company.code}" in text
    assert "/orders/open" not in text
    assert "/orders/single/" not in text


def test_idle_accounts_are_folded_away(clerk):
    a_catalogue()
    company, fixed, mobile = a_basic_pair(a_known_company())
    a_bundle(company, fixed, mobile)
    line = a_line(company, "01062009999")
    context = clerk.get(f"/customers/{company.code}").context
    assert [view.account.subscription for view in context["accounts"]] == [line]


def test_a_manager_finds_only_the_own_customer(client):
    manager = a_staff("account_manager")
    client.force_login(manager)
    assert client.get(f"/customers/{a_known_company().code}").status_code == 404
    mine = a_known_company(account_manager_id=manager.pk)
    assert client.get(f"/customers/{mine.code}").status_code == 200


def test_the_batch_operator_does_not_see_customers(client):
    client.force_login(a_staff("batch_operator"))
    assert client.get(f"/customers/{a_known_company().code}").status_code == 403


def test_the_page_asks_the_same_for_three_and_for_twelve_lines(clerk):
    a_catalogue()
    company = a_known_company()

    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert clerk.get(f"/customers/{company.code}").status_code == 200
        return len(queries)

    def add(first, last):
        for place in range(first, last):
            line = a_line(company, f"0106277{place:04d}")
            a_bill(own_account(line), "2026-09", (line, "PLAN_FEE", 1000))
            open_case(
                customer_id=company.pk,
                category="bill_dispute",
                subject=f"第 {place} 件",
                description="客户有疑问。",
                at=local_moment("2026-10-12T09:00"),
                by_id=agent.pk,
            )

    agent = a_staff("agent")
    a_bundle(*a_basic_pair(company))
    add(0, 3)
    asked()
    three = asked()
    add(3, 12)
    assert asked() == three
