"""What a hall sold, as its day names it."""

import pytest

from bss.kernel.periods import local_moment
from channels.services.facts import record_sale
from orders.views.sale_names import sale_names
from tests.builders.orders import NOON, the_catalogue
from tests.builders.staff import a_staff
from tests.channels.somewhere import a_channel

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("item", "name"),
    [
        ("basic-A-106", "沃·商务基础版 A 106"),
        ("M2G-STD 13011110000", "2G 标准 50 元 130****0000"),
        ("ADSL-2M 01080000001", "宽带 2 Mbps 120 元 010****0001"),
        ("M2G-STD", "2G 标准 50 元"),
        ("TERM-VPN", "终端加装包(VPN)"),
        ("caller_id", "来电显示"),
        ("hold", "停机保号"),
        ("WAS-SOLD-ONCE", "WAS-SOLD-ONCE"),
    ],
)
def test_every_sort_of_item_has_its_name(item, name):
    the_catalogue()

    assert sale_names(NOON.date())(item) == name


def test_without_a_catalogue_the_code_is_the_name():
    assert sale_names(NOON.date())("M2G-STD") == "M2G-STD"


def test_a_hall_s_day_shows_names_and_no_number_in_clear(client, settings):
    settings.BUSINESS_TIME = "2026-10-15T15:00"
    the_catalogue()
    hall = a_channel()
    record_sale(
        channel_id=hall.pk,
        staff_id=None,
        order_ref="O1",
        business="open_bundle",
        item="M2G-STD 13011110000",
        customer_id=1,
        monthly_fen=5000,
        accepted_at=local_moment("2026-10-15T09:30"),
        completed_at=local_moment("2026-10-15T09:30"),
    )
    client.force_login(a_staff("supervisor"))

    page = client.get(f"/channels/{hall.code}").text

    assert "2G 标准 50 元 130****0000" in page
    assert "13011110000" not in page
