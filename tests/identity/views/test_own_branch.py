"""Whoever looks after accounts does so in their own part of the organisation, and nowhere else."""

from datetime import time, timedelta

import pytest
from axes.models import AccessAttempt

from bss.identity.models import OpeningHours, WorkSession
from bss.kernel.clock import real_now
from bss.kernel.models import Staff
from tests.builders.organisations import a_country
from tests.builders.staff import a_role

pytestmark = pytest.mark.django_db

WEDNESDAY = {"opens_2": "08:00", "closes_2": "18:00"}


@pytest.fixture
def country():
    return a_country()


@pytest.fixture
def officer(client, country):
    """Of the province HE, signed in."""
    staff = Staff.objects.create_user(
        "officer", display_name="测试安全员", organisation=country["HE"]
    )
    staff.roles.add(a_role("security_officer", reach="province"))
    client.force_login(staff)
    return staff


def a_session_of(username, organisation):
    person = Staff.objects.create_user(username, display_name="测试员工", organisation=organisation)
    now = real_now()
    return WorkSession.objects.create(
        staff=person,
        session_key=f"session-of-{username}",
        means=WorkSession.Means.choices[0][0],
        address="127.0.0.1",
        started_at=now,
        seen_at=now,
        idle_until=now + timedelta(hours=1),
        ends_at=now + timedelta(hours=2),
    )


def test_sessions_of_another_province_are_neither_seen_nor_exported_nor_ended(
    client, country, officer
):
    near, far = a_session_of("near9", country["TS-1"]), a_session_of("far9", country["TY-1"])

    for address in ("/identity/sessions", "/identity/sessions?export=csv"):
        shown = client.get(address).content.decode()
        assert ("near9" in shown, "far9" in shown) == (True, False), address
    assert client.post(f"/identity/sessions/{far.pk}/end").status_code == 404
    assert client.post(f"/identity/sessions/{near.pk}/end").status_code == 302

    near.refresh_from_db()
    far.refresh_from_db()
    assert near.ended_at is not None
    assert far.ended_at is None


def test_hours_are_set_in_ones_own_province_alone(client, country, officer):
    listed = client.get("/identity/access-hours").text
    assert ("机构SJZ-A1" in listed, "机构TY-1" in listed, "机构HQ" in listed) == (
        True,
        False,
        False,
    )

    for outside in ("TY-1", "SX", "HQ"):
        assert client.get(f"/identity/access-hours/{outside}").status_code == 404
        assert client.post(f"/identity/access-hours/{outside}", WEDNESDAY).status_code == 404
    assert OpeningHours.objects.count() == 0

    assert client.post("/identity/access-hours/TS-1", WEDNESDAY).status_code == 302
    kept = OpeningHours.objects.get()
    assert (kept.organisation, kept.day, kept.opens) == (country["TS-1"], 2, time(8))


def test_locks_of_another_province_stay_and_those_of_nobodys_number_are_everybodys(
    client, country, officer
):
    a_session_of("far9", country["TY-1"])
    far, nobody = (
        AccessAttempt.objects.create(username=name, ip_address="127.0.0.1", failures_since_start=9)
        for name in ("far9", "stranger")
    )

    assert client.post(f"/identity/lockouts/{far.pk}/unlock").status_code == 404
    assert client.post(f"/identity/lockouts/{nobody.pk}/unlock").status_code == 302

    assert list(AccessAttempt.objects.values_list("username", flat=True)) == ["far9"]
