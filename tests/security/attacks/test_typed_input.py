"""Every form field is given what attackers type; every list, what no one would ask it for."""

import random
from collections.abc import Iterator
from urllib.parse import urlencode, urlsplit

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve

from customers.models import Customer
from tests.security.attacks.forms import Field, Form
from tests.security.attacks.house import send, signed_in
from tests.security.attacks.inputs import EVERYTHING, Input

pytestmark = pytest.mark.django_db

FIELDS_AT_LEAST = 60
SEED = 20261122
PARTS = 6
# How many inputs of each, and the part of the whole that one test takes: all are many minutes.
SIZES = [
    pytest.param(1, slice(None), id="one-each"),
    *(
        pytest.param(99, slice(part, None, PARTS), marks=pytest.mark.thorough, id=f"all-{part}")
        for part in range(PARTS)
    ),
]


@pytest.mark.parametrize(("how_many", "part"), SIZES)
def test_no_field_of_any_form_lets_an_attack_through(walks, how_many, part, figure):
    chosen, tried, through = random.Random(SEED), 0, []
    customers = Customer.objects.count()
    for client, form, field in list(every_field(walks))[part]:
        for given in chosen.sample(EVERYTHING, min(how_many, len(EVERYTHING))):
            tried += 1
            with transaction.atomic():
                through += attack(client, form, field, given)
                transaction.set_rollback(True)
    figure(f"form fields: inputs tried {tried}, let through {len(through)}")

    assert through == []
    assert tried >= FIELDS_AT_LEAST
    assert Customer.objects.count() == customers


@pytest.mark.parametrize(("how_many", "part"), SIZES)
def test_no_list_breaks_on_what_its_address_asks(walks, how_many, part, figure):
    chosen, tried, through = random.Random(SEED), 0, []
    for client, url, name in list(every_question(walks))[part]:
        for given in chosen.sample(EVERYTHING, min(how_many, len(EVERYTHING))):
            tried += 1
            asked = urlencode({name: given.text[:4000]})
            through += faults(client.get(f"{url}?{asked}"), given, f"{url}?{name}=")
    figure(f"questions in addresses: inputs tried {tried}, let through {len(through)}")

    assert through == []
    assert tried >= FIELDS_AT_LEAST


def every_field(walks) -> Iterator[tuple[Client, Form, Field]]:
    """Each typed field of each shape of form, once, as somebody who may send it."""
    seen = set()
    for walked in walks.values():
        client = signed_in(walked.staff)
        for key, form in walked.forms.items():
            if key in seen or form.path == "/logout":
                continue
            seen.add(key)
            for field in form.typed:
                yield client, form, field


def every_question(walks) -> Iterator[tuple[Client, str, str]]:
    """Each name that an address gave a value to, or else those that every list knows."""
    seen = set()
    for walked in walks.values():
        client = signed_in(walked.staff)
        for url in walked.urls:
            parts = urlsplit(url)
            view = resolve(parts.path).view_name
            names = {pair.split("=")[0] for pair in parts.query.split("&") if pair}
            asked_of_lists = set() if url in walked.papers else {"page", "sort", "q"}
            for name in sorted(names or asked_of_lists):
                if (view, name) not in seen:
                    seen.add((view, name))
                    yield client, parts.path, name


def attack(client: Client, form: Form, field: Field, given: Input) -> list[str]:
    """Send the form with the input in one field, and look at the answer and where it leads."""
    data = {**form.filled, field.name: [given.text]}
    where = f"{client.session['_auth_user_id']} {form.method} {form.path} {field.name}"
    response = send(client, form, data)
    found = faults(response, given, where)
    if response.status_code in (301, 302, 303):
        found += faults(client.get(response.headers["Location"]), given, f"{where} → shown")
    return found


def faults(response: HttpResponse, given: Input, where: str) -> list[str]:
    """What an answer shows of an attack that worked."""
    found = []
    if response.status_code >= 500:
        found.append(f"{where}: {given.text[:40]!r} → {response.status_code}")
    is_html = "html" in response.headers.get("Content-Type", "")
    if given.shows_as and is_html and given.shows_as in response.content.decode():
        found.append(f"{where}: {given.shows_as!r} came back as markup")
    if "Set-Cookie" in response.headers and "a=b" in response.headers["Set-Cookie"]:
        found.append(f"{where}: a header was written")
    if connection.needs_rollback:
        found.append(f"{where}: {given.text[:40]!r} broke the transaction")
        connection.needs_rollback = False
    return found
