import pytest

from bss.kernel.periods import local_moment
from customers.models import Customer
from packages_wo.models import Pool
from packages_wo.rules.requests import CancelBundle, ChangeBundle
from packages_wo.services import bundles
from tests.builders.packages import (
    a_basic_pair,
    a_bundle,
    a_catalogue,
    a_member,
    a_pack,
    an_accepted_bundle,
)
from tests.builders.staff import a_staff

pytestmark = pytest.mark.django_db
MID_OCTOBER = local_moment("2026-10-15T10:00")


@pytest.fixture(autouse=True)
def business_time(settings):
    settings.BUSINESS_TIME = "2026-10-15T15:00"
    a_catalogue()


@pytest.fixture
def clerk(client):
    client.force_login(a_staff("clerk"))
    return client


def labels(response):
    return [(step["label"], step["when"], step["state"]) for step in response.context["life"]]


def test_a_bundle_in_force_shows_life_fee_pool_and_members(clerk):
    company, fixed, mobile = a_basic_pair()
    extra = a_member(company, "m2g")
    bundle = a_bundle(company, fixed, mobile, packs=(a_pack("TERM-SHARE", extra),))
    Pool.objects.filter(bundle=bundle).update(used=250)
    response = clerk.get(f"/bundles/{bundle.code}")
    assert response.status_code == 200
    assert labels(response)[-1] == ("生效", "2026-10-01", "now")
    assert response.context["fee_fen"] == 10600
    assert [(row.part, row.standing, row.main) for row in response.context["members"]] == [
        ("基础成员", "active", True),
        ("基础成员", "active", False),
        ("共享时长终端", "active", False),
    ]
    text = response.content.decode()
    assert "没有变动" in text
    assert f"/orders/change?bundle={bundle.code}" in text
    assert f"/orders/cancel?bundle={bundle.code}" in text


def test_a_pending_bundle_waits_for_its_first(clerk):
    bundle = an_accepted_bundle(*a_basic_pair())
    response = clerk.get(f"/bundles/{bundle.code}")
    assert labels(response) == [
        ("受理", "2026-09-10", "now"),
        ("竣工", "待定", ""),
        ("生效", "待定", ""),
    ]
    assert response.context["actions"] == []
    assert [row.standing for row in response.context["members"]] == ["joining", "joining"]
    assert "还没有共享时长" in response.content.decode()


def test_a_scheduled_change_says_what_will_differ(clerk):
    company, fixed, mobile = a_basic_pair()
    bundle = a_bundle(company, fixed, mobile)
    new = a_member(company, "m2g")
    change = ChangeBundle(bundle_id=bundle.pk, tier=206, add=(new.pk,), remove=(), packs=None)
    bundles.accept_change(request=change, order_ref="o2", at=MID_OCTOBER)
    bundles.schedule(order_ref="o2", completed_at=MID_OCTOBER)
    response = clerk.get(f"/bundles/{bundle.code}")
    assert labels(response)[-1] == ("变更", "2026-11-01", "")
    assert response.context["coming"] == [
        "2026-11-01 起按变更后的条款：",
        "106 元档 A 方案改为 206 元档 A 方案。",
        f"{new.number} 加入。",
    ]


def test_a_scheduled_cancellation_shows_the_end_and_who_leaves(clerk):
    bundle = a_bundle(*a_basic_pair())
    request = CancelBundle(bundle_id=bundle.pk, new_plans={})
    bundles.accept_cancellation(request=request, order_ref="o2", at=MID_OCTOBER)
    bundles.schedule(order_ref="o2", completed_at=MID_OCTOBER)
    response = clerk.get(f"/bundles/{bundle.code}")
    assert labels(response)[-1] == ("终止", "2026-11-01", "")
    assert {row.standing for row in response.context["members"]} == {"leaving"}
    assert response.context["coming"] == ["2026-11-01 终止，成员回到各自的单产品套餐。"]


def test_an_agent_sees_the_bundle_but_cannot_change_it(client):
    bundle = a_bundle(*a_basic_pair())
    client.force_login(a_staff("agent"))
    assert "/orders/change" not in client.get(f"/bundles/{bundle.code}").content.decode()


def test_another_managers_bundle_is_not_there(client):
    bundle = a_bundle(*a_basic_pair())
    manager = a_staff("account_manager")
    client.force_login(manager)
    assert client.get(f"/bundles/{bundle.code}").status_code == 404
    assert client.get("/bundles/").context["list"].count == 0
    Customer.objects.filter(pk=bundle.customer_id).update(account_manager=manager)
    assert client.get(f"/bundles/{bundle.code}").status_code == 200
    assert client.get("/bundles/").context["list"].count == 1


def test_the_batch_operator_sees_no_bundles(client):
    bundle = a_bundle(*a_basic_pair())
    client.force_login(a_staff("batch_operator"))
    assert client.get(f"/bundles/{bundle.code}").status_code == 403
    assert client.get("/bundles/").status_code == 403


def test_bundles_are_filtered_and_exported(clerk):
    bundle = a_bundle(*a_basic_pair())
    assert clerk.get("/bundles/?state=pending").context["list"].count == 0
    assert clerk.get("/bundles/?state=in_force&q=晨光").context["list"].count == 1
    clerk.force_login(a_staff("supervisor", username="exporter"))
    text = clerk.get("/bundles/?export=csv").content.decode("utf-8-sig")
    assert text.splitlines()[1].startswith(
        f"{bundle.code},{bundle.customer.name},沃·商务基础版 A 106,basic-A-106,生效中,2,2026-10-01,"
    )
    assert [heading.label for heading in clerk.get("/bundles/").context["list"].headings][2:4] == [
        "产品",
        "状态",
    ]
