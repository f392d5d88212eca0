"""Where people are signed in, and how that ends."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from bss.identity.at_work import AT_WORK
from bss.identity.models import WorkSession
from bss.identity.services import staff_leaving, work_sessions
from bss.kernel import clock
from bss.kernel.models import AuditEntry
from tests.builders.sign_in import a_session_at_work
from tests.builders.staff import PASSWORD, a_staff

pytestmark = pytest.mark.django_db


def signed_in(staff, **headers):
    """A browser of its own in which this person has signed in."""
    browser = Client(**headers)
    answer = browser.post("/login", {"username": staff.username, "password": PASSWORD})
    assert answer.headers["Location"] == "/"
    return browser


def reason_given(browser):
    """What the sign-in page says to whoever is led there."""
    answer = browser.get("/rules")
    assert answer.headers["Location"] == "/login?next=/rules"
    return browser.get("/login").text


def test_the_officer_ends_a_session_and_its_person_learns_so_at_once(client):
    clerk, officer = a_staff("clerk"), a_staff("security_officer")
    browser = signed_in(clerk)
    client.force_login(officer)
    session = WorkSession.objects.get(staff=clerk)

    assert clerk.username in client.get("/identity/sessions").text
    client.post(f"/identity/sessions/{session.pk}/end")

    assert "安全管理员在" in reason_given(browser)
    session.refresh_from_db()
    assert (session.ended_why, session.ended_by) == ("by_officer", officer)
    ended = AuditEntry.objects.get(action="session.ended")
    assert (ended.subject, ended.staff) == (f"staff:{clerk.pk}", officer)


def test_nobody_else_ends_another_persons_session(client):
    session = WorkSession.objects.get(staff=staff_signed_in("agent"))
    client.force_login(a_staff("clerk"))

    assert client.get("/identity/sessions").status_code == 403
    assert client.post(f"/identity/sessions/{session.pk}/end").status_code == 403
    client.post(f"/identity/own-sessions/{session.pk}/end")

    session.refresh_from_db()
    assert session.ended_at is None


def staff_signed_in(role):
    staff = a_staff(role)
    signed_in(staff)
    return staff


def test_everybody_sees_and_ends_their_own_other_sessions():
    supervisor = a_staff("supervisor")
    first, second = signed_in(supervisor), signed_in(supervisor)
    other = WorkSession.objects.order_by("pk").first()

    assert second.get("/identity/second-factor").text.count("127.0.0.1") == 2
    second.post(f"/identity/own-sessions/{other.pk}/end")

    assert "您在" in reason_given(first)
    assert second.get("/rules").status_code == 200


def test_a_clerk_works_at_one_place_and_the_first_is_told_why():
    clerk = a_staff("clerk")
    first = signed_in(clerk)
    second = signed_in(clerk, REMOTE_ADDR="10.9.8.7")

    assert "在另一处（10.9.8.7）登录，这里已退出" in reason_given(first)
    assert second.get("/rules").status_code == 200
    assert WorkSession.objects.filter(ended_at__isnull=True).count() == 1


def test_a_part_of_a_page_leads_the_whole_page_to_the_sign_in_and_back():
    clerk = a_staff("clerk")
    first = signed_in(clerk)
    signed_in(clerk)

    answer = first.get(
        "/search?q=a",
        HTTP_HX_REQUEST="true",
        HTTP_HX_CURRENT_URL="http://testserver/rules?page=2",
    )

    assert answer.headers["HX-Redirect"] == "/login?next=%2Frules%3Fpage%3D2"


def test_a_supervisor_may_sit_at_two_places():
    supervisor = a_staff("supervisor")
    first, second = signed_in(supervisor), signed_in(supervisor)

    assert (first.get("/rules").status_code, second.get("/rules").status_code) == (200, 200)


def test_a_session_without_a_request_for_its_idle_time_is_over():
    browser = signed_in(a_staff("clerk"))
    session = WorkSession.objects.get()
    assert session.idle_until - session.seen_at == timedelta(minutes=30)
    long_ago(browser, seen=timedelta(minutes=30))

    assert "您有一段时间没有操作" in reason_given(browser)
    session.refresh_from_db()
    assert session.ended_why == "idle"


def test_a_session_that_is_used_goes_on_but_not_beyond_its_longest_time():
    browser = signed_in(a_staff("clerk"))
    long_ago(browser, seen=timedelta(minutes=29))
    assert browser.get("/rules").status_code == 200
    long_ago(browser, ends=timedelta(seconds=1))

    assert "到了最长时间" in reason_given(browser)


def test_being_seen_is_written_once_a_minute():
    browser = signed_in(a_staff("clerk"))
    before = WorkSession.objects.get().seen_at
    browser.get("/rules")
    assert WorkSession.objects.get().seen_at == before
    long_ago(browser, seen=timedelta(seconds=61))
    browser.get("/rules")

    assert WorkSession.objects.get().seen_at > before


def test_signing_out_ends_the_session():
    browser = signed_in(a_staff("clerk"))
    browser.post("/logout")

    assert WorkSession.objects.get().ended_why == "signed_out"
    assert browser.get("/rules").status_code == 302


def test_a_session_that_no_sign_in_began_opens_nothing(client):
    client.force_login(a_staff("clerk"))
    session = client.session
    del session[AT_WORK]
    session.save()

    assert client.get("/rules").headers["Location"] == "/login?next=/rules"


def test_an_address_that_looks_forwarded_is_not_believed(client):
    staff = a_staff("clerk")
    client.post(
        "/login",
        {"username": staff.username, "password": PASSWORD},
        HTTP_X_FORWARDED_FOR="10.1.1.1",
    )

    assert WorkSession.objects.get().address == "127.0.0.1"


def long_ago(browser, *, seen=timedelta(0), ends=None):
    """Let the session have been seen that long ago, or its end have passed by that long."""
    now = clock.real_now()
    session = browser.session
    facts = {**session[AT_WORK], "seen": (now - seen).timestamp()}
    if ends:
        facts["ends"] = (now - ends).timestamp()
    session[AT_WORK] = facts
    session.save()


def test_the_builder_knows_what_a_session_knows():
    browser = signed_in(a_staff("clerk"))

    assert browser.session[AT_WORK].keys() == a_session_at_work().keys()


def test_whoever_is_disabled_is_out_at_once_and_told():
    clerk = a_staff("clerk")
    browser = signed_in(clerk)

    staff_leaving.disable(
        staff_id=clerk.pk, reason="调查", by_id=a_staff("security_officer").pk, at=clock.now()
    )

    assert "这个工号已停用" in reason_given(browser)


def test_sessions_that_nobody_ended_are_ended_at_night():
    signed_in(a_staff("clerk"))
    later = clock.real_now() + timedelta(minutes=31)

    assert work_sessions.close_overdue(at=later) == 1
    assert WorkSession.objects.get().ended_why == "idle"
    assert Session.objects.count() == 0
