"""The tree: added to, renamed, moved, closed."""

import pytest
from django.db import IntegrityError, transaction

from bss.identity.services import organisations
from bss.kernel.errors import BadInputError
from bss.kernel.models import AuditEntry, Organisation, Staff
from channels.services.channels import register_channel
from tests.builders.accounts import MORNING, WHY, a_province, at_work, place, two_officers

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    a_province()
    return two_officers()[0]


def by(officer: Staff) -> dict[str, object]:
    return {"by_id": officer.pk, "at": MORNING}


def add(officer: Staff, **changes: object) -> Organisation:
    given = {
        "code": "HE031103",
        "name": "裕华营业厅",
        "level": "hall",
        "parent_id": place("HE0311").pk,
        "area": "",
    }
    return organisations.add_organisation(**(given | changes), **by(officer))


def tree() -> list[tuple[str, str, object, bool]]:
    return [*Organisation.objects.order_by("code").values_list("code", "name", "parent", "active")]


def refused(service, **given: object) -> list[str]:
    """The sentences; and that the tree is as it was."""
    before = tree()
    with pytest.raises(BadInputError) as error:
        service(**given)
    assert tree() == before
    return [sentence for _, sentence in error.value.faults]


def test_a_hall_is_founded_in_its_city_with_the_citys_area(officer) -> None:
    hall = add(officer)

    assert (hall.parent, hall.area, hall.active) == (place("HE0311"), "0311", True)
    entry = AuditEntry.objects.get(action="organisation.added")
    assert (entry.subject, entry.staff) == (f"organisation:{hall.pk}", officer)
    assert entry.detail == {
        "after": {"name": "裕华营业厅", "level": "hall", "parent": "石家庄分公司"}
    }


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"code": "he1"}, "机构编号以大写字母开头，只含大写字母、数字和连字符，2 至 20 位。"),
        ({"code": "HE031101"}, "机构编号 HE031101 已有机构使用，请另取一个。"),
        (
            {"name": "石家庄中心营业厅"},
            "石家庄分公司 下已有名为“石家庄中心营业厅”的机构，请另取名称。",
        ),
        ({"name": " "}, "请填写机构名称。"),
        (
            {"level": "city", "code": "X1"},
            "市不能设在石家庄分公司(市)之下：上级须为 省。",
        ),
        (
            {"level": "hall", "parent_id": None},
            "营业厅不能设在最上级之下：上级须为 县、市。",
        ),
    ],
)
def test_what_does_not_fit_is_refused(officer, changes, sentence) -> None:
    assert refused(add, officer=officer, **changes) == [sentence]


def test_a_new_name_leaves_the_code(officer) -> None:
    organisations.rename_organisation(
        organisation_id=place("HE0311").pk, name="石家庄市分公司", **by(officer)
    )

    assert place("HE0311").name == "石家庄市分公司"
    assert AuditEntry.objects.get(action="organisation.renamed").detail == {
        "before": "石家庄分公司",
        "after": "石家庄市分公司",
    }


def test_a_moved_county_takes_its_halls_along(officer) -> None:
    add(officer, code="HE0315", name="唐山分公司", level="city",
                   parent_id=place("HE").pk, area="0315")  # fmt: skip

    tangshan = place("HE0315")
    organisations.move_organisation(
        organisation_id=place("HE-Z1").pk, parent_id=tangshan.pk, reason=WHY, **by(officer)
    )

    assert place("HE-Z1").path == f"{tangshan.path}{place('HE-Z1').pk}/"
    assert place("HE031102").path.startswith(place("HE-Z1").path)


@pytest.mark.parametrize(
    ("code", "parent"), [("HE0311", "HE-Z1"), ("HE0311", "HE031101"), ("HE", "HE0311")]
)
def test_nothing_is_moved_beneath_itself(officer, code, parent) -> None:
    [sentence] = refused(
        organisations.move_organisation,
        organisation_id=place(code).pk,
        parent_id=place(parent).pk,
        reason=WHY,
        **by(officer),
    )

    assert "不能设在" in sentence


def test_a_place_with_people_channels_or_branches_stays_open(officer) -> None:
    at_work("clerk", number="clerk01", where="HE0311")
    register_channel(
        code="DEALER-1", name="代理店", kind="dealer", organisation_id=place("HE0311").pk
    )

    assert refused(
        organisations.close_organisation,
        organisation_id=place("HE0311").pk,
        reason=WHY,
        **by(officer),
    ) == [
        "石家庄分公司 还有下级机构 2 个，请先迁出再撤销。",
        "石家庄分公司 还有人员 1 个，请先迁出再撤销。",
        "石家庄分公司 还有在用渠道 1 个，请先迁出再撤销。",
    ]


def test_an_empty_place_is_closed_stays_on_record_and_can_be_opened_again(officer) -> None:
    hall = place("HE031102")
    organisations.close_organisation(organisation_id=hall.pk, reason=WHY, **by(officer))
    assert not place("HE031102").active
    assert refused(
        organisations.rename_organisation, organisation_id=hall.pk, name="新名", **by(officer)
    ) == ["正定营业厅 已撤销，请先恢复再办理。"]

    organisations.reopen_organisation(organisation_id=hall.pk, reason=WHY, **by(officer))

    assert place("HE031102").active
    assert refused(
        organisations.reopen_organisation, organisation_id=hall.pk, reason=WHY, **by(officer)
    ) == ["正定营业厅 在用，不需要恢复。"]


def test_nothing_is_founded_in_a_closed_place(officer) -> None:
    Organisation.objects.filter(code="HE-Z1").update(active=False)

    assert refused(add, officer=officer, parent_id=place("HE-Z1").pk) == [
        "正定县分公司 已撤销，不能再设下级机构。"
    ]


def test_the_database_keeps_headquarters_on_top(officer) -> None:
    with pytest.raises(IntegrityError, match="headquarters_stand_on_top"), transaction.atomic():
        Organisation.objects.create(
            code="HQ", name="总部", level="headquarters", parent=place("HE")
        )
