"""Old usage moves into files: exactly once, whoever dies when; bills are explained as before."""

import json
from hashlib import sha256

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from billing.batch.archive import write
from billing.models import ClosedMonth, UnbilledAccount, UsageArchive, UsageArchiveFile
from billing.queries.bill_changes import bill_changes
from billing.queries.control_room import usage_facts
from billing.queries.pool_days import pool_by_day
from billing.queries.usage import explain_line
from billing.services import usage, usage_archive
from billing.services.usage_archive import archive_due, archive_month, months_due
from bss.kernel.errors import BadInputError
from bss.kernel.models import AuditEntry, BatchRun, BatchStep
from bss.kernel.periods import Month, local_moment
from tests.billing.views.house import CALL, a_member_of_staff
from tests.builders.archived import (
    ARCHIVED_AT,
    an_old_october,
    archive,
    archived,
    parquet_files,
    stored,
)
from tests.builders.usage import OCTOBER

__all__ = ["archive"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("archive")]


def test_pages_say_the_same_of_an_archived_month(client, settings):
    settings.BUSINESS_TIME = "2027-05-10T10:00"
    october = an_old_october()
    client.force_login(a_member_of_staff("supervisor"))
    bill = october.call_bill
    address = f"/billing/bills/{bill.pk}/lines/{bill.lines.get().pk}"

    def seen():
        return (
            client.get(address).content.partition(b'id="records"')[2].partition(b"</table>")[0],
            client.get(f"{address}?export=csv").content,
            explain_line(bill.lines.get()),
            pool_by_day(bundle_id=october.operator.bundles["b1"].pk, month=OCTOBER),
            bill_changes(bill),
            usage_facts(OCTOBER).records,
        )

    before = seen()
    assert before[0].count(b"<tr>") == 2
    assert [one.record_id for one in before[2]] == ["a", "b"]
    assert [(one.day.day, one.pool_so_far) for one in before[3]] == [(5, 50), (6, 60)]
    assert before[5] == 2

    archived()

    assert stored() == []
    assert seen() == before


def test_what_was_written_is_told_by_rows_manifest_and_audit(archive):
    an_old_october()
    run = archived()

    file = UsageArchiveFile.objects.get()
    [path] = parquet_files(archive)
    assert run.state == BatchRun.State.DONE
    assert (file.records, file.duration_s, file.amount_hao, file.info_fee_hao) == (2, 3900, 7500, 0)
    assert path.relative_to(archive).as_posix() == file.name
    assert file.sha256 == sha256(path.read_bytes()).hexdigest()
    assert b"01062000001" not in path.read_bytes()
    manifest = json.loads((archive / "2026-10" / "manifest.json").read_text())
    assert (manifest["month"], manifest["records"]) == ("2026-10", 2)
    assert [one["sha256"] for one in manifest["files"]] == [file.sha256]
    assert UsageArchive.objects.get().state == "archived"
    told = AuditEntry.objects.filter(action__startswith="archive_usage.")
    assert list(told.order_by("pk").values_list("action", flat=True)) == [
        "archive_usage.write",
        "archive_usage.detach",
        "archive_usage.tidy",
    ]


def test_the_second_time_nothing_happens(archive):
    an_old_october()
    first = archived()
    files = {path: path.stat().st_mtime_ns for path in archive.rglob("*.*")}

    assert archived() == first

    assert {path: path.stat().st_mtime_ns for path in archive.rglob("*.*")} == files
    assert BatchStep.objects.filter(run=first).count() == 3


def test_a_month_in_several_files_is_sorted_and_whole(archive, monkeypatch):
    monkeypatch.setattr(usage_archive, "RECORDS_PER_FILE", 1)
    october = an_old_october_with_a_second_caller()
    before = stored()

    archived()

    spans = UsageArchiveFile.objects.values_list("first_subscription", "last_subscription")
    f1, f9 = october.f1.pk, october.operator.subscriptions["f9"].pk
    assert list(spans.order_by("number")) == [(-(2**63), f9 - 1), (f9, 2**63 - 1)]
    assert f1 < f9
    assert sum(UsageArchiveFile.objects.values_list("records", flat=True)) == len(before) == 3
    assert len(parquet_files(archive)) == 2
    assert [one.record_id for one in explain_line(october.call_bill.lines.get())] == ["a", "b"]


