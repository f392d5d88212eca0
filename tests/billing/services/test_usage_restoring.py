"""An archived month is known, refused to re-rating, and comes back as it was."""

import pytest
from django.core.management import CommandError, call_command

from billing.batch.usage import load as load_module
from billing.models import UsageArchive, UsageArchiveFile, UsageReject
from billing.services import reratings, usage
from billing.services.usage_archive import months_due
from billing.services.usage_restoring import restore_month
from bss.kernel.errors import BadInputError
from bss.kernel.models import BatchRun, DataKey
from bss.kernel.periods import local_moment
from tests.billing.views.house import CALL
from tests.builders.archived import (
    ARCHIVED_AT,
    an_old_october,
    archive,
    archived,
    stored,
)
from tests.builders.usage import OCTOBER

__all__ = ["archive"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("archive")]


def loaded_again() -> list[tuple[str, str]]:
    """What becomes of an old id and a new one, in May."""
    calls = [
        {**CALL, "record_id": record_id, "start_at": "2027-05-05T09:00:00", "duration_s": 60}
        for record_id in ("a", "new")
    ]
    report = usage.load(rows=calls, at=local_moment("2027-05-11T09:00"))
    rejects = UsageReject.objects.filter(file_id=report.file_id)
    return list(rejects.values_list("record_id", "reason"))


@pytest.mark.parametrize("is_large", [False, True], ids=["small", "large"])
def test_ids_of_archived_records_are_known_for_ever(monkeypatch, is_large):
    if is_large:
        monkeypatch.setattr(load_module, "MANY", 1)
        monkeypatch.setattr("billing.batch.usage.known.FEW", 0)
    an_old_october()
    archived()

    assert loaded_again() == [("a", "duplicate")]


def test_a_month_comes_back_as_it_was(archive):
    an_old_october()
    before = stored()
    archived()
    key = UsageArchiveFile.objects.get().data_key_id

    assert restore_month(month=OCTOBER, at=ARCHIVED_AT) == 2

    assert stored() == before
    assert UsageArchive.objects.get().state == "restored"
    assert not UsageArchiveFile.objects.exists()
    assert DataKey.objects.get(pk=key).destroyed_at == ARCHIVED_AT
    assert loaded_again() == [("a", "duplicate")]
    with pytest.raises(CommandError, match="2026-10 的话单没有归档，不需要调回。"):
        call_command("restore_usage", "2026-10")


def test_a_restored_months_files_go_and_it_can_be_archived_again(
    archive, django_capture_on_commit_callbacks
):
    an_old_october()
    before = stored()
    archived()

    with django_capture_on_commit_callbacks(execute=True):
        restore_month(month=OCTOBER, at=ARCHIVED_AT)

    assert [path for path in archive.rglob("*") if path.is_file()] == []
    assert months_due(at=local_moment("2027-06-05T03:00")) == []
    assert months_due(at=local_moment("2027-06-11T03:00")) == [OCTOBER]
    run = archived()
    assert (run.key, run.state) == ("2026-10/2", BatchRun.State.DONE)
    restore_month(month=OCTOBER, at=ARCHIVED_AT)
    assert stored() == before


def test_an_archived_month_is_not_rerated_until_it_is_back():
    an_old_october()
    archived()
    months = {"first_month": OCTOBER, "last_month": OCTOBER}
    with pytest.raises(BadInputError, match=r"先运行 manage\.py restore_usage 2026-10"):
        reratings.begin(**months, at=ARCHIVED_AT, by_id=None)

    restore_month(month=OCTOBER, at=ARCHIVED_AT)
    rerating = reratings.begin(**months, at=ARCHIVED_AT, by_id=None)
    reratings.look(rerating)

    rerating.refresh_from_db()
    assert rerating.found["records"] == 2
    assert rerating.found["totals"]["lines"] == 0


def test_a_preview_of_before_is_not_carried_out_once_the_month_is_archived():
    an_old_october()
    rerating = reratings.begin(first_month=OCTOBER, last_month=OCTOBER, at=ARCHIVED_AT, by_id=None)
    archived()

    with pytest.raises(BadInputError, match="已归档，不能重批"):
        reratings.look(rerating)
