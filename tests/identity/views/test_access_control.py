"""When and from where people may work (S85-3)."""

from datetime import time

import pytest

from bss.identity.models import AllowedNetwork, OpeningHours, WorkSession
from bss.kernel.models import AuditEntry, Organisation
from tests.builders.staff import PASSWORD, a_staff

pytestmark = pytest.mark.django_db

TUESDAY_MORNING, TUESDAY_NIGHT = "2026-11-10T10:00", "2026-11-10T21:00"
SUNDAY = "2026-11-15T10:00"


@pytest.fixture
def city():
    return Organisation.objects.create(code="W1", name="长河市分公司", level="city")


@pytest.fixture
def hall(city):
    return Organisation.objects.create(code="W11", name="望江营业厅", level="hall", parent=city)


@pytest.fixture
def clerk(hall):
    staff = a_staff("clerk", username="w11clerk")
    staff.organisation = hall
    staff.save()
    return staff


def open_on_workdays(organisation):
    OpeningHours.objects.bulk_create(
        OpeningHours(organisation=organisation, day=day, opens=time(8, 30), closes=time(18))
        for day in range(5)
    )


def sign_in(client, staff):
    client.post("/login", {"username": staff.username, "password": PASSWORD})
    return WorkSession.objects.filter(staff=staff).exists()


def test_inside_the_hours_one_signs_in(client, settings, clerk, hall):
    open_on_workdays(hall)
    settings.BUSINESS_TIME = TUESDAY_MORNING

    assert sign_in(client, clerk)


@pytest.mark.parametrize(
    ("moment", "sentence"),
    [
        (TUESDAY_NIGHT, "现在不在望江营业厅的办理时间内（08:30–18:00）。请在办理时间内再来。"),
        (SUNDAY, "望江营业厅今天不办理业务。请在办理时间内再来。"),
    ],
)
def test_outside_the_hours_the_sign_in_is_refused_with_the_sentence(
    client, settings, clerk, hall, moment, sentence
):
    open_on_workdays(hall)
    settings.BUSINESS_TIME = moment

    assert not sign_in(client, clerk)
    assert sentence in client.get("/login").text
    assert AuditEntry.objects.get(action="sign_in.out_of_bounds").reason == sentence


def test_a_hall_without_its_own_hours_follows_the_city(client, settings, clerk, city):
    open_on_workdays(city)
    settings.BUSINESS_TIME = TUESDAY_NIGHT

    assert not sign_in(client, clerk)


def test_its_own_hours_go_before_the_citys(client, settings, clerk, hall, city):
    open_on_workdays(city)
    OpeningHours.objects.create(organisation=hall, day=1, opens=time(20), closes=time(22))
    settings.BUSINESS_TIME = TUESDAY_NIGHT

    assert sign_in(client, clerk)


def test_after_closing_one_may_still_look_but_not_act(client, settings, clerk, hall):
    open_on_workdays(hall)
    settings.BUSINESS_TIME = TUESDAY_NIGHT
    client.force_login(clerk)

    assert client.get("/customers/").status_code == 200
    refused = client.post("/customers/new", {"name": "甲"})
    assert refused.status_code == 403
    assert "现在不在望江营业厅的办理时间内" in refused.text
    assert client.post("/logout").status_code == 302


def test_from_another_network_neither_sign_in_nor_a_stolen_session_works(client, clerk, city):
    AllowedNetwork.objects.create(organisation=city, network="127.0.0.0/8")
    assert sign_in(client, clerk)

    elsewhere = client.get("/customers/", REMOTE_ADDR="192.0.2.7")
    assert elsewhere.status_code == 403
    assert "不能从这个地址（192.0.2.7）工作" in elsewhere.text

    client.post("/logout")
    WorkSession.objects.all().delete()
    AllowedNetwork.objects.update(network="10.0.0.0/8")
    assert not sign_in(client, clerk)


def test_hours_and_networks_are_set_on_their_page_and_hold_at_once(client, settings, clerk, hall):
    settings.BUSINESS_TIME = SUNDAY
    client.force_login(a_staff("security_officer"))
    filled = {"opens_0": "08:30", "closes_0": "18:00", "networks": "10.1.2.3/16\n2001:db8::/32\n"}

    answer = client.post("/identity/access-hours/W11", filled)

    assert answer.headers["Location"] == "/identity/access-hours"
    page = client.get("/identity/access-hours").text
    assert "星期一 08:30–18:00" in page
    assert "10.1.0.0/16" in page
    entry = AuditEntry.objects.get(action="access_control.set")
    assert entry.detail["after"] == {
        "hours": ["1 08:30-18:00"],
        "networks": ["10.1.0.0/16", "2001:db8::/32"],
    }


@pytest.mark.parametrize(
    ("filled", "sentence"),
    [
        ({"networks": "10.1.0.0/16\nhall"}, "第 2 行“hall”不是地址或网段。"),
        ({"opens_3": "08:30"}, "开始和结束要一起填，或者都不填。"),
        ({"opens_3": "8.30", "closes_3": "18:00"}, "请按 时:分 填写，例如 08:30。"),
    ],
)
def test_what_cannot_be_is_given_back_with_its_sentence(client, hall, filled, sentence):
    client.force_login(a_staff("security_officer"))

    answer = client.post("/identity/access-hours/W11", filled)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert OpeningHours.objects.count() == 0


def test_nobody_locks_themselves_out_by_a_slip(client, city, hall):
    officer = a_staff("security_officer")
    officer.organisation = hall
    officer.save()
    client.force_login(officer)

    answer = client.post("/identity/access-hours/W1", {"networks": "10.0.0.0/8"})

    assert answer.status_code == 422
    assert "您自己的地址 127.0.0.1 不在里面" in answer.text
