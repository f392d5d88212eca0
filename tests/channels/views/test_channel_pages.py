import pytest

from bss.kernel.models import Organisation, Staff
from bss.kernel.periods import local_moment
from channels.services.channels import register_channel
from channels.services.facts import record_revenue, record_sale
from tests.builders.staff import a_role, a_staff
from tests.channels.somewhere import a_channel

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def business_time(settings):
    settings.BUSINESS_TIME = "2026-10-15T15:00"


def a_clerk(username="ying1", role="clerk"):
    staff = Staff.objects.create_user(
        username=username, password="not-a-real-one", display_name=f"测试{username}"
    )
    staff.roles.add(a_role(role))
    return staff


@pytest.fixture
def clerk():
    return a_clerk()


@pytest.fixture
def page(client, clerk):
    client.force_login(clerk)
    return client


def a_sale(channel, at, *, ref="O1", item="basic-A-106", monthly_fen=10600, staff=None):
    record_sale(
        channel_id=channel.pk,
        staff_id=staff.pk if staff else None,
        order_ref=ref,
        business="open_bundle",
        item=item,
        customer_id=1,
        monthly_fen=monthly_fen,
        accepted_at=local_moment(at),
        completed_at=local_moment(at),
    )


def some_money(channel, at, *, ref="p1", amount_fen=20000, means="cash", staff=None):
    record_revenue(
        channel_id=channel.pk,
        staff_id=staff.pk if staff else None,
        payment_ref=ref,
        customer_id=1,
        means=means,
        amount_fen=amount_fen,
        at=local_moment(at),
    )


def figures(response):
    return {
        row.code: (row.sold_count, row.sold_monthly_fen, row.revenue_fen)
        for row in response.context["list"].rows
    }


def test_the_list_sums_the_months_sales_and_takings(page):
    hall, dealer = a_channel(), a_channel(code="DL-01", name="代理一", kind="dealer")
    a_sale(hall, "2026-10-01T00:00", ref="O1")
    a_sale(hall, "2026-10-31T23:59", ref="O2", monthly_fen=2500)
    a_sale(hall, "2026-11-01T00:00", ref="O3")
    some_money(hall, "2026-10-02T10:00")
    some_money(hall, "2026-10-02T11:00", ref="p1/reversal", amount_fen=-20000)
    some_money(hall, "2026-10-03T10:00", ref="p2", amount_fen=5000)
    some_money(dealer, "2026-09-30T23:59", ref="p3")
    response = page.get("/channels/")
    assert figures(response) == {"HALL-01": (2, 13100, 5000), "DL-01": (0, 0, 0)}
    assert response.context["totals"] == {"sales": 2, "monthly": 13100, "revenue": 5000}
    assert figures(page.get("/channels/?month=2026-11"))["HALL-01"] == (1, 10600, 0)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=代理", ["DL-01"]),
        ("q=hall-01", ["HALL-01"]),
        ("kind=dealer", ["DL-01"]),
        ("level=city", ["DL-01"]),
        ("state=closed", ["HALL-02"]),
        ("state=active&sort=channel", ["DL-01", "HALL-01"]),
        ("sort=-channel", ["HALL-01", "DL-01", "HALL-02"]),
        ("month=nonsense", ["HALL-01", "DL-01", "HALL-02"]),
    ],
)
def test_the_list_is_filtered_and_sorted_by_the_address(page, query, found):
    a_channel(name="朝阳营业厅")
    city = Organisation.objects.create(code="BJ", name="北京市分公司", level="city")
    register_channel(code="DL-01", name="代理一", kind="dealer", organisation_id=city.pk)
    a_channel(code="HALL-02", name="东四营业厅", active=False)
    codes = list(figures(page.get(f"/channels/?{query}")))
    assert codes == found if "sort" in query else sorted(codes) == sorted(found)


def test_the_list_is_exported_as_csv(page):
    a_sale(a_channel(), "2026-10-05T10:00")
    page.force_login(a_staff("supervisor", username="exporter"))
    text = page.get("/channels/?export=csv").content.decode("utf-8-sig")
    assert text.splitlines() == [
        "渠道,类型,所属机构,状态,发展量(件),新增月费(元),收款(元)",
        "朝阳营业厅 HALL-01,自有营业厅,营业厅 北京朝阳营业厅,在用,1,106.00,0.00",
    ]


def test_a_hall_shows_its_day_by_means_and_by_clerk(page, clerk):
    hall, other = a_channel(), a_clerk("ying2")
    a_sale(hall, "2026-10-15T09:30", ref="O1", staff=clerk)
    a_sale(hall, "2026-10-14T23:59", ref="O0", staff=clerk)
    some_money(hall, "2026-10-15T10:00", ref="p1", staff=clerk)
    some_money(hall, "2026-10-15T10:05", ref="p2", amount_fen=300, staff=other)
    some_money(hall, "2026-10-15T10:10", ref="p3", amount_fen=700, means="card")
    some_money(a_channel(code="HALL-02"), "2026-10-15T10:10", ref="p4")
    context = page.get("/channels/HALL-01").context
    assert [(word, t.count, t.amount_fen) for word, t in context["takings"]] == [
        ("刷卡", 1, 700),
        ("现金", 2, 20300),
    ]
    assert (context["sold"], context["sold_monthly_fen"], context["taken_fen"]) == (1, 10600, 21000)
    assert [(c.name, c.sales, c.payments, c.amount_fen) for c in context["clerks"]] == [
        ("测试ying1", 1, 1, 20000),
        ("测试ying2", 0, 1, 300),
        ("", 0, 1, 700),
    ]
    assert [fact.order_ref for fact, _item in context["sales"]] == ["O1"]
    assert context["days"][-2:] == [("10-14", 0), ("10-15", 21000)]
    assert len(context["days"]) == 14


def test_another_day_is_in_the_address_and_tomorrow_is_not_offered(page):
    a_sale(a_channel(), "2026-10-14T23:59", ref="O0")
    context = page.get("/channels/HALL-01?day=2026-10-14").context
    assert [fact.order_ref for fact, _item in context["sales"]] == ["O0"]
    assert str(context["next_day"]) == "2026-10-15"
    assert page.get("/channels/HALL-01").context["next_day"] is None
    assert page.get("/channels/HALL-01?day=nonsense").status_code == 200


def test_an_unknown_hall_is_not_there(page):
    assert page.get("/channels/NOWHERE").status_code == 404


def test_who_has_no_permission_is_sent_away(client):
    client.force_login(a_clerk("kefu1", role="agent"))
    assert client.get("/channels/").status_code == 403


def test_the_home_page_shows_todays_takings_of_my_hall(page, clerk):
    hall = a_channel()
    some_money(hall, "2026-10-15T10:00", staff=clerk)
    some_money(hall, "2026-10-15T11:00", ref="p2", amount_fen=500)
    assert "今日营业" not in page.get("/").content.decode()
    clerk.organisation = hall.organisation
    clerk.save()
    text = page.get("/").content.decode()
    assert "今日营业" in text
    assert "205.00" in text
    assert "200.00" in text


def test_the_home_page_takes_no_hotline_for_a_hall(page, clerk):
    hotline = a_channel(code="HE-10010", kind="hotline", name="10010 客服热线")
    clerk.organisation = hotline.organisation
    clerk.save()
    assert "今日营业" not in page.get("/").content.decode()


def test_a_hall_opened_without_a_day_shows_today_in_the_field(page):
    a_channel()
    assert 'value="2026-10-15"' in page.get("/channels/HALL-01").content.decode()
