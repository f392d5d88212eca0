"""The printing house's run: the same content as the single bill, every bill once, whoever stops."""

import csv
import re
from collections import Counter
from io import BytesIO, StringIO

import pytest
from django.core.management import CommandError, call_command
from pypdf import PdfReader, PdfWriter

from billing.models import Bill, BillLine
from billing.services import bill_printing, payments
from bss.kernel.errors import BadInputError
from bss.kernel.models import AuditEntry, BatchRun, BatchStep
from tests.billing.views.house import (
    CLOSED_AT,
    a_closed_october,
    a_member_of_staff,
    an_open_october,
)
from tests.builders.billing import a_channel, own_account
from tests.builders.staff import a_staff
from tests.builders.usage import OCTOBER

pytestmark = pytest.mark.django_db

PRINTED = re.compile(r"打印.*?·")


def text_of(pdf: bytes) -> str:
    """Its characters without spaces and without who printed it and when."""
    pages = PdfReader(BytesIO(pdf)).pages
    whole = "".join("".join(page.extract_text().split()) for page in pages)
    return PRINTED.sub("", whole)


def the_single(client, bill: Bill) -> bytes:
    return client.get(f"/billing/bills/{bill.pk}.pdf").content


def printed_bill(folder, row) -> bytes:
    """The sheets of one row of the index, as a PDF of their own."""
    first = int(row["first_page"]) - 1
    writer = PdfWriter()
    writer.append(folder / row["file"], pages=(first, first + int(row["pages"])))
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def index_of(folder):
    return list(csv.DictReader(StringIO((folder / "index.csv").read_text())))


@pytest.fixture
def manager(client, settings):
    settings.BUSINESS_TIME = "2026-11-05T10:00"
    client.force_login(a_member_of_staff("supervisor"))
    return client


def test_every_printed_bill_says_what_the_single_bill_says(manager, monkeypatch, tmp_path):
    october = a_closed_october()
    payments.pay(
        account_id=october.unified.pk,
        amount_fen=5000,
        key="p",
        at=CLOSED_AT,
        channel_id=a_channel().pk,
        by_id=a_staff("clerk", username="clerk9").pk,
    )
    monkeypatch.setattr("bss.kernel.pages.paper.mark_of", lambda staff, at: "")
    bill_printing.print_bills(month=OCTOBER, into=tmp_path, at=CLOSED_AT)

    rows = index_of(tmp_path)
    assert len(rows) == Bill.objects.count() == 9
    for row in rows:
        bill = Bill.objects.get(pk=row["bill"])
        printed = text_of(printed_bill(tmp_path, row))
        assert Counter(printed) == Counter(text_of(the_single(manager, bill)))
    assert "已缴50.00" in text_of(printed_bill(tmp_path, rows[-1]))


def test_a_long_bill_numbers_its_own_sheets_and_the_next_begins_again(tmp_path):
    october = a_closed_october()
    bill = october.call_bill
    fees = [{"order": f"SO{n}", "memo": "上门费", "fen": 100} for n in range(60)]
    BillLine.objects.create(
        bill=bill, item="ONE_OFF_FEE", position=2, amount_fen=6000, why={"because": fees}
    )
    bill_printing.print_bills(month=OCTOBER, into=tmp_path, at=CLOSED_AT)

    rows = index_of(tmp_path)
    assert [(row["first_page"], row["pages"]) for row in rows[:3]] == [
        ("1", "2"), ("3", "1"), ("4", "1"),
    ]  # fmt: skip
    pages = PdfReader(tmp_path / rows[0]["file"]).pages
    assert "1 / 2" in pages[0].extract_text()
    assert "2 / 2" in pages[1].extract_text()
    assert "1 / 1" in pages[2].extract_text()


