import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bss.kernel.models import Approval, Notice, Organisation
from bss.kernel.outbox import drain
from bss.oversight.services.outcomes import tell_the_asker
from tests.builders.staff import a_staff
from tests.oversight.people import MORNING, a_request, proved

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def the_day(settings):
    settings.BUSINESS_TIME = "2026-10-15T10:30"
    settings.APPROVAL_KINDS = "tests.kernel.acts.KINDS"


@pytest.fixture
def asker():
    return a_staff("clerk")


@pytest.fixture
def checker():
    return a_staff("supervisor")


def shown(response):
    return [approval.pk for approval, _title in response.context["rows"]]


def text(response):
    return response.content.decode()


def test_everybody_has_an_inbox_of_what_waits_what_they_asked_and_what_they_decided(
    client, asker, checker
):
    request = a_request(asker)
    own = a_request(checker, name="另一名")

    proved(client, asker)
    mine = client.get("/oversight/approvals/")
    assert (mine.context["view"], shown(mine)) == ("asked", [request.pk])

    proved(client, checker)
    waiting = client.get("/oversight/approvals/")
    assert (waiting.context["view"], shown(waiting)) == ("waiting", [request.pk])
    assert shown(client.get("/oversight/approvals/?view=asked")) == [own.pk]
    assert shown(client.get("/oversight/approvals/?view=decided")) == []
    assert shown(client.get("/oversight/approvals/?view=waiting&kind=hall.rename")) == [request.pk]


def test_the_page_shows_exactly_what_will_be_done(client, asker, checker):
    request = a_request(asker)
    page = text(proved(client, checker).get(f"/oversight/approvals/{request.pk}"))
    for part in ("营业厅改名", "测试一厅", "测试新厅", "门牌已换。", "营业员甲", "批准并执行"):
        assert part in page


def test_who_has_not_just_proved_themselves_is_asked_to_first(client, asker, checker):
    request = a_request(asker)
    client.force_login(checker)
    session = client.session
    session.pop("proved", None)
    session.save()
    page = text(client.get(f"/oversight/approvals/{request.pk}"))
    assert "批准并执行" not in page
    assert f"/identity/prove?next=/oversight/approvals/{request.pk}" in page
    answer = client.post(f"/oversight/approvals/{request.pk}/decide", {"answer": "approve"})
    assert answer.status_code == 302
    assert Approval.objects.get().state == "asked"


def test_approving_does_it_and_leads_back_to_the_inbox(client, asker, checker):
    request = a_request(asker)
    answer = proved(client, checker).post(
        f"/oversight/approvals/{request.pk}/decide", {"answer": "approve", "note": "已核对。"}
    )
    assert answer.url == "/oversight/approvals/"
    assert Organisation.objects.get().name == "测试新厅"
    page = text(client.get(f"/oversight/approvals/{request.pk}"))
    assert "已执行的内容" in page
    assert "已核对。" in page


def test_refusing_needs_words(client, asker, checker):
    request = a_request(asker)
    address = f"/oversight/approvals/{request.pk}/decide"
    answer = proved(client, checker).post(address, {"answer": "refuse", "note": " "})
    assert answer.status_code == 422
    assert "请写明驳回的原因" in text(answer)
    assert Approval.objects.get().state == "asked"
    client.post(address, {"answer": "refuse", "note": "门牌还没换。"})
    assert Approval.objects.get().state == "refused"


def test_what_cannot_be_done_comes_back_with_its_reason(client, asker, checker):
    request = a_request(asker, name="禁用")
    answer = proved(client, checker).post(
        f"/oversight/approvals/{request.pk}/decide", {"answer": "approve"}
    )
    assert answer.status_code == 422
    assert text(answer).count("这个名称今天不能用。") == 2
    assert Approval.objects.get().state == "asked"


