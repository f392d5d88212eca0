from datetime import datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from bss.kernel import data_keys
from bss.kernel.dumps import filled_tables
from bss.kernel.models import BatchRun, BatchStep
from bss.kernel.periods import BUSINESS_ZONE
from customers.models import Customer, Document
from tests.builders.customers import a_company

AT = datetime(2026, 10, 1, tzinfo=BUSINESS_ZONE)


@pytest.fixture
def backup(transactional_db, tmp_path):
    """A backup of a database with one run and its three steps; the database is empty again."""
    run = BatchRun.objects.create(kind="month_end", key="2026-10", at=AT, report={"行": "张三"})
    BatchStep.objects.bulk_create(
        [BatchStep(run=run, position=n, name="rate", report={"n": n}) for n in (1, 2, 3)]
    )
    file = tmp_path / "bss.dump"
    call_command("backup", file, verbosity=0)
    BatchStep.objects.all().delete()
    BatchRun.objects.all().delete()
    return file


def constraints_and_triggers():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, conname, contype::text "
            "FROM pg_constraint UNION ALL "
            "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) "
            "FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1, 2"
        )
        return cursor.fetchall()


def test_restore_brings_back_every_row_constraint_and_trigger(backup):
    before = constraints_and_triggers()

    call_command("restore", backup, verbosity=0)

    run = BatchRun.objects.get()
    assert (run.kind, run.key, run.at, run.report) == ("month_end", "2026-10", AT, {"行": "张三"})
    assert [step.report for step in run.steps.all()] == [{"n": 1}, {"n": 2}, {"n": 3}]
    assert constraints_and_triggers() == before
    assert BatchRun.objects.create(kind="month_end", key="2026-11", at=AT).pk > run.pk


def test_what_was_sealed_opens_after_a_restore_with_the_ring_and_not_without(
    transactional_db, tmp_path, settings
):
    company = a_company(postal_address="示例路 8 号")
    file = tmp_path / "bss.dump"
    call_command("backup", file, verbosity=0)
    Customer.objects.filter(pk=company.pk).update(postal_address="")

    call_command("restore", file, "--replace", verbosity=0)
    data_keys.forget()

    assert "示例路".encode() not in file.read_bytes()
    assert Customer.objects.get().postal_address == "示例路 8 号"
    assert Document.objects.get().number == "91110105MA01C2XK3E"
    data_keys.forget()
    settings.FIELD_KEYS, settings.FIELD_KEY = "1:the-secret-of-another-house", ""
    with pytest.raises(ValueError, match="key number 1 of FIELD_KEYS did not wrap this"):
        _ = Customer.objects.get().postal_address


def test_restore_refuses_a_database_that_holds_something(backup):
    BatchRun.objects.create(kind="month_end", key="2026-11", at=AT)

    with pytest.raises(CommandError, match="The database is not empty"):
        call_command("restore", backup)

    assert BatchRun.objects.get().key == "2026-11"


def test_replace_drops_what_is_there(backup):
    BatchRun.objects.create(kind="month_end", key="2026-11", at=AT)

    call_command("restore", backup, "--replace", verbosity=0)

    assert BatchRun.objects.get().key == "2026-10"


def test_cut_off_backup_changes_nothing(backup):
    whole = backup.read_bytes()
    backup.write_bytes(whole[: len(whole) - 200])
    BatchRun.objects.create(kind="month_end", key="2026-11", at=AT)

    with pytest.raises(CommandError):
        call_command("restore", backup, "--replace")

    assert BatchRun.objects.get().key == "2026-11"


@pytest.mark.django_db
@pytest.mark.parametrize("content", [None, "no backup at all"])
def test_restore_of_no_backup_is_refused(tmp_path, content):
    file = tmp_path / "bss.dump"
    if content:
        file.write_text(content)

    with pytest.raises(
        CommandError, match=r"bss.dump is not there|not appear to be a valid archive"
    ):
        call_command("restore", file)


def test_backup_is_private_and_replaces_an_older_one_whole(backup):
    first = backup.read_bytes()
    BatchRun.objects.create(kind="month_end", key="2026-12", at=AT)

    call_command("backup", backup, verbosity=0)

    assert backup.read_bytes() != first
    assert backup.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in backup.parent.iterdir()] == ["bss.dump"]


@pytest.mark.django_db
def test_backup_to_an_unwritable_place_is_one_sentence(tmp_path):
    with pytest.raises(CommandError, match="cannot be written: No such file or directory"):
        call_command("backup", tmp_path / "missing" / "bss.dump")


@pytest.mark.django_db
def test_freshly_migrated_database_counts_as_empty():
    assert filled_tables() == []
