"""资费重批 on the pages: preview, ask, see it done; and what stands in the way."""

import pytest

from billing.models import Adjustment, Rerating
from billing.services import reratings
from bss.kernel.models import Approval
from tests.billing.views.house import a_member_of_staff
from tests.builders.tariffs import a_corrected_catalogue, a_preview, done

pytestmark = pytest.mark.django_db
NEW = "/billing/reratings/new"
OCTOBER = {"first_month": "2026-10", "last_month": "2026-10", "offering": "", "customer": ""}


@pytest.fixture
def corrected(october):
    a_corrected_catalogue(bundles={"overflow_per_minute": "0.10"})
    return october


def test_an_operator_previews_asks_and_sees_it_done(corrected, client):
    client.force_login(a_member_of_staff("batch_operator"))
    there = client.post(NEW, OCTOBER).url
    page = client.get(there)
    assert page.context["totals"]["credits_fen"] == -25
    assert [row["item"] for row in page.context["items"] if row["lines"]] == ["VOICE_LOCAL"]
    assert corrected.own.code in page.text
    assert "超出共享时长的每分钟由 0.15 元改为 0.10 元。" in page.text

    asked = client.post(f"{there}/ask", {"reason": "超出价配错"})
    approval = Approval.objects.get()
    assert asked.url == f"/oversight/approvals/{approval.pk}"
    assert "已提交审批，等待另一位同事" in client.get(there).text

    client.force_login(a_member_of_staff("supervisor"))
    shown = client.get(asked.url).text
    assert "减免合计(元)" in shown
    assert "0.25" in shown
    client.post(f"{asked.url}/decide", {"answer": "approve"})
    rerating = Rerating.objects.get()
    assert rerating.state == "approved"
    assert 'hx-trigger="every 2s"' in client.get(there).text
    reratings.carry_out(rerating)
    assert "已办理：1 笔调帐列入下一张帐单" in client.get(there).text
    made = Adjustment.objects.get()
    assert rerating.code in client.get(f"/billing/adjustments/{made.pk}").text


def test_the_differences_are_a_list_with_filters_and_a_file(corrected, page):
    there = f"/billing/reratings/{done(a_preview()).pk}/lines"
    found = page.get(there)
    assert [line.item for line, _number, _item in found.context["rows"]] == ["VOICE_LOCAL"]
    assert Adjustment.objects.get().code in found.text
    assert page.get(f"{there}?way=more").context["list"].count == 0
    assert page.get(f"{there}?q={corrected.own.code}").context["list"].count == 1
    file = page.get(f"{there}?export=csv")
    assert corrected.own.code in file.content.decode("utf-8-sig")


def test_the_list_leads_to_each_preview(corrected, page):
    rerating = a_preview()
    shown = page.get("/billing/reratings/").text
    assert f'href="/billing/reratings/{rerating.pk}"' in shown
    assert page.get("/billing/reratings/?state=done").context["list"].count == 0


def test_a_wrong_choice_is_refused_in_a_sentence(october, page):
    backwards = page.post(NEW, {**OCTOBER, "first_month": "2026-11"})
    assert backwards.status_code == 422
    assert "月份次序不对" in backwards.text
    stranger = page.post(NEW, {**OCTOBER, "customer": "C-NOBODY"})
    assert stranger.status_code == 422
    assert "没有编号为 C-NOBODY 的客户" in stranger.text
    assert not Rerating.objects.exists()


def test_nothing_can_be_asked_for_without_a_difference(october, page):
    there = page.post(NEW, OCTOBER).url
    shown = page.get(there).text
    assert "没有差异：按现行产品目录重算" in shown
    assert "提交审批" not in shown
    refused = page.post(f"{there}/ask", {"reason": "试试"})
    assert refused.status_code == 422
    assert "没有差异，不需要办理。" in refused.text


def test_a_reason_is_needed(corrected, page):
    there = page.post(NEW, OCTOBER).url
    refused = page.post(f"{there}/ask", {"reason": ""})
    assert refused.status_code == 422
    assert "请填写理由。" in refused.text
