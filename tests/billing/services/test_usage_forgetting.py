"""An erased customer's lines: unseen at once, out of the files with the next run, in no copy."""

import pyarrow.parquet as pq
import pytest

from billing.models import UsageArchiveFile
from billing.queries.archive_file import opened
from billing.queries.usage import explain_line
from billing.services.usage_forgetting import forget_erased
from billing.services.usage_restoring import restore_month
from bss.kernel import data_keys
from bss.kernel.object_store import StoreFaultError
from bss.kernel.periods import local_moment
from customers.models import Customer
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

ERASED_AT = local_moment("2027-05-20T10:00")
JUNE = local_moment("2027-06-10T03:00")


def lines() -> list[str]:
    """The lines in the archive's only file."""
    with opened(UsageArchiveFile.objects.get()) as parquet:
        assert isinstance(parquet, pq.ParquetFile)
        return parquet.read(columns=["line"])["line"].to_pylist()


def told(october) -> list[tuple[str, str, int]]:
    records = explain_line(october.call_bill.lines.get())
    return [(one.record_id, one.other_number, one.amount_hao) for one in records]


def test_an_erased_customers_calls_show_no_numbers_at_once():
    october = an_old_october()
    archived()
    assert told(october) == [("a", "01088880001", 0), ("b", "01088880001", 7500)]

    Customer.objects.filter(pk=october.operator.owner.pk).update(erased_at=ERASED_AT)

    assert told(october) == [("a", "", 0), ("b", "", 7500)]


def test_the_next_run_writes_the_file_anew_and_no_copy_of_the_old_one_opens(
    archive, django_capture_on_commit_callbacks
):
    october = an_old_october()
    archived()
    old = UsageArchiveFile.objects.get()
    copy = parquet_files(archive)[0].read_bytes()
    assert any("01088880001" in line for line in lines())
    assert forget_erased(at=ERASED_AT) is None
    Customer.objects.filter(pk=october.operator.owner.pk).update(erased_at=ERASED_AT)

    with django_capture_on_commit_callbacks(execute=True):
        run = forget_erased(at=JUNE)

    new = UsageArchiveFile.objects.get()
    assert run is not None
    assert run.report == {"files": [old.pk]}
    assert lines() == ["a,,,,,,,,", "b,,,,,,,,"]
    assert (new.records, new.amount_hao, new.masked_until) == (2, 7500, JUNE)
    assert [path.relative_to(archive).as_posix() for path in parquet_files(archive)] == [new.name]
    (archive / old.name).write_bytes(copy)
    data_keys.forget()
    with pytest.raises(StoreFaultError), opened(old):
        pass
    assert told(october) == [("a", "", 0), ("b", "", 7500)]
    assert forget_erased(at=local_moment("2027-07-10T03:00")) is None


def test_who_was_erased_before_is_not_in_the_file_at_all():
    october = an_old_october()
    Customer.objects.filter(pk=october.operator.owner.pk).update(erased_at=ERASED_AT)

    archived(at=JUNE)

    assert lines() == ["a,,,,,,,,", "b,,,,,,,,"]
    assert forget_erased(at=JUNE) is None
    restore_month(month=OCTOBER, at=ARCHIVED_AT)
    assert [row[2] for row in stored()] == ["a,,,,,,,,", "b,,,,,,,,"]
