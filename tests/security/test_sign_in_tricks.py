"""Tricks at the door: fixed sessions, codes used twice, ways back that lead elsewhere."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings as configured
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client

from bss.identity.models import WorkSession
from tests.builders.second_factor import SECRET, code_of_app
from tests.builders.staff import PASSWORD, a_staff

pytestmark = pytest.mark.django_db

COOKIE = configured.SESSION_COOKIE_NAME
ELSEWHERE = [
    "https://example.com/",
    "//example.com/",
    "///example.com/",
    "/\\example.com/",
    "\\\\example.com",
    "http:example.com",
    "https:///example.com",
    "javascript:alert(1)",
    " https://example.com/",
    "\thttps://example.com/",
    "https://testserver@example.com/",
    "https://example.com#testserver",
    "http://localhost/",
]


def give(client, password=PASSWORD, **more):
    return client.post("/login", {"username": "supervisor", "password": password, **more})


def test_a_session_that_was_planted_before_does_not_become_the_persons(client):
    a_staff("supervisor")
    planted = SessionStore()
    planted["planted"] = True
    planted.save()
    client.cookies[COOKIE] = planted.session_key

    give(client)

    assert client.cookies[COOKIE].value != planted.session_key
    attacker = Client()
    attacker.cookies[COOKIE] = planted.session_key
    assert attacker.get("/rules").status_code == 302


def test_the_key_changes_again_after_the_second_step(client):
    TOTP.activate(a_staff("supervisor"), SECRET)
    give(client)
    between = client.cookies[COOKIE].value

    client.post("/login/code", {"code": code_of_app()})

    assert client.cookies[COOKIE].value != between
    attacker = Client()
    attacker.cookies[COOKIE] = between
    assert attacker.get("/rules").status_code == 302


def test_a_session_that_ended_cannot_be_brought_back(client):
    a_staff("supervisor")
    give(client)
    stolen = client.cookies[COOKIE].value
    client.post("/logout")

    attacker = Client()
    attacker.cookies[COOKIE] = stolen
    assert attacker.get("/rules").status_code == 302


@pytest.mark.parametrize("periods_ago", [0, 1])
def test_a_code_of_the_app_works_once(client, periods_ago):
    TOTP.activate(a_staff("supervisor"), SECRET)
    code = code_of_app(periods_ago=periods_ago)
    give(client)
    assert client.post("/login/code", {"code": code}).status_code == 302

    thief = Client()
    give(thief)
    answer = thief.post("/login/code", {"code": f" {code[:3]} {code[3:]}"})

    assert answer.status_code == 422
    assert WorkSession.objects.count() == 1


def test_a_code_used_at_the_door_does_not_prove_it_again_inside(client):
    staff = a_staff("supervisor")
    TOTP.activate(staff, SECRET)
    code = code_of_app()
    give(client)
    client.post("/login/code", {"code": code})

    assert client.post("/identity/prove", {"code": code}).status_code == 422


def test_an_old_code_is_no_code(client):
    TOTP.activate(a_staff("supervisor"), SECRET)
    give(client)

    assert client.post("/login/code", {"code": code_of_app(periods_ago=3)}).status_code == 422


@pytest.mark.parametrize("there", ELSEWHERE)
def test_no_sign_in_leads_out_of_the_house(client, there):
    a_staff("supervisor")

    assert give(client, next=there).headers["Location"] == "/"


@pytest.mark.parametrize("there", ELSEWHERE)
def test_no_second_step_leads_out_of_the_house(client, there):
    TOTP.activate(a_staff("supervisor"), SECRET)
    give(client, next=there)

    answer = client.post(f"/login/code?next={there}", {"code": code_of_app(), "next": there})

    assert answer.headers["Location"] == "/"


def test_nobody_registers_and_no_mail_brings_a_password_back(client):
    for path in ("/signup", "/accounts/signup/", "/identity/signup", "/password/reset/"):
        assert client.get(path).status_code in (302, 404)
    client.force_login(a_staff("supervisor"))
    for path in ("/signup", "/accounts/signup/", "/identity/signup", "/password/reset/"):
        assert client.get(path).status_code == 404
