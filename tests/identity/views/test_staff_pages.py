"""A1: the list of staff, one person's page, and what is done there."""

import re

import pytest
from django.urls import reverse

from bss.identity.models import Recovery, SubAccount
from bss.kernel import approvals, clock
from bss.kernel.models import Approval, Staff
from tests.builders.accounts import WHY, a_hired, a_province, a_system, at_work, place, two_officers
from tests.builders.staff import a_role, a_staff

pytestmark = pytest.mark.django_db
ONE_TIME = re.compile(r'id="one-time-password">([a-z0-9-]+)<')


@pytest.fixture
def house(client):
    a_province()
    for code in ("clerk", "agent", "auditor"):
        a_role(code)
    asker, approver = two_officers()
    clerk = at_work("clerk", number="clerk01")
    client.force_login(asker)
    return asker, approver, clerk


def url(name: str, *args: object) -> str:
    return reverse(f"identity:{name}", args=args)


@pytest.mark.parametrize(
    "address",
    ["/identity/staff/", "/identity/staff/clerk01", "/identity/organisations/",
     "/identity/organisations/HE", "/identity/roles/", "/identity/sub-accounts/",
     "/identity/hire", "/identity/staff/clerk01/move", "/identity/organisations/new"],
)  # fmt: skip
def test_who_does_not_look_after_accounts_sees_none_of_it(client, house, address) -> None:
    client.force_login(a_staff("supervisor"))

    assert client.get(address).status_code == 403


def test_the_list_says_where_as_what_and_how_each_account_stands(client, house) -> None:
    page = client.get(url("staff"))

    row = page.text[page.text.index(">clerk01<") :].split("</tr>")[0]
    assert [
        word in row for word in ("营业员甲", "石家庄中心营业厅", "营业员", "在岗", "未绑定")
    ] == [True] * 5


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("q=clerk", ["clerk01"]),
        ("place=HE0311", ["clerk01"]),
        ("role=security_officer", ["security01", "security02"]),
        ("state=disabled", []),
        ("state=idle", ["security02"]),
        ("sort=-number", ["security02", "security01", "clerk01"]),
    ],
)
def test_the_list_is_filtered_by_its_url(client, house, query, numbers) -> None:
    Staff.objects.filter(username="security02").update(idle_warned_at=clock.real_now())

    page = client.get(f"{url('staff')}?{query}")

    assert [row.username for row in page.context["list"].rows] == numbers


def test_the_list_leaves_as_a_file(client, house) -> None:
    lines = client.get(f"{url('staff')}?export=csv&q=clerk").content.decode("utf-8-sig")

    assert lines.splitlines() == [
        "工号,姓名,机构,角色,状态,上次登录,第二因子",
        "clerk01,营业员甲,石家庄中心营业厅,营业员,在岗,,未绑定",
    ]


def test_an_officer_of_another_province_finds_nobody_here(client, house) -> None:
    asker, _, _ = house
    asker.organisation = place("HE").__class__.objects.create(
        code="SX", name="山西分公司", level="province"
    )
    asker.save(update_fields=["organisation"])
    asker.roles.all().update(reach="province")

    assert client.get(url("staff_member", "clerk01")).status_code == 404
    assert client.get(url("staff_move", "clerk01")).status_code == 404
    assert client.get(url("organisation", "HE0311")).status_code == 404
    assert client.post(url("staff_disable", "clerk01"), {"reason": WHY}).status_code == 404
    assert [row.username for row in client.get(url("staff")).context["list"].rows] == ["security01"]
    assert Staff.objects.get(username="clerk01").state == "active"


def test_who_joins_gets_a_password_that_is_shown_once(client, house) -> None:
    given = {
        "number": "clerk08",
        "name": "秦朗",
        "phone": "13900003108",
        "organisation": place("HE031101").pk,
        "roles": ["clerk"],
        "reason": WHY,
    }

    page = client.post(url("hire"), given)

    [password] = ONE_TIME.findall(page.text)
    assert page.status_code == 200
    assert "no-store" in page.headers["Cache-Control"]
    assert Staff.objects.get(username="clerk08").check_password(password)
    assert Approval.objects.get().payload["roles"] == ["clerk"]
    again = client.post(url("hire"), given)
    assert (again.status_code, ONE_TIME.findall(again.text)) == (422, [])
    assert password not in client.get(url("staff_member", "clerk08")).text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"number": "CLERK"}, "工号以小写字母开头"),
        ({"organisation": ""}, "请选择机构。"),
        ({"reason": ""}, "请填写原因。"),
        ({"roles": ["clerk", "auditor"]}, "“审计员”与“营业员”不能由同一人担任"),
        ({"roles": ["superman"]}, "superman"),
    ],
)
def test_a_faulty_entry_comes_back_as_it_was_typed(client, house, changes, sentence) -> None:
    given = {"number": "clerk08", "name": "秦朗", "organisation": place("HE").pk, "reason": WHY}

    page = client.post(url("hire"), given | changes)

    assert page.status_code == 422
    assert sentence in page.text
    assert 'value="秦朗"' in page.text
    assert not Staff.objects.filter(display_name="秦朗").exists()


