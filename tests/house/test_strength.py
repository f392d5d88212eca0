"""Nothing weak starts in production."""

import os
import subprocess
import sys

import pytest

from bss.settings.strength import weaknesses
from tests.house.production import STRONG
from tests.house.source import HOUSE


def test_a_strong_environment_has_no_weakness():
    assert weaknesses(STRONG) == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is not set."),
        ({"FIELD_KEY": ""}, "FIELD_KEY is not set."),
        ({"DATABASE_URL": ""}, "DATABASE_URL is not set."),
        ({"REDIS_URL": ""}, "REDIS_URL is not set."),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS is not set."),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is too short or too plain"),
        ({"SECRET_KEY": "a" * 80}, "SECRET_KEY is too short or too plain"),
        ({"SECRET_KEY": f"django-insecure-{STRONG['SECRET_KEY']}"}, "SECRET_KEY holds 'insecure'"),
        ({"FIELD_KEY": f"ChangeMe{STRONG['FIELD_KEY']}"}, "FIELD_KEY holds 'changeme'"),
        ({"FIELD_KEY": "x"}, "FIELD_KEY is too short or too plain"),
        ({"FIELD_KEYS": "2:weak"}, "FIELD_KEYS number 2 is too short or too plain"),
        (
            {"FIELD_KEY": STRONG["SECRET_KEY"]},
            "SECRET_KEY and FIELD_KEY are the same: whoever reads one has both.",
        ),
        ({"DATABASE_URL": "postgres://bss@db.example/bss"}, "DATABASE_URL has no password."),
        ({"DATABASE_URL": "postgres://bss:bss@db.example/bss"}, "DATABASE_URL has a weak password"),
        ({"ALLOWED_HOSTS": "bss.example,*"}, "ALLOWED_HOSTS holds *: name the hosts one by one."),
        ({"ALLOWED_HOSTS": ".example"}, "ALLOWED_HOSTS holds .example"),
        ({"DEBUG": "True"}, "DEBUG is on"),
        ({"BUSINESS_TIME": "2026-10-03T02:00"}, "BUSINESS_TIME moves the business clock"),
    ],
)
def test_each_weakness_is_one_sentence(change, sentence):
    found = weaknesses({**STRONG, **change})

    assert [one for one in found if one.startswith(sentence)], found
    assert len(found) == 1


@pytest.mark.parametrize("url", ["postgres:///bss", "postgres://bss@%2Frun%2Fpostgresql/bss"])
def test_a_socket_needs_no_password(url):
    assert weaknesses({**STRONG, "DATABASE_URL": url}) == []


def test_a_ring_of_field_keys_takes_the_place_of_the_one():
    ring = {"FIELD_KEYS": f"2:{STRONG['AUDIT_KEY'][::-1]},1:{STRONG['FIELD_KEY']}"}

    assert weaknesses({**STRONG, **ring, "FIELD_KEY": ""}) == []


def test_production_says_all_weaknesses_at_once_and_does_not_start():
    environment = os.environ | STRONG | {
        "DJANGO_SETTINGS_MODULE": "bss.settings.production",
        "SECRET_KEY": "changeme",
        "ALLOWED_HOSTS": "*",
    }  # fmt: skip
    ran = subprocess.run(
        [sys.executable, "-c", "import django; django.setup()"],
        cwd=HOUSE,
        env=environment,
        capture_output=True,
        text=True,
    )

    assert ran.returncode != 0
    assert "Production does not start like this:" in ran.stderr
    assert "SECRET_KEY is too short" in ran.stderr
    assert "ALLOWED_HOSTS holds *" in ran.stderr
    assert "changeme" not in ran.stderr
