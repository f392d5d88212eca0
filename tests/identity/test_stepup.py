"""Before a sensitive act one proves again who one is."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import HttpResponse

from bss.identity import stepup
from bss.kernel import clock
from tests.builders.staff import PASSWORD, a_staff

pytestmark = pytest.mark.django_db


@stepup.recently_proved
def act(request):
    return HttpResponse("done")


@pytest.fixture
def asked(rf, client):
    """Call the guarded view as this staff, with a proof of this age."""
    staff = a_staff("supervisor")

    def call(age=timedelta(0), *, path="/rules?page=2", method="get", proof_of=None, **headers):
        request = getattr(rf, method)(path, **headers)
        request.user = staff
        at = (clock.real_now() - age).timestamp()
        request.session = {stepup.PROVED: {"staff": proof_of or staff.pk, "at": at}}
        return act(request)

    return call


def test_a_proof_of_fourteen_minutes_ago_is_enough(asked):
    assert asked(timedelta(minutes=14)).content == b"done"


def test_a_proof_of_fifteen_minutes_ago_is_asked_again_and_leads_back(asked):
    response = asked(timedelta(minutes=15))

    assert response.status_code == 302
    assert response.headers["Location"] == "/identity/prove?next=%2Frules%3Fpage%3D2"


def test_a_proof_of_the_future_counts_for_nothing(asked):
    assert asked(timedelta(minutes=-1)).status_code == 302


def test_the_proof_of_someone_else_counts_for_nothing(asked):
    assert asked(proof_of=987_654).status_code == 302


def test_a_form_that_was_sent_leads_back_to_the_page_it_stood_on(asked):
    old = timedelta(hours=1)
    response = asked(old, method="post", HTTP_REFERER="http://testserver/customers/C1?tab=bills")

    assert back_of(response) == "/customers/C1?tab=bills"


def test_a_form_of_a_foreign_page_leads_home(asked):
    response = asked(timedelta(hours=1), method="post", HTTP_REFERER="https://example.com/rules")

    assert back_of(response) == "/"


def test_who_signs_in_has_proved_it(client):
    staff = a_staff("clerk")
    client.post("/login", {"username": staff.username, "password": PASSWORD})

    assert client.session[stepup.PROVED]["staff"] == staff.pk


def test_the_password_proves_it_and_leads_back(client):
    client.force_login(a_staff("clerk"))
    forget_the_proof(client)

    response = client.post("/identity/prove", {"password": PASSWORD, "next": "/rules?x=1"})

    assert (response.status_code, response.headers["Location"]) == (302, "/rules?x=1")
    assert stepup.PROVED in client.session


def test_a_wrong_password_proves_nothing(client):
    client.force_login(a_staff("clerk"))
    forget_the_proof(client)

    response = client.post("/identity/prove", {"password": "wrong", "next": "/rules"})

    assert response.status_code == 422
    assert "工号或密码不对。请检查后再试。" in response.text
    assert stepup.PROVED not in client.session


@pytest.mark.parametrize("there", ["https://example.com/", "//example.com/", "javascript:alert(1)"])
def test_the_way_back_never_leads_out_of_the_house(client, there):
    client.force_login(a_staff("clerk"))

    response = client.post("/identity/prove", {"password": PASSWORD, "next": there})

    assert response.headers["Location"] == "/"


def forget_the_proof(client):
    session = client.session
    del session[stepup.PROVED]
    session.save()


def back_of(response):
    return parse_qs(urlsplit(response.headers["Location"]).query)["next"][0]