def test_the_asker_sees_no_button_to_approve_and_may_withdraw(client, checker):
    request = a_request(checker)
    page = text(proved(client, checker).get(f"/oversight/approvals/{request.pk}"))
    assert "批准并执行" not in page
    assert "撤回申请" in page
    answer = client.post(f"/oversight/approvals/{request.pk}/decide", {"answer": "approve"})
    assert answer.status_code == 422
    client.post(f"/oversight/approvals/{request.pk}/withdraw")
    assert Approval.objects.get().state == "withdrawn"


def test_withdrawing_what_is_settled_is_refused(client, asker, checker):
    request = a_request(asker)
    proved(client, checker).post(f"/oversight/approvals/{request.pk}/decide", {"answer": "approve"})
    client.force_login(asker)
    answer = client.post(f"/oversight/approvals/{request.pk}/withdraw")
    assert answer.status_code == 422
    assert "这件申请已批准" in text(answer)


@pytest.mark.parametrize("way", ["", "/decide", "/withdraw"])
def test_who_has_nothing_to_do_with_it_does_not_find_it(client, asker, way):
    request = a_request(asker)
    far = a_staff("supervisor", username="far_away")
    address = f"/oversight/approvals/{request.pk}{way}"
    page = proved(client, far)
    ask = page.post if way else page.get
    assert ask(address, {"answer": "approve"}).status_code == 404


def test_deciding_needs_the_permission(client, asker):
    request = a_request(asker)
    answer = proved(client, asker).post(
        f"/oversight/approvals/{request.pk}/decide", {"answer": "approve"}
    )
    assert answer.status_code == 403


def test_the_figure_in_the_menu_is_for_those_who_decide(client, asker, checker):
    a_request(asker)
    menu = text(proved(client, checker).get("/rules"))
    assert 'hx-get="/oversight/approvals/waiting"' in menu
    assert ">1<" in text(client.get("/oversight/approvals/waiting", headers={"HX-Request": "true"}))
    client.force_login(asker)
    assert "/oversight/approvals/waiting" not in text(client.get("/rules"))
    assert client.get("/oversight/approvals/waiting").status_code == 403


def test_the_home_page_shows_what_waits_and_what_came_of_it(client, asker, checker):
    request = a_request(asker)
    assert "待我审批" in text(proved(client, checker).get("/"))
    client.post(f"/oversight/approvals/{request.pk}/decide", {"answer": "approve"})
    assert drain({"approval.settled": (tell_the_asker,)}, reraise=True) == 1
    assert "待我审批" not in text(client.get("/"))

    client.force_login(asker)
    home = text(client.get("/"))
    assert "您申请的“营业厅改名”已批准并执行。" in home
    assert f"/oversight/approvals/{request.pk}" in home


def test_a_notice_goes_when_it_was_read_and_nobody_reads_anothers(client, asker, checker):
    for _ in range(2):
        Notice.objects.create(staff=asker, text="请注意。", at=MORNING)
    theirs = Notice.objects.create(staff=checker, text="与您无关。", at=MORNING)
    client.force_login(asker)
    first = Notice.objects.filter(staff=asker).first()
    client.post("/oversight/notices/read", {"notice": first.pk})
    client.post("/oversight/notices/read", {"notice": theirs.pk})
    assert Notice.objects.filter(read_at__isnull=True, staff=asker).count() == 1
    client.post("/oversight/notices/read")
    assert list(Notice.objects.filter(read_at__isnull=True)) == [theirs]


def test_the_list_is_exported(client, asker, checker):
    a_request(asker)
    lines = proved(client, checker).get("/oversight/approvals/?view=waiting&export=csv")
    assert "营业厅改名,门牌已换。,营业员甲" in lines.content.decode("utf-8-sig")


def test_the_list_asks_the_database_the_same_however_long_it_is(client, asker, checker):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/oversight/approvals/?view=waiting").status_code == 200
        return len(queries)

    proved(client, checker)
    for n in range(3):
        a_request(asker, name=f"新厅{n}")
    asked()
    first = asked()
    for n in range(3, 12):
        a_request(asker, name=f"新厅{n}")
    assert asked() == first
