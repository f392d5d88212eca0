import pytest
from django.urls import reverse

from bss.kernel.models import Staff
from tests.builders.staff import PASSWORD, a_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def supervisor(client):
    client.force_login(a_staff("supervisor"))
    return client


def test_without_a_session_every_page_leads_to_the_login_and_back(client):
    response = client.get("/rules")
    assert response.status_code == 302
    assert response.headers["Location"] == "/login?next=/rules"


def test_the_right_password_opens_the_door(client):
    a_staff("clerk")
    response = client.post("/login", {"username": "clerk", "password": PASSWORD})
    assert (response.status_code, response.headers["Location"]) == (302, "/")


def test_a_wrong_password_gives_the_form_back_with_one_sentence(client):
    a_staff("clerk")
    response = client.post("/login", {"username": "clerk", "password": "wrong"})
    assert response.status_code == 422
    assert "工号或密码不对。请检查后再试。" in response.text
    assert 'value="clerk"' in response.text


def test_no_page_of_the_house_has_inline_style_or_script(supervisor):
    for path in ("/", "/rules", "/search", "/styleguide"):
        response = supervisor.get(path)
        assert response.status_code == 200
        assert " style=" not in response.text
        assert "<script>" not in response.text
        assert "default-src 'self'" in response.headers["Content-Security-Policy"]


def test_the_style_guide_is_for_those_who_may(client):
    client.force_login(a_staff("clerk"))
    response = client.get("/styleguide")
    assert response.status_code == 403
    assert "您的角色没有“查看样式手册”权限（styleguide.view）。" in response.text
    assert "需要时请找安全管理员。" in response.text


def test_who_is_refused_learns_whom_to_ask(client):
    a_staff("security_officer", username="sec01")
    gone = a_staff("security_officer", username="sec00")
    Staff.objects.filter(pk=gone.pk).update(is_active=False, state="disabled")
    client.force_login(a_staff("clerk"))
    assert "需要时请找安全管理员：安全管理员甲 sec01。" in client.get("/styleguide").text


def test_the_menu_holds_only_what_one_may_open(client):
    client.force_login(a_staff("batch_operator"))
    page = client.get("/").text
    assert reverse("rules") in page
    assert "样式手册" not in page
    assert "案件" not in page


def test_each_rule_has_an_anchor_that_a_refusal_can_point_to(supervisor):
    page = supervisor.get("/rules").text
    assert 'id="ELG-7"' in page
    assert "B 方案月费加 3G 套餐月费" in page


def test_english_is_one_click_away_and_complete_on_the_page(supervisor):
    back = supervisor.post("/language", {"language": "en", "next": "/rules"})
    assert back.headers["Location"] == "/rules"
    page = supervisor.get("/rules").text
    assert '<html lang="en"' in page
    assert "Business rules" in page
    assert "业务规则" not in page


def test_the_theme_is_in_the_page_that_the_server_sends(supervisor):
    assert 'data-theme="auto"' in supervisor.get("/").text
    supervisor.post("/theme", {"theme": "dark", "next": "/"})
    assert 'data-theme="dark"' in supervisor.get("/").text


def test_a_theme_nobody_knows_and_a_foreign_address_are_not_followed(supervisor):
    response = supervisor.post("/theme", {"theme": "pink", "next": "https://example.com/"})
    assert response.headers["Location"] == "/"
    assert "theme" not in response.cookies


def test_an_address_that_leads_nowhere_says_so(supervisor):
    response = supervisor.get("/nowhere")
    assert response.status_code == 404
    assert "没有这一页" in response.text


def test_a_form_without_its_token_is_refused_with_a_sentence(client):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/login", {"username": "a", "password": "b"})
    assert response.status_code == 403
    assert "这次没有提交" in response.text


def test_the_last_error_page_needs_nothing(rf):
    from bss.desk.views.errors import server_error

    response = server_error(rf.get("/"))
    assert response.status_code == 500
    assert "出错了" in response.text


def test_a_moved_clock_stands_on_every_page(supervisor, settings):
    assert "培训时钟" not in supervisor.get("/").text
    settings.BUSINESS_TIME = "2026-10-12T09:30"
    page = supervisor.get("/").text
    assert "业务时间是 2026-10-12 09:30，不是真实时间。" in page
    assert "2026-10 月历" in page
    assert "本月还剩 19 天" in page


@pytest.mark.parametrize(
    ("today", "now"),
    [
        ("2026-10-01T09:00", "出帐"),
        ("2026-10-03T09:00", "缴费截止"),
        ("2026-10-31T09:00", "缴费截止"),
    ],
)
def test_the_month_clock_points_at_what_comes_next(supervisor, settings, today, now):
    settings.BUSINESS_TIME = today
    page = supervisor.get("/").text
    step = page.split('class="now"', 1)[1].split("</li>", 1)[0]
    assert now in step


def test_search_with_nothing_found_says_what_to_try(supervisor):
    page = supervisor.get("/search", {"q": "没有的东西"}).text
    assert "没有找到“没有的东西”。号码请输全，名称可以只输两个字。" in page


def test_the_palette_gets_the_hits_alone(supervisor):
    response = supervisor.get("/search", {"q": "没有的东西"}, headers={"HX-Request": "true"})
    assert "<html" not in response.text
    assert "没有找到“没有的东西”。" in response.text


def test_rejects_belong_to_the_month_in_the_menu(client):
    client.force_login(a_staff("supervisor"))
    links = client.get("/billing/rejects/").context["menu_links"]
    assert [link.entry.url_name for link in links if link.current] == ["billing:month"]
