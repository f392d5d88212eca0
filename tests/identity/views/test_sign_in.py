"""Signing in: password, second step, and what is said when it does not work."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP

from bss.identity.models import WorkSession
from bss.kernel import access
from bss.kernel.models import AuditEntry
from tests.builders.second_factor import SECRET, code_of_app
from tests.builders.staff import PASSWORD, a_staff

pytestmark = pytest.mark.django_db


def sign_in(client, staff, password=PASSWORD, **more):
    return client.post("/login", {"username": staff.username, "password": password, **more})


def test_signing_in_begins_a_session_with_its_place_and_means(client):
    staff = a_staff("clerk")

    response = sign_in(client, staff, next="/rules")

    assert response.headers["Location"] == "/rules"
    session = WorkSession.objects.get()
    assert (session.staff, session.means, session.address) == (staff, "password", "127.0.0.1")
    assert AuditEntry.objects.get(action="sign_in.done").subject == f"staff:{staff.pk}"


def test_with_an_app_the_password_alone_opens_nothing(client):
    staff = a_staff("supervisor")
    TOTP.activate(staff, SECRET)

    response = sign_in(client, staff, next="/rules")

    assert response.headers["Location"] == "/login/code"
    assert client.get("/rules").status_code == 302
    assert WorkSession.objects.count() == 0


def test_the_code_of_the_app_is_the_second_step_and_leads_where_one_wanted(client):
    staff = a_staff("supervisor")
    TOTP.activate(staff, SECRET)
    sign_in(client, staff, next="/rules")

    response = client.post("/login/code", {"code": code_of_app()})

    assert (response.status_code, response.headers["Location"]) == (302, "/rules")
    assert WorkSession.objects.get().means == "second_factor"


def test_a_recovery_code_stands_in_for_the_app_once(client):
    staff = a_staff("supervisor")
    TOTP.activate(staff, SECRET)
    code = RecoveryCodes.activate(staff).get_unused_codes()[0]

    sign_in(client, staff)
    assert client.post("/login/code", {"code": code}).status_code == 302
    client.post("/logout")
    sign_in(client, staff)

    assert client.post("/login/code", {"code": code}).status_code == 422


def test_the_secret_of_an_app_is_sealed_in_the_database(client):
    TOTP.activate(a_staff("supervisor"), SECRET)

    assert SECRET not in str(Authenticator.objects.get().data)


def test_one_may_start_again_with_another_number_instead_of_the_second_step(client):
    staff, other = a_staff("supervisor"), a_staff("clerk")
    TOTP.activate(staff, SECRET)
    sign_in(client, staff)

    client.post("/logout")

    assert sign_in(client, other).headers["Location"] == "/"


@pytest.mark.parametrize(
    ("number", "password"), [("clerk", "wrong"), ("nobody", "wrong"), ("left", PASSWORD)]
)
def test_every_wrong_sign_in_is_answered_with_the_same_page(client, number, password):
    a_staff("clerk")
    gone = a_staff("agent", username="left")
    gone.disable()
    gone.save()

    response = client.post("/login", {"username": number, "password": password})

    assert response.status_code == 422
    assert "工号或密码不对。请检查后再试。" in response.text


def test_a_role_that_must_have_a_second_factor_enrols_before_it_works(client, settings):
    settings.SECOND_FACTOR_ROLES = ("supervisor",)
    staff = a_staff("supervisor")
    sign_in(client, staff)

    assert client.get("/rules").headers["Location"] == "/identity/second-factor"
    assert "请先添加第二重验证" in client.get("/identity/second-factor").text
    client.get("/identity/second-factor/app")
    secret = client.session["mfa.totp.secret"]
    response = client.post("/identity/second-factor/app", {"code": code_of_app(secret)})

    assert response.headers["Location"] == "/identity/second-factor/codes"
    assert "只显示这一次" in client.get("/identity/second-factor/codes").text
    assert client.get("/rules").status_code == 200
    assert AuditEntry.objects.filter(action="second_factor.enrolled").count() == 1


def test_the_last_factor_of_a_role_that_must_have_one_stays(client, settings):
    settings.SECOND_FACTOR_ROLES = ("supervisor",)
    staff = a_staff("supervisor")
    TOTP.activate(staff, SECRET)
    client.force_login(staff)

    response = client.post("/identity/second-factor/app/remove")

    assert response.status_code == 422
    assert "最后一种不能删除" in response.text
    assert Authenticator.objects.count() == 1


@pytest.mark.parametrize(
    ("language", "said"),
    [("zh-hans", "忘了密码请找安全管理员"), ("en", "Forgot it? See the security officer")],
)
def test_who_forgot_a_password_is_sent_to_one_who_can_let_them_in_again(
    client, settings, language, said
):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language

    page = client.get("/login").text

    assert said in page
    assert access.can(a_staff("security_officer"), "staff.manage")
    assert not access.can(a_staff("supervisor"), "staff.manage")
