import re

import pytest
from rest_framework.test import APIClient

from bss.identity.models import PersonalToken
from bss.kernel.models import AuditEntry
from tests.api.people import a_caller, a_token_of
from tests.builders.staff import a_staff

pytestmark = pytest.mark.django_db

MINE, ALL = "/identity/tokens", "/identity/all-tokens/"
CUSTOMERS = "/tmf-api/customerManagement/v4/customer"


@pytest.fixture
def manager():
    return a_caller("manager1")


@pytest.fixture
def mine(client, manager):
    client.force_login(manager)
    return client


def test_a_made_token_is_shown_once_and_works(mine, manager):
    page = mine.post(MINE, {"name": "报表程序", "days": "30"})

    text = re.search(r'class="mono secret">(wo_[0-9a-f]{64})<', page.text)[1]
    assert "no-store" in page["Cache-Control"]
    assert text not in mine.get(MINE).text
    answer = APIClient().get(CUSTOMERS, HTTP_AUTHORIZATION=f"Token {text}")
    assert answer.status_code == 200
    assert text[:15] in mine.get(MINE).text


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"name": "", "days": "30"}, "请填写令牌用途。"),
        ({"name": "报表程序", "days": "36500"}, "36500"),
        ({"name": "旧的", "days": "30"}, "已有同名的令牌，请换一个用途，或先撤销原来的"),
    ],
)
def test_a_token_that_cannot_be_is_refused(mine, manager, form, sentence):
    PersonalToken.objects.create(user=manager, name="旧的")

    answer = mine.post(MINE, form)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert PersonalToken.objects.count() == 1


def test_ones_own_token_is_taken_back(mine, manager):
    text = a_token_of(manager)

    answer = mine.post(f"{MINE}/{text[:15]}/revoke")

    assert (answer.status_code, answer["Location"]) == (302, MINE)
    assert not PersonalToken.objects.exists()


def test_anothers_token_is_not_there(mine):
    theirs = a_token_of(a_caller("manager2"))

    assert mine.post(f"{MINE}/{theirs[:15]}/revoke").status_code == 404
    assert PersonalToken.objects.count() == 1
    assert theirs[:15] not in mine.get(MINE).text


def test_who_may_not_use_the_interface_has_no_such_page(client):
    client.force_login(a_caller("clerk1", role="clerk"))

    assert client.get(MINE).status_code == 403
    assert client.post(MINE, {"name": "x", "days": "30"}).status_code == 403
    assert not PersonalToken.objects.exists()


def test_the_security_officer_takes_back_anyones_with_a_reason(client, manager):
    officer = a_staff("security_officer")
    client.force_login(officer)
    key = a_token_of(manager)[:15]
    assert "manager1" in client.get(ALL, {"q": "manager1"}).text

    assert client.post(f"{ALL}{key}/revoke", {"reason": ""}).status_code == 422
    client.post(f"{ALL}{key}/revoke", {"reason": "怀疑泄露"})

    assert not PersonalToken.objects.exists()
    entry = AuditEntry.objects.get(action="token.revoked")
    assert (entry.staff_id, entry.reason) == (officer.pk, "怀疑泄露")


@pytest.mark.parametrize("role", ["clerk", "account_manager", "supervisor", "auditor"])
def test_nobody_else_sees_everyones_tokens(client, manager, role):
    key = a_token_of(manager)[:15]
    client.force_login(a_staff(role, username=f"other_{role}"))

    assert client.get(ALL).status_code == 403
    assert client.post(f"{ALL}{key}/revoke", {"reason": "x"}).status_code == 403
    assert PersonalToken.objects.count() == 1
