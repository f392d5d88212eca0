"""A1 组织机构: the tree and one place in it."""

import pytest
from django.urls import reverse

from bss.kernel.models import Organisation
from tests.builders.accounts import WHY, a_province, at_work, place, two_officers

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client):
    a_province()
    officer, _ = two_officers()
    client.force_login(officer)
    return officer


def url(name: str, *args: object) -> str:
    return reverse(f"identity:{name}", args=args)


def test_the_tree_stands_from_the_top_down_with_its_people(client, officer) -> None:
    at_work("clerk", number="clerk01")
    at_work("clerk", number="clerk02", where="HE031102")

    rows = client.get(url("organisations")).context["rows"]

    assert [(row.name, depth, row.people) for row, depth in rows] == [
        ("河北分公司", 0, 2),
        ("石家庄分公司", 1, 2),
        ("正定县分公司", 2, 1),
        ("正定营业厅", 3, 1),
        ("石家庄中心营业厅", 2, 1),
    ]


def test_the_tree_is_in_the_order_of_numbers_not_of_their_digits(client, officer) -> None:
    city = place("HE0311")
    for number in (999_999, 1_000_000):
        Organisation.objects.create(
            pk=number, code=f"H{number}", name=f"第{number}厅", level="hall", parent=city
        )

    names = [row.name for row, _ in client.get(url("organisations")).context["rows"]]

    assert names[-2:] == ["第999999厅", "第1000000厅"]
    form = client.get(url("organisation_add")).context["form"]
    assert [str(one.code) for one in form.fields["parent"].queryset][:2] == ["HE", "HE0311"]


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("q=正定", ["HE-Z1", "HE031102"]),
        ("level=hall&sort=code", ["HE031101", "HE031102"]),
        ("state=closed", ["HE031101"]),
        ("sort=-people", None),
    ],
)
def test_the_tree_is_filtered_by_its_url(client, officer, query, codes) -> None:
    Organisation.objects.filter(code="HE031101").update(active=False)

    rows = client.get(f"{url('organisations')}?{query}").context["rows"]

    assert codes is None or [row.code for row, _ in rows] == codes
    assert {depth for _, depth in rows} == {0}


def test_a_place_is_founded_renamed_moved_closed_and_opened_again(client, officer) -> None:
    given = {"parent": "HE0311", "level": "hall", "code": "HE031103", "name": "裕华营业厅"}
    assert client.post(url("organisation_add"), given).headers["Location"] == url(
        "organisation", "HE031103"
    )

    def act(what: str, **typed: object) -> int:
        return client.post(url("organisation_act", "HE031103", what), typed).status_code

    assert act("rename", name="裕华路营业厅") == 302
    assert act("move", parent=place("HE-Z1").pk, reason=WHY) == 302
    assert act("close", reason=WHY) == 302
    hall = place("HE031103")
    assert (hall.name, hall.parent.code, hall.active) == ("裕华路营业厅", "HE-Z1", False)
    assert act("reopen", reason=WHY) == 302
    assert place("HE031103").active


def test_a_refusal_opens_the_form_again_with_its_sentence(client, officer) -> None:
    page = client.post(url("organisation_act", "HE0311", "close"), {"reason": WHY})

    assert page.status_code == 422
    assert "石家庄分公司 还有下级机构 2 个，请先迁出再撤销。" in page.text
    assert [one["open"] for one in page.context["acts"]] == [False, False, True]


def test_a_wrong_level_is_refused_on_the_form(client, officer) -> None:
    given = {"parent": "HE0311", "level": "province", "code": "HB", "name": "湖北分公司"}

    page = client.post(url("organisation_add"), given)

    assert page.status_code == 422
    assert "省不能设在石家庄分公司(市)之下：上级须为 总部。" in page.text
    assert not Organisation.objects.filter(code="HB").exists()


def test_there_is_nothing_else_to_do_with_a_place(client, officer) -> None:
    assert client.post(url("organisation_act", "HE", "delete")).status_code == 404
    assert client.get(url("organisation_act", "HE", "close")).status_code == 302
    assert place("HE").active
