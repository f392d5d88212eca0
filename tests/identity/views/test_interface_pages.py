import re

import pytest

from bss.identity.models import InterfaceNumber
from tests.api.people import a_caller
from tests.builders.interfaces import a_place, an_interface, ask_token
from tests.builders.staff import a_staff

pytestmark = pytest.mark.django_db

LIST = "/identity/interfaces/"


@pytest.fixture
def manager():
    return a_caller("manager1")


@pytest.fixture
def officer(client):
    client.force_login(a_staff("security_officer"))
    return client


def a_form(manager, **other):
    return {
        "name": "测试银行代收",
        "responsible": manager.pk,
        "scopes": ["customer.view"],
        "days": ["0", "1"],
        "opens": "08:30",
        "closes": "18:00",
        "networks": "203.0.113.0/24",
        **other,
    }


def an_opening(manager, **other):
    return a_form(manager, kind="bank", organisation=a_place().pk, **other)


def the_secret(page: str) -> str:
    return re.search(r'class="mono secret">([^<]+)<', page)[1]


def test_opening_shows_the_secret_once(officer, manager):
    always = {"opens": "00:00", "closes": "00:00", "days": list("0123456"), "networks": ""}
    answer = officer.post(f"{LIST}open", an_opening(manager, **always))

    interface = InterfaceNumber.objects.get()
    secret = the_secret(answer.text)
    assert ask_token(interface, secret).status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert secret not in officer.get(f"{LIST}{interface.number}").text


def test_what_was_filled_in_is_kept(officer, manager):
    officer.post(f"{LIST}open", an_opening(manager))

    interface = InterfaceNumber.objects.get()
    assert (interface.number, interface.scopes, interface.days) == (
        "1-HE01-01", ["customer.view"], [0, 1],
    )  # fmt: skip
    assert (f"{interface.opens:%H:%M}", f"{interface.closes:%H:%M}") == ("08:30", "18:00")
    assert interface.networks == ["203.0.113.0/24"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"networks": "somewhere"}, "“somewhere”不是地址或网段"),
        ({"scopes": []}, "请选择权限。"),
        ({"days": []}, "请选择可办理日。"),
        ({"opens": "25:00"}, "自"),
        ({"name": ""}, "请填写名称。"),
        ({"scopes": ["staff.manage"]}, "staff.manage"),
    ],
)
def test_a_form_that_cannot_be_meant_comes_back(officer, manager, change, sentence):
    answer = officer.post(f"{LIST}open", an_opening(manager, **change))

    assert answer.status_code == 422
    assert sentence in answer.text
    assert not InterfaceNumber.objects.exists()


def test_scopes_beyond_who_answers_are_refused_with_the_rule(officer, manager):
    role = manager.roles.get()
    role.permissions = ["api.use"]
    role.save()

    answer = officer.post(f"{LIST}open", an_opening(manager))

    assert answer.status_code == 422
    assert "没有 customer.view 权限，接口的权限不能超过负责人" in answer.text
    assert not InterfaceNumber.objects.exists()


def test_terms_are_changed_and_the_number_stays(officer, manager):
    interface, _ = an_interface(manager)
    form = a_form(manager, name="改名银行")

    answer = officer.post(f"{LIST}{interface.number}/change", form)

    interface.refresh_from_db()
    assert answer.status_code == 302
    assert (interface.name, interface.number) == ("改名银行", "1-HE01-01")


def test_closing_needs_a_reason_and_opening_again_does_not(officer, manager):
    interface, secret = an_interface(manager)
    at = f"{LIST}{interface.number}"

    assert officer.post(f"{at}/close", {"reason": ""}).status_code == 422
    officer.post(f"{at}/close", {"reason": "合作终止"})
    assert InterfaceNumber.objects.get().state == "closed"
    assert ask_token(interface, secret).status_code == 401
    officer.post(f"{at}/reopen")
    assert InterfaceNumber.objects.get().state == "open"
    assert ask_token(interface, secret).status_code == 200


def test_a_new_secret_is_shown_and_the_old_one_is_void(officer, manager):
    interface, old = an_interface(manager)

    new = the_secret(officer.post(f"{LIST}{interface.number}/rotate").text)

    assert ask_token(interface, old).status_code == 401
    assert ask_token(interface, new).status_code == 200


def test_the_list_is_searched_and_filtered(officer, manager):
    an_interface(manager, name="测试银行代收")
    an_interface(manager, kind="website", name="测试网厅")

    assert "测试网厅" in officer.get(LIST).text
    assert "测试网厅" not in officer.get(LIST, {"q": "银行"}).text
    assert "测试银行代收" not in officer.get(LIST, {"kind": "website"}).text
    assert "还没有接口号" not in officer.get(LIST, {"state": "open"}).text


@pytest.mark.parametrize("number", ["9-NO-01", "a/b"])
def test_a_number_that_is_none_is_not_found(officer, number):
    assert officer.get(f"{LIST}{number}").status_code == 404


@pytest.mark.parametrize("role", ["clerk", "account_manager", "supervisor", "auditor"])
def test_only_security_officers_manage_interfaces(client, manager, role):
    interface, _ = an_interface(manager)
    client.force_login(a_staff(role, username=f"other_{role}"))

    for address in (LIST, f"{LIST}open", f"{LIST}{interface.number}"):
        assert client.get(address).status_code == 403
    for act in ("change", "close", "reopen", "rotate"):
        assert client.post(f"{LIST}{interface.number}/{act}").status_code == 403
