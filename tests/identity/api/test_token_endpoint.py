"""``/oauth/token``: what it gives, and to whom it gives nothing."""

import base64

import pytest
from django.test import Client
from oauth2_provider.models import AccessToken

from tests.api.people import a_caller
from tests.builders.interfaces import an_interface, ask_token

pytestmark = pytest.mark.django_db


@pytest.fixture
def interface_and_secret():
    return an_interface(a_caller("manager1"))


def test_number_and_secret_give_a_token_for_an_hour(interface_and_secret):
    answer = ask_token(*interface_and_secret)

    body = answer.json()
    assert answer.status_code == 200
    assert (body["token_type"], body["expires_in"]) == ("Bearer", 3600)
    assert body["scope"].split() == sorted(interface_and_secret[0].scopes)
    assert "refresh_token" not in body
    assert "no-store" in answer["Cache-Control"]


def test_number_and_secret_may_come_in_the_header(interface_and_secret):
    interface, secret = interface_and_secret
    pair = base64.b64encode(f"{interface.number}:{secret}".encode()).decode()

    answer = Client().post(
        "/oauth/token",
        {"grant_type": "client_credentials"},
        HTTP_AUTHORIZATION=f"Basic {pair}",
    )

    assert answer.status_code == 200


def test_a_wrong_secret_gives_nothing(interface_and_secret):
    interface, secret = interface_and_secret

    assert ask_token(interface, secret[:-1]).status_code == 401
    assert ask_token(interface, "").status_code == 401
    assert not AccessToken.objects.exists()


def test_a_scope_that_the_interface_lacks_is_refused():
    interface, secret = an_interface(a_caller("manager1"), scopes=["customer.view"])

    answer = ask_token(interface, secret, scope="customer.view account.view")

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")


@pytest.mark.parametrize(
    "grant", ["password", "authorization_code", "refresh_token", "implicit", "nonsense", ""]
)
def test_there_is_no_other_grant(interface_and_secret, grant):
    answer = ask_token(*interface_and_secret, grant_type=grant, username="manager1", password="x")

    assert answer.status_code in (400, 401)
    assert not AccessToken.objects.exists()


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", "application/x-www-form-urlencoded"),
        (b"{}", "application/json"),
        (b"\xff\xfe\x00", "application/x-www-form-urlencoded"),
        (b"grant_type=client_credentials&client_id=%00&client_secret=%00",
         "application/x-www-form-urlencoded"),
        (b"grant_type=client_credentials&grant_type=client_credentials&client_id=a",
         "application/x-www-form-urlencoded"),
        (b"grant_type=client_credentials&client_id=%ZZ", "application/x-www-form-urlencoded"),
        (b"--x\r\n", "multipart/form-data; boundary=x"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_an_error_of_the_caller(body, content_type):
    answer = Client().post("/oauth/token", body, content_type=content_type)

    assert 400 <= answer.status_code < 500


@pytest.mark.parametrize("query", ["?a=%ZZ", "?x=\u0001", "?grant_type=client_credentials"])
def test_an_odd_address_is_an_error_of_the_caller(query):
    assert 400 <= Client().post(f"/oauth/token{query}").status_code < 500


def test_only_posting_asks(interface_and_secret):
    assert Client().get("/oauth/token").status_code == 405


def test_guessing_is_slowed(interface_and_secret, settings):
    settings.REST_FRAMEWORK = {
        **settings.REST_FRAMEWORK,
        "DEFAULT_THROTTLE_RATES": {"source": "9/min", "address": "9/min", "token": "2/min"},
    }
    interface, secret = interface_and_secret
    here = {"REMOTE_ADDR": "203.0.113.77"}
    wrong = {"grant_type": "client_credentials", "client_id": interface.number}
    client = Client()

    answers = [client.post("/oauth/token", wrong, **here).status_code for _ in range(3)]
    right = client.post("/oauth/token", {**wrong, "client_secret": secret}, **here)

    assert answers == [401, 401, 429]
    assert right.status_code == 429
    assert 0 < int(right["Retry-After"]) <= 61


def test_a_token_can_be_given_back(interface_and_secret):
    interface, secret = interface_and_secret
    token = ask_token(interface, secret).json()["access_token"]

    answer = Client().post(
        "/oauth/revoke",
        {"token": token, "client_id": interface.number, "client_secret": secret},
    )

    assert answer.status_code == 200
    assert not AccessToken.objects.exists()


def test_a_token_of_another_interface_cannot_be_given_back(interface_and_secret):
    interface, secret = interface_and_secret
    other, other_secret = an_interface(a_caller("manager1"), name="另一家")
    token = ask_token(interface, secret).json()["access_token"]

    Client().post(
        "/oauth/revoke",
        {"token": token, "client_id": other.number, "client_secret": other_secret},
    )

    assert AccessToken.objects.count() == 1
