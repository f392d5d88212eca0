"""Requests made up elsewhere: without the form's token, with more than the form has, led astray."""

from urllib.parse import urlencode, urlsplit

import pytest
from django.apps import apps
from django.db import transaction
from django.urls import reverse

from tests.builders.staff import PASSWORD, a_staff
from tests.security.attacks.house import send, signed_in
from tests.security.attacks.inputs import ELSEWHERE, NOT_ASKED_FOR

pytestmark = pytest.mark.django_db

# What no form of the house writes under these names: table, columns.
GUARDED = (
    ("kernel.Staff", ("is_superuser", "is_staff", "is_active", "password", "organisation_id")),
    ("kernel.Role", ("permissions", "reach")),
    ("billing.Bill", ("total_fen", "paid_fen")),
    ("billing.Ledger", ("cash_fen", "gift_fen")),
    ("customers.Customer", ("code", "listed", "data_key_id")),
    ("customers.Document", ("verified",)),
)
LED_BY = ("next", "redirect_to", "return", "url", "continue")


def test_no_form_is_taken_without_its_token(walks, figure):
    tried, through = 0, []
    for walked in walks.values():
        client = signed_in(walked.staff, enforce_csrf_checks=True)
        for form in walked.forms.values():
            if form.method != "post":
                continue
            tried += 1
            if send(client, form, form.filled).status_code != 403:
                through.append(form.path)
    figure(f"forms without a token: tried {tried}, let through {len(through)}")

    assert through == []
    assert tried > 50


def test_no_form_takes_what_it_does_not_ask_for(walks, figure):
    tried, through = 0, []
    for walked in walks.values():
        client = signed_in(walked.staff)
        for form in walked.forms.values():
            if form.method != "post":
                continue
            own = form.filled
            extra = {name: [text] for name, text in NOT_ASKED_FOR.items() if name not in own}
            tried += len(extra)
            if after(client, form, own) != after(client, form, {**own, **extra}):
                through.append(form.path)
    figure(f"names no form has: tried {tried}, let through {len(through)}")

    assert through == []


def test_no_address_leads_out_of_the_house(walks, figure, client):
    a_staff("clerk", username="led-astray")
    tried, through = 0, []
    for where in ELSEWHERE:
        for name in LED_BY:
            asked = f"{reverse('login')}?{urlencode({name: where})}"
            tried += 1
            answer = client.post(
                asked, {"login": "led-astray", "password": PASSWORD, name: where}, follow=False
            )
            through += led_out(answer, asked)
            client.logout()
    for walked in walks.values():
        signed = signed_in(walked.staff)
        for form in walked.forms.values():
            for name in LED_BY:
                if form.method == "post" and name in form.filled:
                    for where in ELSEWHERE:
                        tried += 1
                        with transaction.atomic():
                            answer = send(signed, form, {**form.filled, name: [where]})
                            transaction.set_rollback(True)
                        through += led_out(answer, form.path)
    figure(f"ways out of the house: tried {tried}, let through {len(through)}")

    assert through == []


def after(client, form, data):
    """What stands in the guarded columns after the form was sent; then it is taken back."""
    with transaction.atomic():
        send(client, form, data)
        found = [
            tuple(apps.get_model(model).objects.order_by("pk").values_list("pk", *columns))
            for model, columns in GUARDED
        ]
        transaction.set_rollback(True)
    return found


def led_out(answer, asked):
    where = urlsplit(answer.headers.get("Location", ""))
    is_out = where.scheme not in ("", "http") or where.netloc not in ("", "testserver")
    is_out = is_out or where.path.startswith(("//", "/\\", "\\"))
    return [f"{asked} → {answer.headers['Location']}"] if is_out else []
