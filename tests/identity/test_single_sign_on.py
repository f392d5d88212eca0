"""Single sign-on against a provider on this machine: it vouches for staff and makes none."""

import urllib.request
from urllib.error import HTTPError

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from bss.identity.models import WorkSession
from bss.identity.stepup import PROVED
from bss.kernel.models import AuditEntry, Staff
from tests.builders.openid import a_house, app_of
from tests.builders.second_factor import SECRET, code_of_app
from tests.builders.staff import a_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(settings):
    with a_house() as house:
        settings.OIDC_ISSUER, settings.OIDC_NAME = house.issuer, "省公司门户"
        settings.SOCIALACCOUNT_PROVIDERS = app_of(house)
        yield house


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: object) -> None:
        return None


def round_trip(client, path="/login/with/house"):
    """To the other house and back, as a browser goes."""
    there = client.post(path)
    assert there.status_code == 302, there.text
    try:
        urllib.request.build_opener(_Stay).open(there.headers["Location"], timeout=10)
    except HTTPError as answer:
        back = answer.headers["Location"]
        answer.close()
    return client.get(back.removeprefix("http://testserver"))


def who(staff, sub="u-1"):
    return {"sub": sub, "preferred_username": staff.username, "name": "甲"}


def test_it_is_off_until_an_issuer_is_configured(client):
    assert "login/with" not in client.get("/login").text
    assert client.post("/login/with/house").status_code == 404


def test_staff_of_both_houses_come_in_and_where_they_wanted_to_go(client, house):
    staff = a_staff("supervisor")
    house.person = who(staff)
    assert "用省公司门户登录" in client.get("/login?next=/rules").text

    answer = round_trip(client, "/login/with/house?next=/rules")

    assert answer.headers["Location"] == "/rules"
    session = WorkSession.objects.get()
    assert (session.staff, session.means) == (staff, "single_sign_on")
    assert PROVED not in client.session


def test_who_comes_again_is_known_by_the_lasting_id(client, house):
    staff = a_staff("supervisor")
    house.person = who(staff)
    round_trip(client)
    round_trip(Client())

    assert SocialAccount.objects.count() == 1
    assert WorkSession.objects.count() == 2


def test_nobody_is_made_here(client, house):
    house.person = {"sub": "u-2", "preferred_username": "stranger"}

    answer = round_trip(client)

    assert answer.headers["Location"] == "/login"
    assert "没有对应的在岗工号" in client.get("/login").text
    assert Staff.objects.count() == 0
    assert AuditEntry.objects.get(action="sign_in.refused").reason == "no such active staff"


def test_who_has_left_here_does_not_come_back_through_the_other_house(client, house):
    staff = a_staff("supervisor")
    staff.disable()
    staff.save()
    house.person = who(staff)

    round_trip(client)

    assert WorkSession.objects.count() == 0


def test_another_id_under_the_same_number_is_refused(client, house):
    staff = a_staff("supervisor")
    house.person = who(staff)
    round_trip(client)
    house.person = who(staff, sub="u-9")

    round_trip(Client())

    assert WorkSession.objects.count() == 1


def test_a_known_id_under_another_number_is_refused(client, house):
    house.person = who(a_staff("supervisor"))
    round_trip(client)
    house.person = who(a_staff("clerk"))

    round_trip(Client())

    assert WorkSession.objects.count() == 1


def test_the_second_factor_of_this_house_is_asked_all_the_same(client, house):
    staff = a_staff("supervisor")
    TOTP.activate(staff, SECRET)
    house.person = who(staff)

    assert round_trip(client).headers["Location"] == "/login/code"
    assert WorkSession.objects.count() == 0
    client.post("/login/code", {"code": code_of_app()})
    assert WorkSession.objects.count() == 1


def test_a_code_that_was_begun_elsewhere_opens_nothing(client, house):
    house.person = who(a_staff("supervisor"))
    code = "stolen"
    house.codes[code] = {"code_challenge": "of another browser"}

    answer = client.get("/login/with/house/back", {"code": code, "state": "made up"})

    assert answer.headers["Location"] == "/login"
    assert "单点登录没有完成" in client.get("/login").text
    assert WorkSession.objects.count() == 0