def test_a_second_run_prints_nothing_again(monkeypatch, tmp_path):
    monkeypatch.setattr(bill_printing, "BILLS_PER_FILE", 4)
    a_closed_october()
    bill_printing.print_bills(month=OCTOBER, into=tmp_path, at=CLOSED_AT)
    files = {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    bill_printing.print_bills(month=OCTOBER, into=tmp_path, at=CLOSED_AT)

    assert {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == files
    assert sorted(files) == [
        "bills-2026-10-00001.csv", "bills-2026-10-00001.pdf",
        "bills-2026-10-00002.csv", "bills-2026-10-00002.pdf",
        "bills-2026-10-00003.csv", "bills-2026-10-00003.pdf",
        "index.csv",
    ]  # fmt: skip
    told = AuditEntry.objects.filter(action="print_bills.print").order_by("pk")
    assert [entry.detail["bills"] for entry in told] == [4, 4, 1]


def test_a_month_is_printed_into_one_folder(tmp_path):
    a_closed_october()
    bill_printing.print_bills(month=OCTOBER, into=tmp_path / "one", at=CLOSED_AT)
    with pytest.raises(BadInputError, match=r"打印在 .*one，请用同一个目录"):
        bill_printing.print_bills(month=OCTOBER, into=tmp_path / "two", at=CLOSED_AT)
    assert not (tmp_path / "two").exists()


def test_bills_that_came_after_the_run_began_do_not_move_its_files(monkeypatch, tmp_path):
    monkeypatch.setattr(bill_printing, "BILLS_PER_FILE", 4)
    october = a_closed_october()
    began = BatchRun.objects.create(
        kind=bill_printing.KIND, key="2026-10", at=CLOSED_AT, report={"into": str(tmp_path)}
    )
    steps = [(0, "print", 0), (0, "print", 1), (0, "print", 2), (1, "index", 0)]
    for position, name, shard in steps:
        BatchStep.objects.create(run=began, position=position, name=name, shard=shard)
    later = CLOSED_AT.replace(day=9)
    Bill.objects.create(
        account=own_account(october.operator.subscriptions["m1"]), month=OCTOBER.first_day,
        issued_at=later, due_on=later.date(), total_fen=0,
    )  # fmt: skip
    bill_printing.print_bills(month=OCTOBER, into=tmp_path, at=later)
    files = [row["file"][-9:-4] for row in index_of(tmp_path)]
    assert files == [*["00001"] * 4, *["00002"] * 4, "00003"]


def test_a_file_that_failed_is_printed_by_the_next_run(monkeypatch, tmp_path):
    monkeypatch.setattr(bill_printing, "BILLS_PER_FILE", 4)
    a_closed_october()
    whole, calls = bill_printing.print_run, []

    def out_of_paper(template, data):
        calls.append(len(data["bills"]))
        if len(calls) == 2:
            raise OSError("no space left")
        return whole(template, data)

    monkeypatch.setattr(bill_printing, "print_run", out_of_paper)
    with pytest.raises(OSError, match="no space left"):
        bill_printing.print_bills(month=OCTOBER, into=tmp_path, at=CLOSED_AT)
    assert not (tmp_path / "index.csv").exists()
    bill_printing.print_bills(month=OCTOBER, into=tmp_path, at=CLOSED_AT)

    assert calls == [4, 4, 1, 4]
    assert len(index_of(tmp_path)) == 9


def test_a_month_that_is_open_has_no_bills_to_print(tmp_path):
    an_open_october()
    with pytest.raises(BadInputError, match="2026-10 还没有出帐"):
        bill_printing.print_bills(month=OCTOBER, into=tmp_path / "new", at=CLOSED_AT)
    assert not (tmp_path / "new").exists()


@pytest.mark.django_db(transaction=True)
def test_the_command_says_how_many_bills_are_in_how_many_files(capsys, tmp_path):
    a_closed_october()
    call_command("print_bills", "2026-10", "--into", str(tmp_path))
    assert capsys.readouterr().out == "2026-10: 9 bills in 1 files\n"
    with pytest.raises(CommandError, match="一份"):
        call_command("print_bills", "2026-10", "--into", str(tmp_path), "--processes", "0")
