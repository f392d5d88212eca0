"""The adviser on the customer's page, its list and its limits."""

import pytest

from billing.models import AdviceLimit, BundleAdvice
from customers.models import Customer
from orders.views import drafts
from tests.billing.views.house import a_member_of_staff
from tests.builders.advice import OCTOBER, a_bundle_on, a_call, an_advice, closed
from tests.builders.packages import a_basic_pair, a_bundle, a_catalogue

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def business_time(settings):
    settings.BUSINESS_TIME = "2026-11-20T10:00"


@pytest.fixture
def supervisor(client):
    client.force_login(a_member_of_staff("supervisor"))
    return client


def page_of(client, bundle):
    response = client.get(f"/customers/{bundle.customer.code}")
    assert response.status_code == 200
    return response


def a_bundle_of_306():
    a_catalogue()
    owner, fixed, mobile = a_basic_pair()
    return a_bundle(owner, fixed, mobile, tier=306)


def test_the_customer_page_says_what_would_have_cost_less_and_leads_to_the_form(supervisor):
    bundle = a_bundle_of_306()
    an_advice(bundle, saving_fen=172_00)
    response = page_of(supervisor, bundle)
    [card] = response.context["advice"]
    assert card.sentence == (
        "近 3 个月平均月费 306.00 元；若改用 56 元档 + 共享时长包300分钟 × 2，"
        "平均 134.00 元，每月可省 172.00 元。"
    )
    assert card.refusals == ()
    assert card.change_url == f"/orders/change?bundle={bundle.code}&tier=56&pack=MIN-300%3A2"
    text = response.content.decode()
    assert "按建议变更" in text
    assert "各档最省的组合与现在的月费" in text


def test_the_way_leads_to_a_form_that_is_filled_in(supervisor):
    bundle = a_bundle_of_306()
    address = f"/orders/change?bundle={bundle.code}&tier=56&pack=MIN-300%3A2"
    assert "56 元档 + 共享时长包300分钟 × 2" in supervisor.get(address).content.decode()
    answer = supervisor.post(address)
    key = answer.url.partition("draft=")[2].partition("&")[0]
    staff_id = int(supervisor.session["_auth_user_id"])
    draft = drafts.find(key, staff_id=staff_id)
    assert (draft.tier, draft.packs) == (56, (("MIN-300", 2),))


def test_nonsense_in_the_address_fills_nothing_in(supervisor):
    bundle = a_bundle_of_306()
    for nonsense in ("tier=7", "tier=x", "tier=%C2%B2", "tier=206&pack=NONE:3&pack=MIN-300:x"):
        address = f"/orders/change?bundle={bundle.code}&{nonsense}"
        assert supervisor.get(address).status_code == 200
        key = supervisor.post(address).url.partition("draft=")[2].partition("&")[0]
        draft = drafts.find(key, staff_id=int(supervisor.session["_auth_user_id"]))
        assert (draft.tier, draft.packs) == (206 if "206" in nonsense else 306, ())


def test_what_the_rules_refuse_is_said_in_place_of_the_way(supervisor):
    bundle = a_bundle_of_306()
    an_advice(bundle, best_packs=[["MIN-300", 11]])
    response = page_of(supervisor, bundle)
    [card] = response.context["advice"]
    assert [refusal.rule for refusal in card.refusals] == ["CHG-1"]
    text = response.content.decode()
    assert "至多 10 个，现有 11 个" in text
    assert "按建议变更" not in text


def test_it_is_reckoned_at_once_for_whom_may_open_bundles(client):
    bundle = a_bundle_on(306, months=(OCTOBER,))
    closed(OCTOBER, a_call("c", OCTOBER, 400))
    address = f"/customers/{bundle.customer.code}/advise"
    client.force_login(a_member_of_staff("agent"))
    assert client.post(address).status_code == 403
    client.force_login(a_member_of_staff("supervisor"))
    assert client.get(address).status_code == 405
    assert client.post(address).status_code == 302
    assert BundleAdvice.objects.get(bundle=bundle).saving_fen == 306_00 - 63_50
    assert "近 1 个月平均月费 306.00 元；若改用 56 元档" in page_of(client, bundle).content.decode()


def listed(client, query=""):
    response = client.get(f"/advice/{query}")
    assert response.status_code == 200
    return [row[0].bundle.code for row in response.context["rows"]]


def two_bundles():
    first, second = a_bundle_of_306(), another_bundle()
    an_advice(first, saving_fen=50_00)
    an_advice(
        second, saving_fen=5_00, risk=2, signs=[["overflows", {"months": 2, "of": 3}],
        ["owes", {"fen": 9_00}]],
    )  # fmt: skip
    return first, second


def another_bundle():
    owner, fixed, mobile = a_basic_pair()
    return a_bundle(owner, fixed, mobile, tier=106, order_ref="o2")


def test_the_list_has_who_pays_too_much_and_who_may_leave(supervisor):
    first, second = two_bundles()
    assert listed(supervisor) == [first.code]
    assert listed(supervisor, "?view=leaving") == [second.code]
    assert listed(supervisor, "?view=all") == [first.code, second.code]
    assert listed(supervisor, "?view=all&sort=saving") == [second.code, first.code]
    assert listed(supervisor, "?view=all&sign=owes&risk=2") == [second.code]
    assert listed(supervisor, "?view=all&sign=complains") == []
    assert listed(supervisor, f"?view=all&q={first.customer.code}") == [first.code]
    text = supervisor.get("/advice/?view=leaving").content.decode()
    assert "3 个月中有 2 个月超出共享时长" in text
    assert "逾期欠费 9.00 元" in text


def test_an_account_manager_sees_the_own_customers_alone_and_a_clerk_none(client):
    _first, second = two_bundles()
    manager = a_member_of_staff("account_manager")
    Customer.objects.filter(pk=second.customer_id).update(account_manager=manager)
    client.force_login(manager)
    assert listed(client, "?view=all") == [second.code]
    client.force_login(a_member_of_staff("clerk"))
    assert client.get("/advice/").status_code == 403


def test_the_export_names_customers_as_the_page_does(supervisor):
    first, _second = two_bundles()
    text = supervisor.get("/advice/?export=csv").content.decode("utf-8-sig")
    assert first.customer.code in text
    assert "56 元档 + 共享时长包300分钟 × 2" in text
    assert ",50.00," in text


def test_a_limit_that_is_set_holds_for_the_list_at_once(supervisor):
    two_bundles()
    values = {
        "saving_yuan": 5, "usage_falls": 30, "overflows": 2, "complains": 0, "term_ends": 60,
        "owes": 1,
    }  # fmt: skip
    assert supervisor.post("/advice/limits", values | {"usage_falls": 101}).status_code == 422
    assert not AdviceLimit.objects.exists()
    assert supervisor.post("/advice/limits", values).status_code == 302
    assert set(AdviceLimit.objects.values_list("code", "value")) == {
        ("saving_yuan", 5), ("complains", 0)
    }  # fmt: skip
    assert len(listed(supervisor)) == 2


def test_nobody_at_all_is_said_with_what_to_do(supervisor):
    text = supervisor.get("/advice/").content.decode()
    assert "没有付费偏高的客户" in text
