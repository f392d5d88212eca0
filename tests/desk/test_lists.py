"""ListPage: what the URL asks for, the list shows. Staff stand in for any rows."""

import csv
from io import BytesIO, StringIO

import pytest
from django.test import RequestFactory
from openpyxl import load_workbook

from bss.identity.stepup import PROVED, proof_of
from bss.kernel.models import Staff
from bss.kernel.pages.lists import Column, ListPage
from tests.builders.staff import a_staff

COLUMNS = (
    Column(name="number", label="工号", order_by=("username",), value=lambda s: s.username),
    Column(name="name", label="姓名", order_by=("display_name",), value=lambda s: s.display_name),
    Column(name="state", label="状态"),
)


def listed(query="", **more):
    request = RequestFactory().get(f"/staff{query}")
    rows = Staff.objects.exclude(username="exporter")
    return ListPage(request, rows, columns=COLUMNS, sort="number", **more)


def exported(query):
    page = listed(query)
    page.request.user = a_staff("account_manager", username="exporter")
    page.request.session = {PROVED: proof_of(page.request.user.pk)}
    return page.exported("工号")


@pytest.fixture
def thirty(db):
    Staff.objects.bulk_create(
        Staff(username=f"s{n:02d}", display_name=f"人{30 - n:02d}") for n in range(30)
    )


def test_a_list_begins_in_its_own_order_and_counts_everything(thirty):
    page = listed()
    assert page.count == 30
    assert [s.username for s in page.rows][:2] == ["s00", "s01"]
    assert (page.previous_url, page.next_url) == ("", "/staff?page=2")


def test_a_heading_turns_the_order_and_goes_back_to_the_first_page(thirty):
    page = listed("?sort=name&page=2")
    assert [h.sorted for h in page.headings] == ["", "ascending", ""]
    assert page.headings[1].url == "/staff?sort=-name"
    assert page.headings[2].url == ""
    assert listed("?sort=-name").rows[0].display_name == "人30"


def test_an_order_nobody_knows_and_a_page_too_far_are_harmless(thirty):
    assert listed("?sort=password").sort == "number"
    assert listed("?page=99").page.number == 2
    assert listed("?page=x").page.number == 1


def test_only_filters_make_a_list_filtered(thirty):
    assert listed("?sort=name&page=2").is_filtered is False
    assert listed("?q=x").is_filtered is True


def test_the_csv_holds_all_rows_in_the_order_shown(thirty):
    response = exported("?sort=-number&export=csv")
    rows = list(csv.reader(StringIO(response.content.decode("utf-8-sig"))))
    assert rows[0] == ["工号", "姓名"]
    assert rows[1] == ["s29", "人01"]
    assert len(rows) == 31


def test_the_workbook_holds_the_same(thirty):
    response = exported("?export=xlsx")
    sheet = load_workbook(BytesIO(response.content)).active
    assert [cell.value for cell in sheet[2]] == ["s00", "人30"]
    assert sheet.max_row == 31


def test_text_that_a_spreadsheet_would_run_stays_text(db):
    Staff.objects.create(username="x", display_name="=1+1")
    response = exported("?export=csv")
    assert "'=1+1" in response.content.decode("utf-8-sig")


def test_no_export_is_asked_for_no_file_is_given(thirty):
    assert listed().exported("工号") is None
    assert listed("?export=pdf").exported("工号") is None
