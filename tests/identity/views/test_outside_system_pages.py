"""A1 外部系统: the list, a new one, and what is done with one."""

import pytest
from django.urls import reverse

from bss.identity.models import OutsideSystem, SubAccount
from tests.builders.accounts import WHY, a_province, a_system, at_work, two_officers
from tests.builders.staff import a_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client):
    a_province()
    officer, _ = two_officers()
    client.force_login(officer)
    return officer


def url(name: str, *args: object) -> str:
    return reverse(f"identity:{name}", args=args)


def test_the_list_says_what_each_system_comes_with_and_how_many_have_it(client, officer) -> None:
    at_work("clerk", number="clerk01")
    given = {"code": "RES", "name": "号线资源", "roles": ["clerk"], "reason": WHY}
    assert client.post(url("system_add"), given).headers["Location"] == url("system", "RES")
    a_system("OA", roles=())
    OutsideSystem.objects.filter(code="OA").update(active=False)

    rows = client.get(url("systems")).context["rows"]

    assert [(row.code, roles, row.open_count, row.active) for row, roles in rows] == [
        ("OA", [], 0, False),
        ("RES", ["营业员"], 1, True),
    ]
    found = client.get(f"{url('systems')}?q=号线&state=active").context["rows"]
    assert [row.code for row, _ in found] == ["RES"]
    assert "RES" in client.get(f"{url('systems')}?export=csv").content.decode("utf-8-sig")


def test_a_system_is_changed_retired_and_taken_up_again(client, officer) -> None:
    at_work("clerk", number="clerk01")
    a_system("RES", roles=())

    def act(what: str, **typed: object) -> int:
        return client.post(url("system_act", "RES", what), {"reason": WHY, **typed}).status_code

    assert act("change", name="资源", roles=["clerk"]) == 302
    assert act("retire") == 302
    assert "停用" in client.get(url("system", "RES")).text
    assert act("reopen") == 302
    states = SubAccount.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["closed", "open"]
    assert OutsideSystem.objects.get().name == "资源"


def test_what_cannot_be_done_comes_back_with_its_reason(client, officer) -> None:
    a_system("RES")
    taken = client.post(url("system_add"), {"code": "RES", "name": "再一个", "reason": WHY})
    blank = client.post(url("system_act", "RES", "retire"), {"reason": ""})
    again = client.post(url("system_act", "RES", "reopen"), {"reason": WHY})

    assert (taken.status_code, blank.status_code, again.status_code) == (422, 422, 422)
    assert "系统编号 RES 已有系统使用" in taken.text
    assert "请填写原因" in blank.text
    assert "在用，不需要恢复" in again.text
    assert client.get(url("system", "NONE")).status_code == 404
    assert client.get(url("system_act", "RES", "burn")).status_code == 404


def test_headquarters_see_systems_and_change_none(client, officer) -> None:
    a_system("RES")
    client.force_login(a_staff("hq_viewer"))

    page = client.get(url("system", "RES"))

    assert page.status_code == 200
    assert page.context["acts"] == []
    assert url("system_add") not in client.get(url("systems")).text
    assert client.post(url("system_act", "RES", "retire"), {"reason": WHY}).status_code == 403
