"""An archive file that is gone, altered or another's: one sentence, and nothing half done."""

import pytest
from django.core.management import CommandError, call_command

from billing.models import UsageArchive, UsageArchiveFile
from billing.queries.usage import explain_line
from billing.services import usage, usage_archive
from bss.kernel.object_store import StoreFaultError
from bss.kernel.periods import local_moment
from tests.billing.services.test_usage_archive import an_old_october_with_a_second_caller
from tests.billing.views.house import CALL, a_member_of_staff
from tests.builders.archived import an_old_october, archive, archived, parquet_files, stored

__all__ = ["archive"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("archive")]


def altered(path) -> None:
    content = bytearray(path.read_bytes())
    for place in range(40, len(content) - 8, 50):
        content[place] ^= 1
    path.write_bytes(content)


def cut_short(path) -> None:
    path.write_bytes(path.read_bytes()[:100])


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        (lambda path: path.unlink(), "话单归档文件 %s 不在归档存储中，请从备份恢复该文件后再试。"),
        (altered, "话单归档文件 %s 打不开或已被改动，请从备份恢复该文件后再试。"),
        (cut_short, "话单归档文件 %s 打不开或已被改动，请从备份恢复该文件后再试。"),
    ],
    ids=["missing", "altered", "cut short"],
)
def test_a_harmed_file_is_told_in_one_sentence(client, settings, archive, harm, sentence):
    settings.BUSINESS_TIME = "2027-05-10T10:00"
    october = an_old_october()
    archived()
    harm(parquet_files(archive)[0])
    expected = sentence % UsageArchiveFile.objects.get().name
    bill = october.call_bill
    client.force_login(a_member_of_staff("supervisor"))

    page = client.get(f"/billing/bills/{bill.pk}/lines/{bill.lines.get().pk}")

    assert page.status_code == 503
    assert expected in page.content.decode()
    with pytest.raises(CommandError, match="话单归档文件"):
        call_command("restore_usage", "2026-10")
    assert UsageArchive.objects.get().state == "archived"
    with pytest.raises(StoreFaultError):
        usage.load(rows=[{**CALL, "record_id": "a"}], at=local_moment("2027-05-10T09:00"))


def test_one_file_does_not_pass_for_another(archive, monkeypatch):
    monkeypatch.setattr(usage_archive, "RECORDS_PER_FILE", 1)
    october = an_old_october_with_a_second_caller()
    archived()
    first, second = parquet_files(archive)
    first.write_bytes(second.read_bytes())

    with pytest.raises(StoreFaultError, match="已被改动"):
        explain_line(october.call_bill.lines.get())


def test_a_month_stays_in_the_table_while_a_file_is_not_seen(archive, monkeypatch):
    """Such as that of a worker whose archive is not that of the others."""
    an_old_october()
    real = usage_archive.write_span

    def elsewhere(*args, **kwargs):
        file = real(*args, **kwargs)
        (archive / file.name).unlink()
        return file

    monkeypatch.setattr(usage_archive, "write_span", elsewhere)

    with pytest.raises(StoreFaultError, match="不在归档存储中"):
        archived()

    assert len(stored()) == 2