def an_old_october_with_a_second_caller():
    october = an_old_october()
    ClosedMonth.objects.filter(month=OCTOBER.next.first_day).delete()
    usage.load(
        rows=[{**CALL, "service_number": "01062000009", "record_id": "c", "duration_s": 60}],
        at=local_moment("2026-11-05T09:00"),
    )
    ClosedMonth.objects.create(month=OCTOBER.next.first_day, closed_at=ARCHIVED_AT)
    return october


@pytest.mark.parametrize("dies_in", ["write_span", "detach", "tidy"])
def test_killed_after_any_step_did_its_work_it_is_done_once(archive, monkeypatch, dies_in):
    october = an_old_october()
    before = explain_line(october.call_bill.lines.get())
    real = getattr(usage_archive, dies_in)

    def killed(*args, **kwargs):
        real(*args, **kwargs)
        raise RuntimeError("killed")

    monkeypatch.setattr(usage_archive, dies_in, killed)
    with pytest.raises(RuntimeError, match="killed"):
        archived()
    assert explain_line(october.call_bill.lines.get()) == before
    monkeypatch.setattr(usage_archive, dies_in, real)

    run = archived()

    assert run.state == BatchRun.State.DONE
    assert explain_line(october.call_bill.lines.get()) == before
    assert [path.relative_to(archive).as_posix() for path in parquet_files(archive)] == [
        UsageArchiveFile.objects.get().name
    ]


def test_a_file_that_reads_back_otherwise_is_not_believed(archive, monkeypatch):
    an_old_october()
    monkeypatch.setattr(write, "_digests", lambda file: iter(["another"]))

    with pytest.raises(BadInputError, match="打不开或已被改动"):
        archived()

    assert len(stored()) == 2
    assert not UsageArchiveFile.objects.exists()


def test_records_that_change_after_they_were_written_are_written_anew(archive, monkeypatch):
    october = an_old_october()
    real = usage_archive.detach
    monkeypatch.setattr(usage_archive, "detach", lambda *a, **k: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        archived()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE billing_record SET rate_id = 7 WHERE drawn_units = 10")
    rows = stored()
    monkeypatch.setattr(usage_archive, "detach", real)

    archived()
    call_command("restore_usage", "2026-10")

    assert stored() == rows
    assert october.f1.pk == rows[0][4]


def test_only_billed_months_without_open_ends_are_archived():
    october = an_old_october()
    november = OCTOBER.next

    def refusal(month: Month) -> str:
        with pytest.raises(BadInputError) as refused:
            archive_month(month=month, at=ARCHIVED_AT)
        return str(refused.value)

    assert refusal(november) == "month: 2026-11 在库中没有话单，不需要归档。"
    ClosedMonth.objects.filter(month=november.first_day).delete()
    assert refusal(OCTOBER) == "month: 2026-10 或次月还没有出帐，话单还要用，不能归档。"
    ClosedMonth.objects.create(month=november.first_day, closed_at=ARCHIVED_AT)
    UnbilledAccount.objects.create(
        account=october.own, month=november.first_day, why="", parked_at=ARCHIVED_AT
    )
    assert refusal(OCTOBER) == "month: 2026-10 或次月还有搁置未出的帐单，请补出后再归档话单。"
    assert archive_due(at=ARCHIVED_AT) == []


def test_a_month_is_due_when_it_is_older_than_the_settings_say(settings):
    an_old_october()
    settings.USAGE_MONTHS_IN_TABLE = 6

    assert months_due(at=local_moment("2027-04-30T23:59")) == []
    assert months_due(at=local_moment("2027-05-01T00:00")) == [OCTOBER]


def test_the_command_says_what_it_did_and_checks_it(archive, capsys):
    an_old_october()

    call_command("archive_usage", "--at", "2027-05-10T03:00")
    call_command("archive_usage", "--at", "2027-05-10T03:00")
    call_command("archive_usage", "--check")

    done, again, checked = capsys.readouterr().out.splitlines()
    assert done.startswith("2026-10: 2 records in 1 files, ")
    assert again == "No month is old enough."
    assert checked == "1 files are as they were written."
    parquet_files(archive)[0].unlink()
    with pytest.raises(CommandError, match="1 of 1 files are not as they were written"):
        call_command("archive_usage", "--check")
