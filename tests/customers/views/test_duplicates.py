"""The worklist of pairs, and one pair side by side."""

import pytest

from bss.kernel.models import Approval
from bss.kernel.periods import local_moment
from customers.batch.duplicates import find_duplicates
from customers.models import DuplicatePair
from tests.builders.customers import a_company
from tests.builders.staff import a_staff

pytestmark = pytest.mark.django_db

TONIGHT = local_moment("2026-10-15T04:00")


@pytest.fixture(autouse=True)
def the_day(settings):
    settings.BUSINESS_TIME = "2026-10-15T10:00"


@pytest.fixture
def page(client):
    client.force_login(a_staff("supervisor"))
    return client


@pytest.fixture
def pair():
    a_company(name="北京晨光商贸有限公司")
    a_company(name="北京晨光商贸公司")
    find_duplicates(at=TONIGHT)
    return DuplicatePair.objects.select_related("first", "second").get()


def test_the_list_shows_what_waits_with_its_reason_and_score(page, pair):
    text = page.get("/customers/duplicates/").text
    assert [word in text for word in (pair.first.code, pair.second.code, "证件相同")] == [True] * 3
    assert "<b>100</b>" in text
    assert pair.first.code not in page.get("/customers/duplicates/?state=different").text
    assert pair.first.code in page.get("/customers/duplicates/?why=document&q=晨光").text
    assert pair.first.code not in page.get("/customers/duplicates/?why=phone").text


def test_side_by_side_nothing_is_shown_in_clear(page, pair):
    text = page.get(f"/customers/duplicates/{pair.pk}").text
    assert "91110105MA01C2XK3E" not in text
    assert "保留哪一位" in text


def test_a_merge_is_asked_for_and_not_done(page, pair):
    answer = page.post(
        f"/customers/duplicates/{pair.pk}", {"survivor": pair.second_id, "reason": "同一企业"}
    )
    approval = Approval.objects.get()
    assert answer.headers["Location"] == f"/oversight/approvals/{approval.pk}"
    assert approval.payload == {"survivor_id": pair.second_id, "merged_id": pair.first_id}
    pair.first.refresh_from_db()
    assert pair.first.merged_into is None


def test_what_cannot_be_merged_is_refused_with_the_reason(page, pair):
    pair.first.listed = "red"
    pair.first.save(update_fields=["listed"])
    address = f"/customers/duplicates/{pair.pk}"
    assert "名单（黑、红名单）不一致" in page.get(address).text
    answer = page.post(address, {"survivor": pair.second_id, "reason": "同一企业"})
    assert answer.status_code == 422
    assert not Approval.objects.exists()


def test_they_are_said_to_differ_with_a_reason(page, pair):
    address = f"/customers/duplicates/{pair.pk}/different"
    assert page.post(address, {"note": ""}).status_code == 422
    assert page.post(address, {"note": "两家分店"}).status_code == 302
    pair.refresh_from_db()
    assert (pair.state, pair.note) == ("different", "两家分店")
    assert page.post(address, {"note": "再次"}).status_code == 422


@pytest.mark.parametrize("role", ["clerk", "agent", "account_manager", "hq_viewer", "auditor"])
def test_only_who_may_merge_sees_pairs(client, pair, role):
    client.force_login(a_staff(role))
    for address in ("/customers/duplicates/", f"/customers/duplicates/{pair.pk}"):
        assert client.get(address).status_code == 403


def test_a_pair_of_which_one_side_is_out_of_reach_is_not_there(client, pair):
    staff = a_staff("supervisor", username="elsewhere")
    staff.roles.update(reach="assigned")
    pair.first.account_manager = staff
    pair.first.save(update_fields=["account_manager"])
    client.force_login(staff)
    assert client.get(f"/customers/duplicates/{pair.pk}").status_code == 404
    assert pair.first.code not in client.get("/customers/duplicates/").text
