"""Guessing: passwords, codes, staff numbers. What is tried is counted, nothing is let through."""

from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from axes.models import AccessAttempt
from django.conf import settings as configured
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client

from bss.identity.models import WorkSession
from bss.identity.services.lockouts import unlock
from bss.kernel import clock
from bss.kernel.models import AuditEntry
from tests.builders.second_factor import SECRET, code_of_app
from tests.builders.staff import PASSWORD, a_staff

pytestmark = pytest.mark.django_db

LIMIT = configured.AXES_FAILURE_LIMIT
GUESSES = 30


def try_password(client, number, password, **headers):
    return client.post("/login", {"username": number, "password": password}, **headers)


def test_after_five_wrong_passwords_even_the_right_one_opens_nothing(client, capsys):
    a_staff("clerk")

    answers = [try_password(client, "clerk", f"guess-{n}").status_code for n in range(GUESSES)]
    right = try_password(client, "clerk", PASSWORD)

    assert answers == [422] * (LIMIT - 1) + [429] * (GUESSES - LIMIT + 1)
    assert right.status_code == 429
    let_through = WorkSession.objects.count()
    with capsys.disabled():
        print(f"\nsign-in: {GUESSES + 1} passwords tried, {let_through} let through")  # noqa: T201
    assert let_through == 0


def test_the_lock_says_when_it_opens_and_opens_then(client):
    a_staff("clerk")
    for n in range(LIMIT):
        answer = try_password(client, "clerk", f"guess-{n}")
    last = AccessAttempt.objects.latest("attempt_time").attempt_time
    opens_at = (last + configured.AXES_COOLOFF_TIME).astimezone(clock.real_now().tzinfo)

    assert answer.status_code == 429
    assert f"<b>{opens_at:%H:%M}</b>" in answer.text
    assert 890 <= int(answer.headers["Retry-After"]) <= 900
    AccessAttempt.objects.update(attempt_time=last - configured.AXES_COOLOFF_TIME)
    assert try_password(client, "clerk", PASSWORD).status_code == 302


def test_trying_while_locked_does_not_keep_the_lock_closed_for_ever(client):
    a_staff("clerk")
    for n in range(LIMIT):
        try_password(client, "clerk", f"guess-{n}")
    last = AccessAttempt.objects.latest("attempt_time").attempt_time
    try_password(client, "clerk", "one more")

    assert AccessAttempt.objects.latest("attempt_time").attempt_time == last


def test_the_same_number_from_another_address_is_not_locked_with_it(client):
    a_staff("clerk")
    for n in range(LIMIT):
        try_password(client, "clerk", f"guess-{n}", REMOTE_ADDR="192.0.2.9")

    assert try_password(client, "clerk", PASSWORD).status_code == 302


def test_a_header_does_not_make_an_address_new(client):
    a_staff("clerk")

    answers = [
        try_password(client, "clerk", "x", HTTP_X_FORWARDED_FOR=f"192.0.2.{n}").status_code
        for n in range(LIMIT + 3)
    ]

    assert answers[LIMIT - 1 :] == [429] * 4


def test_a_number_that_nobody_has_locks_in_the_same_way(client):
    answers = [try_password(client, "nobody", "x").status_code for n in range(LIMIT + 1)]

    assert answers == [422] * (LIMIT - 1) + [429, 429]


def test_a_number_that_nobody_has_costs_the_same_hashing(client, monkeypatch):
    a_staff("clerk")
    hashed = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda *args: hashed.append(1) or encode(*args)
    )

    counts = []
    for number in ("clerk", "nobody"):
        hashed.clear()
        try_password(client, number, "wrong")
        counts.append(len(hashed))

    assert counts == [1, 1]


def test_codes_are_not_guessed_either(client, capsys):
    staff = a_staff("supervisor")
    TOTP.activate(staff, SECRET)
    try_password(client, "supervisor", PASSWORD)
    wrong = [f"{n:06}" for n in range(GUESSES) if f"{n:06}" not in _right_codes()]

    answers = [client.post("/login/code", {"code": code}).status_code for code in wrong]
    right = client.post("/login/code", {"code": code_of_app()})

    assert answers == [422] * (LIMIT - 1) + [429] * (len(wrong) - LIMIT + 1)
    assert right.status_code == 429
    with capsys.disabled():
        print(f"\nsecond step: {len(wrong) + 1} codes tried, {WorkSession.objects.count()} let in")  # noqa: T201
    assert WorkSession.objects.count() == 0


def test_the_right_password_does_not_start_the_count_of_codes_anew(client):
    staff = a_staff("supervisor")
    TOTP.activate(staff, SECRET)

    for _ in range(LIMIT - 1):
        attacker = Client()
        try_password(attacker, "supervisor", PASSWORD)
        attacker.post("/login/code", {"code": "000000"})
    attacker = Client()
    try_password(attacker, "supervisor", PASSWORD)

    assert attacker.post("/login/code", {"code": "000000"}).status_code == 429
    assert try_password(Client(), "supervisor", PASSWORD).status_code == 429


def test_the_page_that_asks_again_counts_with_the_sign_in(client):
    staff = a_staff("clerk")
    client.force_login(staff)

    answers = [
        client.post("/identity/prove", {"password": f"guess-{n}"}).status_code
        for n in range(LIMIT + 1)
    ]

    assert answers == [422] * (LIMIT - 1) + [429, 429]


def test_each_failure_and_each_lock_is_in_the_audit(client):
    a_staff("clerk")
    for n in range(LIMIT):
        try_password(client, "clerk", f"guess-{n}")

    assert AuditEntry.objects.filter(action="sign_in.failed").count() == LIMIT
    locked = AuditEntry.objects.get(action="sign_in.locked")
    assert locked.detail == {"username": "clerk", "address": "127.0.0.1"}


def test_a_supervisor_opens_the_lock_on_its_page(client):
    a_staff("clerk")
    for n in range(LIMIT):
        try_password(client, "clerk", f"guess-{n}")
    boss = Client()
    boss.force_login(a_staff("supervisor"))
    attempt = AccessAttempt.objects.get()

    assert "clerk" in boss.get("/identity/lockouts").text
    boss.post(f"/identity/lockouts/{attempt.pk}/unlock")

    assert try_password(client, "clerk", PASSWORD).status_code == 302
    assert AuditEntry.objects.filter(action="sign_in.unlocked").count() == 1


def test_a_clerk_opens_no_lock(client):
    client.force_login(a_staff("clerk"))

    assert client.get("/identity/lockouts").status_code == 403
    assert client.post("/identity/lockouts/1/unlock").status_code == 403


def test_what_was_tried_is_not_kept(client):
    try_password(client, "clerk", "my-real-password-mistyped")

    attempt = AccessAttempt.objects.get()
    assert "my-real" not in f"{attempt.get_data}{attempt.post_data}"


def test_opening_a_lock_that_is_open_says_nothing():
    assert unlock(attempt_id=1, unlocked_by_id=a_staff().pk, at=clock.real_now()) == ""


def _right_codes():
    return {code_of_app(periods_ago=periods) for periods in (-2, -1, 0, 1, 2)}


def test_the_cooling_off_is_long_enough_for_a_year_of_guesses_to_stay_few():
    a_year = timedelta(days=365) / configured.AXES_COOLOFF_TIME * LIMIT
    assert a_year < 200_000  # of 1,000,000 codes or any password of 10 characters