def test_a_move_is_done_on_its_page_and_stands_in_the_history(client, house) -> None:
    response = client.post(
        url("staff_move", "clerk01"),
        {"organisation": place("HE031102").pk, "roles": ["agent"], "reason": WHY},
    )
    assert response.headers["Location"] == url("staff_member", "clerk01")

    page = client.get(url("staff_member", "clerk01")).text
    assert "石家庄中心营业厅 → 正定营业厅" in page
    assert f"安全管理员甲 于 {clock.now():%Y-%m-%d}" in page  # the role waits for approval
    assert "没有角色，登录后不能办理业务。" in page


def test_disabling_and_leaving_are_done_on_their_pages(client, house) -> None:
    client.post(url("staff_disable", "clerk01"), {"reason": WHY})
    assert Staff.objects.get(username="clerk01").state == "disabled"

    client.post(url("staff_leave", "clerk01"), {"reason": WHY})
    assert Staff.objects.get(username="clerk01").state == "left"

    page = client.post(url("staff_leave", "clerk01"), {"reason": WHY})
    assert page.status_code == 422
    assert "营业员甲 已离职，帐号不能再变动；返岗请开立新工号。" in page.text


def test_recovery_takes_two_and_the_password_is_shown_once_to_the_asker(client, house) -> None:
    # given
    _, approver, clerk = house
    client.post(url("staff_recover", "clerk01"), {"reason": WHY})
    approval = Approval.objects.get()
    member = url("staff_member", "clerk01")
    assert client.get(member).context["ready"] is None

    # when
    approvals.decide(
        approval_id=approval.pk, decided_by_id=approver.pk, approve=True, at=clock.now()
    )
    assert "发放一次性密码" in client.get(member).text
    hand_over = url("hand_over", "clerk01", Recovery.objects.get().pk)
    page = client.post(hand_over)

    # then
    [password] = ONE_TIME.findall(page.text)
    assert Staff.objects.get(pk=clerk.pk).check_password(password)
    again = client.post(hand_over)
    assert (again.status_code, ONE_TIME.findall(again.text)) == (422, [])
    client.force_login(approver)
    assert client.get(member).context["ready"] is None


def test_roles_are_taken_and_asked_for_on_their_page(client, house) -> None:
    page = client.get(url("staff_roles", "clerk01"))
    assert page.context["form"]["roles"].value() == ["clerk"]

    client.post(url("staff_roles", "clerk01"), {"roles": ["agent"], "reason": WHY})

    assert list(Staff.objects.get(username="clerk01").roles.all()) == []
    assert Approval.objects.get().payload["roles"] == ["agent"]


def test_sub_accounts_are_opened_closed_and_listed(client, house) -> None:
    system = a_system("OA", roles=())
    given = {"system": system.pk, "account_name": "zhaoming", "reason": WHY}
    client.post(url("sub_account_open", "clerk01"), given)
    account = SubAccount.objects.get()

    listed = client.get(f"{url('sub_accounts')}?q=zhaoming&system=OA&state=open")
    assert [row.account_name for row in listed.context["list"].rows] == ["zhaoming"]
    close = url("sub_account_close", "clerk01", account.pk)
    assert client.post(close, {"reason": ""}).status_code == 422
    client.post(close, {"reason": WHY})

    account.refresh_from_db()
    assert account.state == "closed"


def test_an_officers_own_page_offers_nothing_to_do(client, house) -> None:
    page = client.get(url("staff_member", "security01"))

    assert page.context["acts"] == set()
    assert "这是您自己的帐号" in page.text
    refused = client.post(url("staff_leave", "security01"), {"reason": WHY})
    assert refused.status_code == 422
    assert "不能办理自己的帐号" in refused.text


def test_whoever_only_looks_is_offered_nothing_and_may_do_nothing(client, house) -> None:
    client.force_login(a_staff("hq_viewer"))

    page = client.get(url("staff_member", "clerk01"))

    assert page.context["acts"] == set()
    for name in ("staff_move", "staff_roles", "staff_disable", "staff_leave", "staff_recover"):
        assert client.post(url(name, "clerk01"), {"reason": WHY}).status_code == 403


def test_no_get_changes_anything(client, house) -> None:
    a_hired(house[0])
    before = [*Staff.objects.order_by("pk").values()]

    for name in ("staff_roles", "staff_move", "staff_disable", "staff_leave", "staff_recover"):
        assert client.get(url(name, "clerk08")).status_code == 200

    after = [*Staff.objects.order_by("pk").values()]
    assert [{**row, "last_login": None} for row in after] == [
        {**row, "last_login": None} for row in before
    ]


def test_the_role_table_says_what_each_role_may_do(client, house) -> None:
    page = client.get(url("roles"))

    by_code = {row.code: row.held for rows in page.context["areas"] for row in rows}
    codes = [role.code for role in page.context["roles"]]
    assert codes == ["agent", "auditor", "clerk", "security_officer"]
    assert by_code["payment.take"] == (False, False, True, False)
    assert by_code["audit.view"] == (False, True, False, False)
    assert by_code["staff.manage"] == (False, False, False, True)
