"""First sign-in and aged passwords: nothing opens before the password has been changed."""

from datetime import timedelta

import pytest
from django.urls import reverse

from bss.kernel import clock
from bss.kernel.models import Staff
from tests.builders.staff import PASSWORD, a_staff

pytestmark = pytest.mark.django_db
NEW = "十年树木，百年树人-1956"


@pytest.fixture
def clerk():
    return a_staff("clerk")


def with_password(staff: Staff, *, must_change: bool, days_old: float) -> None:
    set_at = clock.real_now() - timedelta(days=days_old)
    Staff.objects.filter(pk=staff.pk).update(
        must_change_password=must_change, password_set_at=set_at
    )


@pytest.mark.parametrize(
    ("must_change", "days_old", "where"),
    [
        (False, 0, None),
        (False, 89, None),
        (False, 91, "identity:password"),
        (True, 0, "identity:password"),
        (True, 2.9, "identity:password"),
        (True, 3.1, "login"),
    ],
)
def test_where_a_signed_in_person_is_sent(client, clerk, must_change, days_old, where) -> None:
    with_password(clerk, must_change=must_change, days_old=days_old)
    client.force_login(clerk)

    response = client.get("/customers/")

    if where is None:
        assert response.status_code == 200
    else:
        assert (response.status_code, response.headers["Location"]) == (302, reverse(where))


def test_an_expired_one_time_password_signs_out(client, clerk) -> None:
    with_password(clerk, must_change=True, days_old=4)
    client.force_login(clerk)

    page = client.get("/customers/", follow=True)

    assert "_auth_user_id" not in client.session
    assert "一次性密码已过期，请联系安全管理员重新恢复帐号。" in page.text


@pytest.mark.parametrize("method", ["get", "post"])
def test_no_page_and_no_form_is_open_before(client, clerk, method) -> None:
    with_password(clerk, must_change=True, days_old=0)
    client.force_login(clerk)

    response = getattr(client, method)("/customers/new", {"name": "北京晨光商贸有限公司"})

    assert response.headers["Location"] == "/identity/password"


def test_parts_and_programs_are_told_in_their_own_way(client, clerk) -> None:
    with_password(clerk, must_change=True, days_old=0)
    client.force_login(clerk)

    part = client.get("/customers/", headers={"HX-Request": "true"})
    program = client.get("/customers/", headers={"Accept": "application/json"})

    assert (part.status_code, part.headers["HX-Redirect"]) == (200, "/identity/password")
    assert (program.status_code, program.json()["title"]) == (403, "请先更换密码。")


def test_changing_and_leaving_stay_open(client, clerk) -> None:
    with_password(clerk, must_change=True, days_old=0)
    client.force_login(clerk)

    assert client.get("/identity/password").status_code == 200
    assert client.post("/logout").status_code == 302


def test_after_the_change_the_session_goes_on_and_the_others_end(client, clerk) -> None:
    # given two browsers
    with_password(clerk, must_change=True, days_old=0)
    other = type(client)()
    for browser in (client, other):
        browser.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")

    # when
    given = {"current": PASSWORD, "new": NEW, "again": NEW}
    response = client.post("/identity/password", given)

    # then
    assert response.headers["Location"] == "/"
    assert client.get("/customers/").status_code == 200
    assert other.get("/customers/").headers["Location"] == "/login?next=/customers/"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"current": "wrong"}, "现用密码不对，请核对大小写后重新输入。"),
        ({"again": "something-else-7"}, "两次输入的新密码不一样，请重新输入。"),
        ({"new": "short", "again": "short"}, "密码太短，至少要 12 个字符。"),
        ({"new": "", "again": ""}, "请填写新密码。"),
    ],
)
def test_a_faulty_change_says_what_to_do(client, clerk, changes, sentence) -> None:
    client.force_login(clerk)

    given = {"current": PASSWORD, "new": NEW, "again": NEW} | changes
    response = client.post("/identity/password", given)

    assert response.status_code == 422
    assert sentence in response.text
    assert Staff.objects.get(pk=clerk.pk).check_password(PASSWORD)
