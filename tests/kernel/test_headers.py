"""The security headers of every kind of answer."""

import pytest

from tests.api.people import a_caller, client_of
from tests.builders.staff import a_staff
from tests.house.source import addresses

pytestmark = pytest.mark.django_db

EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Permitted-Cross-Domain-Policies": "none",
}


def assert_guarded(answer) -> None:
    assert {name: answer.headers.get(name) for name in EVERYWHERE} == EVERYWHERE
    assert "geolocation=()" in answer["Permissions-Policy"]
    policy = dict(
        part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == policy["script-src"] == policy["style-src"] == "'self'"
    assert (
        policy["script-src-attr"] == policy["object-src"] == policy["frame-ancestors"] == "'none'"
    )
    assert policy["base-uri"] == policy["form-action"] == "'self'"
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert "*" not in answer["Content-Security-Policy"]


@pytest.mark.parametrize("address", ["/login", "/healthz", "/no-such-page", "/customers/"])
def test_what_strangers_get_is_guarded(client, address):
    answer = client.get(address)

    assert_guarded(answer)
    assert "no-store" in answer["Cache-Control"]


def test_every_page_is_guarded_and_kept_by_nobody(client):
    client.force_login(a_staff("supervisor"))
    seen = 0
    for route, _ in addresses():
        if set(route) & set("<^(\\") or route == "logout":
            continue
        address = f"/{route}"
        answer = client.get(address)
        seen += 1
        assert_guarded(answer)
        if not address.startswith("/tmf-api/"):
            assert "no-store" in answer["Cache-Control"], address

    assert seen >= 15


def test_a_resource_with_its_version_is_kept_by_its_caller_and_asked_again():
    client = client_of(a_caller("manager1"))

    answer = client.get("/tmf-api/customerManagement/v4/customer")

    assert_guarded(answer)
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_an_export_is_guarded(client, form):
    client.force_login(a_staff("supervisor"))

    answer = client.get("/channels/", {"export": form})

    assert_guarded(answer)
    assert "no-store" in answer["Cache-Control"]


def test_cookies_are_out_of_the_reach_of_scripts(client):
    page = client.get("/login")
    cookie = page.cookies["csrftoken"]

    assert cookie["httponly"] is True
    assert cookie["samesite"] == "Lax"
